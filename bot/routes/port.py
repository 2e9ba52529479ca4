"""Ports of the routes: what a transaction keeps of them, and what whoever sends is told at the last moment.

Addresses are in no intent, so in no row of what is owed: whoever delivers asks the book, sends, and forgets.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.people import Person
from bot.routes.hours import QuietHours
from bot.routes.route import Route


class Routes(Protocol):
    """People's routes within one transaction. ``keys`` are all that a person may be kept under (``Person.keys``)."""

    async def of(self, keys: Collection[str]) -> list[Route]:
        """Their routes in order, locked until the transaction ends."""
        ...

    async def keep(self, route: Route) -> int:
        """Keep it as it is now, a new one (id 0) under an id of its own; returns the id."""
        ...

    async def drop(self, id: int) -> None:
        """Forget one, with its address."""
        ...

    async def quiet(self, keys: Collection[str]) -> QuietHours | None:
        """When they are left alone."""
        ...

    async def keep_quiet(self, keys: Collection[str], hours: QuietHours | None) -> None:
        """Keep these hours in place of any others; ``None`` for none."""
        ...


@dataclass(frozen=True, slots=True)
class Addressed:
    """A route that is usable now."""

    name: str
    """How people may be told of it: ``Pushover …7f2a``."""
    address: str = field(repr=False)
    """As Apprise reads it."""
    host: str = ""
    """A host that its person named: it may only be sent to where it resolves to public addresses."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody is reached now."""

    routes: list[Addressed] = field(default_factory=list)
    """Their own, in order; those of the operator come after them."""
    quiet_until: datetime | None = None
    """Set in their quiet hours: then they are not paged, and the next person is at once."""
    closed: list[str] = field(default_factory=list)
    """Names of routes whose address cannot be opened: SECRET_KEY is another than it was."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to one route for its own sake: its code, or a test."""

    to: Addressed
    title: str = field(repr=False)
    text: str = field(repr=False)


class RouteBook(Protocol):
    """What whoever sends asks, at the moment of sending. Raises :class:`~bot.errors.TryLater` where the database does
    not answer."""

    async def of(self, person: Person, *, severity: str = "", most_severe: bool = True) -> Reach:
        """How this person is reached for a page of this severity."""
        ...

    async def letter(self, route: int, *, test: bool) -> Letter | None:
        """What is to be sent to a route; ``None`` where there is no use in it any more."""
        ...
