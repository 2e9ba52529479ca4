"""See where an incident stands, or move it on."""

from typing import ClassVar, Self

from bot import acts, duties
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import answers, story
from bot.playbook.permissions import Right
from bot.playbook.process import Stage
from bot.scene import Scene
from bot.timeline import Kind


class Status(Verb):
    """Show or change the status."""

    words: ClassVar = ("status", "state", "show", "summary", "overview", "where")
    usage: ClassVar = "status [identified]"
    says: ClassVar = "show where it stands, or move it on"
    example: ClassVar = "/incident status identified"
    right: ClassVar = Right.UPDATE
    where: ClassVar = Where.INCIDENT

    to: str = ""
    text: str = ""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        word, _, text = rest.partition(" ")
        return cls.checked({"to": word.strip(" :,."), "text": text.strip()})

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        return (self.right if self.to else Right.OPEN,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, playbook = scene.incident, scene.playbook
        if not self.to:
            return story.state(incident, playbook, now=scene.now)
        status = playbook.status(self.to)
        names = ", ".join(s.name for s in playbook.statuses if s.stage.open)
        if status is None:
            if playbook.severity(self.to) is not None:
                raise Mistake(f"That is a severity. To change it, type `/incident severity {self.to}`.")
            raise Mistake(f"“{self.to[:60]}” is no status. It can be {names}; `/incident resolve` ends it.")
        if not status.stage.open:
            verb = {Stage.RESOLVED: "resolve", Stage.CLOSED: "close", Stage.CANCELLED: "cancel"}[status.stage]
            raise Mistake(f"To get there, type `/incident {verb}`.")
        if not incident.open:
            raise Mistake(f"{incident.name} is {incident.status}. `/incident reopen` brings it back first.")
        if status.name == incident.status and not self.text:
            return answers.done(f"It is {status.name} already.", incident=incident)
        acts.move_to(scene, status.name, status.stage)
        scene.record(Kind.STATUS, f"Status: {status.name}", status=status.name)
        acts.post_update(scene, self.text or answers.moved(status), news=bool(self.text))
        duties.settle(scene)
        return answers.done(" ".join((f"Status is now {status.name}.", *scene.follows)), incident=incident)
