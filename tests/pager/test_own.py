"""People's own routes at the pager: order, turns, hosts that are inside, keys that open nothing, codes that fail."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.pager.own import INSIDE, OwnRoutes
from adapters.pager.reach import Reaching
from adapters.pager.settings import PagerSettings
from bot.intents import PagePerson, SendToRoute
from bot.learned import RouteTried
from bot.people import Person
from bot.ports import Job
from bot.routes import Addressed, Letter, Reach
from tests.support.learner import Learner
from tests.support.pagers import ADDRESSES, Pagers, Trouble

ANA = Person(key="ana", name="Ana Reyes")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PUSH, SMS = (Addressed(f"{one} …1", ADDRESSES[one]) for one in ("pushover", "twilio"))
HOUSE = Addressed("Gotify …2", "gotify://push.example.org/AbCdEfGhIjKlMnO", "push.example.org")


@dataclass
class Book:
    """A book with what a test writes in it."""

    reach: Reach = field(default_factory=Reach)
    says: Letter | None = None

    async def of(self, person: Person, *, severity: str = "", most_severe: bool = True) -> Reach:
        """How everybody is reached."""
        return self.reach

    async def letter(self, route: int, *, test: bool) -> Letter | None:
        """What is sent to any route."""
        return self.says


def step(turn: int = 0, *, last: bool = True) -> PagePerson:
    """A page to Ana."""
    return PagePerson(
        page=1, step=turn, person=ANA, route="sms", turn=turn, last=last, severity="sev1", title="t", why="w", at=NOON
    )


async def inside(host: str) -> bool:
    """Every host is inside."""
    return False


async def public(host: str) -> bool:
    """Every host is public."""
    return True


async def reached(reach: Reach, page: PagePerson, **held: str) -> tuple[tuple[str, ...], str]:
    """Where a page goes, and why nowhere."""
    own = OwnRoutes(Book(reach), public if held.pop("hosts", "") else inside, within=5.0)
    found = await Reaching(PagerSettings(held), own).of(page)
    return found.addresses, found.why


async def test_each_turn_is_a_route_of_ones_own_and_the_last_turn_all_that_are_left() -> None:
    reach = Reach([PUSH, SMS, HOUSE])
    assert await reached(reach, step(0, last=False)) == ((PUSH.address,), "")
    assert (await reached(reach, step(1), hosts="public"))[0] == (SMS.address, HOUSE.address)
    assert (await reached(reach, step(3), PAGER_URLS="json://operator"))[0] == ("json://operator",)


async def test_ones_own_come_before_the_operators_for_the_route_and_make_the_general_ones_needless() -> None:
    held = {"PAGER_URLS_SMS": "json://operator/sms", "PAGER_URLS": "json://operator"}
    assert (await reached(Reach([PUSH]), step(), **held))[0] == (PUSH.address, "json://operator/sms")
    assert (await reached(Reach([PUSH]), step(), PAGER_URLS="json://operator"))[0] == (PUSH.address,)


async def test_a_host_that_is_inside_is_not_sent_to_and_the_rest_is() -> None:
    assert await reached(Reach([HOUSE]), step()) == ((), f"Gotify …2: {INSIDE}")
    assert (await reached(Reach([HOUSE, PUSH]), step()))[0] == (PUSH.address,)
    assert (await reached(Reach([HOUSE]), step(), hosts="public"))[0] == (HOUSE.address,)


async def test_a_route_that_no_key_opens_is_named_where_nothing_else_reaches_somebody() -> None:
    closed = Reach(closed=["Pushover …1"])
    assert await reached(closed, step()) == ((), "Pushover …1 was sealed with another SECRET_KEY")
    assert (await reached(closed, step(), PAGER_URLS="json://operator"))[0] == ("json://operator",)


async def test_in_quiet_hours_nothing_is_sent_by_any_route() -> None:
    quiet = Reach([PUSH], quiet_until=NOON)
    assert await reached(quiet, step(), PAGER_URLS_SMS="json://operator") == ((), "quiet hours until 12:00 UTC")


async def test_what_was_sent_is_called_off_in_quiet_hours_too() -> None:
    own = OwnRoutes(Book(Reach([PUSH], quiet_until=NOON)), public, within=5.0)
    found = await Reaching(PagerSettings({"PAGER_URLS_SMS": "json://operator"}), own).of(step(1), over=True)
    assert found.addresses == (PUSH.address, "json://operator"), "by whichever route it went"


async def test_a_name_server_that_hangs_holds_up_no_other_route() -> None:
    async def hangs(host: str) -> bool:
        await asyncio.Event().wait()
        return True

    more = Addressed("Gotify …3", "gotify://other.example.org/AbCdEfGhIjKlMnO", "other.example.org")
    own = OwnRoutes(Book(Reach([HOUSE, more, PUSH])), hangs, within=0.05)
    async with asyncio.timeout(2):
        found = await Reaching(PagerSettings({}), own).of(step())
    assert found.addresses == (PUSH.address,)


@pytest.fixture
async def pagers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pagers]:
    """The services, and the way to them."""
    async with Pagers(tmp_path) as made:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


async def sent(book: Book) -> list[str]:
    """Send a code to a route; what the ear hears of it."""
    intent = SendToRoute(route=7, name="Pushover …1", person=ANA)
    ear = Learner()
    await OwnRoutes(book, inside, within=2.0).send(Job("route/7/code/1", intent, None, NOON), intent, ear)
    return [one.why for one in ear.learned if isinstance(one, RouteTried)]


CODE = Letter(PUSH, "Tocsin: your code is 471108", "Type it.")


async def test_a_code_goes_out_by_the_very_route(pagers: Pagers) -> None:
    assert await sent(Book(says=CODE)) == []
    (arrived,) = pagers.arrived
    assert arrived.service == "pushover" and "471108" in arrived.text and arrived.mark == ""


async def test_a_code_that_is_not_taken_is_told_without_its_address(pagers: Pagers) -> None:
    pagers.trouble["pushover"] = Trouble.REFUSES
    (why,) = await sent(Book(says=CODE))
    assert why == "Pushover answered 401"


async def test_no_code_goes_inside_and_none_where_there_is_no_use_in_it(pagers: Pagers) -> None:
    assert await sent(Book(says=Letter(HOUSE, "t", "t"))) == [INSIDE]
    assert await sent(Book()) == []
    assert pagers.asked == []
