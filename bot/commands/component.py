"""Name the component that is in trouble."""

from typing import ClassVar, Self

from pydantic import Field

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake, Unsaid
from bot.heard import Answer
from bot.messages import answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind


class Component(Verb):
    """Name the component."""

    words: ClassVar = ("component", "components")
    usage: ClassVar = "component NAME"
    says: ClassVar = "name the component that is in trouble"
    example: ClassVar = "/incident component checkout"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    name: str = Field(min_length=1, max_length=100)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say which, like `{cls.example}`.")
        known = {name.casefold(): name for name in scene.playbook.components}
        if known and rest.casefold() not in known:
            raise Mistake(f"“{rest}” is no component of the playbook. There are {', '.join(known.values())}.")
        return cls.checked({"name": known.get(rest.casefold(), rest)})

    async def run(self, scene: Scene) -> Answer | Card | None:
        scene.incident.component = self.name
        scene.record(Kind.FACT, f"Component: {self.name}", component=self.name)
        return answers.done(f"Component: {self.name}.")
