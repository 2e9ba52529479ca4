"""A text for customers that waits too long: whoever sees to them is told that the page is behind the incident."""

from datetime import datetime

from bot.incident import Incident
from bot.messages import publication as words
from bot.messages.words import asked_first
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.scene import TOCSIN, Scene
from bot.timeline import Kind


class PageBehind:
    """Tell of it, once."""

    name = "publication"

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When the text that waits has waited for so long."""
        kept = incident.progress.publication
        if kept is None or kept.draft is None or kept.behind_at is None or kept.behind_told_at is not None:
            return None
        return kept.behind_at + playbook.status_page.behind

    def run(self, scene: Scene) -> None:
        """The message follows from the incident's state; whoever is told has to be in the channel."""
        incident, kept = scene.incident, scene.incident.progress.publication
        if kept is None:
            return
        scene.record(Kind.PUBLIC, words.entry_behind(kept, incident), by=TOCSIN)
        told = {"behind_told_at": scene.now, "behind": kept.behind + 1}
        incident.progress.publication = kept.model_copy(update=told)
        lead = asked_first(words.COMMS, incident, scene.playbook)
        if isinstance(lead, Person) and not (incident.by_alert and lead == incident.declared_by):
            scene.bring(lead)
