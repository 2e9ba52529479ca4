"""What alerts ask of the database: an inbox in which nothing accepted is lost, and a book of what is known of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.tracked import Tracked


@dataclass(frozen=True, slots=True)
class Accepted:
    """An alert in the inbox: accepted, and not acted on yet."""

    id: int
    alert: Alert
    at: datetime
    """When it was accepted."""


@dataclass(frozen=True, slots=True)
class Strange:
    """What arrived and could not be understood, or could not be acted on: kept for the operators to look at."""

    source: str
    at: datetime
    why: str
    body: str
    """As far as it is kept, as text."""
    id: int = 0


class Inbox(Protocol):
    """The inbox, outside any transaction."""

    async def accept(self, alerts: Sequence[Alert], *, at: datetime) -> int:
        """Store them in one transaction, in this order; those whose ``delivery`` was stored before are left out.

        One delivery may tell of several alerts: it is the same where its source, key and state are the same, too.
        Returns how many were stored. Raises :class:`~bot.errors.TryLater` where nothing could be.
        """
        ...

    async def depth(self, *, most: int) -> int:
        """How many are waiting; counts no further than ``most``."""
        ...

    async def set_aside(self, strange: Sequence[Strange], *, keep: int) -> None:
        """Keep these, and of all only the ``keep`` latest."""
        ...

    async def strange(self, *, limit: int = 20) -> list[Strange]:
        """What was set aside, latest first."""
        ...


class AlertBook(Protocol):
    """Alerts within one transaction.

    Incidents are locked first, then alerts: whoever has locked an alert asks for no incident that others may hold.
    """

    async def take(self, *, limit: int) -> list[Accepted]:
        """The oldest of the inbox, in order; none while another transaction takes: one at a time keeps their order."""
        ...

    async def done(self, ids: Collection[int]) -> None:
        """Remove these from the inbox."""
        ...

    async def known(self, keys: Collection[str]) -> dict[str, Tracked]:
        """What is known of these keys, each locked until the transaction ends; a key nobody knows is missing."""
        ...

    async def get(self, id: int) -> Tracked | None:
        """One by its id, locked."""
        ...

    async def of_incident(self, number: int) -> list[Tracked]:
        """All that belong to an incident, the latest to fire first; not locked."""
        ...

    async def firing_in(self, group: str, playbook: str) -> int | None:
        """Number of the newest open incident that an alert of this group belongs to, under a playbook."""
        ...

    async def declared_since(self, since: datetime, playbook: str) -> list[int]:
        """Numbers of the open incidents that alerts declared since then under a playbook, oldest first."""
        ...

    async def behind(self, id: int) -> list[Tracked]:
        """Those that wait behind this one's offer, locked."""
        ...

    async def offered_since(self, since: datetime, playbook: str) -> list[int]:
        """Ids of those that were offered since then under a playbook by a message of their own: those that still fire
        first, and of each the oldest first."""
        ...

    async def due(self, now: datetime, *, limit: int) -> list[Tracked]:
        """Those whose ``look_at`` has come, earliest first, locked; those locked by another are passed over."""
        ...

    async def stale(self, *, limit: int) -> list[int]:
        """Numbers of incidents whose card does not show yet what arrived for them, lowest first."""
        ...

    async def shown(self, number: int) -> None:
        """The incident's card shows now what arrived for it.

        To be called with the incident locked, before :meth:`of_incident` is asked for what the card shows: what arrives
        in between makes the card stale again.
        """
        ...

    async def save(self, tracked: Sequence[Tracked]) -> None:
        """Store what is known; a new one is given its id.

        Only what this transaction locked may be saved, and new keys only by whoever takes from the inbox.
        """
        ...


class AlertReader(Protocol):
    """Answers questions about alerts, and changes nothing."""

    async def get(self, id: int) -> Tracked | None:
        """One by its id."""
        ...

    async def find(self, words: str, *, limit: int = 10) -> list[Tracked]:
        """Those whose key is exactly this, else whose link is, else in whose key or title all these words stand; the
        latest first."""
        ...

    async def latest(self, *, limit: int = 20) -> list[Tracked]:
        """Those that arrived last, latest first."""
        ...

    async def of_incident(self, number: int) -> list[Tracked]:
        """All that belong to an incident, the first to arrive first."""
        ...

    async def arrived(self, since: datetime, playbook: str, *, limit: int) -> list[Tracked]:
        """Those under a playbook (by name) that arrived since then, in all most often first."""
        ...

    async def noisiest(self, *, limit: int = 20) -> list[Tracked]:
        """Those that arrived most often, most often first."""
        ...
