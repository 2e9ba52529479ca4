"""Say what customers see."""

from typing import ClassVar

from bot.card import Card
from bot.commands.verb import Statement, Where
from bot.heard import Answer
from bot.messages import answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind


class Impact(Statement):
    """State the impact."""

    words: ClassVar = ("impact", "impacts", "customer impact")
    usage: ClassVar = "impact TEXT"
    says: ClassVar = "say what customers see"
    example: ClassVar = "/incident impact nobody can pay by card"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    async def run(self, scene: Scene) -> Answer | Card | None:
        scene.incident.impact = self.text
        scene.record(Kind.FACT, f"Impact: {self.text}", impact=self.text)
        return answers.done("Impact noted on the card.")
