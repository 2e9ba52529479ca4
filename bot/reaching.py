"""Where people are reached, for whoever sends: asked at the moment of sending. No address stands in an intent."""

from collections.abc import Callable, Collection
from typing import Protocol

from bot.keys import Keys, Purpose, Unsealable
from bot.messages import routes as messages
from bot.people import Person
from bot.ports import Clock
from bot.routes import Addressed, Letter, QuietHours, Reach, Route, parse


class Shelf(Protocol):
    """What is read of the database."""

    async def routes(self, keys: Collection[str]) -> list[Route]:
        """Somebody's routes in order."""
        ...

    async def route(self, id: int) -> Route | None:
        """One route."""
        ...

    async def quiet(self, keys: Collection[str]) -> QuietHours | None:
        """When somebody is left alone."""
        ...


class Reaching:
    """See :class:`bot.routes.RouteBook`."""

    def __init__(
        self, shelf: Shelf, keys: Keys, clock: Clock, *, instead: Callable[[Route], str] | None = None
    ) -> None:
        """``instead`` is the address that is used in place of each one: a demo sends nothing out into the world."""
        self._shelf, self._keys, self._clock, self._instead = shelf, keys, clock, instead

    async def of(self, person: Person, *, severity: str = "", most_severe: bool = True) -> Reach:
        """Their verified routes in order, and whether they are to be left alone now."""
        hours = await self._shelf.quiet(person.keys)
        now = self._clock.now()
        quiet = hours.until(now, severity=severity, most_severe=most_severe) if hours is not None else None
        usable, closed = [], []
        for route in await self._shelf.routes(person.keys):
            if route.verified_at is None:
                continue
            try:
                usable.append(self._addressed(route))
            except Unsealable:
                closed.append(route.name)
        return Reach(usable, quiet, closed)

    async def letter(self, route: int, *, test: bool) -> Letter | None:
        """A test for a verified route, or the code of one that waits for it."""
        found = await self._shelf.route(route)
        if found is None or (found.verified_at is None if test else not found.awaits(self._clock.now())):
            return None
        try:
            code = "" if test else self._keys.unseal(Purpose.CODE, found.code, owner=found.person)
            title, text = messages.test_letter() if test else messages.code_letter(code)
            return Letter(self._addressed(found), title, text)
        except Unsealable:
            return None

    def _addressed(self, route: Route) -> Addressed:
        address = self._keys.unseal(Purpose.ROUTE, route.sealed, owner=route.person)
        if self._instead is not None:
            return Addressed(route.name, self._instead(route), "")
        return Addressed(route.name, address, parse(address).host)
