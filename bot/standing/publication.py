"""What customers are to be told stands in the channel before they see it, and that the page is behind."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.intents import Urgency
from bot.messages import publication as words
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source

DRAFT = "public/draft/"
BEHIND = "public/behind/"


class Drafts(Source):
    """The draft that waits and the one decided last, and the messages that the page is behind."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """A later draft makes those before it needless; of one that is decided nothing is posted anew."""
        kept = incident.progress.publication
        if kept is None:
            return
        if kept.last is not None:
            card = words.draft(incident, playbook, kept, kept.last)
            yield Standing(f"{DRAFT}{kept.last.id}", card, past=True)
        if kept.draft is not None:
            earlier = frozenset({f"{DRAFT}{kept.last.id}"} if kept.last is not None else ())
            card = words.draft(incident, playbook, kept, kept.draft)
            yield Standing(f"{DRAFT}{kept.draft.id}", card, urgency=Urgency.ASK, instead_of=earlier)
        for number in range(max(1, kept.behind - 1), kept.behind + 1):
            over = number < kept.behind or kept.behind_told_at is None
            card = words.behind(incident, playbook, kept, number)
            yield Standing(f"{BEHIND}{number}", card, urgency=Urgency.ASK, past=over)

    def stale(self, incident: Incident, key: str) -> bool:
        """Those of drafts and messages that are kept no longer."""
        kept = incident.progress.publication
        if kept is None or not key.startswith((DRAFT, BEHIND)):
            return False
        number = int(key.split("/")[2])
        if key.startswith(DRAFT):
            return number not in {one.id for one in (kept.last, kept.draft) if one is not None}
        return number < kept.behind - 1
