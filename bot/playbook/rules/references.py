"""Names that one part of a playbook uses and another has to have."""

from collections.abc import Iterator
from enum import StrEnum

from bot.issue import TRACKERS
from bot.playbook.misfit import MADE_UP, At, Misfit, listed, nearest, quoted
from bot.playbook.permissions import DECLARER, EVERYONE, Permissions
from bot.playbook.places import places
from bot.playbook.process import Stage
from bot.playbook.written import Written


class Kind(StrEnum):
    """What a name can be the name of."""

    SEVERITY = "a severity"
    STATUS = "a status"
    ROLE = "a role"
    PERSON = "a person"
    GROUP = "a group"
    ROTATION = "a rotation"
    FLAG = "a flag"
    CHECKLIST = "a checklist"
    ESCALATION = "an escalation rule"
    COMPONENT = "a component"
    ENVIRONMENT = "an environment"
    FIELD = "a field"
    DEADLINE = "a deadline"
    CHANNEL = "“channel”"
    EMAIL = "“email”"
    EVERYONE = "“everyone”"
    DECLARER = "“declarer”"
    STAGE = "what a status means"
    PLATFORM = "a chat platform"
    ACCOUNT = "a chat platform or an issue tracker"
    STATED = "a fact that every incident has"
    LINK = "a kind of link"
    ON_ISSUE = "what an issue can show"
    ON_TOP = "what the top of a post-mortem can show"


NAMED = {
    Kind.SEVERITY: "severities.name",
    Kind.STATUS: "statuses.name",
    Kind.ROLE: "roles.name",
    Kind.PERSON: "people.key",
    Kind.GROUP: "groups.key",
    Kind.ROTATION: "rotations.name",
    Kind.FLAG: "flags.name",
    Kind.CHECKLIST: "checklists.name",
    Kind.ESCALATION: "escalations.name",
    Kind.COMPONENT: "components",
    Kind.ENVIRONMENT: "environments",
    Kind.FIELD: "fields.name",
    Kind.DEADLINE: "deadlines.name",
}
"""Where the names of a kind stand."""
FIXED: dict[Kind, tuple[str, ...]] = {
    Kind.CHANNEL: ("channel",),
    Kind.EMAIL: ("email",),
    Kind.EVERYONE: (EVERYONE,),
    Kind.DECLARER: (DECLARER,),
    Kind.STAGE: tuple(Stage),
    Kind.PLATFORM: ("slack", "discord"),
    Kind.ACCOUNT: ("slack", "discord", *TRACKERS),
    Kind.STATED: ("impact", "affected", "fix"),
    Kind.LINK: ("fix", "test", "monitor", "doc"),
    Kind.ON_ISSUE: ("severity", "component", "date", "postmortem"),
    Kind.ON_TOP: ("date", "severity", "duration", "affected", "lead"),
}
"""Names that no playbook chooses."""

