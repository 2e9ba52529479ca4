"""Customers are told where the process says so, and as the incident moves on."""

from bot import publishing
from bot.scene import Scene


class KeepPublic:
    """Keep what customers see in step."""

    name = "publication"

    def settle(self, scene: Scene) -> None:
        """Draft or let out whatever the incident's status asks for."""
        publishing.settle(scene)
