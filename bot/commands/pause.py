"""Stop the reminders for a while, for a reason; and take them up again."""

from typing import ClassVar, Self

from pydantic import Field

from bot import acts, reminders
from bot.card import Card, Code
from bot.commands.verb import Verb, reason
from bot.durations import say_duration
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.incident import HowAnswered
from bot.messages import answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind


class Pause(Verb):
    """Pause the reminders."""

    words: ClassVar = ("pause", "paused", "mute", "hold", "quiet")
    usage: ClassVar = "pause because …"
    says: ClassVar = "stop the reminders for a while, and say why"
    example: ClassVar = "/incident pause because we wait for the supplier until noon"
    right: ClassVar = Right.UPDATE

    because: str = Field(min_length=1, max_length=1000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        why = reason(rest)
        if not why:
            raise Unsaid(f"Say why, like `{cls.example}`.")
        return cls.checked({"because": why})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        return Form(
            title="Pause the reminders",
            does=f"{scene.incident.name} pause",
            submit="Pause",
            fields=(FormField(name="because", label="Why?", ask=Ask.PARAGRAPH, required=True, longest=1000),),
        )

    async def run(self, scene: Scene) -> Answer | Card | None:
        pause(scene, self.because)
        return answers.done(
            f"Paused for {say_duration(scene.playbook.pause)} at most. Any update starts the clock again, and so does ",
            Code(text="/incident resume"),
            ".",
        )


class Resume(Verb):
    """Resume the reminders."""

    words: ClassVar = ("resume", "resumed", "unpause", "unmute", "restart")
    usage: ClassVar = "resume"
    says: ClassVar = "start the clock of the updates again"
    example: ClassVar = "/incident resume"
    right: ClassVar = Right.UPDATE

    async def run(self, scene: Scene) -> Answer | Card | None:
        if scene.incident.reminding.paused_because is None:
            return answers.done("The reminders are not paused.", incident=scene.incident)
        reminders.resume(scene.incident, scene.playbook, now=scene.now)
        scene.record(Kind.ANSWER, "Reminders resumed")
        return answers.done("The clock runs again.", incident=scene.incident)


def pause(scene: Scene, because: str) -> None:
    """Stop asking for the playbook's pause; without a reason it is asked for on the reminder."""
    incident = scene.incident
    if incident.reminding.due_at is None:
        raise Mistake("No update is on the clock, so there is nothing to pause.")
    acts.acknowledge(scene)
    reminders.answer(incident, how=HowAnswered.PAUSED, by=scene.actor, now=scene.now)
    reminders.pause(incident, now=scene.now, span=scene.playbook.pause, because=because)
    scene.record(Kind.ANSWER, f"Reminders paused: {because}" if because else "Reminders paused, no reason given yet")
