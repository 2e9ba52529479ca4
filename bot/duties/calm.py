"""What lasts only as long as its reason: the watch of the health checks, and the quiet period."""

from bot import quiet
from bot.messages import calm
from bot.scene import Scene
from bot.timeline import Kind


class Calm:
    """End them when it is time."""

    name = "calm"

    def settle(self, scene: Scene) -> None:
        """End the watch with the incident, and the quiet period with the quiet."""
        incident, progress = scene.incident, scene.incident.progress
        if progress.watching is not None and not incident.open:
            progress.watching = None
        waiting = quiet.running(incident)
        if waiting is None:
            return
        how = quiet.ended_by(incident, scene.playbook, now=scene.now)
        if how is None:
            follow = {"updates": incident.updates, "severity": incident.severity}
            progress.quiet = waiting.model_copy(update=follow)
            return
        quiet.end(scene, how, by=scene.actor)
        scene.record(Kind.END, "The quiet period is over; it was not resolved by it")
        scene.follows.append(calm.over_for_now())
