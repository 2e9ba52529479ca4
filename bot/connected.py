"""What the operator connected beside the chat platforms, as far as an incident has to know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.feeds import Feeds
from bot.keys import Keys
from bot.ports import Lists


@dataclass(frozen=True, slots=True)
class Connected:
    """Nothing, unless it is said."""

    tools: frozenset[str] = frozenset()
    """Lanes of the tools that are switched on: nothing may be owed to any other."""
    trackers: frozenset[str] = frozenset()
    """The kinds of issue trackers that are set up."""
    pages: frozenset[str] = frozenset()
    """The status pages that Tocsin writes: its own, and the lanes of those outside. Where there is none, people do."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """By platform: the address of a channel there, with ``{}`` for its id."""
    lists: Lists | None = None
    """Where e-mail to customers goes; ``None`` where none is set up."""
    feeds: Feeds | None = None
    """Where calendars of on-call are; ``None`` where there are none."""
    keys: Keys | None = None
    """What seals people's secrets; none in a rehearsal, and for a command line, which takes no secrets."""
