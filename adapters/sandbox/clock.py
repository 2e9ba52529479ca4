"""The sandbox's clock: it can stand still for a test, or run and be moved forward in the demo."""

from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Tells the time to the sandbox and to the bot beside it, so that both can be moved forward together.

    Given ``stands_at`` (aware UTC) the clock stands still and moves only by :meth:`forward`; without it the clock
    runs with the machine's own, plus whatever it was moved forward by.
    """

    def __init__(self, stands_at: datetime | None = None) -> None:
        self._stands_at = stands_at
        self._offset = timedelta()

    @property
    def offset(self) -> timedelta:
        """How far the clock was moved forward since it was made."""
        return self._offset

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        base = self._stands_at if self._stands_at is not None else datetime.now(UTC)
        return base + self._offset

    def forward(self, by: timedelta) -> datetime:
        """Move the clock and return its new time; a negative step plays a clock that was set back."""
        self._offset += by
        return self.now()
