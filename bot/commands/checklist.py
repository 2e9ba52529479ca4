"""See where the checklists stand, one of them, or one step; or open one in the channel."""

from typing import ClassVar, Self

from bot import checklists
from bot.card import Card
from bot.checklists import Sheet
from bot.commands.tick import read_step, sheet_of
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import answers, lists
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind


class ShowChecklist(Verb):
    """Show or open checklists."""

    words: ClassVar = ("checklist", "checklists", "list steps", "steps")
    usage: ClassVar = "checklist [NAME [3]]"
    says: ClassVar = "see where the checklists stand, open one, or read one step"
    example: ClassVar = "/incident checklist"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    key: str = ""
    number: int = 0

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            return cls.checked({})
        sheet = checklists.named(scene.playbook, rest)
        if sheet is not None:
            return cls.checked({"key": sheet.key})
        if not any(mark.isdecimal() for mark in rest):
            names = ", ".join(f"{one.name} ({one.title})" for one in checklists.sheets(scene.playbook))
            known = f"There are {names}." if names else "The process has none."
            raise Mistake(f"“{rest[:60]}” is no checklist here. {known}")
        sheet, number, _ = read_step(rest, scene, verb="checklist", unsettled=False)
        return cls.checked({"key": sheet.key, "number": number})

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, playbook = scene.incident, scene.playbook
        if not self.key:
            return lists.overview(incident, playbook, now=scene.now)
        sheet = sheet_of(scene, self.key)
        if self.number:
            return lists.step(incident, playbook, sheet, self.number)
        if open_here(scene, sheet):
            return answers.done(f"{sheet.title} stands in the channel now.")
        return lists.sheet(incident, playbook, sheet)


def open_here(scene: Scene, sheet: Sheet) -> bool:
    """Let a sheet stand in the channel because somebody asked for it; whether it did not before."""
    if not checklists.open_sheet(scene.incident, sheet):
        return False
    scene.record(Kind.CHECKLIST, f"Checklist opened: {sheet.title}", checklist=sheet.key)
    return True
