"""List the deadlines."""

from typing import ClassVar

from bot import deadlines
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import deadlines as says
from bot.playbook.clocks import Starts
from bot.playbook.permissions import Right
from bot.scene import Scene


class Deadlines(Verb):
    """Show every deadline, met or not."""

    words: ClassVar = ("deadlines", "clocks", "due", "slas", "sla")
    usage: ClassVar = "deadlines"
    says: ClassVar = "show what is due and when, what was met and what was missed"
    example: ClassVar = "/incident deadlines"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        kept = incident.progress.deadlines
        startable = [
            rule
            for rule in deadlines.applying(incident, scene.playbook)
            if rule.starts is Starts.BY_HAND and not (rule.name in kept and kept[rule.name].running)
        ]
        return says.listing(incident, scene.playbook, startable, now=scene.now)
