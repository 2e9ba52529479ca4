"""The quiet period: resolve waits until nothing has gone red for so long."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import quiet
from bot.playbook.process import Stage
from bot.progress import QuietEnd
from tests.support.seen import Seen
from tests.support.service import Service
from tests.support.story import ROOM, act, announcement, card, declared, last, posts, tell, thread, town_with
from tests.support.town import ANA, BO, FRIDAY, Side, Town

FIVE = timedelta(minutes=5)
QUARTER = timedelta(minutes=15)


@pytest.fixture
async def backend() -> AsyncIterator[Service]:
    """The service that is in trouble or not."""
    async with Service() as made:
        yield made


@pytest.fixture
async def town(tmp_path: Path, platform: str, backend: Service) -> AsyncIterator[Town]:
    """A town that wants a quarter of an hour with green health checks."""
    checks = (backend.check(title="Backend", timeout="20s"),)
    gates = ({"quiet": "15m", "checks": True, "severities": ("sev1", "sev2")},)
    async with town_with(tmp_path, (platform,), checks=checks, allowed_hosts=("127.0.0.1",), resolve=gates) as made:
        yield made


def calm(side: Side) -> Seen:
    """The newest message about the quiet period."""
    return [one for one in posts(side) if "Waiting for quiet" in one.text or "Quiet period over" in one.text][-1]


async def minutes(town: Town, count: int) -> None:
    """Let time pass as it does: the health checks are asked every minute."""
    for _ in range(count):
        await town.forward(minutes=1)


async def test_it_is_resolved_as_whoever_asked_when_it_stayed_quiet(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "impact nobody can pay")
    count = len(posts(side))
    assert "Asking the health check first" in await tell(town, side, BO, "resolve a restart")
    incident = await town.incident()
    assert incident.stage is Stage.MONITORING and incident.fix == "a restart" and incident.mitigated_at == FRIDAY
    assert "Counts as resolved at" in calm(side).text and BO.name in calm(side).text
    assert "/incident resolve now because …" in calm(side).text and "monitoring" in card(side).text
    assert len(posts(side)) == count + 1

    await minutes(town, 14)
    assert (await town.incident()).open and len(posts(side)) == count + 1
    assert len(backend.heard) >= 15
    await minutes(town, 1)
    incident = await town.incident()
    assert incident.stage is Stage.RESOLVED and incident.resolved_at == FRIDAY + QUARTER
    assert len(posts(side)) == count + 2 and "Resolved: checkout is down" in last(side).text
    assert "a restart" in last(side).text and "Resolved without" not in last(side).text
    assert "It stayed quiet: resolved." in calm(side).text
    assert "Resolved: checkout is down" in thread(side)[-1].text and "resolved" in announcement(side).text
    (entry,) = [link.entry for link in await town.timeline() if link.entry.text == "Resolved: a restart"]
    assert entry.by == BO.name
    asked = len(backend.heard)
    await minutes(town, 3)
    assert len(backend.heard) == asked and (await town.incident()).progress.watching is None


async def test_no_update_is_asked_for_while_it_is_quiet(town: Town, side: Side) -> None:
    await declared(town, side)
    await minutes(town, 10)
    count = len(posts(side))
    await tell(town, side, ANA, "resolve")
    await minutes(town, 14)
    assert len(posts(side)) == count + 1 and (await town.incident()).reminding.silence == 0


async def test_a_check_that_goes_red_starts_it_over_and_says_so_once(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "resolve")
    await minutes(town, 10)
    count = len(posts(side))
    backend.status = 500
    await minutes(town, 4)
    assert len(posts(side)) == count + 1
    assert "It starts over: Backend is red (500 in" in last(side).text
    assert "Backend is red. Counts as resolved 15m after all is green again" in calm(side).text
    assert "✗ Backend: 500" in card(side).text
    backend.status = 200
    await minutes(town, 1)
    green = town.clock.now()
    assert "Counts as resolved at" in calm(side).text and "✗" not in card(side).text
    await minutes(town, 5)
    backend.status = 500
    await minutes(town, 1)
    backend.status = 200
    await minutes(town, 1)
    assert len(posts(side)) == count + 1 and "It started over 2 times, last because Backend is red" in last(side).text
    waiting = (await town.incident()).progress.quiet
    assert waiting is not None and waiting.broken == 2 and waiting.until == green + timedelta(minutes=7) + QUARTER
    await minutes(town, 14)
    assert (await town.incident()).open
    await minutes(town, 1)
    assert (await town.incident()).resolved_at == waiting.until


async def test_it_does_not_begin_while_a_check_is_red(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    backend.status = 500
    count = len(posts(side))
    await tell(town, side, ANA, "resolve a restart")
    incident = await town.incident()
    assert incident.progress.quiet is None and incident.stage is Stage.INVESTIGATING and incident.fix == "a restart"
    told = side.whispered(ANA)
    assert "Not resolved yet" in told.text and "Green health checks (Backend): 500 in" in told.text
    assert "Check again" in told.buttons and "/incident resolve now because …" in told.text
    assert len(posts(side)) == count and "✗ Backend: 500" in card(side).text
    assert (await town.timeline())[-1].entry.text == "Not resolved yet; missing: green health checks (Backend)"


async def test_answers_that_come_much_later_resolve_nothing(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    backend.held = held = asyncio.Event()
    await side.says(ANA, "resolve a restart", room=ROOM)
    town.clock.forward(timedelta(minutes=11))
    held.set()
    await town.settle()
    assert "took too long to be asked" in side.whispered(ANA).text
    assert (await town.incident()).stage is Stage.INVESTIGATING


async def test_resolve_now_overrides_it_on_the_record(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    assert "Say why, like" in await tell(town, side, ANA, "resolve now")
    await tell(town, side, ANA, "resolve a restart")
    await minutes(town, 2)
    backend.status = 500
    await minutes(town, 1)
    told = await tell(town, side, BO, "resolve now because the supplier confirms it")
    assert "#1 is resolved." in told
    incident = await town.incident()
    assert incident.stage is Stage.RESOLVED and f"{BO.name} resolved it at once." in calm(side).text
    without = "green health checks (Backend), 15m of quiet"
    assert without in last(side).text
    record = f"Resolved now, because the supplier confirms it (not met: {without})"
    assert [link.entry.by for link in await town.timeline() if link.entry.text == record] == [BO.name]
    asked = len(backend.heard)
    await minutes(town, 20)
    assert len(backend.heard) == asked and incident.resolved_at == (await town.incident()).resolved_at


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("update errors are back", "posted a status update"),
        ("status investigating", "set the status back"),
        ("status identified it was the pool", "set the status back"),
        ("severity sev1", "made it worse"),
        ("cancel because the monitor was wrong", "ended the incident."),
    ],
)
async def test_what_ends_it_says_so(town: Town, side: Side, backend: Service, words: str, says: str) -> None:
    await declared(town, side, "sev2 checkout is down")
    await tell(town, side, ANA, "resolve")
    told = await tell(town, side, BO, words)
    assert f"{BO.name} {says}" in calm(side).text and "Quiet period over" in calm(side).text
    if words.startswith(("update", "status")):
        assert "The quiet period is over; /incident resolve begins it anew." in told
    asked = len(backend.heard)
    await minutes(town, 16)
    incident = await town.incident()
    assert incident.resolved_at is None and len(backend.heard) == asked
    assert incident.progress.quiet is not None and incident.progress.quiet.over is not None


async def test_a_lower_severity_a_note_or_nothing_new_leave_it_on(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    await minutes(town, 15)
    assert "Status update, please" in last(side).text
    await tell(town, side, ANA, "resolve")
    await tell(town, side, BO, "severity sev2")
    await tell(town, side, BO, "note all graphs are flat")
    backend.status = 500
    await minutes(town, 30)
    reminder = last(side)
    assert "Status update, please" in reminder.text, "red for so long, people are asked again"
    await side.taps(BO, "No change", reminder, room=ROOM)
    backend.status = 200
    await minutes(town, 15)
    assert (await town.incident()).open
    await minutes(town, 1)
    assert (await town.incident()).stage is Stage.RESOLVED


async def test_after_it_ended_it_can_begin_anew_with_a_message_of_its_own(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "resolve")
    await tell(town, side, ANA, "update errors are back")
    await minutes(town, 5)
    await tell(town, side, BO, "resolve")
    said = [one for one in posts(side) if "quiet" in one.text.casefold()]
    assert "Quiet period over" in said[0].text and BO.name in said[-1].text
    await minutes(town, 15)
    assert (await town.incident()).resolved_at == FRIDAY + FIVE + QUARTER


async def test_resolve_again_meanwhile_says_when_and_keeps_what_is_new(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "resolve")
    count = len(posts(side))
    assert "Counts as resolved at" in await tell(town, side, BO, "resolve the pool was too small")
    assert (await town.incident()).fix == "the pool was too small" and len(posts(side)) == count


async def test_two_people_resolve_at_once_and_one_quiet_period_begins(town: Town, side: Side) -> None:
    await declared(town, side)
    await asyncio.gather(*(side.says(person, "resolve", room=ROOM) for person in (ANA, BO)))
    await town.settle()
    assert len([one for one in posts(side) if "Waiting for quiet" in one.text]) == 1
    await minutes(town, 15)
    assert len([link for link in await town.timeline() if link.entry.text == "Resolved"]) == 1


async def test_a_restart_in_the_middle_loses_nothing(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "resolve")
    await minutes(town, 5)
    await town.bot.stop()
    town.clock.forward(timedelta(minutes=30))
    backend.status = 500
    await town.start_bot("two")
    await town.settle()
    assert (await town.incident()).open and "Backend is red" in calm(side).text
    backend.status = 200
    await minutes(town, 1)
    await town.bot.stop()
    town.clock.forward(timedelta(minutes=30))
    await town.start_bot("three")
    await town.settle()
    assert (await town.incident()).stage is Stage.RESOLVED


async def test_it_does_not_end_on_answers_that_are_too_old(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "resolve")
    await minutes(town, 5)
    backend.held = held = asyncio.Event()
    for _ in range(12):
        town.clock.forward(timedelta(minutes=1))
        await town.bot.bell.ring()
    assert (await town.incident()).open
    held.set()
    await town.settle()
    assert (await town.incident()).stage is Stage.RESOLVED


async def test_a_new_alert_starts_it_over(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "resolve")
    await minutes(town, 10)
    async with act(town) as scene:
        quiet.disturb(scene, "a new alert: disk full on @everyone")
    await town.settle()
    assert "It starts over: a new alert: disk full" in last(side).text and "everyone" not in last(side).rings
    await minutes(town, 14)
    assert (await town.incident()).open
    await minutes(town, 1)
    assert (await town.incident()).stage is Stage.RESOLVED


async def test_a_severity_without_the_gate_resolves_at_once(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side, "sev3 checkout is slow")
    assert "#1 is resolved." in await tell(town, side, ANA, "resolve a restart")
    assert backend.heard == []


async def test_quiet_alone_needs_no_health_checks(tmp_path: Path, platform: str) -> None:
    async with town_with(tmp_path, (platform,), resolve=({"quiet": "10m"},)) as town:
        side = town.sides[platform]
        await declared(town, side)
        told = await tell(town, side, ANA, "resolve a restart")
        assert "it counts as resolved at" in told and "Meanwhile" not in calm(side).text
        await town.forward(minutes=9)
        assert (await town.incident()).open
        await town.forward(minutes=1)
        incident = await town.incident()
        assert incident.stage is Stage.RESOLVED
        assert incident.progress.quiet is not None and incident.progress.quiet.over is QuietEnd.HELD


async def test_the_watch_cannot_be_stopped_before_the_quiet_is_over(town: Town, side: Side, backend: Service) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "watch every 5m")
    await tell(town, side, ANA, "resolve")
    assert "until the quiet period is over" in await tell(town, side, BO, "watch stop")
    count = len(posts(side))
    backend.status = 500
    await minutes(town, 1)
    assert len(posts(side)) == count + 1 and "It starts over" in last(side).text
