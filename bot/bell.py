"""The bell: when the clock rings, every timed rule that is due acts, many incidents in one transaction.

So does every routine that is due outside of incidents, and every hand-over of on-call that nobody has confirmed.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from time import monotonic

import structlog

from bot import handing
from bot.calendar import WorkingTime
from bot.errors import TryLater
from bot.handoff import Handoff
from bot.incident import Incident
from bot.playbook.shape import Playbook
from bot.ports import Meter
from bot.routines import ROUTINES
from bot.routines.routine import Routine
from bot.scene import Scene, working_time
from bot.scenes import Scenes, change, save
from bot.store import Change, Owed, Work
from bot.timers import RULES

log = structlog.get_logger()

BATCH = 50
"""Incidents handled in one transaction when many are due at once. SQLite's one writer is held as long as it lasts, so a
command waits for as many at the most; with four times as many in one it is no sooner done."""
BREATH = 5
"""Incidents after which whoever waits for the process is let in: a command is heard while thousands are asked for."""
TRY_AGAIN = timedelta(minutes=1)
"""After a fault in a rule the incident is looked at again this much later, so that it holds up no other."""
STALE = timedelta(days=6)
"""A routine's occasion that is older is let go. The keys that keep it from being acted on twice are swept out a day
later (``bot/broom.py``)."""
LOOK_AGAIN = timedelta(days=1)
"""How long routines are left alone at most."""


class Bell:
    """Acts on what is due."""

    def __init__(
        self,
        scenes: Scenes,
        *,
        meter: Meter,
        saved: Callable[[], None],
        routines: Sequence[Routine] = ROUTINES,
    ) -> None:
        self._scenes, self._meter, self._saved = scenes, meter, saved
        self._routines = tuple(routines)
        self._rests_until: datetime | None = None
        """Until then no routine has an occasion."""
        self._looks_at: datetime | None = None
        """Until then no hand-over is looked at."""
        self.moved: float | None = None
        """When it last saved what was due, in monotonic seconds: while thousands are due, one ring takes a while."""
        self.failing: set[int] = set()
        """Numbers of the incidents whose rules failed when they were last asked."""

    async def ring(self) -> int:
        """Act on everything that is due; returns how many incidents, occasions and hand-overs it was."""
        return await self._keep_routines() + await self._keep_incidents() + await self._keep_handoffs()

    async def _keep_incidents(self) -> int:
        handled = 0
        while True:
            now = self._scenes.clock.now()
            async with self._scenes.store.work() as work:
                due = await work.due(now, limit=BATCH)
                changes: list[Change] = []
                loose: list[Owed] = []
                for place, incident in enumerate(due, start=1):
                    changes.append(await self._act(work, incident, now, loose))
                    if place % BREATH == 0:
                        await asyncio.sleep(0)
                if changes:
                    await work.save(changes)
                if loose:
                    await work.owe(loose)
            handled += len(due)
            if due:
                self.moved = monotonic()
                self._saved()
            if len(due) < BATCH:
                return handled

    async def _act(self, work: Work, incident: Incident, now: datetime, loose: list[Owed]) -> Change:
        """Run the rules; what is owed besides, and belongs to no incident, is added to ``loose``."""
        scene = self._scenes.begin(work)
        scene.now, scene.changed = now, True
        try:
            await self._scenes.about(scene, incident)
            self._apply(scene)
            changed = change(scene)
            if changed is not None:
                loose += scene.loose
                self.failing.discard(incident.number)
                return changed
        except Exception:  # the clock's edge: one incident's fault must not stop every other clock
            log.exception("rule_failed", incident=incident.number)
            self.failing.add(incident.number)
        untouched = await work.incident(incident.number)
        return Change(untouched or incident, next_due_at=now + TRY_AGAIN)

    def _apply(self, scene: Scene) -> None:
        for rule in RULES:
            at = rule.due(scene.incident, scene.playbook)
            if at is not None and at <= scene.now:
                self._meter.rang(rule.name, late=(scene.now - at).total_seconds())
                rule.run(scene)

    # Routines

    async def _keep_routines(self) -> int:
        """Act on the occasions that have come; asks the database nothing where none has."""
        now = self._scenes.clock.now()
        if self._rests_until is not None and now < self._rests_until <= now + LOOK_AGAIN:  # else a clock went back
            return 0
        acted, rests_until = 0, now + LOOK_AGAIN
        for playbook in self._scenes.library.loaded:
            here = working_time(playbook, self._scenes.holidays)
            for routine in self._routines:
                try:
                    at = _latest(routine, playbook, here, now=now)
                    acted += at is not None and await self._act_once(routine, playbook, at)
                    rests_until = min(rests_until, routine.due(playbook, here, after=now) or rests_until)
                except TryLater:
                    raise
                except Exception:  # the clock's edge: one routine's fault must not stop every other clock
                    log.exception("routine_failed", routine=routine.name, playbook=playbook.name)
                    rests_until = min(rests_until, now + TRY_AGAIN)
        self._rests_until = rests_until
        if acted:
            self._looks_at = None
            self._saved()
        return acted

    async def _act_once(self, routine: Routine, playbook: Playbook, at: datetime) -> bool:
        """Act on one occasion, unless it was acted on, by whichever replica; whether it was this one."""
        async with self._scenes.store.work() as work:
            key = f"routine/{routine.name}/{playbook.name}/{routine.occasion(at)}"
            if not await work.hear_once(key, at=self._scenes.clock.now()):
                return False
            scene = self._scenes.begin(work)
            scene.playbook = playbook
            await routine.run(scene, at)
            await save(work, scene)
        return True

    # Hand-overs

    async def _keep_handoffs(self) -> int:
        """Ask once more, or tell others, where nobody has confirmed; asks the database once a minute at the most.

        Another replica may have opened one, so the next look is never further away.
        """
        now = self._scenes.clock.now()
        if self._looks_at is not None and now < self._looks_at <= now + TRY_AGAIN:
            return 0
        async with self._scenes.store.work() as work:
            due = await work.handoffs.due(now, limit=BATCH)
            loose = [owed for one in due for owed in await self._look(work, one, now)]
            if loose:
                await work.owe(loose)
        if due:
            self._saved()
        else:
            ahead = await self._scenes.store.reader.handoffs.next_look()
            self._looks_at = min(ahead or now + TRY_AGAIN, now + TRY_AGAIN)
        return len(due)

    async def _look(self, work: Work, one: Handoff, now: datetime) -> list[Owed]:
        """Act on one hand-over; what is owed by it."""
        scene = self._scenes.begin(work)
        try:
            await handing.look(scene, one)
        except TryLater:
            raise
        except Exception:  # the clock's edge: one hand-over's fault must not stop every other clock
            log.exception("handoff_failed", handoff=one.key)
            await work.handoffs.save(one.model_copy(update={"look_at": now + TRY_AGAIN}))
            return []
        return scene.loose


def _latest(routine: Routine, playbook: Playbook, here: WorkingTime, *, now: datetime) -> datetime | None:
    """The latest occasion that has come and is not stale."""
    found, at = None, routine.due(playbook, here, after=now - STALE)
    while at is not None and at <= now:
        found, at = at, routine.due(playbook, here, after=at)
    return found
