"""People's routes and quiet hours as they are kept, and the key that replicas share."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta

from adapters.database import Database
from bot.routes import Kind, QuietHours, Route
from tests.database.build import NOW
from tests.database.conftest import Opening

ANA = frozenset({"ana", "slack:U1", "discord:11"})
PUSH = Route(
    id=0, person="slack:U1", place=1, service="Pushover", kind=Kind.PUSH, tail="7f2a", added_at=NOW, sealed="sealed",
    code="sealed too", code_until=NOW + timedelta(minutes=15),
)  # fmt: skip
NIGHT = QuietHours("ana", time(22), time(7), "Asia/Kolkata", frozenset({"sev2", "sev3"}))


async def test_routes_are_kept_in_order_under_whatever_their_person_was_known_as(database: Database) -> None:
    async with database.work() as work:
        first = await work.routes.keep(PUSH)
        second = await work.routes.keep(replace(PUSH, person="ana", place=0, tail="0815"))
        await work.routes.keep(replace(PUSH, person="bo"))
    found = await database.reader.routes(ANA)
    assert [route.id for route in found] == [second, first]
    assert found[1] == replace(PUSH, id=first) == await database.reader.route(first)


async def test_a_route_is_changed_and_forgotten_with_its_address(database: Database) -> None:
    async with database.work() as work:
        kept = await work.routes.keep(PUSH)
    async with database.work() as work:
        verified = replace(PUSH, id=kept, code="", code_until=None, wrong=2, verified_at=NOW)
        assert await work.routes.keep(verified) == kept
        assert await work.routes.of(ANA) == [verified]
    async with database.work() as work:
        await work.routes.drop(kept)
    assert await database.reader.routes(ANA) == [] and await database.reader.route(kept) is None


async def test_quiet_hours_take_the_place_of_those_before_under_any_account(database: Database) -> None:
    async with database.work() as work:
        await work.routes.keep_quiet(ANA, replace(NIGHT, person="slack:U1", begins=time(23)))
    async with database.work() as work:
        await work.routes.keep_quiet(ANA, NIGHT)
        assert await work.routes.quiet(ANA) == NIGHT
    assert await database.reader.quiet(ANA) == NIGHT and await database.reader.quiet({"bo"}) is None
    async with database.work() as work:
        await work.routes.keep_quiet(ANA, None)
    assert await database.reader.quiet(ANA) is None


async def test_of_replicas_that_start_at_once_the_first_ones_key_is_kept(url: str, opening: Opening) -> None:
    replicas = [await opening(url) for _ in range(2)]
    keys = await asyncio.gather(*(each.keep_key(f"key {at}") for at, each in enumerate(replicas)))
    assert len(set(keys)) == 1 and await replicas[0].keep_key("another") == keys[0]
