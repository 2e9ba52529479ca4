"""Close a resolved incident: nothing is left to do in its channel."""

from typing import ClassVar, Self

from bot import acts, changes, gates
from bot.card import Card
from bot.commands.verb import Because, Where, overrides, reason
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import answers, notices
from bot.messages import gates as gates_said
from bot.playbook.permissions import Right
from bot.playbook.process import Stage
from bot.progress import Lack
from bot.scene import Scene
from bot.timeline import Kind


class Close(Because):
    """Close."""

    words: ClassVar = ("close", "closed", "finish", "finished")
    usage: ClassVar = "close [anyway because …]"
    says: ClassVar = "close a resolved incident; its channel is archived later"
    example: ClassVar = "/incident close"
    right: ClassVar = Right.CLOSE
    where: ClassVar = Where.INCIDENT

    anyway: bool = False
    """Whatever the playbook still asks for."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        because = overrides(rest)
        return cls.checked({"because": reason(rest) if because is None else because, "anyway": because is not None})

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, playbook = scene.incident, scene.playbook
        if incident.open:
            raise Mistake("It is still open. `/incident resolve` comes first; `/incident cancel` ends a false alarm.")
        if incident.stage is not Stage.RESOLVED:
            return answers.done(f"{incident.name} is {incident.status} already.")
        changes.by_word(scene)
        missing = gates.lacks(incident, playbook, gates.applying(playbook.close, incident, playbook))
        if missing and not self.anyway:
            changes.again(scene, missing)
            return gates_said.not_closed(missing, incident, playbook)
        if missing and not self.because:
            raise Mistake(gates_said.say_why("close anyway", missing, playbook))
        self._close(scene, missing)
        return answers.done(f"{incident.name} is closed.")

    def _close(self, scene: Scene, missing: list[Lack]) -> None:
        incident, playbook = scene.incident, scene.playbook
        acts.enter_stage(scene, Stage.CLOSED)
        said = f"Closed: {self.because}" if self.because else "Closed"
        without = gates_said.phrases(missing, playbook)
        if without:
            said = f"{said} (not met: {without})"
            kept = f"{without}; {scene.actor.name}: {self.because}"
            incident.progress.closed_without = "\n".join(filter(None, (incident.progress.closed_without, kept)))
        scene.record(Kind.END, said)
        card = notices.ended(incident, playbook, cancelled=False, because=self.because, by=scene.actor.name)
        scene.say(card)
