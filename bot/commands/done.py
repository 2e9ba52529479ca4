"""Say that an action item is done."""

import re
from typing import ClassVar, Self

from pydantic import Field

from bot import actions
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.items import item_of, on_record
from bot.messages import actions as says
from bot.playbook.permissions import Right
from bot.scene import Scene

_NUMBER = re.compile(r"^(?:item\s+|action\s+)?#?(?P<number>\d{1,4})\b[:,.]?\s*$", re.IGNORECASE)


class Done(Verb):
    """Finish an action item."""

    words: ClassVar = ("done", "did", "action done", "complete", "completed")
    usage: ClassVar = "done 3"
    says: ClassVar = "say that an action item is done"
    example: ClassVar = "/incident done 3"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    number: int = Field(ge=1)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        found = _NUMBER.match(rest)
        if found is None:
            left = actions.open_ones(scene.incident)
            example = f"`/incident done {left[0].number}`" if left else f"`{cls.example}`"
            raise Mistake(f"Say which action item, by its number, like {example}. `/incident actions` lists them.")
        return cls.checked({"number": item_of(scene, int(found["number"])).number})

    async def run(self, scene: Scene) -> Answer | Card | None:
        item = item_of(scene, self.number)
        if item.done_at is not None:
            return says.is_over(item)
        if not item.open:
            raise Mistake(f"{says.over(item)} `/incident action {item.number} again` takes it up again.")
        item = actions.finish(scene.incident, item, by=scene.actor.name, now=scene.now)
        on_record(scene, item, does="done")
        return says.done(item, scene.incident)
