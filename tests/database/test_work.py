"""One transaction: what it saves, and that it saves all of it or nothing."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from adapters.database import Database
from bot.chain import verify
from bot.store import Change
from tests.database.build import ANA, BEN, NOW, PLAYBOOK, channel, declare, done, note, outage, post


async def test_an_incident_comes_back_as_it_was_saved(database: Database) -> None:
    incident = outage(impact="Nobody can pay ⚡", channel_name="incident-1", fields={"a": "b"})
    number = await declare(database, incident)
    assert incident.number == number
    assert (incident.entries, incident.revision) == (1, 1)
    async with database.work() as work:
        assert await work.incident(number) == incident
    assert await database.reader.incident(number) == incident


async def test_an_unknown_number_is_no_incident(database: Database) -> None:
    async with database.work() as work:
        assert await work.incident(7) is None
        assert await work.number_of("slack", channel="C1") is None
        assert await work.message("slack", ref="1.2") is None
        assert await work.channel_ref(7, "slack") is None
        assert await work.parked(7) is None
    assert await database.reader.incident(7) is None
    assert await database.reader.summary(7) is None


async def test_a_transaction_that_raises_leaves_nothing_behind(database: Database) -> None:
    number = await declare(database)
    with pytest.raises(LookupError):
        async with database.work() as work:
            incident = await work.incident(number)
            assert incident is not None
            await work.save([Change(incident, [note("lost")], [post("lost")])])
            await work.hear_once("event", at=NOW)
            raise LookupError
    assert len(await database.reader.timeline(number)) == 1
    assert await database.ledger("w").backlog() == []
    async with database.work() as work:
        assert await work.hear_once("event", at=NOW)


async def test_what_was_not_loaded_in_this_work_is_not_saved(database: Database) -> None:
    number = await declare(database)
    stale = await database.reader.incident(number)
    assert stale is not None
    with pytest.raises(ValueError, match="without having been loaded"):
        async with database.work() as work:
            await work.save([Change(stale)])


async def test_the_chain_of_a_timeline_is_whole(database: Database) -> None:
    number = await declare(database)
    for text in ("ünï", "zwei\nZeilen", "three"):
        async with database.work() as work:
            incident = await work.incident(number)
            assert incident is not None
            at = NOW.replace(microsecond=123456)
            await work.save([Change(incident, [note(text, at=at), note(text + "!")])])
    saved = await database.reader.incident(number)
    assert saved is not None
    links = [link async for link in database.reader.chain(number)]
    assert [link.seq for link in links] == list(range(1, 8))
    assert verify(links, length=saved.entries, head=saved.head) is None


async def test_a_batch_keeps_its_incidents_apart(database: Database) -> None:
    numbers = [await declare(database) for _ in range(5)]
    async with database.work() as work:
        incidents = [incident for number in numbers if (incident := await work.incident(number))]
        for incident in incidents:
            incident.impact = f"impact of {incident.name}"
        due = NOW + timedelta(minutes=1)
        changes = [Change(each, [note(f"about {each.name}")], [post(f"p{each.number}")], due) for each in incidents]
        await work.save(changes)
    for number in numbers:
        saved = await database.reader.incident(number)
        assert saved is not None
        assert saved.impact == f"impact of #{number}"
        links = await database.reader.timeline(number)
        assert links[-1].entry.text == f"about #{number}"
        assert verify(links, length=saved.entries, head=saved.head) is None
    claims = await database.ledger("w").claim("slack", limit=10)
    assert {(claim.incident, claim.key) for claim in claims} == {(number, f"p{number}") for number in numbers}


async def test_an_event_is_heard_once(database: Database) -> None:
    async with database.work() as work:
        assert await work.hear_once("slack:Ev1", at=NOW)
        assert not await work.hear_once("slack:Ev1", at=NOW)
    async with database.work() as work:
        assert not await work.hear_once("slack:Ev1", at=NOW)
        assert await work.hear_once("slack:Ev2", at=NOW)


async def test_due_incidents_come_earliest_first_and_only_when_due(database: Database) -> None:
    late, soon, later, never = [
        await declare(database, next_due_at=None if minutes is None else NOW + timedelta(minutes=minutes))
        for minutes in (-10, -5, 5, None)
    ]
    assert await database.reader.next_due_at() == NOW - timedelta(minutes=10)
    async with database.work() as work:
        assert [each.number for each in await work.due(NOW, limit=10)] == [late, soon]
        assert [each.number for each in await work.due(NOW, limit=1)] == [late]
        assert [each.number for each in await work.due(NOW + timedelta(hours=1), limit=9)] == [late, soon, later]
    assert never


async def test_names_go_on_counting_where_they_are_taken(database: Database) -> None:
    async def named(base: str) -> str:
        async with database.work() as work:
            name = await work.free_name(base)
            incident = outage(channel_name=name)
            await work.enter(incident)
            await work.save([Change(incident)])
            return name

    names = [await named("incident-2026-11-20") for _ in range(12)]
    assert names[:3] == ["incident-2026-11-20", "incident-2026-11-20-2", "incident-2026-11-20-3"]
    assert names[-1] == "incident-2026-11-20-12"
    assert await named("incident-2026-11-20-2") == "incident-2026-11-20-2-2"


async def test_two_names_in_one_work_differ(database: Database) -> None:
    async with database.work() as work:
        assert [await work.free_name("inc"), await work.free_name("inc")] == ["inc", "inc-2"]


async def test_words_are_parked_for_their_author(database: Database) -> None:
    async with database.work() as work:
        id = await work.park("declare checkout", actor=ANA, at=NOW)
    async with database.work() as work:
        parked = await work.parked(id)
    assert parked is not None
    assert (parked.id, parked.words, parked.actor) == (id, "declare checkout", "ana")


async def test_a_playbook_is_kept_once_and_comes_back(database: Database) -> None:
    for _ in range(2):
        async with database.work() as work:
            await work.keep_playbook(PLAYBOOK, at=NOW)
    assert await database.reader.playbook("small", PLAYBOOK.version) == PLAYBOOK
    assert await database.reader.playbook("small", "other") is None


async def test_where_somebody_stopped_looking_is_remembered_and_never_goes_back(database: Database) -> None:
    number = await declare(database)
    async with database.work() as work:
        assert await work.looked(number, person="ana", seq=3) == 0
        assert await work.looked(number, person="ana", seq=9) == 3
        assert await work.looked(number, person="ana", seq=5) == 9
        assert await work.looked(number, person="ana", seq=5) == 9
        assert await work.looked(number, person="ben", seq=1) == 0


async def test_channels_and_messages_lead_back_to_their_incident(database: Database) -> None:
    number = await declare(database, None, channel(), post("hello"))
    ledger = database.ledger("w")
    opened = await ledger.claim("slack", limit=9)
    await ledger.finish(done(await ledger.finish(done(opened))))
    async with database.work() as work:
        assert await work.number_of("slack", channel=f"{number}:channel") == number
        assert await work.number_of("slack", channel=f"{number}:hello") is None
        assert await work.message("slack", ref=f"{number}:hello") == (number, "hello")
        assert await work.message("discord", ref=f"{number}:hello") is None
        assert await work.channel_ref(number, "slack") == f"{number}:channel"
    assert await database.reader.number_of("slack", channel=f"{number}:channel") == number
    assert await database.reader.message("slack", ref=f"{number}:hello") == (number, "hello")


async def test_recent_open_incidents_come_newest_first(database: Database) -> None:
    old = await declare(database, outage(declared_at=NOW - timedelta(hours=9)))
    first = await declare(database, outage("First", declared_at=NOW - timedelta(minutes=9)))
    second = await declare(database, outage("Second"))
    await declare(database, outage("Over", stage="closed", status="closed"))
    async with database.work() as work:
        recent = await work.recent_open(NOW - timedelta(hours=4), limit=5)
        assert [each.number for each in recent] == [second, first]
        assert len(await work.recent_open(NOW - timedelta(hours=10), limit=2)) == 2
    assert old


async def test_changes_side_by_side_lose_nothing(database: Database) -> None:
    number = await declare(database)

    async def add(text: str) -> None:
        async with database.work() as work:
            incident = await work.incident(number)
            assert incident is not None
            incident.fields[text] = text
            await work.save([Change(incident, [note(text)])])

    async with asyncio.TaskGroup() as group:
        for place in range(30):
            group.create_task(add(str(place)))
    saved = await database.reader.incident(number)
    assert saved is not None
    assert len(saved.fields) == 30
    links = [link async for link in database.reader.chain(number)]
    assert verify(links, length=31, head=saved.head) is None
    assert all(one.hash == two.before for one, two in pairwise(links))


async def test_private_incidents_keep_their_members_up_to_date(database: Database) -> None:
    number = await declare(database, outage(private=True))
    assert [each.number for each in await database.reader.open(ANA)] == [number]
    assert await database.reader.open(BEN) == []
    async with database.work() as work:
        incident = await work.incident(number)
        assert incident is not None
        incident.responders = {"ben": BEN}
        await work.save([Change(incident)])
    assert await database.reader.open(ANA) == []
    assert [each.number for each in await database.reader.open(BEN)] == [number]
