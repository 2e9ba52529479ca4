"""Find incidents by words, severity, component and date."""

from typing import ClassVar, Self

from bot.card import Card
from bot.commands import wanted
from bot.commands.verb import Verb, Where
from bot.errors import Unsaid
from bot.heard import Answer
from bot.messages import listing
from bot.playbook.permissions import Right
from bot.reader import Sought
from bot.scene import Scene

SHOWN = 10
"""Incidents shown at once."""
LONGEST = 200
"""Characters that are read."""


class Find(Verb):
    """Find incidents."""

    words: ClassVar = ("find", "search", "related", "similar")
    usage: ClassVar = "find WORDS"
    says: ClassVar = "find incidents by words, `severity sev2`, `component NAME`, `since` or `until` a date"
    example: ClassVar = "/incident find checkout timeout since october"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    sought: Sought

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say what to look for, like `{cls.example}`.")
        return cls.checked({"sought": wanted.read(rest[:LONGEST], scene)})

    async def run(self, scene: Scene) -> Answer | Card | None:
        found = await scene.reader.find(self.sought, scene.actor, limit=SHOWN)
        return listing.found(self.sought, found, scene.playbook, zone=scene.actor.zone(scene.playbook.timezone))
