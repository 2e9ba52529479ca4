"""Health checks: asked, shown in one message, and watched."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.intents import Asking, Probe
from bot.learned import Met, Probed, Reading
from bot.timeline import Kind
from tests.support.seen import Seen
from tests.support.service import Service
from tests.support.story import ROOM, card, declared, last, posts, tell, town_with
from tests.support.town import ANA, BO, FRIDAY, Side, Town

FIVE = timedelta(minutes=5)


@pytest.fixture
async def backend() -> AsyncIterator[Service]:
    """A service of component checkout."""
    async with Service() as made:
        yield made


@pytest.fixture
async def compute() -> AsyncIterator[Service]:
    """A service of component search."""
    async with Service() as made:
        yield made


@pytest.fixture
async def town(tmp_path: Path, platform: str, backend: Service, compute: Service) -> AsyncIterator[Town]:
    """A town whose playbook names two checks."""
    checks = (
        backend.check("backend", title="Backend", components=("checkout",), timeout="1s"),
        compute.check("compute", title="Compute", components=("search",), contains="well"),
    )
    asked = {"checks": checks, "allowed_hosts": ("127.0.0.1",), "components": ("checkout", "search", "mail")}
    async with town_with(tmp_path, (platform,), **asked) as made:
        yield made


def shown(side: Side) -> list[Seen]:
    """The messages that show what the checks answered."""
    return [one for one in posts(side) if "Check again" in one.buttons]


def answers(side: Side) -> str:
    """What stands in the one that there is."""
    (one,) = shown(side)
    return one.text.replace("**", "")


async def test_check_shows_all_answers_in_one_message_that_is_edited_on_the_next_run(
    town: Town, side: Side, backend: Service, compute: Service
) -> None:
    await declared(town, side)
    before = len(posts(side))
    assert "Asking 2 health checks." in await tell(town, side, ANA, "check")
    assert "✓ Backend · 200 in" in answers(side) and "✓ Compute · 200 in" in answers(side)
    assert "Health checks" not in card(side).text

    backend.status, compute.body = 503, b"broken"
    town.clock.forward(FIVE)
    assert "Asking" in await tell(town, side, BO, "checks")
    text = answers(side)
    assert "✗ Backend · 503 in" in text and "expected a 2xx" in text and "“well” does not stand in it" in text
    assert "✗ Backend: 503" in card(side).text and "✗ Compute" in card(side).text
    assert any("✗ Backend: 503" in told for told in side.private(BO)), "the message may be far up"
    assert len(posts(side)) == before + 1 and len(shown(side)) == 1
    entries = [link.entry.text for link in await town.timeline() if link.entry.kind is Kind.CHECK]
    assert len(entries) == 2 and "✓ Backend: 200" in entries[0] and "✗ Backend: 503" in entries[1]
    known = (await town.incident()).progress.checks
    assert known["backend"].since == FRIDAY + FIVE and not known["backend"].ok


async def test_only_the_checks_of_the_component_are_asked_and_any_by_name(
    town: Town, side: Side, backend: Service, compute: Service
) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "component checkout")
    assert "Asking 1 health check." in await tell(town, side, ANA, "check")
    assert "Compute" not in answers(side) and compute.heard == []
    await tell(town, side, ANA, "check compute")
    assert "✓ Compute" in answers(side) and len(backend.heard) == len(compute.heard) == 1
    await tell(town, side, ANA, "component mail")
    assert "No health check belongs to this component." in await tell(town, side, ANA, "check")


async def test_a_name_that_no_check_has_is_told_to_its_author_with_those_there_are(town: Town, side: Side) -> None:
    await declared(town, side)
    before = posts(side)
    told = await tell(town, side, ANA, "check backend database")
    assert "There is no health check “database”. There are backend, compute" in told
    assert posts(side) == before and (await town.incident()).progress.checked == 0


async def test_a_playbook_without_checks_says_where_they_would_stand(tmp_path: Path, platform: str) -> None:
    async with town_with(tmp_path, (platform,)) as town:
        side = town.sides[platform]
        await declared(town, side)
        for words in ("check", "watch", "check backend"):
            assert "names no health checks" in await tell(town, side, ANA, words)


async def test_the_button_asks_again_and_its_message_is_the_answer(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "check")
    backend.status = 500
    before = len(side.private(BO))
    await side.taps(BO, "Check again", shown(side)[0], room=ROOM)
    await town.settle()
    assert "✗ Backend · 500" in answers(side)
    assert not any("✗ Backend" in told for told in side.private(BO)[before:])


async def test_what_is_not_public_is_refused_unless_the_playbook_allows_it(
    tmp_path: Path, platform: str, backend: Service
) -> None:
    async with town_with(tmp_path, (platform,), checks=(backend.check(title="Backend"),)) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "check")
        assert "127.0.0.1, which is not public, and not one of the allowed hosts" in answers(side)
        assert backend.heard == []


async def test_a_watch_speaks_only_when_a_check_changes(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    told = await tell(town, side, ANA, "watch every 1m")
    assert "2 health checks asked every 1m; I speak when one changes." in told
    count, text = len(posts(side)), answers(side)
    assert "Asked every 1m" in text
    for _ in range(5):
        await town.forward(minutes=1)
    assert len(backend.heard) == 6 and len(posts(side)) == count and answers(side) == text

    backend.status = 500
    for _ in range(3):
        await town.forward(minutes=1)
    assert len(posts(side)) == count + 1
    assert "✗ Backend is red: 500 in" in last(side).text and "✗ Backend: 500" in card(side).text
    backend.status = 200
    await town.forward(minutes=1)
    assert len(posts(side)) == count + 2 and "✓ Backend is green again after 3m: 200 in" in last(side).text
    assert "✓ Backend" in answers(side) and "Health checks" not in card(side).text

    assert "I ask them no more." in await tell(town, side, BO, "watch stop")
    asked = len(backend.heard)
    await town.forward(minutes=5)
    assert len(backend.heard) == asked and "Asked every" not in answers(side)


async def test_nobody_is_asked_more_often_than_every_half_minute(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "I can ask every 30s at most" in await tell(town, side, ANA, "watch every 10s")
    assert "is not a duration" in await tell(town, side, ANA, "watch every now and then")
    assert "asked every 30s" in await tell(town, side, ANA, "watch 30s")


async def test_a_watch_ends_with_the_incident_and_does_not_begin_anew_by_itself(
    town: Town, side: Side, backend: Service
) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "watch")
    await tell(town, side, ANA, "resolve a restart")
    asked = len(backend.heard)
    await town.forward(minutes=3)
    await tell(town, side, ANA, "reopen")
    await town.forward(minutes=3)
    assert len(backend.heard) == asked and (await town.incident()).progress.watching is None
    await tell(town, side, ANA, "cancel")
    assert "/incident reopen" in await tell(town, side, ANA, "check")


async def test_a_service_that_has_not_answered_yet_is_not_asked_again(
    town: Town, side: Side, backend: Service, compute: Service
) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "watch 30s")
    compute.held = held = asyncio.Event()
    town.clock.forward(timedelta(seconds=30))
    await town.bot.bell.ring()
    town.clock.forward(timedelta(seconds=30))
    await town.bot.bell.ring()
    town.clock.forward(timedelta(seconds=30))
    await town.bot.bell.ring()
    held.set()
    await town.settle()
    assert (await town.incident()).progress.checked == 2
    await town.forward(seconds=30)
    assert (await town.incident()).progress.checked == 3


async def test_a_watch_goes_on_after_a_restart(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "watch")
    await town.bot.stop()
    backend.status = 500
    town.clock.forward(FIVE)
    await town.start_bot("two")
    await town.settle()
    assert "✗ Backend is red: 500" in last(side).text


async def test_answers_that_are_brought_back_twice_are_noted_once(town: Town, side: Side) -> None:
    await declared(town, side)
    checks = town.playbook.checks
    probe = Probe(run=1, checks=checks, why=Asking.CHECK, asked_at=FRIDAY)
    told = {check.name: Reading(met=Met.ANSWER, status=200, seconds=0.1) for check in checks}
    for _ in range(2):
        await town.bot.desk.learn(Probed(key="health:1/probe/1", incident=1, probe=probe, readings=told))
    await town.settle()
    assert len([link for link in await town.timeline() if link.entry.kind is Kind.CHECK]) == 1
    gone = Probed(key="health:9/probe/1", incident=9, probe=probe, readings=told)
    await town.bot.desk.learn(gone)


async def test_two_people_ask_at_once_and_one_message_stands(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    await asyncio.gather(side.says(ANA, "check", room=ROOM), side.says(BO, "check", room=ROOM))
    await town.settle()
    progress = (await town.incident()).progress
    assert progress.checked == progress.answered == len(backend.heard) == 2
    page = town.metrics.page([], await town.bot.ledger.backlog(), now=0).decode()
    assert 'tocsin_platform_calls_total{method="probe",platform="health",result="done"} 2.0' in page
    assert "✓ Backend" in answers(side)


@pytest.mark.parametrize("platform", ["slack"])
async def test_a_crash_between_the_question_and_its_answer_asks_again_and_notes_it_once(
    town: Town, side: Side, backend: Service
) -> None:
    await declared(town, side)
    backend.held = asyncio.Event()
    await side.says(ANA, "check backend", room=ROOM)
    while not backend.heard:
        await asyncio.sleep(0.01)
    await town.bot.delivery.stop(within=0)
    await town.bot.stop()
    backend.held = None
    await town.start_bot("two")
    await town.settle()  # the lease of the one that went away runs out first: ten seconds
    assert len(backend.heard) == 2 and "✓ Backend" in answers(side)
    assert len([link for link in await town.timeline() if link.entry.kind is Kind.CHECK]) == 1
