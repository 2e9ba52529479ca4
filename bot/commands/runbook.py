"""Look a runbook up; in an incident, open its steps to be ticked."""

from typing import ClassVar, Self

from pydantic import Field

from bot import checklists, runbooks
from bot.card import Card
from bot.checklists import BOOK
from bot.commands.checklist import open_here
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import runbooks as says
from bot.playbook.help import Runbook
from bot.playbook.permissions import Right
from bot.scene import Scene


class ShowRunbook(Verb):
    """Find a runbook."""

    words: ClassVar = ("runbook", "runbooks", "rb")
    usage: ClassVar = "runbook [WORDS]"
    says: ClassVar = "find a runbook; in an incident its name opens its steps to be ticked"
    example: ClassVar = "/incident runbook deploy"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    text: str = Field(default="", max_length=200)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        return cls.checked({"text": rest[:200]})

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, playbook = scene.here, scene.playbook
        if not self.text:
            return says.several(
                incident, runbooks.fitting(incident, playbook) if incident is not None else playbook.runbooks
            )
        exact = runbooks.named(playbook, self.text)
        if exact is not None:
            return self._open(scene, exact)
        found = runbooks.find(playbook, self.text)
        if not found:
            known = ", ".join(f"`{book.key}`" for book in playbook.runbooks[:20]) or "none"
            raise Mistake(f"No runbook is like “{self.text[:60]}”. There are {known}.")
        return says.shown(incident, found[0], found[1:])

    def _open(self, scene: Scene, book: Runbook) -> Card:
        incident = scene.here
        sheet = checklists.sheet(scene.playbook, f"{BOOK}{book.key}")
        if sheet is None or incident is None or incident.archived_at is not None:
            return says.shown(incident, book)
        return says.shown(incident, book, opened=open_here(scene, sheet))
