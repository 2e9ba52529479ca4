"""Call it off: it was a false alarm."""

from typing import ClassVar

from bot import acts
from bot.alert_ends import called_off
from bot.card import Card
from bot.commands.verb import Because, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import answers, notices
from bot.playbook.permissions import Right
from bot.playbook.process import Stage
from bot.scene import Scene
from bot.timeline import Kind


class Cancel(Because):
    """Cancel."""

    words: ClassVar = ("cancel", "cancelled", "canceled", "false alarm", "abort", "dismiss")
    usage: ClassVar = "cancel [because …]"
    says: ClassVar = "call off a false alarm"
    example: ClassVar = "/incident cancel because the monitor was wrong"
    right: ClassVar = Right.CANCEL
    where: ClassVar = Where.INCIDENT

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        if incident.stage is Stage.CANCELLED:
            return answers.done(f"{incident.name} is cancelled already.")
        if not incident.open:
            raise Mistake(f"{incident.name} is {incident.status}; only an open incident can be called off.")
        acts.enter_stage(scene, Stage.CANCELLED)
        scene.record(Kind.END, f"Cancelled: {self.because}" if self.because else "Cancelled as a false alarm")
        card = notices.ended(incident, scene.playbook, cancelled=True, because=self.because, by=scene.actor.name)
        scene.say(card)
        acts.announce(scene, card)
        await called_off(scene)
        return answers.done(f"{incident.name} is cancelled.")
