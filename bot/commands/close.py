"""Close a resolved incident: nothing is left to do in its channel."""

from typing import ClassVar

from bot import acts
from bot.card import Card
from bot.commands.verb import Because, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import answers, notices
from bot.playbook.process import Stage
from bot.scene import Scene
from bot.timeline import Kind


class Close(Because):
    """Close."""

    words: ClassVar = ("close", "closed", "finish", "finished")
    usage: ClassVar = "close"
    says: ClassVar = "close a resolved incident; its channel is archived later"
    example: ClassVar = "/incident close"
    where: ClassVar = Where.INCIDENT

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        if incident.open:
            raise Mistake("It is still open. `/incident resolve` comes first; `/incident cancel` ends a false alarm.")
        if incident.stage is not Stage.RESOLVED:
            return answers.done(f"{incident.name} is {incident.status} already.")
        acts.enter_stage(scene, Stage.CLOSED)
        scene.record(Kind.END, f"Closed: {self.because}" if self.because else "Closed")
        scene.say(notices.ended(incident, scene.playbook, cancelled=False, because=self.because, by=scene.actor.name))
        return answers.done(f"{incident.name} is closed.")
