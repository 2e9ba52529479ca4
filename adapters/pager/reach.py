"""How somebody is reached by a step: their own routes, and the addresses that the operator set."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from adapters.pager.settings import PagerSettings, setting
from bot.intents import PagePerson
from bot.loading import named
from bot.people import Person


class Addressed(Protocol):
    """A route of somebody's own that is usable now."""

    @property
    def address(self) -> str:
        """As Apprise reads it."""
        ...


class Reach(Protocol):
    """How somebody is reached now by routes of their own."""

    @property
    def routes(self) -> Sequence[Addressed]:
        """In order."""
        ...

    @property
    def quiet_until(self) -> datetime | None:
        """Set while they are to be left alone."""
        ...


class RouteBook(Protocol):
    """Knows people's own routes; asked at the moment of sending, so that no address is kept on the way there."""

    async def of(self, person: Person, *, severity: str = "", most_severe: bool = True) -> Any:
        """How this person is reached for a page of this severity: a :class:`Reach`."""
        ...


class Answers(Protocol):
    """Makes the link by which a page is answered."""

    def link(self, incident: int, page: int, person: Person) -> str:
        """Its address; empty where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """Where one step is sent."""

    addresses: tuple[str, ...] = field(default=(), repr=False)
    why: str = ""
    """Why there is none."""

    @property
    def drops_doubles(self) -> bool:
        """Whether all of them drop what they know already."""
        known = named("adapters.pager.sending", "drops_doubles")
        return bool(self.addresses) and all(known(one) for one in self.addresses)


class Reaching:
    """Finds addresses."""

    def __init__(self, settings: PagerSettings, book: RouteBook | None) -> None:
        self._settings, self._book = settings, book

    async def of(self, page: PagePerson) -> Found:
        """The person's own route of this turn (with the last turn, all that are left), and what the operator set for
        the playbook's route; the general addresses only where there is neither."""
        own: tuple[str, ...] = ()
        if self._book is not None:
            reach = await self._book.of(page.person, severity=page.severity, most_severe=page.most_severe)
            if reach.quiet_until is not None:
                return Found(why=f"quiet hours until {reach.quiet_until:%H:%M} UTC")
            mine = tuple(route.address for route in reach.routes)
            own = mine[page.turn :] if page.last else mine[page.turn : page.turn + 1]
        found = (*own, *self._settings.own(page.person.key, page.route)) or self._settings.general
        return Found(tuple(dict.fromkeys(found)), "" if found else f"no address is set ({setting(page.route)})")
