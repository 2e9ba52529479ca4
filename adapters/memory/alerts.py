"""Alerts in memory: a rehearsal has none. The inbox works all the same, as far as one process remembers."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.alerts.alert import Alert
from bot.alerts.book import Accepted, Strange
from bot.alerts.tracked import Tracked


class MemoryInbox:
    """See :class:`bot.alerts.book.Inbox`."""

    def __init__(self) -> None:
        self.waiting: list[Accepted] = []
        """What was accepted, oldest first."""
        self._accepted = 0
        self._deliveries: set[tuple[str, str, str, str]] = set()
        self._strange: list[Strange] = []
        self._set_aside = 0

    async def accept(self, alerts: Sequence[Alert], *, at: datetime) -> int:
        """Keep them; those that were delivered before are left out."""
        before = self._accepted
        for alert in alerts:
            delivery = (alert.source, alert.delivery, alert.key, alert.state.value)
            if alert.delivery and delivery in self._deliveries:
                continue
            self._deliveries.add(delivery)
            self._accepted += 1
            self.waiting.append(Accepted(self._accepted, alert, at))
        return self._accepted - before

    async def depth(self, *, most: int) -> int:
        """How many are waiting."""
        return min(most, len(self.waiting))

    async def set_aside(self, strange: Sequence[Strange], *, keep: int) -> None:
        """Keep these, and of all only the latest."""
        for one in strange:
            self._set_aside += 1
            self._strange.append(Strange(one.source, one.at, one.why, one.body, self._set_aside))
        self._strange = self._strange[-keep:]

    async def strange(self, *, limit: int = 20) -> list[Strange]:
        """What was set aside, latest first."""
        return self._strange[::-1][:limit]


class NoAlertBook:
    """See :class:`bot.alerts.book.AlertBook`."""

    async def take(self, *, limit: int) -> list[Accepted]:
        """None came."""
        return []

    async def done(self, ids: Collection[int]) -> None:
        """None is done."""

    async def known(self, keys: Collection[str]) -> dict[str, Tracked]:
        """None is known."""
        return {}

    async def get(self, id: int) -> Tracked | None:
        """None is known."""
        return None

    async def of_incident(self, number: int) -> list[Tracked]:
        """None belongs to it."""
        return []

    async def firing_in(self, group: str, playbook: str) -> int | None:
        """None fires."""
        return None

    async def declared_since(self, since: datetime, playbook: str) -> list[int]:
        """None declared anything."""
        return []

    async def behind(self, id: int) -> list[Tracked]:
        """None waits."""
        return []

    async def offered_since(self, since: datetime, playbook: str) -> list[int]:
        """None was offered."""
        return []

    async def due(self, now: datetime, *, limit: int) -> list[Tracked]:
        """None is due."""
        return []

    async def stale(self, *, limit: int) -> list[int]:
        """Every card shows all there is."""
        return []

    async def shown(self, number: int) -> None:
        """It did so before."""

    async def save(self, tracked: Sequence[Tracked]) -> None:
        """There is nothing to save."""


class NoAlerts:
    """See :class:`bot.alerts.book.AlertReader`."""

    async def get(self, id: int) -> Tracked | None:
        """None is known."""
        return None

    async def find(self, words: str, *, limit: int = 10) -> list[Tracked]:
        """None is known."""
        return []

    async def latest(self, *, limit: int = 20) -> list[Tracked]:
        """None came."""
        return []

    async def of_incident(self, number: int) -> list[Tracked]:
        """None came."""
        return []

    async def arrived(self, since: datetime, playbook: str, *, limit: int) -> list[Tracked]:
        """None came."""
        return []

    async def noisiest(self, *, limit: int = 20) -> list[Tracked]:
        """None came."""
        return []
