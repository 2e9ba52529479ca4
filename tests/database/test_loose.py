"""What belongs to no incident: posts and their edits in order, whoever works on them and whoever dies."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # ships no types
import pytest

from adapters.database import Database
from adapters.database.ledger import SqlLedger
from adapters.web.metrics import Metrics
from bot.delivery import Delivery
from bot.errors import Refused
from bot.ledger import Done, GivenUp, Later
from bot.ports import Found, Job
from bot.store import Change, Owed
from tests.database.build import (
    PATIENCE,
    declare,
    deliver,
    done,
    edit,
    keys,
    notice,
    outage,
    pin,
    tracked,
    until,
)
from tests.database.conftest import Opening
from tests.database.test_stopping import Silent
from tests.database.test_together import waits_for_a_lock
from tests.support.postgres import PostgresServer


def told(name: str = "alert/1/1", **more: Any) -> Owed:
    """The bot's message about an alert."""
    return notice(name, stream=name, **more)


def retold(turn: int, name: str = "alert/1/1") -> Owed:
    """Its edit."""
    return edit(f"{name}/edit/{turn}", name, stream=name, replaces=True)


async def owe(database: Database, *owed: Owed) -> None:
    """Owe these in a transaction of their own."""
    async with database.work() as work:
        await work.owe(owed)


async def test_an_edit_waits_for_its_message_and_then_knows_it(database: Database) -> None:
    await owe(database, told(), retold(1))
    ledger = database.ledger("w")
    posts = await ledger.claim("slack", limit=9)
    assert keys(posts) == ["alert/1/1"]
    (edited,) = await ledger.finish([Done(posts[0], "C1:1.2")])
    assert (edited.key, edited.incident, edited.refs) == ("alert/1/1/edit/1", None, {"alert/1/1": "C1:1.2"})
    assert await ledger.finish(done([edited])) == []
    assert await ledger.backlog() == []


async def test_an_edit_that_is_owed_long_after_finds_its_message(database: Database) -> None:
    await owe(database, told())
    await owe(database, told("alert/2/1"))
    assert await deliver(database.ledger("w")) == ["alert/1/1", "alert/2/1"]
    await owe(database, retold(1), retold(1, "alert/2/1"))
    claims = await database.ledger("v").claim("slack", limit=9)
    assert [claim.refs for claim in claims] == [{"alert/1/1": "None:alert/1/1"}, {"alert/2/1": "None:alert/2/1"}]


async def test_an_edit_that_is_owed_while_its_message_is_being_posted_waits(database: Database) -> None:
    await owe(database, told())
    ledger = database.ledger("w")
    (posting,) = await ledger.claim("slack", limit=9)
    await owe(database, retold(1))
    assert await ledger.claim("slack", limit=9) == []
    await ledger.finish([Later(posting, timedelta(0), "ratelimited")])
    (posting,) = await ledger.claim("slack", limit=9)
    assert keys(await ledger.finish([Done(posting, "C1:1.2")])) == ["alert/1/1/edit/1"]


async def test_a_newer_edit_takes_the_place_of_those_that_nobody_began(database: Database) -> None:
    await owe(database, told(), retold(1))
    await owe(database, retold(2))
    await owe(database, retold(3), notice("by the way"))
    ledger = database.ledger("w")
    first = await ledger.claim("slack", limit=9)
    assert keys(first) == ["alert/1/1", "by the way"]
    begun = await ledger.finish(done(first))
    assert keys(begun) == ["alert/1/1/edit/3"]
    await owe(database, retold(4))
    assert await ledger.claim("slack", limit=9) == []
    assert keys(await ledger.finish(done(begun))) == ["alert/1/1/edit/4"]


