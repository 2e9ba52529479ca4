"""The intake: takes alerts out of the inbox, oldest first, and acts on them, some hundreds in one transaction.

What is known of a key, the incidents that it makes or joins, what is owed, and its leaving the inbox are one commit: a
crash anywhere loses nothing and does nothing twice. Across replicas one takes at a time, so that a key's alerts stay in
order and one key never makes two incidents.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from time import monotonic

import structlog

from bot.alerts import deciding, telling
from bot.alerts.batch import Batch, Busy
from bot.alerts.book import Accepted, Strange
from bot.alerts.showing import EVERY
from bot.alerts.tracked import Became, News, Tracked, begin, hear
from bot.errors import TryLater
from bot.playbook.shape import Playbook
from bot.scenes import Scenes, change
from bot.store import Owed
from bot.tracking import brief

log = structlog.get_logger()

BATCH = 300
"""Alerts taken in one transaction."""
HEAVY = 3
"""Keys with news in one transaction: each may make an incident, and SQLite's only writer is held meanwhile."""
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
        self._scenes, self._titles, self._watched = scenes, titles, tuple(watched)
        self._saved, self._quiet = saved, quiet
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Something was accepted: look now."""
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped."""
        while not self._stopping:
            self._wake.clear()
            try:
                looked = monotonic()
                while not self._stopping and await self.take():
                    await self._give_way()
                    if monotonic() - looked > POLL:
                        await self.look()
                        looked = monotonic()
                await self.look()
            except TryLater as gone:
                log.warning("alerts_wait", why=gone.why)
            except Exception:  # the intake's edge: one fault must not end the taking of all other alerts
                log.exception("intake_failed")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._wake.wait()

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
            await self._save(batch, told)
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
        handled: list[int] = []
        seen: list[Owed] = []
        heavy = 0
        for key, mine in by_key.items():
            before = batch.tracked.get(key) or known.get(key)
            tracked = before.model_copy(deep=True) if before is not None else begin(mine[0].alert, now=mine[0].at)
            playbook = deciding.choose(self._scenes.library.loaded, mine[0].alert)
            news = _reduced([hear(tracked, row.alert, now=row.at, again=deciding.again(playbook)) for row in mine])
            tracked.sender = self._titles.get(tracked.alert.source, tracked.alert.source)
            new = [one for one in news if one is not News.REPEAT]
            if new and heavy >= HEAVY:
                continue
            try:
                await batch.mine(tracked)
                for one in news:
                    if one is News.FIRST or (one is News.AGAIN and tracked.became is not Became.OFFERED):
                        telling.anew(tracked)
                    await batch.act(tracked, one, playbook)
            except Busy:
                continue
            heavy += bool(new)
            tracked.stale = tracked.became.of_incident
            batch.tracked[key] = tracked
            handled += [row.id for row in mine]
            if new and tracked.became is not Became.NOTHING:
                seen += [telling.seen(row.alert.posted) for row in mine[-1:] if row.alert.posted is not None]
            await asyncio.sleep(0)
        return handled, seen

    async def _save(self, batch: Batch, told: list[Owed]) -> None:
        work = batch.work
        shown = batch.shown()
        for tracked in batch.tracked.values():
            tracked.stale = tracked.stale and tracked.incident not in shown
        await work.alerts.save(list(batch.tracked.values()))
        await batch.show(shown)
        for tracked in batch.tracked.values():
            told += await self._tell(batch, tracked)
        await work.alerts.save(list(batch.tracked.values()))
        changes = [changed for scene in batch.touched.values() if (changed := change(scene)) is not None]
        await work.save(changes)
        await work.owe(told)

    async def _tell(self, batch: Batch, tracked: Tracked) -> list[Owed]:
        scene = batch.touched.get(tracked.incident or 0)
        playbook = scene.playbook if scene is not None else self._playbook(tracked)
        summary = brief(scene) if scene is not None else None
        if summary is None and tracked.incident is not None:
            summary = await self._scenes.store.reader.summary(tracked.incident)
        places = telling.places(playbook, self._scenes.platforms, watched=self._watched)
        return list(telling.settle(tracked, playbook, summary, places=places, now=batch.now))

    def _playbook(self, tracked: Tracked) -> Playbook:
        loaded = self._scenes.library.loaded
        return next((one for one in loaded if one.name == tracked.playbook), None) or deciding.choose(
            loaded, tracked.alert
        )

    # Looking

    async def look(self) -> int:
        """See to what time brings: rules that an alert has lasted long enough for, quiet hours that are over, cards.

        Returns how many alerts it decided about.
        """
        decided = await self._look_again()
        for number in await self._stale():
            await self._show(number)
        return decided

    async def _look_again(self) -> int:
        now = self._scenes.clock.now()
        async with self._scenes.store.work() as work:
            due = await work.alerts.due(now, limit=HEAVY)
            if not due:
                return 0
            batch = Batch(self._scenes, work, now)
            batch.tracked |= {tracked.key: tracked for tracked in due}
            for tracked in due:
                await self._look_at(batch, tracked)
            await self._save(batch, [])
        self._saved()
        return len(due)

    async def _look_at(self, batch: Batch, tracked: Tracked) -> None:
        held, before = tracked.became is Became.HELD, tracked.model_copy(deep=True)
        if not tracked.fires:
            tracked.look_at = None
            tracked.became = Became.NOTHING if held else tracked.became
            return
        if tracked.became is Became.IGNORED and not tracked.muted(batch.now):
            telling.anew(tracked)
        try:
            await batch.decide(tracked, self._playbook(tracked), afresh=held)
        except Busy:  # it is due still, and looked at again
            batch.tracked[tracked.key] = before

    async def _stale(self) -> list[int]:
        async with self._scenes.store.work() as work:
            return await work.alerts.stale(limit=HEAVY)

    async def _show(self, number: int) -> None:
        async with self._scenes.store.work() as work:
            batch = Batch(self._scenes, work, self._scenes.clock.now())
            try:
                scene = await batch.scene(number)
            except Busy:
                return
            alerted = scene.incident.progress.alerts
            shown = alerted.shown_at if alerted is not None else None
            if scene.incident.open and shown is not None and shown <= batch.now < shown + EVERY:
                return
            await work.alerts.shown(number)
            if scene.incident.open:
                await batch.show([number])
                changed = change(scene)
                await work.save([changed] if changed is not None else [])
        self._saved()


def _reduced(news: Sequence[News]) -> list[News]:
    """What is left of news that came together: what cleared and fires again is where it was, and repeats are one."""
    left: list[News] = []
    for one in news:
        if one is News.AGAIN and left and left[-1] is News.CLEARED:
            left.pop()
        elif one is not News.NOTHING and (one is not News.REPEAT or not left):
            left.append(one)
    return left
