"""Find incidents by words."""

from typing import ClassVar, Self

from pydantic import Field

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Unsaid
from bot.heard import Answer
from bot.messages import listing
from bot.scene import Scene

SHOWN = 10
"""Incidents shown at once."""


class Find(Verb):
    """Find incidents."""

    words: ClassVar = ("find", "search", "related", "similar")
    usage: ClassVar = "find WORDS"
    says: ClassVar = "find incidents, open and past, by words"
    example: ClassVar = "/incident find checkout timeout"
    where: ClassVar = Where.ANYWHERE

    text: str = Field(min_length=1, max_length=200)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say what to look for, like `{cls.example}`.")
        return cls.checked({"text": rest[:200]})

    async def run(self, scene: Scene) -> Answer | Card | None:
        found = await scene.reader.find(self.text, scene.actor, limit=SHOWN)
        return listing.found(self.text, found, scene.playbook)
