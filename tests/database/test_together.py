"""Several workers on one database: nothing twice, nothing lost, nobody waiting for ever."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # ships no types
import pytest

from adapters.database import Database
from adapters.database.ledger import SqlLedger
from bot.chain import verify
from bot.store import Change
from tests.database.build import (
    ANA,
    NOW,
    PATIENCE,
    change,
    channel,
    declare,
    done,
    edit,
    keys,
    notice,
    outage,
    pin,
    post,
    until,
)
from tests.database.conftest import Opening
from tests.support.postgres import PostgresServer


@pytest.fixture
async def replicas(postgres_url: str, opening: Opening) -> list[Database]:
    """Three processes' databases on one PostgreSQL."""
    return [await opening(postgres_url) for _ in range(3)]


async def empty(ledger: SqlLedger) -> list[int]:
    """Claim and finish until nothing is left; returns the ids in order."""
    ids: list[int] = []
    while claims := await ledger.claim("slack", limit=7):
        ids += [claim.id for claim in claims]
        ids += [claim.id for claim in await ledger.finish(done(claims))]
    return ids


async def test_replicas_never_claim_the_same(replicas: list[Database]) -> None:
    await declare(replicas[0], None, *(notice(f"say {place}") for place in range(500)))
    ledgers = [database.ledger(f"w{place}") for place, database in enumerate(replicas)]
    claimed = await asyncio.gather(*(empty(ledger) for ledger in ledgers for _ in range(2)))
    counted = Counter(id for ids in claimed for id in ids)
    assert set(counted.values()) == {1}
    await until(lambda: _nothing_owed(replicas[0]))
    assert len(counted) == 500


async def waits_for_a_lock(task: asyncio.Task[Any], server: PostgresServer, url: str) -> None:
    """Return once the task waits inside PostgreSQL for somebody else's transaction; fails if it gets through."""
    blocked = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

    async def settled() -> bool:
        return task.done() or bool(await server.execute(blocked, url=url))

    await until(settled)
    assert not task.done()


async def _nothing_owed(database: Database) -> bool:
    return await database.ledger("anybody").backlog() == []


async def test_readiness_is_right_however_saving_and_finishing_interleave(database: Database) -> None:
    """Dependants are owed all the while their channel and messages are being done: none may be left behind."""
    numbers = [await declare(database, None, channel()) for _ in range(4)]
    saved = asyncio.Event()

    async def owe_more(number: int, part: int) -> None:
        for place in range(5):
            name = f"{part}.{place}"
            await change(database, number, post(f"p{name}"), pin(f"pin{name}", f"p{name}"), notice(f"n{name}"))

    async def work_off(worker: str) -> list[str]:
        ledger, order = database.ledger(worker), []
        while not (saved.is_set() and await _nothing_owed(database)):
            claims = await ledger.claim("slack", limit=5)
            while claims:
                order += keys(claims)
                claims = await ledger.finish(done(claims))
            await asyncio.sleep(0)
        return order

    async with asyncio.timeout(6 * PATIENCE):
        workers = [asyncio.create_task(work_off(f"w{place}")) for place in range(3)]
        await asyncio.gather(*(owe_more(number, part) for number in numbers for part in range(3)))
        saved.set()
        orders = await asyncio.gather(*workers)
    counted = Counter(key for order in orders for key in order)
    assert set(counted.values()) == {len(numbers)}
    assert len(counted) == 1 + 3 * 5 * 3


async def test_finishing_waits_for_whoever_is_saving_what_needs_it(
    replicas: list[Database], postgres_server: PostgresServer, postgres_url: str
) -> None:
    """A pin is being saved, not committed, while its message is done: the pin must not be left waiting for it."""
    number = await declare(replicas[0], None, notice("hello"))
    ledger = replicas[1].ledger("w")
    claims = await ledger.claim("slack", limit=9)
    async with replicas[0].work() as work:
        incident = await work.incident(number)
        assert incident is not None
        await work.save([Change(incident, [], [pin("pin", "hello")])])
        finishing = asyncio.create_task(ledger.finish(done(claims)))
        await waits_for_a_lock(finishing, postgres_server, postgres_url)
    assert keys(await finishing) == ["pin"]


async def test_what_is_just_being_claimed_is_not_dropped(
    replicas: list[Database], postgres_server: PostgresServer, postgres_url: str
) -> None:
    """Seen unclaimed, but its claim commits before it could be dropped: it stays, and its successor waits for it."""
    number = await declare(replicas[0], None, notice("card/1", stream="card"))
    claiming = await asyncpg.connect(postgres_url)
    transaction = claiming.transaction()
    await transaction.start()
    await claiming.execute("UPDATE owed SET claimed_by = 'w', claimed_until = now() + interval '9s', fence = 1")
    newer = notice("card/2", stream="card", replaces=True)
    saving = asyncio.create_task(change(replicas[0], number, newer, pin("pin", "card/1")))
    await waits_for_a_lock(saving, postgres_server, postgres_url)
    await transaction.commit()
    await claiming.close()
    await saving
    rows = await postgres_server.execute("SELECT key, ready FROM owed ORDER BY id", url=postgres_url)
    assert [tuple(row) for row in rows] == [("card/1", True), ("card/2", False), ("pin", False)]


