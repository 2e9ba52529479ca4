"""List the open incidents."""

from typing import ClassVar

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import listing
from bot.playbook.permissions import Right
from bot.scene import Scene

SHOWN = 15
"""Incidents shown at once."""


class List(Verb):
    """List the open incidents."""

    words: ClassVar = ("list", "ls", "all", "incidents", "active", "ongoing")
    usage: ClassVar = "list"
    says: ClassVar = "list the open incidents"
    example: ClassVar = "/incident list"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    async def run(self, scene: Scene) -> Answer | Card | None:
        found = await scene.reader.open(scene.actor, limit=SHOWN + 1)
        more = f": the newest {SHOWN}" if len(found) > SHOWN else ""
        return listing.incidents(f"Open incidents{more}", found[:SHOWN], empty="None is open. All is calm.")
