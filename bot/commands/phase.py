"""See the phases: their windows, what is advised now, and what is still to be ticked."""

from typing import ClassVar

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import phases
from bot.playbook.permissions import Right
from bot.scene import Scene


class ShowPhase(Verb):
    """Show the phases."""

    words: ClassVar = ("phase", "phases")
    usage: ClassVar = "phase"
    says: ClassVar = "show the phases, what is advised now, and which steps are open"
    example: ClassVar = "/incident phase"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    async def run(self, scene: Scene) -> Answer | Card | None:
        return phases.every(scene.incident, scene.playbook, now=scene.now)
