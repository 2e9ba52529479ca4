"""The production freeze: see it, begin it by hand, lift it early."""

from typing import ClassVar, Self

from pydantic import Field
from rapidfuzz.distance import OSA

from bot.card import Card, When
from bot.commands.verb import Because, Verb, Where, reason
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.messages import answers, freeze
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind

_LOOKS = {"?", "status", "state", "show"}
MISTYPED = 2
"""Letters of “status” that may be wrong: nobody wants to freeze production with a slip of the finger."""


class Freeze(Because):
    """Freeze production for an incident; anywhere else, show whether it is frozen."""

    words: ClassVar = ("freeze", "code freeze", "change freeze", "production freeze")
    usage: ClassVar = "freeze [because …]"
    says: ClassVar = "freeze production for this incident; anywhere else, show whether it is frozen"
    example: ClassVar = "/incident freeze because every deploy restarts the queue"
    right: ClassVar = Right.FREEZE
    where: ClassVar = Where.ANYWHERE

    look: bool = False

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if rest.casefold() in _LOOKS:
            return cls.checked({"look": True})
        if rest and scene.here is None:
            raise Mistake(
                "It is an incident that freezes production: type this in its channel, or put its number first, like "
                "`/incident #42 freeze because …`."
            )
        if OSA.distance(rest.casefold(), "status") <= MISTYPED:
            raise Mistake("Did you mean `/incident freeze status`? Nothing is frozen by that; a reason to freeze "
                          "comes after “because”.")  # fmt: skip
        return cls.checked({"because": reason(rest)})

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        return (Right.OPEN if scene.here is None or self.look else self.right,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        if scene.here is None or self.look:
            return freeze.state(await scene.reader.frozen(scene.actor))
        incident, progress = scene.here, scene.here.progress
        if not incident.open:
            raise Mistake(f"{incident.name} is {incident.status}; only an open incident freezes production.")
        if progress.frozen_at is not None:
            return answers.done(f"{incident.name} freezes production already, since ", When(at=progress.frozen_at), ".")
        progress.frozen_at, progress.frozen_by, progress.frozen_because = scene.now, scene.actor.name, self.because
        progress.thawed = progress.thawed_at = ""
        because = f": {self.because}" if self.because else ""
        scene.record(Kind.FREEZE, f"Froze production{because}")
        scene.bring(scene.actor)
        scene.say(freeze.begun(incident, scene.playbook, by=scene.actor.name, because=self.because))
        return answers.done("Production is frozen.")


class Unfreeze(Verb):
    """Lift an incident's freeze before it is over."""

    words: ClassVar = ("unfreeze", "thaw", "lift freeze", "lift the freeze", "end freeze")
    usage: ClassVar = "unfreeze because …"
    says: ClassVar = "lift this incident's production freeze early, and say why"
    example: ClassVar = "/incident unfreeze because the rollback is out and holds"
    right: ClassVar = Right.FREEZE

    because: str = Field(min_length=1, max_length=1000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if scene.incident.progress.frozen_at is None:
            raise Mistake(
                f"{scene.incident.name} does not freeze production. `/incident freeze status` shows what does."
            )
        why = reason(rest)
        if not why:
            raise Unsaid(f"Say why, like `{cls.example}`.")
        return cls.checked({"because": why})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        why = FormField(name="because", label="Why is it safe?", ask=Ask.PARAGRAPH, required=True, longest=1000)
        does = f"{scene.incident.name} unfreeze"
        return Form(title="Lift the freeze", does=does, submit="Lift", fields=(why,))

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, progress = scene.incident, scene.incident.progress
        if progress.frozen_at is None:
            return answers.done("It is lifted already.")
        progress.frozen_at, progress.frozen_by = None, ""
        progress.thawed, progress.thawed_at = self.because, incident.severity
        scene.record(Kind.FREEZE, f"Lifted the production freeze: {self.because}")
        scene.bring(scene.actor)
        found = await scene.reader.frozen(scene.actor)
        others = [one for one in found if one.summary is None or one.summary.number != incident.number]
        scene.say(freeze.ended(incident.name, by=scene.actor.name, because=self.because, others=others))
        return answers.done("Lifted.")
