"""A town whose people have pagers: an on-call rotation with a backup, two routes, and somebody for emergencies."""

from pathlib import Path
from typing import Any

from adapters.health.adapter import HealthAdapter
from adapters.pager.adapter import PagerAdapter
from adapters.pager.settings import PagerSettings, setting
from bot.playbook.shape import Playbook
from tests.support.pagers import Pagers
from tests.support.process import ROTATION, process, severities
from tests.support.seen import Seen
from tests.support.story import ROOM, posts
from tests.support.town import Side, Town, sqlite

ROUTES: list[dict[str, Any]] = [
    {"name": "push", "title": "push", "kind": "push", "wait": "5m"},
    {"name": "sms", "title": "SMS", "kind": "sms", "wait": "10m"},
]
CONTACTS = {"finn": {"phone": "+1 555 0106"}, "esha": {"phone": "+1 555 0105", "email": "esha@acme.example"}}
PEOPLE = ("ana", "bo", "cleo", "dmitri", "esha", "finn")


def paged(**changes: Any) -> Playbook:
    """sev1 and sev2 page whoever is on call (Finn), then Cleo, then Esha; sev1 pages Bo besides where told so."""
    parts: dict[str, Any] = {
        "severities": severities(sev1={"page": ["on-call"]}, sev2={"page": ["on-call"]}),
        "rotations": [ROTATION | {"backup": ["cleo"]}],
        "paging": {"routes": ROUTES, "emergency": ["esha"]},
        "contacts": CONTACTS,
        "escalations": [],
    }
    return process(**(parts | changes))


def addresses(pagers: Pagers) -> dict[str, str]:
    """Everybody's: ``finn-push`` at ntfy, ``finn-sms…`` at Gotify."""
    found = {setting(one, "push"): pagers.ntfy(f"{one}-push") for one in PEOPLE}
    return found | {setting(one, "sms"): pagers.gotify(sms(one)) for one in PEOPLE}


def sms(person: str) -> str:
    """A token of Gotify's, which are 15 characters long."""
    return f"A{person}sms".ljust(15, "x")


def town_with_pagers(folder: Path, platform: str, pagers: Pagers, *, settings: dict[str, str] | None = None,
                     **changes: Any) -> Town:  # fmt: skip
    """A town under that process."""
    town = Town(sqlite(folder), platforms=(platform,), playbook=paged(**changes))
    held = PagerSettings(addresses(pagers) if settings is None else settings)
    town.tools = [HealthAdapter(), PagerAdapter(held, reader=town.store.reader, within=1.0)]
    return town


def pages(side: Side, room: str = ROOM) -> list[Seen]:
    """The messages about pages."""
    return [one for one in posts(side, room) if "Page: " in one.text]


def alone(side: Side, room: str = ROOM) -> list[Seen]:
    """The messages that say whom to reach by hand."""
    return [one for one in posts(side, room) if "Nobody answers: " in one.text]
