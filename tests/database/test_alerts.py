"""The book of alerts: what is known of each, who may change it, and what it costs."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from adapters.database import Database
from bot.alerts.alert import Alert
from bot.alerts.tracked import Answer, Became, Tally, Tracked, begin, hear
from bot.playbook.process import Stage
from bot.store import Change
from tests.database.build import NOW, alert, declare, outage, track, tracked
from tests.database.conftest import Opening
from tests.database.test_together import waits_for_a_lock
from tests.support.postgres import PostgresServer

MINUTE = timedelta(minutes=1)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is sent to a database meanwhile; many rows at once are one statement."""
    said: list[str] = []

    def note(*told: Any) -> None:
        said.append(told[2].partition("\n")[0])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def end(database: Database, number: int) -> None:
    """The incident is over."""
    async with database.work() as work:
        incident = await work.incident(number)
        assert incident is not None
        incident.stage, incident.status = Stage.CLOSED, "closed"
        await work.save([Change(incident)])


async def test_what_is_known_is_known_again_whole(database: Database) -> None:
    number = await declare(database)
    one = tracked(
        "Disk full",
        alert=alert("Disk full", link="https://grafana.example/1", labels={"host": "é"}),
        incident=number,
        became=Became.DECLARED,
        flips=(NOW,),
        severities=("sev1",),
        group="db",
        muted_until=NOW + MINUTE,
        tally=Tally(posted=3, declared=1),
        answers={"slack": Answer(turn=2, under="C1:1.2")},
        stale=True,
    )
    await track(database, one)
    assert one.id > 0 and one.name == f"a{one.id}"
    async with database.work() as work:
        assert await work.alerts.known([one.key, "grafana:unknown"]) == {one.key: one}
        assert await work.alerts.get(one.id) == one
        assert await work.alerts.known([]) == {}
        assert await work.alerts.get(one.id + 1) is None
    assert await database.reader.alerts.get(one.id) == one
    assert await database.reader.alerts.get(one.id + 1) is None


async def test_what_changed_is_saved_over_what_stood(database: Database) -> None:
    await track(database, tracked("disk"), tracked("cpu"))
    async with database.work() as work:
        known = await work.alerts.known(["grafana:cpu", "grafana:disk"])
        known["grafana:disk"].count = 7
        new = tracked("ram")
        await work.alerts.save([new, *known.values()])
        new.count = 3
        await work.alerts.save([new])
    counts = {one.key: one.count for one in await database.reader.alerts.latest()}
    assert counts == {"grafana:disk": 7, "grafana:cpu": 0, "grafana:ram": 3}


async def test_what_was_not_locked_is_not_saved(database: Database) -> None:
    await track(database, one := tracked("disk"))
    async with database.work() as work:
        with pytest.raises(ValueError, match="without having been locked"):
            await work.alerts.save([one])


async def test_whoever_wants_the_same_alert_waits_and_loses_nothing(url: str, opening: Opening) -> None:
    await track(await opening(url), tracked("disk"), tracked("cpu"))

    async def count(database: Database, keys: list[str]) -> None:
        for _ in range(5):
            async with database.work() as work:
                known = await work.alerts.known(keys)
                for one in known.values():
                    one.count += 1
                await work.alerts.save(list(known.values()))

    replicas = [await opening(url) for _ in range(3)]
    keys = ["grafana:disk", "grafana:cpu"]
    await asyncio.gather(*(count(one, order) for one in replicas for order in (keys, keys[::-1])))
    assert [one.count for one in await replicas[0].reader.alerts.latest()] == [30, 30]


async def test_a_group_leads_to_its_newest_open_incident(database: Database) -> None:
    old, new, other = [await declare(database) for _ in range(3)]
    await track(
        database,
        tracked("one", incident=old, group="db"),
        tracked("two", incident=new, group="db"),
        tracked("three", incident=other, group="web"),
        tracked("four", group="db"),
        tracked("five", incident=other, group="db", playbook="another"),
    )
    async with database.work() as work:
        assert await work.alerts.firing_in("db", "small") == new
        assert await work.alerts.firing_in("net", "small") is None
    await end(database, new)
    async with database.work() as work:
        assert await work.alerts.firing_in("db", "small") == old


