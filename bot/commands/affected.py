"""Say how many are affected."""

from typing import ClassVar

from pydantic import Field

from bot.card import Card
from bot.commands.verb import Statement, Where
from bot.heard import Answer
from bot.messages import answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind


class Affected(Statement):
    """State how many are affected."""

    words: ClassVar = ("affected", "affects")
    usage: ClassVar = "affected 500"
    says: ClassVar = "say how many are affected"
    example: ClassVar = "/incident affected 500"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    text: str = Field(min_length=1, max_length=200)

    async def run(self, scene: Scene) -> Answer | Card | None:
        scene.incident.affected = self.text
        scene.record(Kind.FACT, f"Affected: {self.text}", affected=self.text)
        return answers.done("Affected noted on the card.")
