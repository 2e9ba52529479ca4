"""The broom: what nobody can need any more is swept out of the database, a little at a time.

Several replicas may sweep at once: each takes rows that no other holds, and a row that is gone is gone.
"""

from datetime import datetime, timedelta

from bot.ports import Clock
from bot.store import Ages, Store

HEARD = timedelta(days=7)
"""How long the keys of inbound events are kept. Slack sends an event again for about an hour, and Discord's
interactions live 15 minutes: after a week nothing that was heard can come a second time."""
PARKED = timedelta(days=30)
"""How long words that were put aside wait for their author; the private message with their button is long gone."""
ALERTS = timedelta(days=180)
"""How long an alert is remembered that comes no more: how often it came, and what was made of it."""
STRANGE = timedelta(days=30)
"""How long the operators find what was not understood; of the last days only the latest is kept anyway."""
KEPT = Ages(heard=HEARD, parked=PARKED, alerts=ALERTS, strange=STRANGE)
EVERY = timedelta(hours=1)
"""How often it is looked for."""
BATCH = 500
"""Rows of a kind that are swept in one transaction: a few milliseconds of SQLite's only writer. Where there are more,
the next batch follows with the next ring."""


class Broom:
    """Sweeps, when the clock rings and it is time again."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._next_at: datetime | None = None

    async def sweep(self) -> int:
        """Sweep out one batch where it is time; returns how many rows it was."""
        now = self._clock.now()
        if self._next_at is not None and now < self._next_at <= now + EVERY:  # further ahead, a clock went back
            return 0
        async with self._store.work() as work:
            gone = await work.forget(now, KEPT, limit=BATCH)
        self._next_at = now + EVERY if gone < BATCH else None
        return gone
