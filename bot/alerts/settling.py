"""Settling: a batch is saved whole: alerts, the incidents they touched, what is told of them, and what is owed."""

from collections.abc import Sequence
from datetime import datetime

from bot import offers
from bot.alerts import deciding, telling
from bot.alerts.batch import Batch
from bot.alerts.tracked import Tracked
from bot.playbook.shape import Playbook
from bot.scenes import Scenes, change
from bot.store import Owed
from bot.tracking import brief


class Settling:
    """Saves batches."""

    def __init__(self, scenes: Scenes, *, watched: Sequence[str]) -> None:
        self._scenes, self._watched = scenes, tuple(watched)
        self.shown_at: dict[int, datetime] = {}
        """When the cards of incidents were last brought up to date here, as long as that is a short while ago."""

    def forget(self, *, before: datetime, after: datetime) -> None:
        """Forget cards that were brought up to date before this time, or after that one: a clock went back."""
        self.shown_at = {number: at for number, at in self.shown_at.items() if before < at <= after}

    async def save(self, batch: Batch, told: Sequence[Owed] = ()) -> None:
        """Save it in its own transaction; ``told`` is what is owed besides."""
        work, owed = batch.work, [*told]
        shown = batch.shown()
        for tracked in batch.tracked.values():
            tracked.stale = tracked.stale and tracked.incident not in shown
        await work.alerts.save(list(batch.tracked.values()))
        await batch.show(shown)
        loud = [tracked for key, tracked in batch.tracked.items() if key not in batch.silent]
        for tracked in loud:
            owed += await self._tell(batch, tracked)
        await work.alerts.save(loud)
        changes = [changed for scene in batch.touched.values() if (changed := change(scene)) is not None]
        await work.save(changes)
        owed += [each for scene in batch.touched.values() for each in scene.loose]
        await work.owe(owed)
        self.shown_at.update(dict.fromkeys(shown, batch.now))

    async def _tell(self, batch: Batch, tracked: Tracked) -> list[Owed]:
        scene = batch.touched.get(tracked.incident or 0)
        playbook = scene.playbook if scene is not None else self.playbook(tracked)
        summary = brief(scene) if scene is not None else None
        if summary is None and tracked.incident is not None:
            summary = await self._scenes.store.reader.summary(tracked.incident)
        places = telling.places(playbook, self._scenes.platforms, watched=self._watched)
        public = offers.settle(tracked, playbook, connected=self._scenes.connected, now=batch.now)
        return [*public, *telling.settle(tracked, playbook, summary, places=places, now=batch.now)]

    def playbook(self, tracked: Tracked) -> Playbook:
        """The playbook whose rules decided about an alert, as it is loaded now; else the one that would."""
        loaded = self._scenes.library.loaded
        named = next((one for one in loaded if one.name == tracked.playbook), None)
        return named or deciding.choose(loaded, tracked.alert)
