"""Discord's ids: the sandbox's time in milliseconds, then a counter.

Clients read the time of a message off its id (discord.py's ``Message.created_at``), so all ids, those of
interactions too, hold the sandbox's time and not the machine's. discord.py itself compares them with the machine's
clock only in ``Interaction.is_expired`` (used by nothing but its ``ext.commands``) and in choosing a rate-limit
bucket for deletions: a clock moved forward disturbs neither.
"""

from datetime import UTC, datetime

from adapters.sandbox.clock import SandboxClock

EPOCH_MS = 1420070400000
"""2015-01-01T00:00:00Z [D]."""


def time_of(snowflake: str) -> datetime:
    """The time that an id was made, aware, in UTC."""
    return datetime.fromtimestamp(((int(snowflake) >> 22) + EPOCH_MS) / 1000, UTC)


class Snowflakes:
    """Makes ids that are unique and grow, even while the clock stands still or is set back."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> str:
        milliseconds = int(self._clock.now().timestamp() * 1000) - EPOCH_MS
        self._last = max(self._last + 1, max(milliseconds, 0) << 22)
        return str(self._last)
