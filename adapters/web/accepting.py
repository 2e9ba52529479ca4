"""The way into the inbox: how full it is, and alerts accepted together."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from adapters.web.together import Together
from bot.alerts.alert import Alert
from bot.alerts.book import Inbox
from bot.ports import Clock

FULL = 20_000
"""Alerts in the inbox from which on no more are taken."""
ASKED_EVERY = timedelta(seconds=1)
REFUSING_EVERY = timedelta(milliseconds=100)
"""Sooner while senders are turned away: the inbox may have been emptied since."""


class Accepting:
    """Stores alerts in the inbox."""

    def __init__(self, inbox: Inbox, clock: Clock, *, wake: Callable[[], None], quiet: asyncio.Event) -> None:
        self._inbox, self._clock, self._wake = inbox, clock, wake
        self._together: Together[Alert] = Together(self._save, quiet=quiet)
        self._depth = 0
        self._asked_at: datetime | None = None

    async def full(self) -> bool:
        """Whether the inbox holds as many as it may: the database is asked once a second at most (while it is full ten
        times), and what was accepted since is added. Raises :class:`~bot.errors.TryLater`."""
        now = self._clock.now()
        lasts = REFUSING_EVERY if self._depth >= FULL else ASKED_EVERY
        if self._asked_at is None or not timedelta(0) <= now - self._asked_at < lasts:
            self._asked_at = now
            self._depth = await self._inbox.depth(most=FULL)
        return self._depth >= FULL

    async def accept(self, alerts: Sequence[Alert]) -> None:
        """Return once they are stored. Raises :class:`~bot.errors.TryLater` where they could not be."""
        if alerts:
            await self._together.add(alerts)

    async def _save(self, alerts: Sequence[Alert]) -> None:
        stored = await self._inbox.accept(alerts, at=self._clock.now())
        self._depth += stored  # in a line of its own: the inbox may have been counted while these were stored
        self._wake()
