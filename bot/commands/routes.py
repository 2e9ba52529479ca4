"""Say where one is reached at night, and when not: one's own routes and quiet hours."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from hmac import compare_digest
from typing import ClassVar, Self

from pydantic import Field

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake, Unsaid
from bot.forms import Form
from bot.heard import Answer
from bot.intents import PAGER, SendToRoute, Urgency
from bot.keys import Keys, Purpose, Unsealable
from bot.messages import routes as messages
from bot.messages.answers import mistake
from bot.people import Person
from bot.playbook.permissions import Right
from bot.routes import (
    CODE_LIVES,
    CODE_LONG,
    KINDS,
    LONGEST,
    MOST_ROUTES,
    MOST_WRONG,
    Address,
    QuietHours,
    Route,
    parse,
    span,
)
from bot.scene import Scene
from bot.store import Owed


class Routes(Verb):
    """Show and set one's own routes. Words are read when it runs: a mistake in them is then answered without offering
    them as the title of an incident, which would show an address to everybody.
    """

    words: ClassVar = ("routes", "route")
    usage: ClassVar = "routes [add ADDRESS, verify CODE, first 2, remove 2, test, quiet 22:00-07:00]"
    says: ClassVar = "where pages reach you, by your own routes, and when they do not"
    example: ClassVar = "/incident routes add ntfy://your-topic"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    said: str = Field(default="", repr=False)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if rest.strip().casefold() == "add":
            raise Unsaid(messages.WHERE_TO_ADD)
        return cls(said=rest)

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form | None:
        return messages.adding(LONGEST)

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        return cls(said=f"add {values.get('address', '')}")

    async def run(self, scene: Scene) -> Answer | Card | None:
        word, _, rest = self.said.strip().partition(" ")
        mine = Mine(scene)
        if not word:
            return await mine.show()
        if scene.platform not in scene.platforms:
            raise Mistake(messages.IN_CHAT)
        act = _ACTS.get(word.casefold())
        if act is None:
            raise Mistake(messages.UNKNOWN)
        return await act(mine, rest.strip())


class Mine:
    """The actor's routes in one scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._kept, self._person = scene, scene.work.routes, scene.actor

    async def show(self, rest: str = "") -> Card:
        """All of them, by names that tell no address."""
        keys = self._person.keys
        quiet = await self._kept.quiet(keys)
        return messages.shown(await self._kept.of(keys), quiet, now=self._scene.now)

    async def add(self, rest: str) -> Card:
        """Keep a new one, and send its code by it."""
        kind, _, address = rest.rpartition(" ")
        if kind and kind.casefold() not in KINDS:
            raise Mistake(messages.UNKNOWN_KIND)
        found, keys, scene = parse(address, kind=kind), self._sealing(), self._scene
        routes = await self._kept.of(self._person.keys)
        for number, route in enumerate(routes, 1):
            if _opened(route, keys) == found.full:
                raise Mistake(f"That one is your route {number} already. {messages.how_it_goes_on(route, number)}")
        if len(routes) >= MOST_ROUTES:
            raise Mistake(f"You have {MOST_ROUTES} routes already; `routes remove 1` makes room.")
        place = max((route.place for route in routes), default=0) + 1
        route = _new(found, self._person, keys, place=place, scene=scene)
        route = replace(route, id=await self._kept.keep(route))
        await self._send_code(route, keys)
        return messages.added(route, len(routes) + 1)

    async def code(self, rest: str) -> Card:
        """Send another code, once the one before has run out."""
        number, route = await self._named(rest)
        if route.verified_at is not None:
            raise Mistake(f"{route.name} is verified already.")
        if route.code_until is not None and self._scene.now < route.code_until:
            raise Mistake(messages.wait_for_code(route))
        await self._send_code(replace(route, wrong=0), self._sealing())
        return messages.added(route, number)

    async def verify(self, rest: str) -> Card:
        """The code that came by a route: from now on pages do, too."""
        typed, keys, now = "".join(rest.split()), self._sealing(), self._scene.now
        routes = await self._kept.of(self._person.keys)
        if len(typed) != CODE_LONG or not typed.isdecimal():
            raise Mistake(messages.NO_CODE)
        waiting = [route for route in routes if route.awaits(now)]
        if not waiting:
            raise Mistake(
                "None of your routes waits for a code. `routes add ADDRESS` adds one, `routes code 1` sends one."
            )
        for route in waiting:
            if compare_digest(_code(route, keys).encode(), typed.encode()):
                await self._kept.keep(replace(route, code="", code_until=None, wrong=0, verified_at=now))
                return messages.verified(route, routes.index(route) + 1)
        void = False
        for route in waiting:
            wrong = route.wrong + 1
            void = void or wrong >= MOST_WRONG
            await self._kept.keep(replace(route, wrong=wrong, code="" if wrong >= MOST_WRONG else route.code))
        # answered and not raised: a mistake that is raised leaves nothing behind, not even its count
        return mistake(messages.VOID if void else messages.WRONG_CODE)

    async def first(self, rest: str) -> Card:
        """Try one before all others."""
        _, route = await self._named(rest)
        routes = await self._kept.of(self._person.keys)
        order = [route, *(each for each in routes if each.id != route.id)]
        for place, each in enumerate(order, 1):
            if each.place != place:
                await self._kept.keep(replace(each, place=place))
        return await self.show()

    async def remove(self, rest: str) -> Card:
        """Forget one, with its address."""
        _, route = await self._named(rest)
        await self._kept.drop(route.id)
        return messages.removed(route, left=await self._kept.of(self._person.keys))

    async def test(self, rest: str) -> Card:
        """Send something by one, or by all that are verified."""
        routes = [(await self._named(rest))[1]] if rest else await self._kept.of(self._person.keys)
        usable = [route for route in routes if route.verified_at is not None]
        if not usable:
            raise Mistake("There is no verified route to test. `routes` shows yours.")
        await self._send([(f"test/{secrets.token_hex(4)}", route) for route in usable], test=True)
        return messages.tested(usable)

    async def quiet(self, rest: str) -> Card:
        """When to be left alone by what can wait."""
        keys = self._person.keys
        if rest.casefold() in ("off", "none", "never"):
            await self._kept.keep_quiet(keys, None)
            return messages.never_quiet()
        hours, _, excepted = rest.casefold().partition(" except ")
        begins, ends = span(hours)
        scene = self._scene
        zone = self._person.timezone or scene.playbook.timezone
        always = {playbook.severities[0].name for playbook in scene.loaded}
        kept = QuietHours(self._person.key, begins, ends, zone, frozenset(always | self._severities(excepted)))
        await self._kept.keep_quiet(keys, kept)
        return messages.quiet_from_now_on(kept)

    def _severities(self, words: str) -> set[str]:
        """The severities that are named, in whatever process they are known."""
        found = set()
        for word in words.replace(",", " ").replace(" and ", " ").split():
            known = next((one for book in self._scene.loaded if (one := book.severity(word)) is not None), None)
            if known is None:
                names = ", ".join(one.name for one in self._scene.playbook.severities)
                raise Mistake(f"“{word[:40]}” is no severity. They are {names}.")
            found.add(known.name)
        return found

    async def _named(self, words: str) -> tuple[int, Route]:
        """The route of this number, as ``routes`` shows it."""
        routes = await self._kept.of(self._person.keys)
        number = int(words) if words.isdecimal() and len(words) < 4 else 0
        if not 1 <= number <= len(routes):
            raise Mistake("Say which, by its number, like `routes test 1`. `routes` shows yours.")
        return number, routes[number - 1]

    async def _send_code(self, route: Route, keys: Keys) -> None:
        code = f"{secrets.randbelow(10**CODE_LONG):0{CODE_LONG}d}"
        sealed = keys.seal(Purpose.CODE, code, owner=route.person)
        await self._kept.keep(replace(route, code=sealed, code_until=self._scene.now + CODE_LIVES))
        await self._send([(f"code/{secrets.token_hex(4)}", route)])

    async def _send(self, routes: list[tuple[str, Route]], *, test: bool = False) -> None:
        if PAGER not in self._scene.connected.tools:
            raise Mistake(messages.NO_PAGER)
        person = self._person
        await self._scene.work.owe(
            [
                Owed(
                    f"route/{route.id}/{key}", PAGER,
                    SendToRoute(route=route.id, name=route.name, person=person, test=test), Urgency.ANSWER,
                )
                for key, route in routes
            ]
        )  # fmt: skip

    def _sealing(self) -> Keys:
        if self._scene.connected.keys is None:
            raise Mistake(messages.NO_PAGER)
        return self._scene.connected.keys


_ACTS: dict[str, Callable[[Mine, str], Awaitable[Card]]] = {
    "add": Mine.add,
    "code": Mine.code,
    "verify": Mine.verify,
    "first": Mine.first,
    "remove": Mine.remove,
    "delete": Mine.remove,
    "test": Mine.test,
    "quiet": Mine.quiet,
    "list": Mine.show,
}


def _new(found: Address, person: Person, keys: Keys, *, place: int, scene: Scene) -> Route:
    return Route(
        id=0,
        person=person.key,
        place=place,
        service=found.service,
        kind=found.kind,
        tail=found.tail,
        added_at=scene.now,
        sealed=keys.seal(Purpose.ROUTE, found.full, owner=person.key),
    )


def _opened(route: Route, keys: Keys) -> str:
    """Its address; empty where no key opens it."""
    try:
        return keys.unseal(Purpose.ROUTE, route.sealed, owner=route.person)
    except Unsealable:
        return ""


def _code(route: Route, keys: Keys) -> str:
    """Its code; one that nobody types where no key opens it."""
    try:
        return keys.unseal(Purpose.CODE, route.code, owner=route.person)
    except Unsealable:
        return "sealed"
