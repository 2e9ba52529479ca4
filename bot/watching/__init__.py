"""The watch: notices a clock or an outbox that stands still, and says so in the log, the metrics and the chats.

It looks every few seconds, in a task of its own: it needs no ring of the clock whose silence it is to notice. What the
delivery does not get done it cannot tell by the delivery's stuck part, so of Slack it is told on Discord, and the other
way round; of the clock on both. Such a message is an effect as any other, under a key that is made of what stands
still: replicas that see the same owe the same, once. ``docs/decisions/0037-the-watch.md`` says what is told where.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic
from typing import Protocol

import structlog

from bot.bell import Bell
from bot.delivery import Delivery
from bot.errors import TryLater
from bot.ledger import Ledger, Standstill
from bot.library import Library
from bot.messages import watching as words
from bot.ports import Clock, Meter, Platform
from bot.standstill import Trouble
from bot.store import Store
from bot.watching.clock import ClockWatch
from bot.watching.outbox import OutboxWatch
from bot.watching.telling import Telling

log = structlog.get_logger()

LOOK = 5.0
"""Seconds between two looks."""
STALE = 15.0
"""Seconds after which a clock that has not rung, or has not done what is due, counts as stuck."""
BACKLOG = 60.0
"""Seconds for which something waits, and nothing is done, until a platform's outbox counts as stuck."""
IDLE = 30.0
"""Seconds after which a delivery that did not look for work has stopped; the database may take half of that."""


class Rings(Protocol):
    """The alarm, as far as it is watched."""

    rang: float | None


class Watch:
    """Looks at one process's clock and delivery, and at what is owed by all of them."""

    def __init__(
        self,
        *,
        store: Store,
        ledger: Ledger,
        library: Library,
        clock: Clock,
        alarm: Rings,
        bell: Bell,
        delivery: Delivery,
        platforms: Mapping[str, Platform],
        chats: tuple[str, ...],
        meter: Meter,
        saved: Callable[[], None],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._store, self._ledger, self._clock = store, ledger, clock
        self._alarm, self._bell, self._delivery, self._meter, self._now = alarm, bell, delivery, meter, now
        self._platforms = platforms
        self._telling = Telling(store=store, ledger=ledger, library=library, chats=chats, saved=saved)
        self.begin()

    def begin(self) -> None:
        """What is watched starts to work now: the time for it counts from here."""
        self._began = self._now()
        self.clock = ClockWatch(stale=STALE, began=self._began)
        self.outboxes = {name: OutboxWatch(name, backlog=BACKLOG, began=self._began) for name in self._platforms}

    async def run(self) -> None:
        """Look until cancelled."""
        self.begin()
        while True:
            try:
                await self.look()
            except Exception:  # an outermost edge: a watch that is stuck itself notices nothing
                log.exception("watch_failed")
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """One look: log what began or ended, count it, and tell people."""
        try:
            due, waiting = await self._store.reader.next_due_at(), await self._ledger.standstills()
        except TryLater as gone:
            self._look_at_the_clock(None, database=gone.why)
            self._count()
            return
        self._look_at_the_clock(due if due is not None and due <= self._clock.now() else None)
        self._look_at_the_outboxes(waiting)
        self._count()
        try:
            await self._telling.tell(self.clock, self.outboxes)
        except TryLater as gone:
            log.warning("watch_not_told", why=gone.why)

    def _look_at_the_clock(self, due: datetime | None, *, database: str = "") -> None:
        was, now = self.clock.wrong, self._now()
        is_now = self.clock.look(now=now, rang=self.rang, due=due, known=not database)
        if is_now and not was:
            log.error(
                "clock_stuck", what=is_now, seconds=round(self.clock.stuck_for(now)), database=database or "answers"
            )
        elif was and not is_now:
            log.warning("clock_runs_again", was=was)

    def _look_at_the_outboxes(self, waiting: list[Standstill]) -> None:
        found = {one.platform: one for one in waiting}
        now = self._now()
        for name, outbox in self.outboxes.items():
            was, lane = outbox.trouble, self._delivery.lanes[name]
            trouble = outbox.look(
                found.get(name),
                now=now,
                done_at=lane.done_at,
                away=bool(lane.failures) or not self._platforms[name].connected,
                limited=max(lane.limited.values(), default=0.0) - now,
            )
            if trouble is not None and was is None:
                log.error("outbox_stuck", **_logged(trouble))
            elif was is not None and trouble is None:
                log.warning("outbox_moves_again", platform=name, stuck_since=was.since.isoformat(timespec="seconds"))

    def _count(self) -> None:
        stuck = {name: outbox.trouble is not None for name, outbox in self.outboxes.items()}
        self._meter.watched(silent=self.silent, clock=bool(self.clock.wrong), outboxes=stuck)

    @property
    def rang(self) -> float | None:
        """When the clock last rang through, or got part of a long ring done."""
        moments = [at for at in (self._alarm.rang, self._bell.moved) if at is not None]
        return max(moments, default=None)

    @property
    def silent(self) -> float:
        """Seconds since then, or since the start."""
        return self._now() - (self.rang if self.rang is not None else self._began)

    def wrong(self) -> dict[str, str]:
        """What keeps this process from being ready: its own clock does not ring, or its own delivery stands still."""
        wrong: dict[str, str] = {}
        if self.rang is None:
            wrong["clock"] = "has not rung yet"
        elif self.silent > STALE:
            wrong["clock"] = f"has not rung for {self.silent:.0f} s"
        now = self._now()
        for name, lane in self._delivery.lanes.items():
            if now - lane.looked_at > IDLE:
                wrong[f"delivery to {name}"] = f"has not looked for work for {now - lane.looked_at:.0f} s"
        return wrong

    def remarks(self) -> dict[str, str]:
        """What stands still though this process works."""
        said = {
            f"outbox {name}": words.line(one.trouble) for name, one in self.outboxes.items() if one.trouble is not None
        }
        if self.clock.overdue is not None:
            said["clock"] = f"rings, but what was due at {self.clock.overdue:%H:%M:%S} UTC is not done"
        if self._bell.failing:
            numbers = ", ".join(f"#{number}" for number in sorted(self._bell.failing)[:10])
            said["rules"] = f"those of {numbers} fail and are tried each minute; see rule_failed in the log"
        return said


def _logged(trouble: Trouble) -> dict[str, str | int]:
    """A trouble as fields of the log."""
    return {
        "platform": trouble.platform,
        "cause": trouble.cause,
        "since": trouble.since.isoformat(timespec="seconds"),
        "waiting": trouble.depth,
        "oldest": trouble.oldest.isoformat(timespec="seconds"),
        "why": trouble.why,
    }
