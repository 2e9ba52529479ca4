"""The facts that templates know: each one's name, and what it says. Whatever is not known yet is empty."""

from collections.abc import Mapping
from types import MappingProxyType

ALWAYS: Mapping[str, str] = MappingProxyType(
    {
        "date": "day of the declaration in the playbook's zone: 2026-11-20",
        "slug": "the title as part of a name: checkout-is-down",
        "number": "the incident's number: 42",
        "severity": "the severity's name as the playbook writes it: sev1 (in a channel's name in small letters)",
    }
)
"""All that a channel's name may be made of: it stays, so nothing in it may change."""
LASTING: Mapping[str, str] = MappingProxyType(
    {
        **ALWAYS,
        "title": "what is wrong, as it was declared",
        "severity_title": "the severity's name in capitals: SEV1",
        "meaning": "what the severity means",
        "emoji": "the severity's emoji",
        "status": "where it stands, in the playbook's word: identified",
        "stage": "the fixed meaning of the status: investigating, identified, monitoring, resolved, closed, cancelled",
        "public_status": "the word for the status that customers read on the status page",
        "impact": "what customers see",
        "summary": "the alert's own title, where its rule says “publish”: the first that customers read; else empty",
        "affected": "how many are affected",
        "component": "the component in trouble",
        "environment": "the environment it is in",
        "lead": "name of whoever leads",
        "comms": "name of whoever holds the role “comms”",
        "roles": "everybody who holds a role: Incident commander: Ana, Scribe: Bo",
        "role": "name of whoever holds one role, by the role's name: role.scribe",
        "channel": "name of the incident's channel, without #",
        "began": "when the trouble began: 14:35 PST, with its date before it where it was another day",
        "declared": "when it was declared",
        "declared_by": "name of whoever declared it",
        "resolved": "when it was resolved; empty while it is not",
        "cadence": "how often a status update is owed: 15m",
        "fix": "what fixed it",
        "cause": "the playbook's field “cause”, where it has one",
        "fields": "one of the playbook's fields, by its name: fields.cause",
        "status_page": "address of the status page",
        "playbook": "title of the playbook",
        "drill": "“drill” in a drill, else empty",
        "postmortem": "whether a post-mortem follows: required, recommended or none",
        "postmortem_within": "how soon it is owed: 5 business days",
        "postmortem_due": "when it is due, once that is known",
    }
)
"""What a channel's topic may say: nothing that changes from update to update, for each change is a call."""
FACTS: Mapping[str, str] = MappingProxyType(
    {
        **LASTING,
        "duration": "from when it began until it was resolved, or until the last status update: 1h 30m",
        "next_update": "when the next status update is due",
        "update": "text of the last status update",
        "updated": "when it was given or last confirmed",
        "updated_by": "name of whoever gave it",
    }
)
"""Everything that a template may quote."""
BY_NAME = frozenset({"role", "fields"})
"""Facts of which one is chosen with a dot: ``fields.cause``."""
