"""The questions for rounds of news stand until they are answered or missed."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.intents import Urgency
from bot.messages import rounds
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source


class Rounds(Source):
    """The questions for news."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """One message a round; a later one makes those before it needless."""
        for name, kept in incident.progress.rounds.items():
            cadence = playbook.cadence(name, incident.severity)
            if cadence is None:
                continue
            earlier: frozenset[str] = frozenset()
            for asked in kept.posts:
                key = f"round/{name}/{asked.count}"
                card = rounds.question(incident, playbook, cadence, kept, asked)
                yield Standing(key, card, urgency=Urgency.ASK, instead_of=earlier, past=asked.end is not None)
                earlier |= {key}

    def stale(self, incident: Incident, key: str) -> bool:
        """Those of earlier rounds, which are kept no longer."""
        if not key.startswith("round/"):
            return False
        kept = {(name, str(one.count)) for name, each in incident.progress.rounds.items() for one in each.posts}
        return tuple(key.split("/")[1:3]) not in kept
