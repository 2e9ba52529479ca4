"""Outcomes: what became of what was owed, where people should know of it.

What is late is shown on the card and told once; what is made good leaves the card; what is given up is told once.
"""

from collections.abc import Callable

from bot import announcing
from bot.card import Card
from bot.intents import CallOff, Edit, Post, Unarchive
from bot.ledger import Claimed
from bot.messages import notices
from bot.scene import Scene
from bot.scenes import Scenes, save
from bot.store import Owed, Work
from bot.timeline import Kind


class Outcomes:
    """Tells people what the delivery could not do in time, or at all; see :class:`bot.delivery.news.Feedback`."""

    def __init__(self, scenes: Scenes, *, saved: Callable[[], None]) -> None:
        self._scenes, self._saved = scenes, saved

    async def late(self, claim: Claimed, why: str) -> None:
        """Part of an incident has to wait."""
        async with self._scenes.store.work() as work:
            scene = await self._scene(work, claim)
            if scene is None or _mark(claim) in scene.incident.late:
                return
            incident, about, where = scene.incident, _about(claim), _where(scene, claim.platform)
            first = all(_where(scene, mark.partition(":")[0]) != where for mark in incident.late)
            incident.late[_mark(claim)] = about
            scene.record(Kind.LATE, f"Late: {about}; the platform answered “{why}”")
            if first:
                _tell(scene, notices.late(about, why, where=where))
            await save(work, scene)
        self._saved()

    async def made_good(self, claim: Claimed, why: str) -> None:
        """What was late is there now."""
        async with self._scenes.store.work() as work:
            scene = await self._scene(work, claim)
            if scene is None:
                return
            late = scene.incident.late.pop(_mark(claim), None) is not None
            if announcing.tried_again(claim):
                late = announcing.back(scene.incident, claim.platform, now=scene.now) or late
            if not late:
                return
            scene.record(Kind.LATE, f"Made good: {_about(claim)}")
            await save(work, scene)
        self._saved()

    async def gave_up(self, claim: Claimed, why: str) -> None:
        """Something will not be there; a channel that does not come back gets a successor."""
        async with self._scenes.store.work() as work:
            scene = await self._scene(work, claim)
            if scene is None:
                return
            if announcing.about(claim):
                _unannounced(scene, claim, why)
                await save(work, scene)
                return
            incident, about = scene.incident, _about(claim)
            incident.late.pop(_mark(claim), None)
            scene.record(Kind.LATE, f"Could not be done: {about}; the platform answered “{why}”")
            if isinstance(claim.intent, Unarchive):
                await self._move_house(scene, claim)
            else:
                _tell(scene, _given_up(claim, why))
            await save(work, scene)
        self._saved()

    async def _move_house(self, scene: Scene, claim: Claimed) -> None:
        """A new channel takes the place of one that could not be brought back, and its first words link to the old."""
        incident, platform = scene.incident, claim.platform
        room = incident.rooms[platform]
        old = await scene.work.channel_ref(incident.number, platform)
        if old is not None:
            moved = Post(card=notices.moved_house(incident, platform=platform, old=old))
            scene.owed.append(Owed(f"moved/{room.generation + 1}", platform, moved))
        incident.rooms[platform] = room.model_copy(update={"generation": room.generation + 1, "url": ""})

    async def _scene(self, work: Work, claim: Claimed) -> Scene | None:
        incident = await work.incident(claim.incident) if claim.incident is not None else None
        scene = self._scenes.begin(work)
        scene.changed = True
        return scene if await self._scenes.about(scene, incident) else None


def _where(scene: Scene, platform: str) -> str:
    """What people are told of once: each tool by itself, all chat platforms (empty) together."""
    return platform if platform in scene.connected.tools else ""


def _tell(scene: Scene, card: Card) -> None:
    """Where there is a channel left in which people read it."""
    if not all(room.archived for room in scene.incident.rooms.values()):
        scene.say(card, rings=False)


def _given_up(claim: Claimed, why: str) -> Card:
    if isinstance(claim.intent, CallOff):
        return notices.still_rings(claim.intent.sent.person, why)
    return notices.given_up(_about(claim), why)


def _unannounced(scene: Scene, claim: Claimed, why: str) -> None:
    """The announcement is to be tried again; its standing notice tells people once. Of an earlier one nobody needs to
    hear.
    """
    incident, platform = scene.incident, claim.platform
    if announcing.about(claim) != announcing.key(incident, platform):
        return
    incident.late.pop(_mark(claim), None)
    edited = isinstance(claim.intent, Edit)
    if announcing.refused(incident, platform, why=why, edited=edited, now=scene.now):
        scene.record(Kind.LATE, f"Not announced: {_about(claim)}; the platform answered “{why}”")


def _about(claim: Claimed) -> str:
    return f"{claim.intent.about()} ({claim.platform})"


def _mark(claim: Claimed) -> str:
    return f"{claim.platform}:{claim.key}"
