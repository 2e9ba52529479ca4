"""Rounds of news for an audience."""

from enum import StrEnum

from pydantic import AwareDatetime

from bot.people import Person
from bot.progress.kept import Kept


class RoundEnd(StrEnum):
    """What became of one round of news."""

    TOLD = "told"
    SKIPPED = "skipped"
    MISSED = "missed"
    STOPPED = "stopped"
    """It ceased to be needed: another severity, a flag taken back, the end."""


class RoundAsked(Kept):
    """One round of news that was asked for; it has one post in the channel."""

    count: int
    """1, 2, … within its cadence."""
    due_at: AwareDatetime
    missed: int = 0
    """Rounds just before it of which nobody said that the audience was told."""
    missed_from: AwareDatetime | None = None
    """When the first of those was due."""
    last: bool = False
    """It tells of the end."""
    end: RoundEnd | None = None
    ended_at: AwareDatetime | None = None
    by: Person | None = None


class Round(Kept):
    """One audience's news: when it is owed next, and who gave it last."""

    rhythm: str = ""
    """Its cadence's rhythm as it runs; empty while it does not run."""
    since: AwareDatetime | None = None
    """When it was started, answered or asked for last: from here the next one is counted."""
    due_at: AwareDatetime | None = None
    """When it is asked for next; ``None`` while it does not run, or where nothing more is asked."""
    last: bool = False
    """All that is still owed is the end."""
    count: int = 0
    """Counts the rounds that were asked for, for the keys of their posts."""
    posts: tuple[RoundAsked, ...] = ()
    """The last two of them: earlier ones stay as they are."""
    told_at: AwareDatetime | None = None
    told_by: str = ""

    @property
    def asked(self) -> RoundAsked | None:
        """The round that was asked for and is not answered."""
        return self.posts[-1] if self.posts and self.posts[-1].end is None else None