async def test_what_alerts_declared_of_late_is_open_and_each_incident_named_once(database: Database) -> None:
    early, first, second, joined, over = [await declare(database) for _ in range(5)]
    declared: dict[str, Any] = {"became": Became.DECLARED}
    await track(
        database,
        tracked("early", incident=early, at=NOW - MINUTE, **declared),
        tracked("second", incident=second, **declared),
        tracked("first", incident=first, **declared),
        tracked("first again", incident=first, **declared),
        tracked("joined", incident=joined, became=Became.JOINED),
        tracked("over", incident=over, **declared),
        tracked("another", incident=early, playbook="another", **declared),
    )
    await end(database, over)
    async with database.work() as work:
        assert await work.alerts.declared_since(NOW, "small") == [first, second]


async def test_what_is_to_be_looked_at_again_is_found_when_its_time_has_come(database: Database) -> None:
    """Quiet hours that are over, and rules that ask for some time to pass."""
    await track(
        database,
        tracked("late", look_at=NOW + MINUTE),
        tracked("early", look_at=NOW),
        tracked("at rest"),
        tracked("later", look_at=NOW + 2 * MINUTE),
    )
    async with database.work() as work:
        due = await work.alerts.due(NOW + MINUTE, limit=9)
        assert [one.alert.title for one in due] == ["early", "late"]
        for one in due:
            one.look_at = None
        await work.alerts.save(due)
    async with database.work() as work:
        assert await work.alerts.due(NOW + MINUTE, limit=9) == []


async def test_an_offer_that_stands_behind_another_is_found_by_it(database: Database) -> None:
    """Only what is asked by a message of its own counts as an offer."""
    offered: dict[str, Any] = {"became": Became.OFFERED, "decided_at": NOW}
    await track(database, tracked("first", **offered))
    async with database.work() as work:
        [first] = await work.alerts.offered_since(NOW, "small")
    await track(database, tracked("second", behind=first, **offered), tracked("another", playbook="b", **offered))
    async with database.work() as work:
        assert await work.alerts.offered_since(NOW, "small") == [first]
        assert [one.alert.title for one in await work.alerts.behind(first)] == ["second"]


async def test_a_card_is_stale_until_it_is_shown_and_again_when_more_arrives(database: Database) -> None:
    first, second = [await declare(database) for _ in range(2)]
    await track(
        database,
        tracked("one", incident=second, stale=True),
        tracked("two", incident=second, stale=True, at=NOW + MINUTE),
        tracked("three", incident=first, stale=True),
        tracked("four", incident=first),
        tracked("five", stale=True),
    )
    async with database.work() as work:
        assert await work.alerts.stale(limit=9) == [first, second]
        assert await work.alerts.stale(limit=1) == [first]
        await work.alerts.shown(second)
        shown = await work.alerts.of_incident(second)
        assert [(one.alert.title, one.stale) for one in shown] == [("two", False), ("one", False)]
        assert await work.alerts.stale(limit=9) == [first]
        known = await work.alerts.known(["grafana:one"])
        known["grafana:one"].stale = True
        await work.alerts.save(list(known.values()))
        assert await work.alerts.stale(limit=9) == [first, second]


async def test_whoever_shows_a_card_waits_for_what_just_arrives_and_shows_it_too(
    postgres_server: PostgresServer, postgres_url: str, opening: Opening
) -> None:
    first, second = await opening(postgres_url), await opening(postgres_url)
    number = await declare(first)
    for name in ("b", "a"):  # locked in order of key, whatever the order in the table: nobody waits in a ring
        await track(first, tracked(name, incident=number, stale=True))

    async def show() -> list[int]:
        async with second.work() as work:
            await work.incident(number)
            await work.alerts.shown(number)
            return [one.count for one in await work.alerts.of_incident(number)]

    async with first.work() as work:
        known = await work.alerts.known(["grafana:a"])
        showing = asyncio.create_task(show())
        await waits_for_a_lock(showing, postgres_server, postgres_url)
        more = await work.alerts.known(["grafana:b"])
        for one in (known | more).values():
            one.count = 9
        await work.alerts.save(list((known | more).values()))
    assert await showing == [9, 9]


