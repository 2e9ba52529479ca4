"""The calls for people stand, and show who came."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.intents import Urgency
from bot.messages import calls
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source


class Calls(Source):
    """Whom the escalation rules called in."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """One message a call."""
        for called in incident.progress.calls:
            yield Standing(f"call/{called.id}", calls.call(incident, playbook, called), urgency=Urgency.ASK)