async def test_streams_wait_for_no_other_stream_nor_for_the_same_one_elsewhere(database: Database) -> None:
    elsewhere = Owed("alert/1/1", "discord", told().intent, stream="alert/1/1")
    await owe(database, told(), retold(1), told("alert/2/1"), elsewhere)
    number = await declare(database, None, notice("of an incident", stream="alert/1/1"))
    claims = await database.ledger("w").claim("slack", limit=9)
    assert keys(claims) == ["alert/1/1", "alert/2/1", "of an incident"]
    assert [claim.incident for claim in claims] == [None, None, number]
    assert keys(await database.ledger("w").claim("discord", limit=9)) == ["alert/1/1"]


async def test_what_was_owed_before_is_not_owed_again_and_holds_nothing_up(database: Database) -> None:
    await owe(database, told(), told())
    ledger = database.ledger("w")
    assert await deliver(ledger) == ["alert/1/1"]
    await owe(database, told(), retold(1))
    assert await deliver(ledger) == ["alert/1/1/edit/1"]
    await owe(database, told(), retold(1), retold(2))
    assert await deliver(ledger) == ["alert/1/1/edit/2"]


async def test_a_post_that_is_given_up_leaves_its_edits_nothing_to_stand_at(database: Database) -> None:
    await owe(database, told(), retold(1))
    ledger = database.ledger("w")
    (posting,) = await ledger.claim("slack", limit=9)
    (freed,) = await ledger.finish([GivenUp(posting, "not_in_channel")])
    assert (freed.key, freed.refs) == ("alert/1/1/edit/1", {})


async def test_a_message_may_be_pinned_and_answered_too(database: Database) -> None:
    await owe(database, told(), pin("pin", "alert/1/1", stream="alert/1/1"))
    ledger = database.ledger("w")
    (pinned,) = await ledger.finish(done(await ledger.claim("slack", limit=9)))
    assert (pinned.key, pinned.refs) == ("pin", {"alert/1/1": "None:alert/1/1"})


async def test_it_is_owed_in_the_transaction_that_saves_incident_and_alert(database: Database) -> None:
    async with database.work() as work:
        incident = outage()
        number = await work.enter(incident)
        await work.save([Change(incident, [], [notice("card", stream="card")])])
        one = tracked("disk", incident=number)
        await work.alerts.save([one])
        await work.owe([told(f"alert/{one.id}/1")])
    assert keys(await database.ledger("w").claim("slack", limit=9)) == ["card", f"alert/{one.id}/1"]


async def test_what_fails_owes_nothing(database: Database) -> None:
    with pytest.raises(Refused):
        async with database.work() as work:
            await work.owe([told(), retold(1)])
            raise Refused("no")
    assert await database.ledger("w").backlog() == []


async def test_a_worker_that_dies_between_post_and_edit_leaves_both_to_the_next(url: str, opening: Opening) -> None:
    database = await opening(url, lease=timedelta(milliseconds=200))
    await owe(database, told(), retold(1))
    dead, heir = database.ledger("dead"), database.ledger("heir")
    (posting,) = await dead.claim("slack", limit=9)
    (again,) = await until(lambda: heir.claim("slack", limit=9))
    assert (again.id, again.look_first) == (posting.id, True)
    (lost,) = await heir.finish([Done(again, "C1:1.2")])
    assert await dead.finish([Done(posting, "C1:9.9")]) == []
    (taken,) = await until(lambda: dead.claim("slack", limit=9))
    assert (taken.id, taken.look_first, taken.refs) == (lost.id, True, {"alert/1/1": "C1:1.2"})


