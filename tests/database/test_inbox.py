"""The inbox of alerts: what is accepted is there, once, in order; in both databases, and in memory."""

import asyncio
from datetime import timedelta

import pytest

from adapters.database import Database
from adapters.memory import MemoryInbox
from bot.alerts.alert import Alert, AlertState
from bot.alerts.book import Inbox, Strange
from bot.errors import TryLater
from tests.database.build import NOW, alert
from tests.database.conftest import Opening
from tests.database.test_schema import execute


@pytest.fixture(params=["memory", "database"])
def inbox(request: pytest.FixtureRequest, database: Database) -> Inbox:
    """Each of the inboxes."""
    return MemoryInbox() if request.param == "memory" else database.inbox


async def test_what_was_delivered_before_is_accepted_once(inbox: Inbox) -> None:
    first = alert("disk", delivery="d1")
    assert await inbox.accept([first, alert("cpu", delivery="d2")], at=NOW) == 2
    assert await inbox.accept([alert("ram", delivery="d3"), first], at=NOW) == 1
    assert await inbox.depth(most=100) == 3


async def test_a_delivery_counts_once_within_one_batch_too(inbox: Inbox) -> None:
    assert await inbox.accept([alert("disk", delivery="d1")] * 3, at=NOW) == 1


async def test_one_delivery_may_tell_of_several_alerts_and_of_their_end(inbox: Inbox) -> None:
    told = [
        alert("disk", delivery="d1"),
        alert("cpu", delivery="d1"),
        alert("cpu", delivery="d1", state=AlertState.CLEARED),
        alert("cpu", delivery="d1", source="elsewhere"),
    ]
    assert await inbox.accept(told, at=NOW) == 4
    assert await inbox.accept(told, at=NOW) == 0


async def test_without_a_delivery_s_id_each_counts(inbox: Inbox) -> None:
    assert await inbox.accept([alert("disk"), alert("disk")], at=NOW) == 2
    assert await inbox.accept([], at=NOW) == 0


async def test_the_depth_is_counted_no_further_than_asked(inbox: Inbox) -> None:
    assert await inbox.depth(most=2) == 0
    await inbox.accept([alert("disk")] * 5, at=NOW)
    assert await inbox.depth(most=2) == 2


async def test_of_what_was_not_understood_only_the_latest_is_kept(inbox: Inbox) -> None:
    await inbox.set_aside([], keep=3)
    for place in range(5):
        at = NOW + place * timedelta(minutes=1)
        await inbox.set_aside([Strange("grafana", at, "no JSON", f"{place}.{part}") for part in range(2)], keep=3)
    kept = await inbox.strange()
    assert [one.body for one in kept] == ["4.1", "4.0", "3.1"]
    assert kept[0].at == NOW + timedelta(minutes=4)
    assert [one.body for one in await inbox.strange(limit=1)] == ["4.1"]
    assert len({one.id for one in kept}) == 3


async def test_what_is_accepted_is_read_again_as_it_was_oldest_first(database: Database) -> None:
    one = alert("disk", labels={"host": "böse", "quote": "'\"\\"}, started_at=NOW, delivery="d1", text="a\nb")
    await database.inbox.accept([one, alert("cpu")], at=NOW)
    await database.inbox.accept([alert("ram")], at=NOW + timedelta(seconds=1))
    async with database.work() as work:
        taken = await work.alerts.take(limit=2)
    assert taken[0].alert == one
    assert [(each.alert.title, each.at) for each in taken] == [("disk", NOW), ("cpu", NOW)]


async def test_a_nul_that_one_sender_writes_keeps_nothing_out(database: Database) -> None:
    nul = "a\0b"
    poison = Alert(
        source=nul, key=nul, state=AlertState.FIRING, title=nul, text=nul, labels={nul: nul}, link=f"https://x/{nul}"
    )
    await database.inbox.accept([poison.model_copy(update={"delivery": "d1"}), alert("disk")], at=NOW)
    await database.inbox.set_aside([Strange(nul, NOW, nul, nul)], keep=10)
    async with database.work() as work:
        taken = await work.alerts.take(limit=9)
    assert [(each.alert.title, each.alert.link) for each in taken] == [("ab", ""), ("disk", "")]
    assert [one.body for one in await database.inbox.strange()] == ["ab"]


async def test_what_cannot_be_read_any_more_is_set_aside_and_holds_nothing_up(database: Database, url: str) -> None:
    await database.inbox.accept([alert("disk"), alert("cpu")], at=NOW)
    await execute(url, "UPDATE inbox SET document = '{\"key\": 1}' WHERE id = 1")
    async with database.work() as work:
        assert [each.alert.title for each in await work.alerts.take(limit=9)] == ["cpu"]
    (one,) = await database.inbox.strange()
    assert (one.source, one.at, "key" in one.body) == ("grafana", NOW, True)
    assert await database.inbox.depth(most=9) == 1


async def test_two_who_accept_the_same_deliveries_at_once_store_each_once(url: str, opening: Opening) -> None:
    replicas = [await opening(url) for _ in range(3)]
    alerts = [alert(f"a{place}", delivery=f"d{place}") for place in range(60)]
    stored = await asyncio.gather(
        *(one.inbox.accept(alerts if turn else alerts[::-1], at=NOW) for one in replicas for turn in (0, 1))
    )
    assert sum(stored) == 60
    assert await replicas[0].inbox.depth(most=100) == 60


async def test_a_transaction_that_fails_leaves_all_in_the_inbox(database: Database) -> None:
    await database.inbox.accept([alert("disk")], at=NOW)
    with pytest.raises(TryLater):
        async with database.work() as work:
            await work.alerts.done([each.id for each in await work.alerts.take(limit=9)])
            raise TryLater("a crash")
    assert await database.inbox.depth(most=9) == 1
    async with database.work() as work:
        await work.alerts.done([each.id for each in await work.alerts.take(limit=9)])
    assert await database.inbox.depth(most=9) == 0


async def test_one_at_a_time_takes_and_the_next_sees_what_is_left(postgres_url: str, opening: Opening) -> None:
    first, second = await opening(postgres_url), await opening(postgres_url)
    await first.inbox.accept([alert("disk"), alert("cpu")], at=NOW)
    async with first.work() as mine, second.work() as other:
        taken = await mine.alerts.take(limit=1)
        assert await other.alerts.take(limit=9) == []
        await mine.alerts.done([taken[0].id])
    async with second.work() as other:
        assert [each.alert.title for each in await other.alerts.take(limit=9)] == ["cpu"]
