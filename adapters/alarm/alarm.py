"""The alarm: APScheduler with a single in-memory job that is armed anew after each ring.

The scheduler never holds a reminder: what is due lives in the database, and the job only wakes us for the earliest.
It also rings at least every ``AT_LEAST`` seconds, so that a jump of the clock, or a row that another process wrote, is
never slept through. One job without a store loses nothing when it is lost.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from bot.errors import TryLater
from bot.ports import Clock

log = structlog.get_logger()

AT_LEAST = timedelta(seconds=1)
"""It rings at least this often."""
LAST_RING = 2.5
"""Seconds that a ring which has begun may take to end when the alarm is stopped."""


class SchedulerAlarm:
    """Rings by calling ``ring``, which returns when to ring next (on the bot's clock), or ``None``."""

    def __init__(self, clock: Clock, ring: Callable[[], Awaitable[datetime | None]]) -> None:
        self._clock = clock
        self._ring = ring
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self.rang: float | None = None
        """When it last rang through, in monotonic seconds: shows that the clock runs, wherever people's clock jumps."""
        self._ringing: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to ring, at once for the first time."""
        self._scheduler.start()
        self.ring_at(self._clock.now())

    async def stop(self) -> None:
        """Ring no more; returns once a ring that has begun is over.

        APScheduler cancels what runs when it shuts down. A ring is in the middle of a transaction then, and a
        connection that is given up half-way may never say that it is closed.
        """
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._ringing:
            await asyncio.wait(self._ringing, timeout=LAST_RING)

    def ring_at(self, when: datetime | None) -> None:
        """Ring at ``when`` on the bot's clock, and after ``AT_LEAST`` of real time in any case."""
        wait = AT_LEAST if when is None else min(AT_LEAST, max(timedelta(0), when - self._clock.now()))
        trigger = DateTrigger(run_date=datetime.now(UTC) + wait)
        self._scheduler.add_job(
            self._wake, trigger, id="wake", replace_existing=True, misfire_grace_time=None, max_instances=2
        )

    async def _wake(self) -> None:
        """The job: it may be cancelled, the ring that it begins may not.

        It ends without a sound where the scheduler shuts down: ``stop`` waits for the ring, and a job that ends as
        cancelled would be logged as an error.
        """
        ringing = asyncio.create_task(self._ring_through(), name="ring")
        self._ringing.add(ringing)
        ringing.add_done_callback(self._ringing.discard)
        with suppress(asyncio.CancelledError):
            await asyncio.shield(ringing)

    async def _ring_through(self) -> None:
        when: datetime | None = None
        try:
            when = await self._ring()
            self.rang = monotonic()
        except TryLater as gone:
            log.warning("clock_waits", why=gone.why)
        except Exception:  # the clock's edge: whatever went wrong, it has to ring again
            log.exception("ring_failed")
        finally:
            if self._scheduler.running:
                self.ring_at(when)
