"""The pages stand, one message each, and show who is paged and who has it."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.intents import Urgency
from bot.messages import paging
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source


class Pages(Source):
    """Who is being paged."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """One message a page; it rings nobody, for their pagers do."""
        for page in incident.progress.pages:
            yield Standing(f"page/{page.id}", paging.page(incident, page), urgency=Urgency.ASK)
