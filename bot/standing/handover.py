"""The offered handovers stand, and show what became of them."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.intents import Urgency
from bot.messages import notices
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source


class Handovers(Source):
    """The roles that were offered to somebody."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """One message an offer."""
        for offer in incident.offers:
            yield Standing(f"handover/{offer.id}", notices.handover(incident, playbook, offer), urgency=Urgency.ASK)
