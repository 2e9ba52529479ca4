"""See who holds which role."""

from typing import ClassVar

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import roles
from bot.playbook.permissions import Right
from bot.scene import Scene


class Roles(Verb):
    """Show the roles."""

    words: ClassVar = ("roles", "who", "responders", "team")
    usage: ClassVar = "roles"
    says: ClassVar = "show who holds which role"
    example: ClassVar = "/incident roles"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    async def run(self, scene: Scene) -> Answer | Card | None:
        return roles.roster(scene.incident, scene.playbook)
