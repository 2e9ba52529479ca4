"""Answer a reminder with one tap: a button or a reaction on it."""

from enum import StrEnum
from typing import ClassVar, Self

from bot import acts
from bot.card import Card
from bot.commands.ack import acknowledge
from bot.commands.pause import pause
from bot.commands.snooze import snooze
from bot.commands.verb import Verb
from bot.errors import Mistake
from bot.heard import Answer
from bot.incident import HowAnswered
from bot.messages import answers
from bot.playbook.permissions import Right
from bot.scene import Scene

NOTHING_NEW = "No change since the last update."


class Tap(StrEnum):
    """The ways to answer with one tap."""

    NO_CHANGE = "no-change"
    ACKNOWLEDGE = "ack"
    SNOOZE = "snooze"
    LEAD = "lead"
    PAUSE = "pause"


class AnswerReminder(Verb):
    """Answer the reminder of one silence; one that was answered already is left as it is."""

    words: ClassVar = ("answer",)
    usage: ClassVar = "answer SILENCE no-change|ack|snooze|lead|pause"
    says: ClassVar = "answer a reminder"
    example: ClassVar = "#42 answer 3 no-change"
    right: ClassVar = Right.UPDATE
    listed: ClassVar = False

    silence: int
    tap: Tap

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        silence, _, tap = rest.partition(" ")
        if not silence.isdecimal() or tap.strip() not in list(Tap):
            raise Mistake("That answers no reminder. Press one of its buttons, or type `/incident update …`.")
        return cls.checked({"silence": silence, "tap": tap.strip()})

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        match self.tap:
            case Tap.LEAD:
                return (Right.ROLES,)
            case Tap.NO_CHANGE | Tap.PAUSE:
                return (self.right,)
        return (Right.OPEN,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        clock = scene.incident.reminding
        if self.silence != clock.silence or not clock.waiting:
            before = clock.answer
            by = f" by {before.by.name}" if before is not None and self.silence == clock.silence else ""
            raise Mistake(
                f"That reminder was answered already{by}. Type `/incident status` to see when the next is due."
            )
        match self.tap:
            case Tap.NO_CHANGE:
                acts.post_update(scene, NOTHING_NEW, no_change=True)
            case Tap.ACKNOWLEDGE:
                acknowledge(scene, how=HowAnswered.ACKNOWLEDGED)
            case Tap.SNOOZE:
                snooze(scene, scene.playbook.snooze)
            case Tap.LEAD:
                self._lead(scene)
            case Tap.PAUSE:
                pause(scene, "")
        return answers.done("Thank you, noted.", incident=scene.incident)

    def _lead(self, scene: Scene) -> None:
        role = scene.playbook.role(scene.playbook.commander)
        if role is not None:
            acts.assign(scene, role, scene.actor)
        acknowledge(scene, how=HowAnswered.LEAD)
