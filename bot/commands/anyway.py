"""Act in spite of the playbook's permission rules: for a while, with a reason, which the channel reads."""

from typing import ClassVar, Self

from pydantic import Field

from bot import permission
from bot.card import Card, When
from bot.commands.verb import Verb, Where, reason
from bot.errors import Mistake, Unsaid
from bot.forms import Form
from bot.heard import Answer
from bot.messages import answers
from bot.messages import permissions as says
from bot.playbook.permissions import Right
from bot.playbook.shape import Playbook
from bot.scene import Scene
from bot.timeline import Kind


class Anyway(Verb):
    """Set the rules aside."""

    words: ClassVar = ("anyway", "break glass", "break-glass", "breakglass")
    usage: ClassVar = "anyway because …"
    says: ClassVar = "do what the permission rules keep for others, for an hour; the channel reads why"
    example: ClassVar = "/incident anyway because nobody of the leads answers"
    right: ClassVar = Right.ANYWAY
    where: ClassVar = Where.INCIDENT

    because: str = Field(min_length=1, max_length=500)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        because = reason(rest)
        if not because:
            raise Unsaid(f"Say why it cannot wait, like `{cls.example}`.")
        return cls.checked({"because": because})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        return says.why(scene.incident)

    @classmethod
    def offered(cls, playbook: Playbook) -> bool:
        return playbook.permissions.bind

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, until = scene.incident, scene.now + permission.LASTS
        if not scene.playbook.permissions.bind:
            raise Mistake("No rule holds anybody back here; do what you meant to do.")
        incident.progress.anyway = incident.progress.anyway | {scene.actor.key: until}
        scene.record(Kind.PERMISSION, f"Sets the permission rules aside for an hour: {self.because}")
        lead = incident.holder(scene.playbook.commander)
        rings = (lead,) if lead is not None and not lead.keys & scene.actor.keys else ()
        scene.bring(scene.actor)
        scene.say(says.going_anyway(scene.actor, self.because, until, rings))
        return answers.done("Noted, and said in the channel. Until ", When(at=until),
                            " no rule holds you back here: do again what you meant to do.")  # fmt: skip
