"""Linked accounts and codes, as they are kept."""

import asyncio
from datetime import timedelta

from adapters.database import Database
from bot.accounts import Account
from bot.people import Person, stranger
from tests.database.build import NOW, declare, outage

HERE, THERE = Account("slack", "U1", "slack:U1", "ana"), Account("discord", "11", "slack:U1", "Ana Reyes")
SOON = NOW + timedelta(minutes=15)


async def link(database: Database, *accounts: Account) -> None:
    """Keep these as one person's."""
    async with database.work() as work:
        await work.accounts.link(accounts, at=NOW)


async def test_from_one_account_all_of_them_are_found(database: Database) -> None:
    await link(database, HERE, THERE)
    await link(database, Account("slack", "U2", "slack:U2", "bo"))
    assert await database.reader.accounts("slack", ["U1"]) == [THERE, HERE]
    assert await database.reader.accounts("discord", ["11", "12"]) == [THERE, HERE]
    assert len(await database.reader.accounts("slack", ["U1", "U2", "U3"])) == 3
    assert await database.reader.accounts("discord", ["U1"]) == []
    async with database.work() as work:
        assert await work.accounts.of("discord", ["11"]) == [THERE, HERE]
        await work.accounts.unlink("slack:U1")
    assert await database.reader.accounts("slack", ["U1", "U2"]) == [Account("slack", "U2", "slack:U2", "bo")]


async def test_an_account_is_one_persons_at_a_time(database: Database) -> None:
    await link(database, HERE, THERE)
    again = Account("discord", "11", "ana", "Ana")
    await link(database, Account("slack", "U1", "ana", "ana"), again)
    assert [one.person for one in await database.reader.accounts("discord", ["11"])] == ["ana", "ana"]


async def test_a_code_is_the_latest_of_its_account_until_it_runs_out_or_is_used(database: Database) -> None:
    async with database.work() as work:
        await work.accounts.give_code("old", HERE, until=SOON)
        await work.accounts.give_code("new", HERE, until=SOON)
    async with database.work() as work:
        given = await work.accounts.code("new", now=NOW)
        assert given is not None and (given.platform, given.handle, given.name) == ("slack", "U1", "ana")
        assert await work.accounts.code("old", now=NOW) is None
        assert await work.accounts.code("new", now=SOON) is None
        await work.accounts.link([HERE, THERE], at=NOW)
        assert await work.accounts.code("new", now=NOW) is None


async def test_a_code_that_two_type_at_once_links_one_of_them(database: Database) -> None:
    async with database.work() as work:
        await work.accounts.give_code("code", HERE, until=SOON)

    async def typed(handle: str) -> bool:
        async with database.work() as work:
            if await work.accounts.code("code", now=NOW) is None:
                return False
            await work.accounts.link([HERE, Account("discord", handle, "slack:U1", handle)], at=NOW)
            return True

    assert sorted(await asyncio.gather(typed("11"), typed("12"))) == [False, True]
    assert len(await database.reader.accounts("slack", ["U1"])) == 2


async def test_wrong_codes_count_for_a_while_then_anew(database: Database) -> None:
    async with database.work() as work:
        for minute in range(3):
            now = NOW + timedelta(minutes=minute)
            await work.accounts.typed_wrong("slack", "U1", now=now, until=now + timedelta(minutes=15))
        assert await work.accounts.wrong_codes("slack", "U1", now=NOW + timedelta(minutes=14)) == 3
        assert await work.accounts.wrong_codes("slack", "U1", now=SOON) == 0
        assert await work.accounts.wrong_codes("slack", "U2", now=NOW) == 0
        await work.accounts.typed_wrong("slack", "U1", now=SOON, until=SOON + timedelta(minutes=15))
        assert await work.accounts.wrong_codes("slack", "U1", now=SOON) == 1


async def test_a_private_incident_is_seen_by_any_account_of_its_members(database: Database) -> None:
    here = stranger("discord", "11", "Ana Reyes")
    number = await declare(database, outage(private=True, responders={here.key: here}))
    linked = Person(key="slack:U1", name="Ana Reyes", handles={"slack": "U1", "discord": "11"})
    for viewer, sees in ((here, True), (linked, True), (stranger("slack", "U1", "ana"), False)):
        assert [one.number for one in await database.reader.open(viewer)] == ([number] if sees else [])
    async with database.work() as work:
        incident = await work.incident(number)
        assert incident is not None and incident.sees(here) and incident.sees(linked)
        assert not incident.sees(stranger("slack", "U1", "ana"))