async def test_what_is_claimed_while_it_is_being_replaced_stays(replicas: list[Database]) -> None:
    """Claimed after the saving transaction began: not dropped, and what comes after it waits."""
    number = await declare(replicas[0], None, notice("card"))
    ledger = replicas[1].ledger("w")
    await ledger.finish(done(await ledger.claim("slack", limit=9)))
    await change(replicas[0], number, edit("card/1", "card", stream="card", replaces=True))
    async with replicas[0].work() as work:
        incident = await work.incident(number)
        assert incident is not None
        claims = await ledger.claim("slack", limit=9)
        await work.save([Change(incident, [], [edit("card/2", "card", stream="card", replaces=True)])])
    assert keys(claims) == ["card/1"]
    assert await ledger.claim("slack", limit=9) == []
    assert keys(await ledger.finish(done(claims))) == ["card/2"]


async def test_replacing_and_claiming_at_once_loses_no_last_word(replicas: list[Database]) -> None:
    """Whatever is claimed while newer edits replace it, the newest is always done, and done last."""
    number = await declare(replicas[0], None, notice("card"))
    saved = asyncio.Event()
    order: list[str] = []

    async def work_off(ledger: SqlLedger) -> None:
        while not (saved.is_set() and await _nothing_owed(replicas[0])):
            claims = await ledger.claim("slack", limit=5)
            order.extend(keys(claims))
            await ledger.finish(done(claims), claim=False)
            await asyncio.sleep(0)

    async with asyncio.timeout(4 * PATIENCE):
        workers = [asyncio.create_task(work_off(each.ledger(f"w{at}"))) for at, each in enumerate(replicas)]
        for place in range(60):
            newest = edit(f"card/{place}", "card", stream="card", replaces=True)
            await change(replicas[place % 3], number, newest)
        saved.set()
        await asyncio.gather(*workers)
    assert order[0] == "card"
    assert order[-1] == "card/59"
    places = [int(key.partition("/")[2]) for key in order[1:]]
    assert places == sorted(set(places))


async def test_an_event_that_every_replica_hears_is_acted_on_once(replicas: list[Database]) -> None:
    async def hear(database: Database) -> bool:
        async with database.work() as work:
            return await work.hear_once("slack:Ev1", at=NOW)

    heard = await asyncio.gather(*(hear(database) for database in replicas * 4))
    assert heard.count(True) == 1


async def test_who_hears_it_second_acts_when_the_first_fails(replicas: list[Database]) -> None:
    first, second, _ = replicas
    waiting: asyncio.Task[bool] | None = None

    async def hear() -> bool:
        async with second.work() as work:
            return await work.hear_once("slack:Ev1", at=NOW)

    with pytest.raises(LookupError):
        async with first.work() as work:
            assert await work.hear_once("slack:Ev1", at=NOW)
            waiting = asyncio.create_task(hear())
            raise LookupError
    assert waiting is not None
    assert await waiting


async def test_fifty_incidents_declared_at_once_have_fifty_names(database: Database) -> None:
    async def declare_one() -> str:
        async with database.work() as work:
            incident = outage(channel_name=await work.free_name("incident-2026-11-20"))
            await work.enter(incident)
            await work.save([Change(incident)])
            return incident.channel_name

    names = await asyncio.gather(*(declare_one() for _ in range(50)))
    wanted = ["incident-2026-11-20", *(f"incident-2026-11-20-{place}" for place in range(2, 51))]
    assert sorted(names) == sorted(wanted)


async def test_a_due_incident_is_dealt_with_by_one_replica(replicas: list[Database]) -> None:
    numbers = [await declare(replicas[0], next_due_at=NOW) for _ in range(20)]
    dealt: list[int] = []

    async def deal(database: Database) -> None:
        while True:
            async with database.work() as work:
                incidents = await work.due(NOW, limit=3)
                if not incidents:
                    return
                await work.save([Change(incident, next_due_at=NOW + timedelta(minutes=5)) for incident in incidents])
                dealt.extend(incident.number for incident in incidents)

    await asyncio.gather(*(deal(database) for database in replicas))
    await deal(replicas[0])
    assert sorted(dealt) == numbers


async def test_batches_and_finishes_over_many_incidents_never_lock_each_other_out(replicas: list[Database]) -> None:
    owed = [notice(f"say {place}") for place in range(6)]
    numbers = [await declare(replicas[0], None, *owed, next_due_at=NOW) for _ in range(12)]
    ledgers = [database.ledger(f"w{place}") for place, database in enumerate(replicas)]

    async def save(database: Database, turn: int) -> None:
        async with database.work() as work:
            for incident in await work.due(NOW, limit=50):
                more = edit(f"e{turn}.{incident.number}", "say 0", stream="card", replaces=True)
                await work.save([Change(incident, [], [more], NOW)])

    async def keep(ledger: SqlLedger) -> None:
        while claims := await ledger.claim("slack", limit=20):
            held, given_back = claims[::2], claims[1::2]
            await asyncio.gather(ledger.renew(claims), ledger.release(given_back), ledger.finish(done(held)))

    async with asyncio.timeout(4 * PATIENCE), asyncio.TaskGroup() as group:
        for turn in range(15):
            group.create_task(save(replicas[turn % 3], turn))
        for ledger in ledgers:
            group.create_task(keep(ledger))
    assert len(numbers) == 12


async def test_who_is_cancelled_in_the_middle_leaves_the_door_open(database: Database) -> None:
    number = await declare(database, None, notice("one"))
    ledger = database.ledger("w")

    async def busy() -> None:
        while True:
            await change(database, number)
            await ledger.release(await ledger.claim("slack", limit=9))
            await database.reader.open(ANA)

    for turns in range(1, 40, 2):
        tasks = [asyncio.create_task(busy()) for _ in range(4)]
        for _ in range(turns):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(PATIENCE):
        await change(database, number)
    saved = await database.reader.incident(number)
    assert saved is not None
    links = [link async for link in database.reader.chain(number)]
    assert verify(links, length=saved.entries, head=saved.head) is None
