"""Health checks that are watched are asked again."""

from datetime import datetime, timedelta

from bot import checks, quiet
from bot.incident import Incident
from bot.intents import Asking
from bot.playbook.shape import Playbook
from bot.scene import Scene


class WatchChecks:
    """Ask again."""

    name = "watch"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When they are asked next; ``None`` where nobody watches or it is over."""
        watching = incident.progress.watching
        return watching.next_at if watching is not None and incident.open else None

    def run(self, scene: Scene) -> None:
        """Owe a probe, unless the last one is still unanswered: services in trouble are not asked twice at once."""
        incident = scene.incident
        watching = incident.progress.watching
        if watching is None:
            return
        every = timedelta(seconds=watching.every)
        if quiet.running(incident) is not None:
            every = min(every, checks.MINUTE)
        incident.progress.watching = watching.model_copy(update={"next_at": scene.now + every})
        asked = checks.belonging(incident, scene.playbook)
        if asked and not checks.outstanding(incident):
            checks.ask(scene, asked, why=Asking.WATCH)
