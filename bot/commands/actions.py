"""List action items: the incident's, one's own, or all that are open."""

from typing import ClassVar, Self

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import action_lists
from bot.owners import groups_of
from bot.playbook.permissions import Right
from bot.scene import Scene

SHOWN = 15
"""Items of a list of several incidents."""
_MINE, _ALL = {"mine", "my", "me"}, {"all", "open", "everywhere"}


class Actions(Verb):
    """List action items."""

    words: ClassVar = ("actions", "tasks", "todos", "to-dos", "follow-ups", "followups", "action items")
    usage: ClassVar = "actions [mine]"
    says: ClassVar = (
        "list this incident's action items; elsewhere, or with all, those of every incident; mine are yours"
    )
    example: ClassVar = "/incident actions mine"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    whose: str = ""
    """``mine``, ``all``, or empty for those of this incident."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        word = rest.casefold().strip(" .")
        if word in _MINE:
            return cls.checked({"whose": "mine"})
        if word in _ALL or (not word and scene.here is None):
            return cls.checked({"whose": "all"})
        if word:
            raise Mistake("Type `/incident actions`, `/incident actions mine` or `/incident actions all`.")
        return cls.checked({})

    async def run(self, scene: Scene) -> Answer | Card | None:
        if not self.whose:
            return action_lists.of_incident(scene.incident, now=scene.now)
        mine = self.whose == "mine"
        owned_by = scene.actor.keys | groups_of(scene.actor, scene.loaded) if mine else None
        found = await scene.reader.actions(scene.actor, now=scene.now, owners=owned_by, limit=SHOWN)
        return action_lists.several(found, mine=mine, now=scene.now)
