"""A linked change that is not merged yet is asked about again."""

from datetime import datetime

from bot import changes
from bot.incident import Incident
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.scene import Scene


class AskAboutChanges:
    """Ask again."""

    name = "changes"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the next one is asked about; ``None`` where nothing is open, or the incident is over."""
        if incident.stage in (Stage.CLOSED, Stage.CANCELLED):
            return None
        known = incident.progress.changes.values()
        return min((change.ask_at for change in known if change.ask_at is not None), default=None)

    def run(self, scene: Scene) -> None:
        """Owe the questions."""
        changes.ask_due(scene)
