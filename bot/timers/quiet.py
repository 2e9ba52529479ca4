"""When it has been quiet for long enough, the incident is resolved as whoever asked for it."""

from datetime import datetime

from bot import quiet, resolving
from bot.incident import Incident
from bot.playbook.shape import Playbook
from bot.scene import Scene


class QuietEnds:
    """Resolve, or say what is missing."""

    name = "quiet"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the quiet period ends."""
        return quiet.due(incident, playbook) if incident.open else None

    def run(self, scene: Scene) -> None:
        """End it."""
        resolving.at_end(scene)
