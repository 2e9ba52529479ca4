"""A playbook with people outside the channel: owners, leadership, an on-call rotation, flags, a freeze at sev1."""

from datetime import date
from typing import Any

from bot.playbook.shape import Playbook
from tests.support.story import acquainted

OWNERS: dict[str, Any] = {
    "name": "owners",
    "title": "Service owners",
    "aliases": ["the owners"],
    "to": ["owners"],
    "severities": ["sev1", "sev2"],
    "flags": ["data-loss", "security"],
    "after": "30m",
    "wait": "10m",
    "then": "leadership",
    "says": "Somebody who knows the system is needed",
}
LEADERSHIP: dict[str, Any] = {
    "name": "leadership",
    "title": "Leadership",
    "to": ["esha"],
    "flags": ["public"],
    "says": "Decide who talks to the press",
}
FLAGS: list[dict[str, Any]] = [
    {"name": "data-loss", "title": "Data loss", "aliases": ["rows lost"], "asks": "Is customer data lost?"},
    {"name": "security", "title": "Security risk", "asks": "Is somebody inside who should not be?"},
    {"name": "public", "title": "Public communication"},
    {"name": "unavailable", "title": "Service unavailable", "severities": ["sev1"]},
]
ROTATION: dict[str, Any] = {
    "name": "on-call",
    "title": "On call",
    "people": ["finn", "bo"],
    "starts": date(2026, 11, 16),
}
GROUPS: list[dict[str, Any]] = [{"key": "owners", "name": "Owners", "members": ["cleo", "dmitri"]}]


def severities(**changes: dict[str, Any]) -> list[dict[str, Any]]:
    """The default severities; each keyword changes one of them."""
    known = acquainted().model_dump()["severities"]
    return [one | changes.get(one["name"], {}) for one in known]


def process(**changes: Any) -> Playbook:
    """All of it together; ``changes`` replace parts."""
    parts: dict[str, Any] = {
        "escalations": [OWNERS, LEADERSHIP],
        "flags": FLAGS,
        "groups": GROUPS,
        "rotations": [ROTATION],
        "severities": severities(sev1={"freeze": True}),
    }
    return acquainted(**(parts | changes))
