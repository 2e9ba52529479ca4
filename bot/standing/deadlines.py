"""What was posted of the deadlines stands; each post tells how its deadline stands."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.intents import Urgency
from bot.messages import deadlines
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source


class Deadlines(Source):
    """The posts that remind of deadlines."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """One message a post; a later one makes those before it needless."""
        for deadline in incident.progress.deadlines.values():
            earlier: frozenset[str] = frozenset()
            for number in range(1, deadline.posts + 1):
                key = f"deadline/{deadline.name}/{deadline.turn}/{number}"
                card = deadlines.post(incident, playbook, deadline, number)
                yield Standing(key, card, urgency=Urgency.ASK, instead_of=earlier)
                earlier |= {key}