async def test_owing_and_finishing_at_once_leave_nothing_behind(url: str, opening: Opening) -> None:
    replicas = [await opening(url) for _ in range(2)]
    names = [f"alert/{place}/1" for place in range(4)]
    saved = asyncio.Event()

    async def owe_more(name: str, database: Database) -> None:
        await owe(database, told(name))
        for turn in range(12):
            await owe(database, edit(f"{name}/edit/{turn}", name, stream=name, replaces=turn % 3 == 0))

    async def work_off(ledger: SqlLedger) -> list[str]:
        order: list[str] = []
        while not (saved.is_set() and await ledger.backlog() == []):
            claims = await ledger.claim("slack", limit=3)
            while claims:
                assert all(claim.intent.needs() == claim.refs.keys() for claim in claims)
                order += keys(claims)
                claims = await ledger.finish(done(claims))
            await asyncio.sleep(0)
        return order

    async with asyncio.timeout(4 * PATIENCE):
        workers = [asyncio.create_task(work_off(one.ledger(f"w{place}"))) for place, one in enumerate(replicas * 2)]
        await asyncio.gather(*(owe_more(name, replicas[place % 2]) for place, name in enumerate(names)))
        saved.set()
        orders = await asyncio.gather(*workers)
    done_keys = [key for order in orders for key in order]
    assert len(set(done_keys)) == len(done_keys)
    for name in names:
        assert {name, f"{name}/edit/11"} <= set(done_keys)


async def test_finishing_waits_for_whoever_is_owing_an_edit(
    postgres_server: PostgresServer, postgres_url: str, opening: Opening
) -> None:
    """The edit is being saved, not committed, while its message is done: it must not be left waiting for it."""
    first, second = await opening(postgres_url), await opening(postgres_url)
    await owe(first, told())
    ledger = second.ledger("w")
    claims = await ledger.claim("slack", limit=9)
    async with first.work() as work:
        await work.owe([retold(1)])
        finishing = asyncio.create_task(ledger.finish([Done(claims[0], "C1:1.2")]))
        await waits_for_a_lock(finishing, postgres_server, postgres_url)
    (edited,) = await finishing
    assert edited.refs == {"alert/1/1": "C1:1.2"}


async def test_an_edit_that_is_just_being_claimed_is_not_dropped(
    postgres_server: PostgresServer, postgres_url: str, opening: Opening
) -> None:
    database = await opening(postgres_url)
    await owe(database, told())
    await deliver(database.ledger("w"))
    await owe(database, retold(1))
    claiming = await asyncpg.connect(postgres_url)
    transaction = claiming.transaction()
    await transaction.start()
    await claiming.execute(
        "UPDATE owed SET claimed_by = 'w', claimed_until = now() + interval '9s', fence = 1 WHERE done_at IS NULL"
    )
    owing = asyncio.create_task(owe(database, retold(2)))
    await waits_for_a_lock(owing, postgres_server, postgres_url)
    await transaction.commit()
    await claiming.close()
    await owing
    assert await database.ledger("v").claim("slack", limit=9) == []
    assert [one.depth for one in await database.ledger("v").backlog()] == [2]


class Willing:
    """A platform that does all it is asked, and notes it."""

    name = "slack"
    ready = connected = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def perform(self, job: Job) -> str | None:
        """Do it."""
        self.asked.append((job.key, dict(job.refs)))
        return f"C1:{job.key}"

    async def find(self, job: Job) -> Found | None:
        """Nothing stands."""
        return None


async def test_the_delivery_posts_and_edits_and_sends_no_edit_of_what_was_given_up(database: Database) -> None:
    ledger = database.ledger("w")
    await owe(database, told("alert/2/1"))
    await ledger.finish([GivenUp(claim, "refused") for claim in await ledger.claim("slack", limit=9)])
    await owe(database, told(), retold(1), retold(1, "alert/2/1"))
    platform = Willing()
    delivery = Delivery(ledger=ledger, platforms={"slack": platform}, feedback=Silent(), meter=Metrics())
    running = asyncio.create_task(delivery.run())

    async def all_done() -> bool:
        return await ledger.backlog() == []

    async with asyncio.timeout(PATIENCE):
        await until(all_done)
        await owe(database, retold(2), retold(2, "alert/2/1"))
        delivery.wake()
        await until(all_done)
        await delivery.stop()
        await running
    stands = {"alert/1/1": "C1:0/alert/1/1"}
    assert platform.asked == [
        ("0/alert/1/1", {}),
        ("0/alert/1/1/edit/1", stands),
        ("0/alert/1/1/edit/2", stands),
    ]
