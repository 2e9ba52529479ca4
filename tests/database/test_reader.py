"""What lists and searches show, and to whom."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.database import Database
from bot.playbook.shape import Playbook
from bot.progress import Allowed, Progress
from bot.reader import Counted, Sought, Summary
from bot.store import Change
from bot.timeline import Entry, Kind
from tests.database.build import ANA, BEN, NOW, PLAYBOOK, change, channel, declare, deliver, outage


async def test_open_incidents_come_newest_first_with_their_channels(database: Database) -> None:
    async with database.work() as work:
        await work.keep_playbook(PLAYBOOK, at=NOW)
    old = await declare(database, outage(declared_at=NOW - timedelta(hours=1)), channel())
    new = await declare(database, outage("Search is slow", component="search", channel_name="inc-2"), channel())
    await declare(database, outage(stage="resolved", status="resolved"))
    await deliver(database.ledger("w"))
    listed = await database.reader.open(None)
    assert [each.number for each in listed] == [new, old]
    assert listed[0] == Summary(
        number=new,
        title="Search is slow",
        severity="sev1",
        status="investigating",
        stage=listed[0].stage,
        private=False,
        drill=False,
        component="search",
        declared_at=NOW,
        commander="Ana",
        channel_name="inc-2",
        refs={"slack": f"{new}:channel"},
    )
    assert len(await database.reader.open(None, limit=1)) == 1
    assert await database.reader.summary(new) == listed[0]


async def test_private_incidents_show_to_their_members_only(database: Database) -> None:
    public = await declare(database)
    private = await declare(database, outage(private=True))
    for viewer, seen in ((None, [public]), (BEN, [public]), (ANA, [private, public])):
        assert [each.number for each in await database.reader.open(viewer)] == seen
        assert [each.number for each in await database.reader.find(Sought("checkout"), viewer)] == seen


async def test_what_freezes_production_is_told_to_all_and_a_private_one_without_its_name(database: Database) -> None:
    passes = Allowed(url="https://ci.example/run/7", by="Ana", because="it mitigates", at=NOW)
    frozen = Progress(frozen_at=NOW, frozen_by="Ana", frozen_because="the queue", allowed=(passes,))
    later = Progress(frozen_at=NOW + timedelta(minutes=5))
    await declare(database)
    hidden = await declare(database, outage(private=True, progress=later))
    shown = await declare(database, outage(progress=frozen))
    await declare(database, outage(drill=True, progress=frozen))
    for viewer, seen in ((None, [shown, None]), (BEN, [shown, None]), (ANA, [shown, hidden])):
        found = await database.reader.frozen(viewer)
        assert [one.summary and one.summary.number for one in found] == seen
        assert [one.at for one in found] == [NOW, NOW + timedelta(minutes=5)]
        assert [(one.by, one.because, one.allowed) for one in found] == [("Ana", "the queue", (passes,)), ("", "", ())]

    async with database.work() as work:
        incident = await work.incident(shown)
        assert incident is not None
        incident.progress.frozen_at = None
        await work.save([Change(incident)])
    assert [one.summary for one in await database.reader.frozen(None)] == [None]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("checkout", True),
        ("CHECKOUT eur", True),
        ("cafe", True),
        ("straße", True),
        ("strasse", True),
        ("payments", True),
        ("checkout nothing", False),
        ("100%", True),
        ("1_0", False),
        ("%", True),
        ("#1", True),
        ("1", True),
        ("", True),
        ("\\", False),
    ],
)
async def test_all_words_must_stand_in_it_however_they_are_written(
    database: Database, words: str, *, found: bool
) -> None:
    await declare(database, outage("Checkout at Café down", impact="100% of Strasse EUR", component="payments"))
    assert bool(await database.reader.find(Sought(words), None)) is found


async def say(database: Database, number: int, text: str, *, kind: Kind = Kind.UPDATE) -> None:
    """Put an entry on the timeline."""
    async with database.work() as work:
        incident = await work.incident(number)
        assert incident is not None
        await work.save([Change(incident, [Entry(at=NOW, kind=kind, text=text, by="Ana", actor="ana")])])


async def test_words_of_updates_and_notes_are_found_and_of_nothing_else_that_happened(database: Database) -> None:
    number = await declare(database, outage("Checkout is down", impact="nobody\ncan pay"))
    for kind, said in (
        (Kind.UPDATE, "The Redis pool at Café\nis full"),
        (Kind.NOTE, "deploy 4711 went out"),
        (Kind.DEADLINE, "met in time"),
    ):
        await say(database, number, said, kind=kind)
    await change(database, number)
    for words, found in (
        *(("redis", True), ("cafe full", True), ("4711", True), ("checkout redis deploy", True), ("pay", True)),
        *(("met", False), ("redis search", False)),
    ):
        assert bool(await database.reader.find(Sought(words), None)) is found, words
        assert bool(await database.reader.counted(Sought(words))) is found, words


async def test_what_is_no_longer_known_of_it_is_no_longer_found_and_what_was_said_is(database: Database) -> None:
    number = await declare(database, outage("Checkout is down", fields={"cause": "a leak"}, fix="a restart"))
    await say(database, number, "redis")
    assert await database.reader.find(Sought("leak restart redis"), None)
    async with database.work() as work:
        incident = await work.incident(number)
        assert incident is not None
        incident.title, incident.fields = "Search is down", {}
        await work.save([Change(incident)])
    assert await database.reader.find(Sought("search redis"), None)
    assert not await database.reader.find(Sought("checkout"), None)
    assert not await database.reader.find(Sought("leak"), None)


async def test_of_very_much_that_was_said_the_first_words_are_found(database: Database) -> None:
    number = await declare(database)
    for said in ("first", "x" * 1_490, "last"):
        await say(database, number, said)
    assert await database.reader.find(Sought("first"), None)
    assert not await database.reader.find(Sought("last"), None)


async def test_a_timeline_can_be_read_from_either_end(database: Database) -> None:
    number = await declare(database)
    for _ in range(9):
        await change(database, number)
    assert [link.seq for link in await database.reader.timeline(number, after=3, limit=3)] == [4, 5, 6]
    assert [link.seq for link in await database.reader.timeline(number, limit=3, newest=True)] == [8, 9, 10]
    assert await database.reader.timeline(number + 1) == []


async def test_figures_leave_out_drills_and_private_ones(database: Database) -> None:
    hour, began = timedelta(hours=1), NOW - timedelta(minutes=5)
    times: dict[str, Any] = {
        "began_at": began,
        "acknowledged_at": NOW,
        "mitigated_at": NOW + hour,
        "resolved_at": NOW + 2 * hour,
    }
    await declare(database)
    await declare(database, outage(severity="sev2", status="closed", stage="closed", **times))
    await declare(database, outage(drill=True))
    await declare(database, outage(private=True))
    await declare(database, outage(declared_at=NOW - timedelta(days=90)))
    since = NOW - timedelta(days=30)
    await declare(database, outage(status="cancelled", stage="cancelled", severity="sev3"))
    found = await database.reader.counted(Sought(since=since))
    assert found == [
        Counted("sev1", NOW, NOW, None, None, None),
        Counted("sev2", NOW, began, NOW, NOW + hour, NOW + 2 * hour),
    ]
    assert len(await database.reader.counted(Sought())) == 3
    assert await database.reader.counts() == [
        ("sev1", "investigating", 2),
        ("sev2", "closed", 1),
        ("sev3", "cancelled", 1),
    ]
    assert await database.reader.numbers() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (Sought(severities=frozenset({"sev1"})), [3, 1]),
        (Sought(severities=frozenset({"sev1", "sev2"})), [3, 2, 1]),
        (Sought(severities=frozenset({"sev9"})), []),
        (Sought("SEV2"), [2]),
        (Sought("down sev1"), [1]),
        (Sought(component="PAYMENTS"), [3, 1]),
        (Sought(component="pay"), []),
        (Sought(since=NOW - timedelta(days=1)), [2, 1]),
        (Sought(until=NOW), [3]),
        (Sought(since=NOW, until=NOW + timedelta(microseconds=1)), [2, 1]),
        (Sought("slow", frozenset({"sev1"}), "payments", NOW - timedelta(days=9), NOW), [3]),
        (Sought("' OR 1=1 --", component="x' OR '1'='1"), []),
    ],
)
async def test_incidents_are_sought_by_severity_component_and_time_together(
    database: Database, sought: Sought, found: list[int]
) -> None:
    await declare(database, outage("Checkout is down", component="Payments"))
    await declare(database, outage("Search is down", severity="sev2"))
    await declare(database, outage("Checkout is slow", component="payments", declared_at=NOW - timedelta(days=7)))
    assert [one.number for one in await database.reader.find(sought, None)] == found
    assert len(await database.reader.counted(sought)) == len(found)


async def test_an_empty_database_has_nothing_to_tell(database: Database) -> None:
    await database.reader.ping()
    assert await database.reader.open(ANA) == []
    assert await database.reader.numbers() == []
    assert await database.reader.next_due_at() is None


async def test_the_last_drill_is_the_latest_that_was_not_called_off(database: Database) -> None:
    assert await database.reader.last_drill("small") is None
    await declare(database)
    day = timedelta(days=1)
    held = await declare(database, outage("Drill", drill=True, private=True, stage="closed", declared_at=NOW - day))
    await declare(database, outage("Earlier", drill=True, declared_at=NOW - 9 * day))
    await declare(database, outage("Called off", drill=True, stage="cancelled", status="cancelled"))
    await declare(database, outage("Somebody else's", drill=True, playbook="other"))
    found = await database.reader.last_drill("small")
    assert found is not None and (found.number, found.private, found.declared_at) == (held, True, NOW - day)


async def test_a_kept_playbook_is_read_as_it_was_with_times_that_are_written_from_and_for(database: Database) -> None:
    written = PLAYBOOK.model_dump(exclude={"alerts", "rotations", "people"}) | {
        "people": [{"key": "ana", "name": "Ana"}],
        "rotations": [
            {"name": "oncall", "title": "On call", "people": ["ana"], "starts": "2026-11-02",
             "hours": [{"days": ["sat"], "from": "09:00", "until": "18:00"}],
             "layers": [{"name": "nights", "people": ["ana"], "hours": [{"from": "22:00", "until": "06:00"}]}]}
        ],
        "severities": [{"name": "sev1", "meaning": "bad"}, {"name": "sev2", "meaning": "not so bad"}],
        "alerts": {"quiet": {"from": "22:00", "until": "07:00", "holds": ["sev2"]}},
    }  # fmt: skip
    playbook = Playbook.model_validate(written)
    async with database.work() as work:
        await work.keep_playbook(playbook, at=NOW)
    assert await database.reader.playbook(playbook.name, playbook.version) == playbook
