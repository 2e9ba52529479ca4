"""Ask to be asked later."""

from datetime import timedelta
from typing import ClassVar, Self

from bot import acts, reminders
from bot.card import Card
from bot.commands.verb import Verb
from bot.durations import Duration, say_duration
from bot.errors import Mistake
from bot.heard import Answer
from bot.incident import HowAnswered
from bot.messages import answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind

LONGEST = timedelta(hours=24)
"""Nobody sleeps through more than a day of an open incident."""


class Snooze(Verb):
    """Snooze the reminders."""

    words: ClassVar = ("snooze", "snoozed", "later", "remind me in", "remind")
    usage: ClassVar = "snooze [10m]"
    says: ClassVar = "ask to be asked later"
    example: ClassVar = "/incident snooze 10m"
    right: ClassVar = Right.OPEN

    span: Duration | None = None

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        rest = rest.removeprefix("for ").removeprefix("in ").strip()
        return cls.checked({"span": rest or None})

    async def run(self, scene: Scene) -> Answer | Card | None:
        span = self.span or scene.playbook.snooze
        if span > LONGEST:
            raise Mistake(
                f"The longest snooze is {say_duration(LONGEST)}. `/incident pause because …` stops the asking."
            )
        snooze(scene, span)
        return answers.snoozed(scene.incident)


def snooze(scene: Scene, span: timedelta) -> None:
    """A reminder that stands is answered, and the next comes after ``span``."""
    incident = scene.incident
    if incident.reminding.due_at is None:
        raise Mistake("No update is on the clock, so there is nothing to snooze.")
    acts.acknowledge(scene)
    reminders.answer(incident, how=HowAnswered.SNOOZED, by=scene.actor, now=scene.now)
    reminders.put_off(incident, now=scene.now, by=span)
    scene.record(Kind.ANSWER, f"Snoozed for {say_duration(span)}")
