"""Read the timeline."""

from typing import ClassVar

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import story
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Anchor

SHOWN = 20
"""Entries shown in chat; the newest."""


class Timeline(Verb):
    """Show the timeline."""

    words: ClassVar = ("timeline", "history", "events", "log book")
    usage: ClassVar = "timeline"
    says: ClassVar = "show what happened, the newest last"
    example: ClassVar = "/incident timeline"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        links = await scene.reader.timeline(incident.number, limit=SHOWN, newest=True)
        left = incident.entries - len(links)
        footer = f"{left} earlier {'entry is' if left == 1 else 'entries are'} kept. " if left > 0 else ""
        footer += f"Anchor: {Anchor(incident.head, incident.entries)}" if incident.entries else ""
        return story.entries(f"Timeline of {incident.name}", links, footer=footer)
