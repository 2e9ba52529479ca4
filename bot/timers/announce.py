"""An announcement that its channel refused is tried again, as things are by then."""

from datetime import datetime

from bot import announcing
from bot.incident import Incident
from bot.playbook.shape import Playbook
from bot.scene import Scene


class AnnounceAgain:
    """Announce it again."""

    name = "announce"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the first platform's is to be tried again; ``None`` once the incident's own channel is archived."""
        if incident.archived_at is not None:
            return None
        times = (state.try_at for state in incident.progress.announcing.values() if state.try_at is not None)
        return min(times, default=None)

    def run(self, scene: Scene) -> None:
        """Try those whose time has come: a message of their own is to stand from now on."""
        for platform, state in tuple(scene.incident.progress.announcing.items()):
            if state.try_at is not None and state.try_at <= scene.now:
                announcing.again(scene.incident, platform)
