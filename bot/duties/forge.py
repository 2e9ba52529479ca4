"""The forge is told where the freeze of production changed, so that it shows which changes may pass."""

import hashlib

from bot.incident import Incident
from bot.intents import FORGE, ShowFreeze, Urgency
from bot.scene import Scene
from bot.store import Owed


class TellForge:
    """Owe it when this incident's freeze begins, ends, or lets other changes pass. What is shown is then decided by all
    that freezes production at that moment; so an earlier one that nobody has begun is not needed any more.
    """

    name = "forge"

    def settle(self, scene: Scene) -> None:
        """Compare with what was told last. A drill freezes nothing."""
        incident, progress = scene.incident, scene.incident.progress
        said = freezes(incident)
        if said == progress.frozen_told or FORGE not in scene.connected.tools:
            return
        progress.frozen_told, progress.frozen_turn = said, progress.frozen_turn + 1
        key = f"freeze/{progress.frozen_turn}"
        scene.owed.append(Owed(key, FORGE, ShowFreeze(), Urgency.ASK, stream="freeze", replaces=True))


def freezes(incident: Incident) -> str:
    """What of an incident decides which changes may pass; empty where it freezes nothing."""
    progress = incident.progress
    if progress.frozen_at is None or incident.drill:
        return ""
    said = "\n".join((progress.frozen_at.isoformat(), incident.severity, *(one.url for one in progress.allowed)))
    return hashlib.sha256(said.encode()).hexdigest()[:12]
