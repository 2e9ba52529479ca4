"""Health checks, and the quiet period before an incident counts as resolved."""

from datetime import timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from bot.people import Person
from bot.progress.kept import Kept


class Checked(Kept):
    """What a health check last said."""

    ok: bool
    says: str
    """``200 in 85 ms``, ``no answer within 5s``."""
    at: AwareDatetime
    since: AwareDatetime
    """Since when it has been so."""


class Watching(Kept):
    """Health checks that are repeated."""

    every: int
    """Seconds."""
    next_at: AwareDatetime
    by: str
    """Name of the person; empty where only the quiet period wants it."""


class QuietEnd(StrEnum):
    """What ended a quiet period."""

    HELD = "held"
    """It stayed quiet: the incident is resolved."""
    LACKING = "lacking"
    """It stayed quiet, but something that has to hold no longer did."""
    UPDATE = "update"
    SEVERITY = "severity"
    STATUS = "status"
    AT_ONCE = "at once"
    CALLED_OFF = "called off"


class Quiet(Kept):
    """The quiet period before an incident counts as resolved; the last one is kept when it is over."""

    id: int = 1
    """Counts the quiet periods, for the keys of their messages."""
    since: AwareDatetime
    """Since when it counts: moved when it starts over."""
    until: AwareDatetime
    by: Person
    updates: int = 0
    """Status updates that had been given: another one ends it."""
    severity: str = ""
    """The severity it began at: a rise ends it."""
    broken: int = 0
    """How often it started over."""
    broken_by: str = ""
    broken_at: AwareDatetime | None = None
    over: QuietEnd | None = None
    """``None`` while it runs."""
    over_by: str = ""
    """Name of whoever ended it."""

    @property
    def span(self) -> timedelta:
        """How long it has to stay quiet."""
        return self.until - self.since
