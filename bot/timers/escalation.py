"""The escalation path: called after a time without improvement, and climbed while nobody answers."""

from datetime import datetime

from bot import escalating, escalations
from bot.incident import Incident
from bot.playbook.shape import Playbook
from bot.scene import Scene


class Escalate:
    """Call, and climb."""

    name = "escalation"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the next rule on a path follows, or the first rule calls for want of an improvement."""
        climbs = [call.then_at for call in incident.progress.calls if call.then_at is not None]
        return min([*climbs, *(at for at, _ in escalations.without_improvement(incident, playbook))], default=None)

    def run(self, scene: Scene) -> None:
        """Do whatever of that is due, each once."""
        incident, now = scene.incident, scene.now
        for called in incident.progress.calls:
            if called.then_at is not None and called.then_at <= now:
                escalating.climb(scene, called)
        for at, ground in escalations.without_improvement(incident, scene.playbook):
            if at <= now:
                incident.progress.grounds = (*incident.progress.grounds, ground.mark)
                escalating.call(scene, ground)
