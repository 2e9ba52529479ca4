"""The machine's own clock, for what is measured and not told."""

from datetime import UTC, datetime


class MachineClock:
    """Tells the time as it is."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC)
