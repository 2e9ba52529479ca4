"""The live card stands from the first moment to the last."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.intents import Urgency
from bot.messages import live
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source

CARD = "card"
"""Key of the live card."""


class LiveCard(Source):
    """What anybody who comes in needs to know."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """The one card."""
        yield Standing(CARD, live.card(incident, playbook, now=now), pinned=True, urgency=Urgency.SETUP)
