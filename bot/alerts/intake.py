"""The intake: takes alerts out of the inbox, oldest first, and acts on them, some hundreds in one transaction.

What is known of a key, the incidents that it makes or joins, what is owed, and its leaving the inbox are one commit: a
crash anywhere loses nothing and does nothing twice. Across replicas one takes at a time, so that a key's alerts stay in
order and one key never makes two incidents.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from bot.alerts import deciding, telling
from bot.alerts.batch import Batch, Busy
from bot.alerts.book import Accepted, Strange
from bot.alerts.hearing import Heard, hear_all
from bot.alerts.showing import EVERY
from bot.alerts.tracked import Became, Tracked
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
STRETCH = 25
"""Keys without news that are seen to at one go. Stepping aside for each would hold the transaction, and what it has
locked, for as long as all the requests of a storm take meanwhile."""
GATHER = 0.2
"""Seconds from one batch to the next while alerts come all the time: what came meanwhile costs hardly more than one."""
STALE = 200
"""Incidents among which those whose card may be brought up to date are looked for."""
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
        self._more = False
        """Whether the last batch left some of what it looked at, or there may be more behind it."""
        self._shown_at: dict[int, datetime] = {}
        """When the cards of incidents were last brought up to date here, as long as that is a short while ago."""

    def wake(self) -> None:
        """Something was accepted: look now."""
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped."""
        while not self._stopping:
            self._wake.clear()
            try:
                await self._take_all()
                await self.look()
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
                await self.look()
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
                    await batch.follow(heard)
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
        heard.tracked.sender = self._titles.get(heard.tracked.alert.source, heard.tracked.alert.source)
        return heard

    async def _save(self, batch: Batch, told: list[Owed]) -> None:
        work = batch.work
        shown = batch.shown()
        for tracked in batch.tracked.values():
            tracked.stale = tracked.stale and tracked.incident not in shown
        await work.alerts.save(list(batch.tracked.values()))
        await batch.show(shown)
        loud = [tracked for key, tracked in batch.tracked.items() if key not in batch.silent]
        for tracked in loud:
            told += await self._tell(batch, tracked)
        await work.alerts.save(loud)
        changes = [changed for scene in batch.touched.values() if (changed := change(scene)) is not None]
        await work.save(changes)
        await work.owe(told)
        self._shown_at.update(dict.fromkeys(shown, batch.now))

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

        Returns how many alerts it decided about and how many cards it drew.
        """
        decided = await self._look_again()
        now, shown = self._scenes.clock.now(), 0
        self._shown_at = {number: at for number, at in self._shown_at.items() if at <= now < at + EVERY}
        for number in await self._stale():
            if number not in self._shown_at and shown < HEAVY:
                shown += await self._show(number)
        return decided + shown

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
            return await work.alerts.stale(limit=STALE)

    async def _show(self, number: int) -> bool:
        """Bring a card up to date, unless it was a short while ago; whether it was now."""
        async with self._scenes.store.work() as work:
            batch = Batch(self._scenes, work, self._scenes.clock.now())
            try:
                scene = await batch.scene(number)
            except Busy:
                return False
            alerted = scene.incident.progress.alerts
            shown = alerted.shown_at if alerted is not None else None
            if scene.incident.open and shown is not None and shown <= batch.now < shown + EVERY:
                self._shown_at[number] = shown
                return False
            await work.alerts.shown(number)
            if scene.incident.open:
                await batch.show([number])
                changed = change(scene)
                await work.save([changed] if changed is not None else [])
        self._shown_at[number] = batch.now
        self._saved()
        return True
