"""Figures of the last weeks, or of the incidents that are asked for, in words."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar, Self

from bot.card import Card
from bot.commands import wanted
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import figures
from bot.playbook.permissions import Right
from bot.reader import Sought
from bot.scene import Scene

WINDOW = timedelta(days=30)
"""How far the figures reach back where nobody says otherwise."""
LONGEST = 200
"""Characters that are read."""


class Stats(Verb):
    """Show figures."""

    words: ClassVar = ("stats", "statistics", "metrics", "figures", "report")
    usage: ClassVar = "stats"
    says: ClassVar = "tell the figures of the last 30 days, each with its formula; narrowed like `find`"
    example: ClassVar = "/incident stats since 2026-01 component checkout"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    sought: Sought = Sought()

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        return cls.checked({"sought": wanted.read(rest[:LONGEST], scene, dates_alone=True)})

    async def run(self, scene: Scene) -> Answer | Card | None:
        sought = self.sought
        days = WINDOW.days if sought.since is None and sought.until is None else None
        if days is not None:
            sought = replace(sought, since=scene.now - WINDOW)
        counted = await scene.reader.counted(sought)
        zone = scene.actor.zone(scene.playbook.timezone)
        return figures.card(counted, scene.loaded, sought=sought, days=days, zone=zone)
