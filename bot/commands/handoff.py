"""The hand-over of on-call: where it stands, its steps, and who confirms."""

import re
from typing import ClassVar, Self

from bot import early, handing, handoff
from bot.card import Card
from bot.commands.handover import Handover
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.handoff import Handoff, Side
from bot.heard import Answer
from bot.messages import handoffs
from bot.playbook.part import fold
from bot.playbook.permissions import Right
from bot.scene import Scene

_ANSWER = re.compile(
    r"(?:h(?P<id>\d{1,12})\s+)?(?P<does>early|start|ticked|tick|untick|gave|give|given|have|got|has|took|take)"
    r"(?:\s+(?:it|step|over))?(?:\s*#?(?P<step>\d{1,3}))?\W*",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"(?P<rotation>.+?)\s+(?P<rest>(?:early|start|tick|untick|gave|give|have|got|took)\b.*)", re.IGNORECASE
)
GIVES = {"gave", "give", "given"}
TAKES = {"have", "got", "has", "took", "take"}
EARLY = {"early", "start"}


class ShowHandoff(Verb):
    """Show the hand-over, tick its steps, confirm it."""

    words: ClassVar = ("handoff", "hand off", "handoffs")
    usage: ClassVar = "handoff [ROTATION] [have]"
    says: ClassVar = "where on-call's hand-over stands; tick its steps, say that you handed over or that you have it"
    example: ClassVar = "/incident handoff have"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE
    people: ClassVar = True

    id: int = 0
    rotation: str = ""
    does: str = ""
    step: int = 0
    role: str = ""
    """The words of whoever means a role of the incident's."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        rest = " ".join(rest.split())
        if scene.here is not None and ("@" in rest or scene.playbook.role(rest.split(" ")[0] if rest else "")):
            return cls.checked({"role": rest})
        named = _WHICH.fullmatch(rest)
        rotation = _rotation(named["rotation"] if named else rest, scene)
        found = _ANSWER.fullmatch(named["rest"] if named and rotation else rest)
        if found is None and rest and not rotation:
            raise Mistake(_unknown(rest, scene))
        if found is None:
            return cls.checked({"rotation": rotation})
        does = found["does"].lower().removesuffix("ed")
        step = int(found["step"] or 0)
        if does in ("tick", "untick") and not step:
            raise Mistake(f"Say which step, by its number, like `/incident handoff {does} 2`.")
        return cls.checked({"id": int(found["id"] or 0), "rotation": rotation, "does": does, "step": step})

    async def run(self, scene: Scene) -> Answer | Card | None:
        if self.role:
            return await Handover.read(self.role, scene).run(scene)
        if self.does in EARLY:
            return handoffs.early(await early.take_over(scene, self.rotation))
        names = [playbook.name for playbook in scene.loaded]
        found = await scene.reader.handoffs.current(names, now=scene.now)
        if self.rotation:
            found = [one for one in found if one.rotation == self.rotation]
        if not self.does:
            return handoffs.standing(_latest(found), now=scene.now)
        one = await scene.work.handoffs.get(self.id or self._meant(_latest(found), scene).id)
        if one is None or one.over(scene.now):
            raise Mistake("That hand-over is over. `/incident handoff` shows the current one.")
        if self.does in ("tick", "untick"):
            return await self._tick(scene, one)
        return await self._confirm(scene, one)

    def _meant(self, found: list[Handoff], scene: Scene) -> Handoff:
        """The one that is meant where none is named: of several, that of whoever speaks."""
        mine = [one for one in found if one.side(scene.actor) is not None] if len(found) > 1 else found
        if len(mine) == 1:
            return mine[0]
        if not found:
            raise Mistake("No hand-over stands now, so there is nothing to confirm or to tick.")
        names = " or ".join(f"`/incident handoff {one.rotation} {self.does}`" for one in found[:5])
        raise Mistake(f"More than one hand-over stands. Say which: {names}.")

    async def _tick(self, scene: Scene, one: Handoff) -> Card:
        if not 1 <= self.step <= len(one.steps):
            raise Mistake(f"{one.checklist} has {len(one.steps)} steps; there is no step {self.step}.")
        if self.does == "untick":
            if self.step not in one.ticks:
                raise Mistake(f"Step {self.step} of {one.checklist} is not ticked.")
            one = handoff.untick(one, self.step)
            await handing.settle(scene, one)
            return handoffs.unticked(one, self.step)
        if self.step in one.ticks:
            return handoffs.ticked_before(one, self.step)
        one = handoff.tick(one, self.step, by=scene.actor, now=scene.now)
        await handing.settle(scene, one)
        return handoffs.ticked(one, self.step)

    async def _confirm(self, scene: Scene, one: Handoff) -> Card:
        side = Side.OFF if self.does in GIVES else Side.ON
        before = one.gave if side is Side.OFF else one.took
        if before is not None:
            return handoffs.confirmed_before(before)
        if one.side(scene.actor) is not side:
            raise Mistake(_whose(one, side))
        one = handoff.confirm(one, side, by=scene.actor, now=scene.now)
        await handing.settle(scene, one)
        return handoffs.confirmed(one)


def _latest(found: list[Handoff]) -> list[Handoff]:
    """The latest of each rotation."""
    latest: dict[tuple[str, str], Handoff] = {}
    for one in found:
        latest.setdefault((one.playbook, one.rotation), one)
    return list(latest.values())


def _whose(one: Handoff, side: Side) -> str:
    if side is Side.ON:
        return f"{one.on.name} comes on call, so only they can say that they have it."
    if one.off is None:
        return "Nobody goes off call here, so there is nothing to hand over."
    return f"{one.off.name} goes off call, so only they can say that they hand over."


def _rotation(words: str, scene: Scene) -> str:
    """The rotation that words name; empty where they name none."""
    wanted = fold(words)
    known = (rotation for playbook in scene.loaded for rotation in playbook.rotations)
    return next((one.name for one in known if wanted and wanted in {fold(one.name), fold(one.title)}), "")


def _unknown(rest: str, scene: Scene) -> str:
    names = [one.name for playbook in scene.loaded for one in playbook.rotations]
    known = f"There are {', '.join(names)}." if names else "The process has none."
    return (
        f"“{rest[:40]}” is no rotation. {known} To hand a role over, type `/incident handover ic @bo` in its incident."
    )
