"""Where people are reached: by the address that they sealed; in the demo by their phone in the sandbox only."""

from collections.abc import Collection
from datetime import UTC, datetime

from adapters.keys import Keyring
from adapters.sandbox.clock import SandboxClock
from bot.building import reached
from bot.keys import Purpose
from bot.people import Person
from bot.routes import Kind, QuietHours, Route

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ANA = Person(key="ana", name="Ana")
ADDRESS, PHONE = "ntfy://ana-at-night", "json://127.0.0.1:1/phones/ana"
KEYS = Keyring(["a-secret-key-of-the-test-0001"])


class Shelf:
    """One verified route of Ana's."""

    @property
    def reader(self) -> "Shelf":
        """It is its own reader."""
        return self

    async def routes(self, keys: Collection[str]) -> list[Route]:
        sealed = KEYS.seal(Purpose.ROUTE, ADDRESS, owner="ana")
        return [Route(id=1, person="ana", place=1, service="ntfy", kind=Kind.PUSH, tail="ght", added_at=NOW,
                      sealed=sealed, verified_at=NOW)]  # fmt: skip

    async def route(self, id: int) -> Route | None:
        return None

    async def quiet(self, keys: Collection[str]) -> QuietHours | None:
        return None


async def addresses(phones: dict[str, str]) -> list[str]:
    """Where Ana is reached."""
    book = reached(Shelf(), KEYS, None, None, SandboxClock(NOW), phones=phones)["book"]
    return [route.address for route in (await book.of(ANA)).routes]


async def test_somebodys_own_route_leads_where_they_said() -> None:
    assert await addresses({}) == [ADDRESS]


async def test_in_the_demo_it_leads_to_their_phone_in_the_sandbox() -> None:
    assert await addresses({"PAGER_URLS_ANA_PAGER": PHONE}) == [PHONE]
    assert ADDRESS not in await addresses({"PAGER_URLS_BO_PAGER": PHONE}), "nor anywhere else in the world"
