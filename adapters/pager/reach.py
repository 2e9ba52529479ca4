"""How somebody is reached by a step: their own routes, and the addresses that the operator set."""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from adapters.pager.own import INSIDE, OwnRoutes
from adapters.pager.settings import PagerSettings, setting
from bot.intents import PagePerson
from bot.loading import named
from bot.people import Person
from bot.routes import Reach


class Answers(Protocol):
    """Makes the link by which a page is answered."""

    def link(self, incident: int, page: int, person: Person) -> str:
        """Its address; empty where there is none."""
        ...


log = structlog.get_logger()


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

    def __init__(self, settings: PagerSettings, own: OwnRoutes | None) -> None:
        self._settings, self._own = settings, own

    async def of(self, page: PagePerson, *, over: bool = False) -> Found:
        """The person's own route of this turn (with the last turn, all that are left), and what the operator set for
        the playbook's route; the general addresses only where there is neither.

        Where it is ``over``, all of their own at any hour: what was sent may have gone by each of them, whatever they
        changed since.
        """
        own: tuple[str, ...] = ()
        why = f"no address is set ({setting(page.route)})"
        if self._own is not None:
            reach = await self._own.book.of(page.person, severity=page.severity, most_severe=page.most_severe)
            if reach.quiet_until is not None and not over:
                return Found(why=f"quiet hours until {reach.quiet_until:%H:%M} UTC")
            own, left_out = await self._usable(self._own, reach, slice(None) if over else _turn(page), page.person)
            why = "; ".join(left_out) or why
        found = (*own, *self._settings.own(page.person.key, page.route)) or self._settings.general
        return Found(tuple(dict.fromkeys(found)), "" if found else why)

    @staticmethod
    async def _usable(own: OwnRoutes, reach: Reach, turn: slice, person: Person) -> tuple[tuple[str, ...], list[str]]:
        """The addresses of this turn, and why others of theirs are left out."""
        left_out = [f"{name} was sealed with another SECRET_KEY" for name in reach.closed]
        mine = reach.routes[turn]
        may = await asyncio.gather(*(own.allowed(route) for route in mine))
        allowed = [route for route, does in zip(mine, may, strict=True) if does]
        left_out += [f"{route.name}: {INSIDE}" for route in mine if route not in allowed]
        for why in left_out:
            log.warning("route_left_out", person=person.key, why=why)
        return tuple(route.address for route in allowed), left_out


def _turn(page: PagePerson) -> slice:
    """Which of a person's own routes go with a step."""
    return slice(page.turn, None if page.last else page.turn + 1)
