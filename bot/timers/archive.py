"""An ended incident's channel is archived after the playbook's days, once no deadline runs any more."""

from datetime import datetime

from bot.incident import Incident
from bot.intents import Archive, Urgency
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.scene import Scene
from bot.store import Owed
from bot.timeline import Kind


class ArchiveChannel:
    """Archive."""

    name = "archive"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """``archive_after`` the end; ``None`` while it is open or resolved, owes something, or is archived already."""
        over = incident.stage in (Stage.CLOSED, Stage.CANCELLED)
        owes = any(deadline.running for deadline in incident.progress.deadlines.values())
        if not over or owes or incident.ended_at is None or incident.archived_at is not None:
            return None
        return incident.ended_at + playbook.archive_after

    def run(self, scene: Scene) -> None:
        """Owe the archiving on every platform."""
        incident = scene.incident
        incident.archived_at = scene.now
        for platform, room in incident.rooms.items():
            incident.rooms[platform] = room.model_copy(update={"archived": True})
            scene.owed.append(Owed(f"archive/{incident.revision + 1}", platform, Archive(), Urgency.TIDY))
        scene.record(Kind.END, "Channel archived")
