"""What every duty is made of."""

from typing import Protocol

from bot.scene import Scene


class Duty(Protocol):
    """A part of the process that follows from what an incident is."""

    name: str

    def settle(self, scene: Scene) -> None:
        """Bring the incident in line with its playbook; where it is in line already, change nothing.

        What changes goes on the timeline, and as a short sentence to ``scene.follows``.
        """
        ...
