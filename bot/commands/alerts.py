"""Look at the alerts: how often each arrived, declared, was ignored or called off."""

from typing import ClassVar, Self

from pydantic import Field

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import alert_lists
from bot.playbook.permissions import Right
from bot.scene import Scene

SHOWN = 15
"""Alerts of one answer."""


class Alerts(Verb):
    """Show alerts."""

    words: ClassVar = ("alerts", "noise")
    usage: ClassVar = "alerts [WORDS]"
    says: ClassVar = "show alerts, the noisiest first: how often each arrived, declared, was ignored or called off"
    example: ClassVar = "/incident alerts checkout"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    about: str = Field(default="", max_length=200)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        return cls.checked({"about": rest})

    async def run(self, scene: Scene) -> Answer | Card | None:
        reader = scene.reader.alerts
        if self.about:
            found = await reader.find(self.about, limit=SHOWN)
        elif scene.here is not None:
            found = (await scene.work.alerts.of_incident(scene.incident.number))[:SHOWN]
        else:
            found = await reader.noisiest(limit=SHOWN)
        seen: set[int] = set()
        for number in {one.incident for one in found if one.incident is not None}:
            summary = await scene.reader.summary(number)
            incident = await scene.reader.incident(number) if summary is not None and summary.private else None
            if incident is None or incident.sees(scene.actor):
                seen.add(number)
        return alert_lists.listed(found, seen=seen, now=scene.now, about=self.about)
