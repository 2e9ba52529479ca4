"""A standing message: what should stand somewhere in chat, as it should read now."""

from dataclasses import dataclass

from bot.card import Card
from bot.incident import Room
from bot.intents import CHANNEL, Urgency
from bot.people import Person
from bot.playbook.help import Runbook

DIRECT = "direct"
"""Where a message stands that one person sees."""
OUTSIDE = "announcements"
"""Where a message stands that is for those outside: the channel that the playbook, or else the setting, names."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A message that should stand somewhere, as it should read now."""

    key: str
    card: Card
    to: str = CHANNEL
    pinned: bool = False
    bookmarks: tuple[Runbook, ...] = ()
    """What is bookmarked beside it; what has no address of its own leads to it."""
    urgency: Urgency = Urgency.POST
    instead_of: frozenset[str] = frozenset()
    """Keys of messages that need not be posted any more once this one is owed."""
    person: Person | None = None
    """Who alone sees it, in a direct message."""
    platform: str = ""
    """The only platform on which it stands; every one of the incident's where left out."""
    past: bool = False
    """It is over: edited where it stands, and posted nowhere anew."""


def key_in(room: Room, key: str) -> str:
    """Key of a message in the channel: a later channel has messages of its own."""
    return key if room.generation == 1 else f"{key}/in{room.generation}"
