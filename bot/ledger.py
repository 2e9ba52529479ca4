"""What is owed, in the hands of whoever delivers it: claims, their outcomes, and the port that hands them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.intents import Intent, Urgency


@dataclass(frozen=True, slots=True)
class Claimed:
    """One owed effect in the hands of one worker."""

    id: int
    fence: int
    """Grows with each claim: whoever holds an older one has lost it."""
    key: str
    platform: str
    incident: int | None
    intent: Intent
    attempts: int
    """Counts the attempts, this one included."""
    look_first: bool
    """An earlier attempt may have had its effect."""
    owed_at: datetime
    first_try_at: datetime
    refs: dict[str, str]
    """References of the keys the intent needs, and of ``channel``; one that is missing will never come."""
    urgency: Urgency
    stream: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """It is there."""

    claim: Claimed
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """It has to be tried again. ``maybe_done`` makes the next attempt look first."""

    claim: Claimed
    wait: timedelta
    why: str
    maybe_done: bool = False


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It will not be there: refused, or of no use any more. What needs it falls with it."""

    claim: Claimed
    why: str


Outcome = Done | Later | GivenUp


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much is owed to a platform, and for how long."""

    platform: str
    depth: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Standstill:
    """What waits on one platform, and what of it waits longest though nothing stands before it."""

    platform: str
    depth: int
    """How many effects wait, those included that have to wait for others."""
    id: int
    """Of the one that waits longest: every worker sees the same, and another one once that is done."""
    since: datetime
    """When that was owed, on the ledger's own clock."""
    age: timedelta
    """How long ago that is, by the same clock."""
    why: str = ""
    """What the last attempt at it answered; empty before the first."""


class Ledger(Protocol):
    """Hands out what is owed, to one worker at a time.

    Leases are counted on the database's own clock (PostgreSQL) or the machine's (SQLite), never on the clock that
    people see, so that moving the latter forward takes no work away from anybody.
    """

    async def claim(self, platform: str, *, limit: int, without: Iterable[str] = ()) -> list[Claimed]:
        """Take up to ``limit`` effects that can be done now, most urgent first; kinds in ``without`` are left alone.

        Ready are those whose dependencies are done, whose wait is over, and that nobody holds or whose holder's lease
        has run out.
        """
        ...

    async def finish(self, outcomes: Sequence[Outcome], *, claim: bool = True) -> list[Claimed]:
        """Note outcomes in one transaction; returns what became ready by them, claimed already.

        An outcome whose claim was lost meanwhile (another holds a newer fence) is dropped; see :meth:`lost`.
        """
        ...

    async def renew(self, claims: Iterable[Claimed]) -> set[int]:
        """Extend the leases of these claims; returns the ids still held."""
        ...

    async def release(self, claims: Iterable[Claimed]) -> None:
        """Give claims back untouched (nothing was sent): the next attempt need not look first for this one's sake."""
        ...

    async def backlog(self) -> list[Backlog]:
        """What is owed and not done, by platform."""
        ...

    async def standstills(self) -> list[Standstill]:
        """For each platform to which something is owed: what waits longest. What is meant to wait for days (a
        deployment, for the end of the freeze) does not count."""
        ...

    async def keys(self, beginning: str) -> set[tuple[str, str]]:
        """Platform and key of everything that was ever owed to chat platforms or tools, belongs to no incident, and
        whose key begins so."""
        ...