OWNERS = (Kind.ROLE, Kind.GROUP, Kind.PERSON)
RUNG = (*OWNERS, Kind.CHANNEL)
PAGED = (Kind.ROTATION, Kind.GROUP, Kind.PERSON)
CALLED = (Kind.ROLE, *PAGED)
PERMITTED = (*CALLED, Kind.DECLARER, Kind.EVERYONE)
PERMISSIONS: dict[str, tuple[Kind, ...]] = {f"permissions.{right}": PERMITTED for right in Permissions.model_fields}
NO_INCIDENT = (*PAGED, Kind.EVERYONE)
REFERENCES: dict[str, tuple[Kind, ...]] = {
    **PERMISSIONS,
    "permissions.declare": NO_INCIDENT,
    "permissions.ignore": NO_INCIDENT,
    "permissions.private": PAGED,
    "chosen_by.channels{}": (Kind.PLATFORM,),
    "chosen_by.components": (Kind.COMPONENT,),
    "severities.cadences.owner": OWNERS,
    "severities.cadences.flag": (Kind.FLAG,),
    "severities.ladder.rings": RUNG,
    "severities.page": PAGED,
    "severities.roles": (Kind.ROLE,),
    "roles.rotation": (Kind.ROTATION,),
    "commander": (Kind.ROLE,),
    "phases.statuses": (Kind.STATUS,),
    "phases.checklists": (Kind.CHECKLIST,),
    "checklists.steps.role": (Kind.ROLE,),
    "checklists.severities": (Kind.SEVERITY,),
    "ladder.rings": RUNG,
    "asks": (Kind.ROLE,),
    "deadlines.flag": (Kind.FLAG,),
    "deadlines.severities": (Kind.SEVERITY,),
    "deadlines.asks": OWNERS,
    "deadlines.draft": (Kind.STATUS, Kind.STAGE, Kind.EMAIL, Kind.DEADLINE),
    "announce.channels{}": (Kind.PLATFORM,),
    "announce.severities": (Kind.SEVERITY,),
    "templates.customers{}": (Kind.STATUS, Kind.STAGE, Kind.EMAIL, Kind.DEADLINE),
    "runbooks.steps.role": (Kind.ROLE,),
    "runbooks.components": (Kind.COMPONENT,),
    "runbooks.severities": (Kind.SEVERITY,),
    "runbooks.at_least": (Kind.SEVERITY,),
    "runbooks.flags": (Kind.FLAG,),
    "checks.components": (Kind.COMPONENT,),
    "checks.environments": (Kind.ENVIRONMENT,),
    "flags.severities": (Kind.SEVERITY,),
    "escalations.to": CALLED,
    "escalations.severities": (Kind.SEVERITY,),
    "escalations.at_once": (Kind.SEVERITY,),
    "escalations.flags": (Kind.FLAG,),
    "escalations.then": (Kind.ESCALATION,),
    "rotations.people": (Kind.PERSON,),
    "rotations.layers.people": (Kind.PERSON,),
    "rotations.backup": PAGED,
    "rotations.channels{}": (Kind.PLATFORM,),
    "rotations.checklist.steps.role": (Kind.ROLE,),
    "rotations.checklist.severities": (Kind.SEVERITY,),
    "paging.emergency": PAGED,
    "resolve.fields": (Kind.FIELD, Kind.STATED),
    "resolve.checklists": (Kind.CHECKLIST,),
    "resolve.links": (Kind.LINK,),
    "resolve.severities": (Kind.SEVERITY,),
    "close.fields": (Kind.FIELD, Kind.STATED),
    "close.checklists": (Kind.CHECKLIST,),
    "close.links": (Kind.LINK,),
    "close.severities": (Kind.SEVERITY,),
    "alerts.channels{}": (Kind.PLATFORM,),
    "alerts.rules.match.components": (Kind.COMPONENT,),
    "alerts.quiet.holds": (Kind.SEVERITY,),
    "alerts.rules.severity": (Kind.SEVERITY,),
    "alerts.rules.severities": (Kind.SEVERITY,),
    "status_page.severities": (Kind.SEVERITY,),
    "status_page.states{}": (Kind.STATUS,),
    "status_page.components{}": (Kind.COMPONENT,),
    "status_page.conditions{}": (Kind.SEVERITY,),
    "mail.severities": (Kind.SEVERITY,),
    "tracker.incidents": (Kind.SEVERITY,),
    "tracker.labels{}": (Kind.SEVERITY,),
    "tracker.fields": (Kind.ON_ISSUE,),
    "record.header": (Kind.ON_TOP,),
    "drills.asks": CALLED,
    "people.handles{}": (Kind.ACCOUNT,),
    "groups.handles{}": (Kind.PLATFORM,),
    "groups.members": (Kind.PERSON,),
    "contacts{}": (Kind.PERSON, Kind.GROUP),
}
"""Every place where a name stands that is another part's, and what it may name."""


def unknown(playbook: Written) -> Iterator[Misfit]:
    """Names that are nobody's, each with the nearest one that is."""
    known = {kind: [name for _, name in places(playbook, path)] for kind, path in NAMED.items()} | {
        kind: list(names) for kind, names in FIXED.items()
    }
    aliases = _aliases(playbook)
    for path, kinds in REFERENCES.items():
        names = dict.fromkeys(name for kind in kinds for name in known[kind])
        for at, name in places(playbook, path):
            if name not in names:
                yield _nowhere(at, name, kinds, list(names), aliases)


def _aliases(playbook: Written) -> dict[str, str]:
    """Other words for what the playbook names, and its name."""
    paths = ("severities", "statuses", "roles", "flags", "escalations")
    return {alias: owner.name for path in paths for _, owner in places(playbook, path) for alias in owner.aliases}


def _nowhere(at: At, name: str, kinds: tuple[Kind, ...], names: list[str], aliases: dict[str, str]) -> Misfit:
    what = listed(kind.value for kind in kinds)
    names = [name for name in names if not name.startswith(MADE_UP)]
    likely = {name: name for name in names} | {alias: of for alias, of in aliases.items() if of in names}
    near = likely.get(nearest(name, likely), "")
    if near:
        expected = f"{what}; the nearest is “{near}”"
    else:
        expected = f"{what}: {listed(names)}" if names else f"{what}, and the playbook has none"
    among = ", ".join(NAMED[kind].partition(".")[0] for kind in kinds if kind in NAMED)
    return Misfit(at, quoted(name), expected, lacks=name, among=among)
