"""Who is told by webhook of what customers are told, and what each is still owed: a difference, not a list of effects.

A subscription keeps the last text of each incident that it was sent. What it is owed follows from that and from what
was told, so a restart, a second replica or a long silence needs no special case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from pydantic import ConfigDict

from bot.keys import Keys, Purpose
from bot.model import Model
from bot.public import PublicIncident, PublicUpdate

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
"""Until an address that failed is tried again; twice as long each time."""
PATIENCE = timedelta(days=7)
"""After so long without one success a subscription ends."""
LEASE = timedelta(seconds=60)
"""For so long nobody else sends to an address; each text that was sent renews it."""


class Reached(Model):
    """Where it is sent, and what that is signed with; known in memory only."""

    model_config = ConfigDict(frozen=True)

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """One address that wants to be told."""

    id: str
    """Not to be guessed: whoever knows it may end the subscription."""
    digest: str
    """Of its address: two subscriptions never have the same one."""
    sealed: str
    """The address, which may hold a password in its own way, and what messages are signed with."""
    sent: Mapping[str, int] = field(default_factory=dict)
    """Mark of an incident to the number of the last of its texts that was sent, or that was told before."""
    failures: int = 0
    """In a row."""
    failing_since: datetime | None = None
    try_at: datetime | None = None
    """Not before then; ``None`` at once."""
    claimed_until: datetime | None = None

    def reached(self, keys: Keys) -> Reached:
        """Where it is sent; raises :class:`~bot.keys.Unsealable`."""
        return Reached.model_validate_json(keys.unseal(Purpose.SUBSCRIPTION, self.sealed, owner=self.id))

    def owed(self, incidents: Iterable[PublicIncident]) -> list[tuple[PublicIncident, PublicUpdate]]:
        """What was told and not sent, in the order in which it was told; each with its incident as it was then."""
        new = [
            (one.model_copy(update={"updates": one.updates[:place]}), update)
            for one in incidents
            for place, update in enumerate(one.updates, 1)
            if update.id > self.sent.get(one.mark, 0)
        ]
        return sorted(new, key=lambda each: (each[1].at, each[0].mark, each[1].id))

    def waits_until(self) -> datetime | None:
        """When it may be tried next; ``None`` at once."""
        return max((at for at in (self.try_at, self.claimed_until) if at is not None), default=None)

    def took(self, mark: str, update: int, *, now: datetime) -> "Subscription":
        """It was sent a text."""
        sent = {**self.sent, mark: update}
        return replace(self, sent=sent, failures=0, failing_since=None, try_at=None, claimed_until=now + LEASE)

    def freed(self) -> "Subscription":
        """Nobody sends to it any more."""
        return replace(self, claimed_until=None)

    def failed(self, now: datetime) -> "Subscription | None":
        """It could not be sent one; ``None`` where it has been so for too long."""
        since = self.failing_since or now
        if now - since >= PATIENCE:
            return None
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self.failures, 10))
        return replace(self, failures=self.failures + 1, failing_since=since, try_at=now + wait)


def subscribed(id: str, reached: Reached, keys: Keys, *, sent: Mapping[str, int]) -> Subscription:
    """A new one that was sent nothing but what was told before."""
    sealed = keys.seal(Purpose.SUBSCRIPTION, reached.model_dump_json(), owner=id)
    return Subscription(id, sha256(reached.url.encode()).hexdigest(), sealed, sent=sent)


def told(incidents: Sequence[PublicIncident]) -> dict[str, int]:
    """Mark of each incident to the number of its last text."""
    return {one.mark: one.updates[-1].id for one in incidents}


class Subscriptions(Protocol):
    """Where they are kept. Everything raises :class:`~bot.errors.TryLater` while the database does not answer."""

    async def add(self, new: Subscription, *, at: datetime, most: int) -> bool:
        """Keep one, in place of an earlier one of the same address; ``False`` where there are so many already."""
        ...

    async def all(self) -> list[Subscription]:
        """All of them."""
        ...

    async def find(self, id: str) -> Subscription | None:
        """The one of this id."""
        ...

    async def claim(self, id: str, *, now: datetime) -> Subscription | None:
        """Take one for :data:`LEASE`, as it is now; ``None`` where somebody else has it, or it is gone."""
        ...

    async def keep(self, one: Subscription) -> None:
        """Store what became of a claimed one."""
        ...

    async def drop(self, id: str) -> bool:
        """End it; whether there was one."""
        ...
