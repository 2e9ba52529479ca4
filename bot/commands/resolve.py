"""Say that it is over: customers no longer feel it."""

import re
from typing import ClassVar, Self

from pydantic import Field

from bot import acts
from bot.card import Card, Code
from bot.commands.verb import Verb, Where, reason
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.messages import answers, notices
from bot.playbook.process import Stage
from bot.scene import Scene
from bot.timeline import Kind

_NOW = re.compile(r"^now[\s,:]*(?=$|because\b|since\b|as\b)", re.IGNORECASE)


class Resolve(Verb):
    """Resolve."""

    words: ClassVar = ("resolve", "resolved", "fixed", "solved", "over")
    usage: ClassVar = "resolve [WHAT FIXED IT]"
    says: ClassVar = "say that it is over; reminders stop"
    example: ClassVar = "/incident resolve the pool was restarted with twice the size"
    where: ClassVar = Where.INCIDENT

    fix: str = Field(default="", max_length=2000)
    impact: str = Field(default="", max_length=2000)
    affected: str = Field(default="", max_length=200)
    because: str = Field(default="", max_length=2000)
    """Why it is resolved at once, where that was said (``resolve now because …``)."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if rest.casefold() == "form":
            raise Unsaid(f"Say what fixed it, like `{cls.example}`.")
        if _NOW.match(rest):
            return cls.checked({"because": reason(_NOW.sub("", rest))})
        return cls.checked({"fix": rest})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        incident = scene.incident
        return Form(
            title="Resolve",
            does=f"{incident.name} resolve",
            submit="Resolve",
            fields=(
                FormField(name="fix", label="What fixed it?", ask=Ask.PARAGRAPH, initial=incident.fix, longest=2000),
                FormField(name="impact", label="What did customers see?", ask=Ask.PARAGRAPH, initial=incident.impact,
                          longest=2000),
                FormField(name="affected", label="How many were affected?", initial=incident.affected, longest=200),
            ),
        )  # fmt: skip

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        if incident.stage in (Stage.CLOSED, Stage.CANCELLED):
            raise Mistake(f"{incident.name} is {incident.status}. `/incident reopen` brings it back.")
        again = incident.stage is Stage.RESOLVED
        if again and not (self.fix or self.impact or self.affected):
            return answers.done(f"{incident.name} is resolved already. ", Code(text="/incident close"), " closes it.")
        self._keep(scene)
        if again:
            return answers.done("Noted on the card.")
        acts.enter_stage(scene, Stage.RESOLVED)
        acts.acknowledge(scene)
        why = f" now, because {self.because}" if self.because else ""
        fixed = f": {self.fix}" if self.fix else ""
        scene.record(Kind.END, f"Resolved{why}{fixed}")
        card = notices.resolved(incident, scene.playbook, now=scene.now)
        scene.say(card)
        acts.announce(scene, card)
        return answers.resolved(incident)

    def _keep(self, scene: Scene) -> None:
        incident = scene.incident
        for name, value in (("fix", self.fix), ("impact", self.impact), ("affected", self.affected)):
            if value and getattr(incident, name) != value:
                setattr(incident, name, value)
                scene.record(Kind.FACT, f"{name.capitalize()}: {value}")
