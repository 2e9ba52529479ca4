"""The bell: when the clock rings, every timed rule that is due acts, many incidents in one transaction."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.incident import Incident
from bot.ports import Meter
from bot.scene import Scene
from bot.scenes import Scenes, change
from bot.store import Change, Work
from bot.timers import RULES

log = structlog.get_logger()

BATCH = 50
"""Incidents handled in one transaction when many are due at once. SQLite's one writer is held as long as it lasts, so a
command waits for as many at the most; with four times as many in one it is no sooner done."""
BREATH = 5
"""Incidents after which whoever waits for the process is let in: a command is heard while thousands are asked for."""
TRY_AGAIN = timedelta(minutes=1)
"""After a fault in a rule the incident is looked at again this much later, so that it holds up no other."""


class Bell:
    """Acts on what is due."""

    def __init__(self, scenes: Scenes, *, meter: Meter, saved: Callable[[], None]) -> None:
        self._scenes, self._meter, self._saved = scenes, meter, saved

    async def ring(self) -> int:
        """Act on everything that is due; returns how many incidents it was."""
        handled = 0
        while True:
            now = self._scenes.clock.now()
            async with self._scenes.store.work() as work:
                due = await work.due(now, limit=BATCH)
                changes = []
                for place, incident in enumerate(due, start=1):
                    changes.append(await self._act(work, incident, now))
                    if place % BREATH == 0:
                        await asyncio.sleep(0)
                if changes:
                    await work.save(changes)
            handled += len(due)
            if due:
                self._saved()
            if len(due) < BATCH:
                return handled

    async def _act(self, work: Work, incident: Incident, now: datetime) -> Change:
        scene = self._scenes.begin(work)
        scene.now, scene.changed = now, True
        try:
            await self._scenes.about(scene, incident)
            self._apply(scene)
            changed = change(scene)
            if changed is not None:
                return changed
        except Exception:  # the clock's edge: one incident's fault must not stop every other clock
            log.exception("rule_failed", incident=incident.number)
        untouched = await work.incident(incident.number)
        return Change(untouched or incident, next_due_at=now + TRY_AGAIN)

    def _apply(self, scene: Scene) -> None:
        for rule in RULES:
            at = rule.due(scene.incident, scene.playbook)
            if at is not None and at <= scene.now:
                self._meter.rang(rule.name, late=(scene.now - at).total_seconds())
                rule.run(scene)
