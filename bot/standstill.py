"""What stands still: the words for it that the watch finds and people read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Cause(StrEnum):
    """Why nothing is done on a platform, as far as this process sees."""

    LIMITED = "limited"
    """It said until when we have to wait."""
    FAILING = "failing"
    """Attempts fail, and we know of the last one how: no connection, a fault of the platform's, a refusal."""
    AWAY = "away"
    """It is not connected, and no attempt has ended yet."""
    IDLE = "idle"
    """Nobody tries: the fault is ours."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An outbox that stands still."""

    platform: str
    cause: Cause
    since: datetime
    """Since when nothing was done."""
    depth: int
    """How many effects wait."""
    oldest: datetime
    """When the one that waits longest was owed: the same for every replica."""
    why: str = ""
    """What the platform answered last."""
    until: datetime | None = None
    """When the platform wants to be asked again, where it said so."""
