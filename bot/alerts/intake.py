"""The intake: takes alerts out of the inbox, oldest first, and acts on them, some hundreds in one transaction.

What is known of a key, the incidents that it makes or joins, what is owed, and its leaving the inbox are one commit: a
crash anywhere loses nothing and does nothing twice. Across replicas one takes at a time, so that a key's alerts stay in
order and one key never makes two incidents.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence

import structlog

from bot import naming
from bot.alerts import acting, deciding, telling
from bot.alerts.batch import HEAVY, Batch, Busy
from bot.alerts.book import Accepted, Strange
from bot.alerts.hearing import Heard, hear_all
from bot.alerts.looking import Looking
from bot.alerts.settling import Settling
from bot.alerts.tracked import Became, Tracked
from bot.errors import TryLater
from bot.scenes import Scenes
from bot.store import Owed

log = structlog.get_logger()

BATCH = 300
"""Alerts taken in one transaction."""
STRETCH = 25
"""Keys without news that are seen to at one go. Stepping aside for each would hold the transaction, and what it has
locked, for as long as all the requests of a storm take meanwhile."""
GATHER = 0.2
"""Seconds from one batch to the next while alerts come all the time: what came meanwhile costs hardly more than one."""
POLL = 1.0
"""Seconds between looks when nothing wakes us: what another replica accepted is found by then."""
COURTESY = 0.05
"""Seconds for which people who wait for an answer go first, before each step."""
KEPT = 100
"""Alerts set aside, because acting on them failed, that are kept for the operators."""


class Intake:
    """Acts on alerts. ``run`` works until :meth:`stop` is called."""

    def __init__(
        self,
        scenes: Scenes,
        *,
        titles: Mapping[str, str],
        watched: Sequence[str] = (),
        saved: Callable[[], None],
        quiet: asyncio.Event,
    ) -> None:
        self._scenes, self._titles = scenes, titles
        self._saved, self._quiet = saved, quiet
        self._wake = asyncio.Event()
        self._stopping = False
        self._more = False
        """Whether the last batch left some of what it looked at, or there may be more behind it."""
        self._settling = Settling(scenes, watched=watched)
        self.looking = Looking(scenes, self._settling, saved=saved)

    def wake(self) -> None:
        """Something was accepted: look now."""
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped."""
        while not self._stopping:
            self._wake.clear()
            try:
                await self._take_all()
                await self.looking.look()
            except TryLater as gone:
                log.warning("alerts_wait", why=gone.why)
            except Exception:  # the intake's edge: one fault must not end the taking of all other alerts
                log.exception("intake_failed")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._wake.wait()

    async def _take_all(self) -> None:
        """Take until the inbox is empty. Where it never is, what time brings is seen to all the same."""
        loop = asyncio.get_running_loop()
        looked = began = loop.time()
        while not self._stopping and await self.take():
            await self._give_way()
            if loop.time() - looked > POLL:
                await self.looking.look()
                looked = loop.time()
            if not self._more:
                await asyncio.sleep(max(0.0, began + GATHER - loop.time()))
            began = loop.time()

    def stop(self) -> None:
        """Finish the batch in hand, and no more."""
        self._stopping = True
        self._wake.set()

    async def _give_way(self) -> None:
        await asyncio.sleep(0)
        if not self._quiet.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(COURTESY):
                    await self._quiet.wait()

    # Taking

    async def take(self) -> int:
        """Act on one batch; returns how many alerts left the inbox. A batch that fails is tried again one by one."""
        try:
            return await self._take(BATCH)
        except TryLater:
            raise
        except Exception:  # one alert's fault must not hold up all others: the one is found and set aside
            log.exception("alerts_failed")
        return await self._one_by_one()

    async def _one_by_one(self) -> int:
        try:
            return await self._take(1)
        except TryLater:
            raise
        except Exception as fault:
            log.exception("alert_set_aside")
            async with self._scenes.store.work() as work:
                rows = await work.alerts.take(limit=1)
                await work.alerts.done([row.id for row in rows])
            why = f"a fault of ours: {type(fault).__name__}"
            strange = [Strange(row.alert.source, row.at, why, row.alert.model_dump_json()) for row in rows]
            await self._scenes.store.inbox.set_aside(strange, keep=KEPT)
            return len(rows)

    async def _take(self, limit: int) -> int:
        async with self._scenes.store.work() as work:
            rows = await work.alerts.take(limit=limit)
            if not rows:
                return 0
            batch = Batch(self._scenes, work, self._scenes.clock.now())
            handled, told = await self._hear(batch, rows)
            self._more = len(rows) == limit or len(handled) < len(rows)
            await self._settling.save(batch, told)
            await work.alerts.done(handled)
        if batch.touched or told:
            self._saved()
        return len(handled)

    async def _hear(self, batch: Batch, rows: Sequence[Accepted]) -> tuple[list[int], list[Owed]]:
        """Hear each key's alerts in order; returns the ids of those handled, and the reactions on posts taken up."""
        by_key: dict[str, list[Accepted]] = {}
        for row in rows:
            by_key.setdefault(row.alert.key, []).append(row)
        known = await batch.work.alerts.known(by_key)
        belong = {one.incident for one in known.values() if one.incident is not None and one.became.of_incident}
        open_ones = await batch.work.open_among(belong) if belong else set()
        handled: list[int] = []
        seen: list[Owed] = []
        heavy = 0
        for place, (key, mine) in enumerate(by_key.items(), start=1):
            heard = self._heard(batch.tracked.get(key) or known.get(key), mine)
            if heard.new and heavy >= HEAVY:
                continue
            if not (heard.plain and heard.tracked.incident in open_ones):
                try:
                    await acting.follow(batch, heard)
                except Busy:
                    continue
            heavy += heard.new
            batch.keep(heard)
            handled += [row.id for row in mine]
            if heard.new and heard.tracked.became is not Became.NOTHING:
                seen += [telling.seen(row.alert.posted) for row in mine[-1:] if row.alert.posted is not None]
            if heard.new or not place % STRETCH:
                await asyncio.sleep(0)
        return handled, seen

    def _heard(self, before: Tracked | None, mine: Sequence[Accepted]) -> Heard:
        playbook = deciding.choose(self._scenes.library.loaded, mine[0].alert)
        heard = hear_all(before, mine, playbook)
        tracked = heard.tracked
        tracked.sender = self._titles.get(tracked.alert.source, tracked.alert.source)
        if not naming.tidy(tracked.alert.title):
            tracked.alert = tracked.alert.model_copy(update={"title": f"Alert of {tracked.sender}"})
        return heard
