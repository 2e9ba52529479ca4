"""Say what customers see."""

from typing import ClassVar, Self

from pydantic import Field

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Unsaid
from bot.heard import Answer
from bot.messages import answers
from bot.scene import Scene
from bot.timeline import Kind


class Impact(Verb):
    """State the impact."""

    words: ClassVar = ("impact", "impacts", "customer impact")
    usage: ClassVar = "impact TEXT"
    says: ClassVar = "say what customers see"
    example: ClassVar = "/incident impact nobody can pay by card"
    where: ClassVar = Where.INCIDENT

    text: str = Field(min_length=1, max_length=2000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say it, like `{cls.example}`.")
        return cls.checked({"text": rest})

    async def run(self, scene: Scene) -> Answer | Card | None:
        scene.incident.impact = self.text
        scene.record(Kind.FACT, f"Impact: {self.text}", impact=self.text)
        return answers.done("Impact noted on the card.")
