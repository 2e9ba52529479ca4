"""What every source of standing messages is made of."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.playbook.shape import Playbook
from bot.standing.message import Standing


class Source(ABC):
    """One capability's messages that stand in chat: a function of the incident, its playbook and the time."""

    @abstractmethod
    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """What should stand now, each under a key that stays its own. May depend on ``now`` only where that changes
        what people should read: a card that differs is edited.
        """
        ...

    def stale(self, incident: Incident, key: str) -> bool:
        """Whether the message of this key is one of its own that is never edited again: no digest of it is kept."""
        return False
