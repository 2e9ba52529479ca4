"""The production freeze: it begins and ends with the severity, and with the incident."""

from bot.scene import TOCSIN, Scene
from bot.timeline import Kind


class Freeze:
    """Freeze production for as long as the severity asks for it or somebody froze it; lift that when it is over.

    Where somebody lifted it early it stays lifted, until the severity gets worse than it was since, ceases to ask for
    it, or the incident ends. What may pass is named for one freeze, and forgotten with it.
    """

    name = "freeze"

    def settle(self, scene: Scene) -> None:
        """Bring the freeze in line with the severity and the stage."""
        incident, progress = scene.incident, scene.incident.progress
        severity = scene.playbook.severity(incident.severity)
        asked = incident.open and severity is not None and severity.freeze
        if not incident.open:
            progress.frozen_by = ""
        if not asked or self._worse(scene):
            progress.thawed = progress.thawed_at = ""
        elif progress.thawed:
            progress.thawed_at = incident.severity
        wanted = (asked and not progress.thawed) or bool(progress.frozen_by)
        if wanted and progress.frozen_at is None:
            self._begin(scene)
        elif not wanted and progress.frozen_at is not None:
            self._lift(scene)
        if progress.frozen_at is None:
            progress.frozen_because, progress.allowed = "", ()

    @staticmethod
    def _worse(scene: Scene) -> bool:
        """Whether it is worse than at its mildest since somebody lifted the freeze."""
        rank, mildest = scene.playbook.rank, scene.incident.progress.thawed_at
        return bool(mildest) and rank(scene.incident.severity) < rank(mildest)

    def _begin(self, scene: Scene) -> None:
        incident = scene.incident
        incident.progress.frozen_at = scene.now
        what = "A drill: production would be frozen" if incident.drill else "Production is frozen"
        scene.record(Kind.FREEZE, f"{what}: it is {incident.severity.upper()}", by=TOCSIN)
        scene.follows.append(f"{what}: only changes that mitigate this or prevent its return.")

    def _lift(self, scene: Scene) -> None:
        incident = scene.incident
        incident.progress.frozen_at = None
        why = f"it is {incident.severity.upper()}" if incident.open else f"{incident.name} is {incident.status}"
        scene.record(Kind.FREEZE, f"Production is no longer frozen: {why}", by=TOCSIN)
        scene.follows.append("This no longer freezes production.")
