"""Figures of the last weeks, in words."""

from datetime import timedelta
from typing import ClassVar

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import figures
from bot.scene import Scene

WINDOW = timedelta(days=30)
"""How far the figures reach back."""


class Stats(Verb):
    """Show figures."""

    words: ClassVar = ("stats", "statistics", "metrics", "figures", "report")
    usage: ClassVar = "stats"
    says: ClassVar = "tell the figures of the last 30 days, each with its formula"
    example: ClassVar = "/incident stats"
    where: ClassVar = Where.ANYWHERE

    async def run(self, scene: Scene) -> Answer | Card | None:
        past = await scene.reader.closed_since(scene.now - WINDOW)
        return figures.card(past, scene.loaded, days=WINDOW.days)
