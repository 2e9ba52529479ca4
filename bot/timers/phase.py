"""A phase's window begins or ends: the card shows it, and a checklist that was put off opens."""

from datetime import datetime

from bot.duties.checklists import OpenChecklists
from bot.incident import Incident
from bot.playbook.shape import Playbook
from bot.scene import Scene


class PhaseTurns:
    """Look at the phase again."""

    name = "phase"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the phase has to be looked at again; ``None`` where it changes by the status only."""
        return incident.progress.phase_again_at

    def run(self, scene: Scene) -> None:
        """Open what ought to be open now. Nothing is said: the card follows by itself."""
        OpenChecklists().settle(scene)
