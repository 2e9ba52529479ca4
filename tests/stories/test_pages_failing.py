"""A status page that fails in whatever way leaves the incident unharmed; people are told once, and it catches up."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.test_publishing import process
from tests.support.publishing import PublishedTown
from tests.support.story import ROOM, card, declared, posts, tell
from tests.support.town import ANA, Side, Town, sqlite
from tests.support.wires import Asked, Fault, Wrong

STAGES = ["investigating", "identified", "monitoring", "resolved"]
WORDS = ("status identified a bad deploy", "status monitoring rolled back", "resolve rolled back")


@pytest.fixture
async def it(tmp_path: Path, platform: str) -> AsyncIterator[PublishedTown]:
    """Texts go out at once, to Statuspage and Better Stack."""
    playbook = process(page={"approve": False})
    async with PublishedTown(Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook)) as made:
        yield made


@pytest.fixture
def town(it: PublishedTown) -> Town:
    """Its town."""
    return it.town


def everything(_: Asked) -> bool:
    """Every request."""
    return True


def late(side: Side) -> list[str]:
    """What the channel was told of something that has to wait."""
    here = posts(side) if ROOM in side.rooms() else []
    return [one.text for one in here if "has to wait" in one.text.splitlines()[0]]


async def ended(it: PublishedTown, side: Side) -> None:
    """The incident goes on to its end while Statuspage fails; Better Stack shows all of it."""
    for words in WORDS:
        await side.says(ANA, words, room=ROOM)

    async def shown() -> bool:
        return bool(it.betterstack.seen()) and len(it.betterstack.seen()[0].texts) == len(STAGES)

    await it.town.until(shown)
    assert (await it.town.incident()).status == "resolved"


async def caught_up(it: PublishedTown, side: Side) -> None:
    """Statuspage shows everything in its order, once; nothing is late any more."""
    await it.town.settle()
    (one,) = it.statuspage.incidents
    assert [update["status"] for update in reversed(one["incident_updates"])] == STAGES
    assert it.statuspage.seen()[0].texts == tuple(told.text for told in (await it.publication()).told)
    assert "Still to come" not in card(side).text and not (await it.town.incident()).late
    assert len(late(side)) == 1
    assert (await it.publication()).pages["statuspage"].told == len(STAGES)


@pytest.mark.parametrize("status", [401, 404, 422])
async def test_what_is_refused_is_told_once_and_catches_up_in_order(
    it: PublishedTown, side: Side, tmp_path: Path, status: int
) -> None:
    fault = Fault(Wrong.BEFORE, status, times=10_000, only=everything, said={"error": "no"})
    it.statuspage.faults.append(fault)
    await side.says(ANA, "sev1 checkout is down")

    async def told() -> bool:
        return len(late(side)) == 1

    await it.town.until(told)
    assert "Statuspage has to wait" in late(side)[0] and f"{status} no" in late(side)[0]
    await ended(it, side)
    assert len(it.statuspage.asked) == 1, "what comes after it waits, and nobody is shut out for insisting"
    assert it.statuspage.seen() == [] and len(late(side)) == 1 and "Still to come" in card(side).text

    fault.times = 0
    await it.town.bot.stop()
    with sqlite3.connect(tmp_path / "tocsin.db") as database:
        database.execute("UPDATE owed SET not_before = NULL")  # as if the five minutes had gone by
    it.connect()
    await it.town.start_bot("two")
    await caught_up(it, side)


async def test_a_page_that_is_gone_for_an_hour_catches_up_in_order(it: PublishedTown, side: Side) -> None:
    fault = Fault(Wrong.BEFORE, 503, times=10_000, only=everything)
    it.statuspage.faults.append(fault)
    await side.says(ANA, "sev1 checkout is down")
    await it.town.aged("statuspage", by=9)
    await ended(it, side)

    async def told() -> bool:
        return len(late(side)) == 1

    await it.town.until(told, within=60)
    fault.times = 0
    await it.town.patiently()
    await caught_up(it, side)


@pytest.mark.parametrize("wrong", [Wrong.AFTER, Wrong.LOST, Wrong.SILENT])
async def test_lost_answers_double_nothing(it: PublishedTown, side: Side, wrong: Wrong) -> None:
    for page in (it.statuspage, it.betterstack):
        page.faults += [
            Fault(wrong),
            Fault(wrong, only=lambda asked: "updates" in asked.path or asked.method == "PATCH"),
        ]
    await side.says(ANA, "sev1 checkout is down")
    await it.town.patiently()
    for words in WORDS:
        await side.says(ANA, words, room=ROOM)
        await it.town.patiently()
    (one,) = it.statuspage.incidents
    assert [update["status"] for update in reversed(one["incident_updates"])] == STAGES
    (report,) = it.betterstack.seen()
    assert len(report.texts) == len(set(report.texts)) == len(STAGES)
    assert late(side) == []


async def test_a_rate_limit_is_waited_for_and_said_to_nobody(it: PublishedTown, side: Side) -> None:
    it.statuspage.faults.append(Fault(Wrong.BEFORE, 429, headers={"Retry-After": "1"}))
    await declared(it.town, side)
    await tell(it.town, side, ANA, "status identified")
    assert [len(one.texts) for one in it.statuspage.seen()] == [2] and late(side) == []
