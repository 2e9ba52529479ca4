"""What every intent is made of, and which goes first."""

from enum import IntEnum

from pydantic import ConfigDict

from bot.model import Model

CHANNEL = "channel"
"""Key of the incident's channel."""


class Urgency(IntEnum):
    """What goes first when a platform limits the rate; smaller is sooner."""

    SETUP = 0
    ASK = 1
    ANSWER = 2
    POST = 3
    EDIT = 4
    TIDY = 5


class BaseIntent(Model):
    """One effect outside; frozen, because what is owed does not change."""

    model_config = ConfigDict(frozen=True)

    def needs(self) -> frozenset[str]:
        """Keys that must have a reference before this can be done."""
        return frozenset()

    def about(self) -> str:
        """What it is, in words for the person who is told that it is late."""
        return type(self).__name__.lower()
