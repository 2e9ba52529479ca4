"""Whether the clock is stuck: it does not ring, or it rings and what is due is not done. Counted in monotonic time, so
that a jump of people's clock looks like neither."""

from datetime import datetime

SILENT, OVERDUE = "does not ring", "rings, but what is due is not done"


class ClockWatch:
    """What the looks at the clock came to."""

    def __init__(self, *, stale: float, began: float) -> None:
        self._stale, self._began = stale, began
        self._due: datetime | None = None
        self._due_since = began
        self._silent_since = began
        self.wrong = ""
        """What is wrong; empty where nothing is."""
        self.overdue: datetime | None = None
        """What has been due for too long; ``None`` where all is done that is due."""
        self.well = False
        """Whether the last look saw that nothing is due."""

    def look(self, *, now: float, rang: float | None, due: datetime | None, known: bool = True) -> str:
        """Look, in monotonic seconds; returns what is wrong.

        ``due`` is the earliest time that has come and is not done, ``known`` whether the database said so. While that
        time moves on, work is being done.
        """
        self._silent_since = rang if rang is not None else self._began
        if due != self._due:
            self._due, self._due_since = due, now
        late = known and due is not None and now - self._due_since >= self._stale
        self.overdue, self.well = due if late else None, known and due is None
        silent = now - self._silent_since >= self._stale
        self.wrong = SILENT if silent else OVERDUE if late else ""
        return self.wrong

    def stuck_for(self, now: float) -> float:
        """Seconds since which it is wrong."""
        return now - (self._silent_since if self.wrong == SILENT else self._due_since)
