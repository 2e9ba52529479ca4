"""A batch: alerts of the inbox that are acted on in one transaction, with the incidents that they touch.

Nothing here waits for an incident that somebody else holds: alerts of such a one stay in the inbox for the next batch.
So people who hold an incident may wait for an alert, and never the other way round.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot.alerts import showing, taking
from bot.alerts.hearing import Heard
from bot.alerts.tracked import Became, Tracked
from bot.reader import Summary
from bot.scene import Scene
from bot.scenes import Scenes
from bot.store import Work

HEAVY = 3
"""Alerts with news in one transaction: each may make an incident, and SQLite's only writer is held meanwhile."""


class Busy(Exception):
    """Somebody else holds the incident at the moment."""


@dataclass(slots=True)
class Batch:
    """One transaction's alerts, and what they touch."""

    scenes: Scenes
    work: Work
    now: datetime
    touched: dict[int, Scene] = field(default_factory=dict)
    """Incidents that are changed, by number."""
    tracked: dict[str, Tracked] = field(default_factory=dict)
    """Alerts that are changed, by key."""
    silent: set[str] = field(default_factory=set)
    """Keys of those among them that there is nothing new to tell of."""
    attachable: list[Summary] | None = None

    async def scene(self, number: int) -> Scene:
        """The scene of an incident, locked; raises :class:`Busy` where another holds it."""
        if number not in self.touched:
            incident = await self.work.free_incident(number)
            if incident is None:
                raise Busy
            scene = self.scenes.begin(self.work)
            scene.now = self.now
            await self.scenes.about(scene, incident)
            self.touched[number] = scene
        return self.touched[number]

    async def get(self, id: int) -> Tracked | None:
        """An alert by its id, to be changed with this batch."""
        found = next((one for one in self.tracked.values() if one.id == id), None) or await self.work.alerts.get(id)
        if found is not None:
            self.tracked[found.key] = found
            self.silent.discard(found.key)
        return found

    async def behind(self, id: int) -> list[Tracked]:
        """Those that wait behind an alert's offer, to be changed with this batch."""
        stored = {one.key: one for one in await self.work.alerts.behind(id)}
        found = [one for one in (stored | self.tracked).values() if one.behind == id]
        self.tracked |= {one.key: one for one in found}
        self.silent -= {one.key for one in found}
        return found

    def keep(self, heard: Heard) -> None:
        """Take up what is known of a key now, to be saved with this batch."""
        tracked = heard.tracked
        tracked.stale = tracked.became.of_incident
        if heard.silent and tracked.key not in self.tracked:
            self.silent.add(tracked.key)
        self.tracked[tracked.key] = tracked

    async def mine(self, tracked: Tracked) -> Scene | None:
        """The scene of the incident that an alert belongs to, while that is open."""
        if tracked.incident is None or not tracked.became.of_incident:
            return None
        scene = await self.scene(tracked.incident)
        return scene if scene.incident.open else None

    async def join(self, tracked: Tracked, number: int, became: Became) -> None:
        """Put an alert to an incident."""
        taking.join(await self.scene(number), tracked, became)

    def shown(self) -> list[int]:
        """Numbers of those touched whose card is to show it now; the others' do a little later."""
        return [number for number, scene in self.touched.items() if showing.rested(scene)]

    async def show(self, numbers: Collection[int]) -> None:
        """Bring the cards of these up to date."""
        for number in numbers:
            scene = self.touched[number]
            showing.refresh(scene, await self.work.alerts.of_incident(number))
