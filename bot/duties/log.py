"""The log of incidents has its line, and the line reads as things stand."""

from bot import repository
from bot.scene import Scene


class KeepLog:
    """Keep the incident's line in the log, where the process keeps one."""

    name = "log"

    def settle(self, scene: Scene) -> None:
        """Owe the line where it should stand, or reads differently by now."""
        repository.line(scene)
