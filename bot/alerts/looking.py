"""Looking: what time brings to alerts: rules that one has lasted long enough for, quiet hours that are over, cards."""

from collections.abc import Callable

from bot.alerts import acting, following, telling
from bot.alerts.batch import HEAVY, Batch, Busy
from bot.alerts.settling import Settling
from bot.alerts.showing import EVERY
from bot.alerts.tracked import Became, Tracked
from bot.scenes import Scenes, change

STALE = 200
"""Incidents among which those whose card may be brought up to date are looked for."""


class Looking:
    """Looks, now and then."""

    def __init__(self, scenes: Scenes, settling: Settling, *, saved: Callable[[], None]) -> None:
        self._scenes, self._settling, self._saved = scenes, settling, saved

    async def look(self) -> int:
        """See to what time brings: rules that an alert has lasted long enough for, quiet hours that are over, cards.

        Returns how many alerts it decided about and how many cards it drew.
        """
        decided = await self._look_again()
        now, shown = self._scenes.clock.now(), 0
        self._settling.forget(before=now - EVERY, after=now)
        for number in await self._stale():
            if number not in self._settling.shown_at and shown < HEAVY:
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
            await self._settling.save(batch)
        self._saved()
        return len(due)

    async def _look_at(self, batch: Batch, tracked: Tracked) -> None:
        held, before = tracked.became is Became.HELD, tracked.model_copy(deep=True)
        if not tracked.fires:
            tracked.look_at = None
            if held:
                tracked.became = Became.NOTHING
                following.hand_over(tracked, await batch.behind(tracked.id))
            return
        if tracked.became is Became.IGNORED and not tracked.muted(batch.now):
            telling.anew(tracked)
        try:
            if await batch.mine(tracked) is not None:  # an open incident has it: nobody decides about it meanwhile
                tracked.look_at = None
                return
            await acting.decide(batch, tracked, self._settling.playbook(tracked), afresh=held)
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
                self._settling.shown_at[number] = shown
                return False
            await work.alerts.shown(number)
            if scene.incident.open:
                await batch.show([number])
                changed = change(scene)
                await work.save([changed] if changed is not None else [])
        self._settling.shown_at[number] = batch.now
        self._saved()
        return True
