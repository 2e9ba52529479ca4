"""Leave a step of a checklist out, on the record."""

from typing import ClassVar, Self

from pydantic import Field

from bot import checklists
from bot.card import Card
from bot.commands.tick import on_record, read_step, sheet_of
from bot.commands.verb import Verb, Where, reason
from bot.errors import Mistake, Unsaid
from bot.forms import Form, FormField
from bot.heard import Answer
from bot.messages import lists
from bot.playbook.permissions import Right
from bot.scene import Scene

NO_REASON = "no reason given"
"""Kept of a step that need not be done and was left out without a word."""


class Skip(Verb):
    """Leave a step out."""

    words: ClassVar = ("skip", "skipped", "leave out", "left out")
    usage: ClassVar = "skip [CHECKLIST] 3 because …"
    says: ClassVar = "leave a step out, with the reason on the timeline"
    example: ClassVar = "/incident skip 3 because no customer is affected"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    key: str
    number: int
    because: str = Field(default="", max_length=500)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        sheet, number, why = read_step(rest, scene, verb="skip", unsettled=True)
        because = reason(why)
        if not because and sheet.required(number) and number not in checklists.ticks(scene.incident, sheet):
            raise Unsaid(_say_why(sheet.name, number))
        return cls.checked({"key": sheet.key, "number": number, "because": because})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        sheet, number, _ = read_step(initial, scene, verb="skip", unsettled=True)
        return Form(
            title="Leave a step out",
            does=f"{scene.incident.name} skip {sheet.key} {number}",
            submit="Leave it out",
            fields=(
                FormField(name="because", label=f"Why is step {number} left out?", longest=500, required=True,
                          hint=lists.named(sheet, number)[:100]),
            ),
        )  # fmt: skip

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        sheet, number, _ = read_step(rest, scene, verb="skip", unsettled=True)
        return cls.checked({"key": sheet.key, "number": number, "because": values.get("because", "").strip()})

    async def run(self, scene: Scene) -> Answer | Card | None:
        sheet = sheet_of(scene, self.key)
        before = checklists.ticks(scene.incident, sheet).get(self.number)
        if before is not None and not before.skipped:
            return lists.ticked_before(sheet, self.number, before, mine=before.by.key == scene.actor.key)
        if not self.because and sheet.required(self.number):
            raise Mistake(_say_why(sheet.name, self.number))
        why = self.because or NO_REASON
        checklists.tick(scene.incident, sheet, self.number, by=scene.actor, now=scene.now, skipped=why)
        on_record(scene, sheet, self.number, says=f"⊘ {sheet.title} {lists.named(sheet, self.number)} left out: {why}")
        return lists.ticked(scene.incident, sheet, self.number)


def _say_why(name: str, number: int) -> str:
    return f"Say why step {number} is left out, like `/incident skip {name} {number} because no customer is affected`."
