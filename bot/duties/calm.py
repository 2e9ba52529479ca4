"""What lasts only as long as its reason: the watch of the health checks."""

from bot.scene import Scene


class Calm:
    """End it when it is time."""

    name = "calm"

    def settle(self, scene: Scene) -> None:
        """End the watch with the incident."""
        progress = scene.incident.progress
        if progress.watching is not None and not scene.incident.open:
            progress.watching = None