async def test_an_alert_is_found_by_key_by_link_or_by_words(database: Database) -> None:
    link = "https://grafana.example/alert/1"
    await track(
        database,
        tracked("Café disk full", alert=alert("Café disk full", link=link)),
        tracked("Disk slow", at=NOW + MINUTE),
        tracked("grafana:Disk slow"),
    )
    find = database.reader.alerts.find
    assert [one.alert.title for one in await find("grafana:Disk slow")] == ["Disk slow"]
    assert [one.alert.title for one in await find(f" {link} ")] == ["Café disk full"]
    assert [one.alert.title for one in await find("CAFE disk")] == ["Café disk full"]
    assert [one.alert.title for one in await find("disk", limit=1)] == ["Disk slow"]
    assert await find("disk_") == []
    assert await find(" ") == []


async def test_the_latest_and_the_noisiest_come_first(database: Database) -> None:
    await track(
        database,
        tracked("quiet", at=NOW + MINUTE, tally=Tally(posted=1)),
        tracked("loud", tally=Tally(posted=9)),
        tracked("middling", at=NOW - MINUTE, tally=Tally(posted=5)),
    )
    reader = database.reader.alerts
    assert [one.alert.title for one in await reader.latest()] == ["quiet", "loud", "middling"]
    assert [one.alert.title for one in await reader.noisiest(limit=2)] == ["loud", "middling"]


async def test_those_of_a_playbook_that_arrived_since_a_moment_come_noisiest_first(database: Database) -> None:
    await track(
        database,
        tracked("now", at=NOW, playbook="ours", tally=Tally(posted=1)),
        tracked("loud", at=NOW + MINUTE, playbook="ours", tally=Tally(posted=9)),
        tracked("before", at=NOW - MINUTE, playbook="ours", tally=Tally(posted=99)),
        tracked("theirs", at=NOW + MINUTE, playbook="theirs", tally=Tally(posted=99)),
    )
    reader = database.reader.alerts
    assert [one.alert.title for one in await reader.arrived(NOW, "ours", limit=9)] == ["loud", "now"]
    assert [one.alert.title for one in await reader.arrived(NOW, "ours", limit=1)] == ["loud"]


async def test_how_often_it_came_before_each_day_is_kept(database: Database) -> None:
    days = {NOW.date(): Tally(posted=4), NOW.date() + timedelta(days=1): Tally(posted=7, ignored=1)}
    await track(database, tracked("kept", tally=Tally(posted=9, ignored=1), days=days))
    (kept,) = await database.reader.alerts.latest()
    assert kept.days == days and kept.lately(NOW.date()) == Tally(posted=5, ignored=1)


async def test_three_hundred_alerts_are_a_handful_of_statements(database: Database) -> None:
    def arriving(name: Callable[[int], str]) -> list[Alert]:
        return [alert(f"key {place % 50}", delivery=name(place)) for place in range(300)]

    await take(database)
    for turn in range(2):
        alerts = arriving(lambda place, turn=turn: f"{turn}.{place}")  # type: ignore[misc]  # bound on purpose
        with statements() as said:
            assert await database.inbox.accept(alerts, at=NOW) == 300
        assert len(said) <= 3, said
        with statements() as said:
            await take(database)
        assert len(said) <= 7, said
    counts = {one.count for one in await database.reader.alerts.latest(limit=100)}
    assert counts == {12}
    assert await database.inbox.depth(most=1) == 0


async def take(database: Database) -> list[Tracked]:
    """Take all that waits, hear it, and save it."""
    async with database.work() as work:
        taken = await work.alerts.take(limit=500)
        known = await work.alerts.known({each.alert.key for each in taken})
        for each in taken:
            if each.alert.key not in known:
                known[each.alert.key] = begin(each.alert, now=each.at)
            hear(known[each.alert.key], each.alert, now=each.at, again=MINUTE)
        await work.alerts.save(list(known.values()))
        await work.alerts.done([each.id for each in taken])
    return list(known.values())


async def test_an_alert_may_declare_the_incident_it_belongs_to_in_one_transaction(database: Database) -> None:
    async with database.work() as work:
        incident = outage()
        number = await work.enter(incident)
        await work.save([Change(incident)])
        await work.alerts.save([tracked("disk", incident=number, became=Became.DECLARED)])
    async with database.work() as work:
        (one,) = await work.alerts.of_incident(number)
    assert one.incident == number
