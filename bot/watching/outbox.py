"""Whether a platform's outbox stands still: something waits that could be done, and for a while nothing is done."""

from dataclasses import replace
from datetime import timedelta

from bot.ledger import Standstill
from bot.standstill import Cause, Trouble


class OutboxWatch:
    """What the looks at one platform's outbox came to."""

    def __init__(self, platform: str, *, backlog: float, began: float) -> None:
        self._platform, self._backlog = platform, backlog
        self._moved = began
        """Monotonic time at which something was last done, as far as is known."""
        self._id: int | None = None
        self.trouble: Trouble | None = None
        self.well = False
        """Whether the last look saw that nothing waits for long."""

    def look(
        self, found: Standstill | None, *, now: float, done_at: float, away: bool, limited: float
    ) -> Trouble | None:
        """Look, in monotonic seconds; returns what is wrong.

        ``found`` is what waits longest, ``done_at`` when this process last got something done there (another replica
        shows by what waits longest being another), ``limited`` the seconds for which the platform wants to be left
        alone. What began ends only once all is done that waited for long: a platform that takes one thing a minute is
        not well.
        """
        id = found.id if found is not None else None
        if found is not None and self._id is None:  # before it was owed there was nothing to be done
            self._moved = max(self._moved, done_at, now - found.age.total_seconds())
        else:
            self._moved = now if id != self._id else max(self._moved, done_at)
        self._id = id
        self.well = found is None or found.age.total_seconds() < self._backlog
        still = now - self._moved
        if found is None or self.well or (self.trouble is None and still < self._backlog):
            self.trouble = None
            return None
        if self.trouble is not None and still < self._backlog:  # it moves again, but is not over yet
            self.trouble = replace(self.trouble, depth=found.depth)
            return self.trouble
        seen = found.since + found.age
        cause = _cause(away=away, limited=limited, why=found.why)
        self.trouble = Trouble(
            platform=self._platform,
            cause=cause,
            since=self.trouble.since if self.trouble is not None else seen - min(found.age, timedelta(seconds=still)),
            depth=found.depth,
            oldest=found.since,
            why=found.why,
            until=seen + timedelta(seconds=limited) if cause is Cause.LIMITED else None,
        )
        return self.trouble


def _cause(*, away: bool, limited: float, why: str) -> Cause:
    if limited > 0:
        return Cause.LIMITED
    if why:
        return Cause.FAILING
    return Cause.AWAY if away else Cause.IDLE
