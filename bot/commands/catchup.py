"""See what happened since one last looked."""

from typing import ClassVar

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import story
from bot.playbook.permissions import Right
from bot.scene import Scene

SHOWN = 25
"""Entries shown at once; where there are more, the newest."""


class CatchUp(Verb):
    """Catch up."""

    words: ClassVar = ("catchup", "catch up", "catch-up", "catch me up", "summarize", "brief", "whats new", "news")
    usage: ClassVar = "catchup"
    says: ClassVar = "show privately what happened since you last looked"
    example: ClassVar = "/incident catchup"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        seen = await scene.work.looked(incident.number, person=scene.actor.key, seq=incident.entries)
        links = await scene.reader.timeline(incident.number, after=seen, limit=SHOWN, newest=True)
        return story.caught_up(incident, scene.playbook, links, first=seen == 0, now=scene.now)
