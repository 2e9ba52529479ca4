"""Dragonfly's process, told on Discord: the path of calls, the golden rule, the daily standup."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.playbook.process import Stage
from tests.support.seen import Seen
from tests.support.shipped import shipped
from tests.support.story import card, declared, posts, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, FRIDAY, Side, Town, sqlite

DEAD = "incident-2026-11-20-all-workers-are-dead"
STUCK = "incident-2026-11-20-intake-queue-stuck"
TYPO = "incident-2026-11-20-a-typo"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """Dragonfly's people on Discord."""
    people = {"engineer": DMITRI, "tech-lead": CLEO, "ceo": ESHA}
    playbook = shipped("dragonfly", people, groups={"stakeholders": (BO,)})
    async with Town(sqlite(tmp_path), platforms=("discord",), playbook=playbook) as made:
        yield made


@pytest.fixture
def side(town: Town) -> Side:
    """Discord."""
    return town.sides["discord"]


def about(side: Side, title: str, *, room: str = DEAD) -> Seen:
    """The newest post with this in its title."""
    return [one for one in posts(side, room) if title in one.text.splitlines()[0]][-1]


async def test_every_worker_is_dead(town: Town, side: Side) -> None:
    await declared(town, side, "SEV-1: all workers are dead")
    incident = await town.incident()
    assert incident.severity == "SEV-1" and incident.holder("lead") is not None
    rung = {name for one in posts(side, DEAD) for name in one.rings}
    assert {CLEO.name, BO.name} <= rung and ESHA.name not in rung, "tech lead and stakeholders at once, not the CEO"
    assert "1 · Detection and triage" in card(side, DEAD).text
    due = {name: one.due_at - FRIDAY for name, one in incident.progress.deadlines.items()}
    assert due == {"response": timedelta(minutes=5), "resolution": timedelta(hours=4)}

    await tell(town, side, DMITRI, "ack", room=DEAD)
    await tell(town, side, DMITRI, "flag data-loss because rows are gone", room=DEAD)
    assert any(ESHA.name in one.rings for one in posts(side, DEAD))
    await town.forward(minutes=30)
    assert any("Status update, please" in one.text for one in posts(side, DEAD))
    count = len(posts(side, DEAD))
    await tell(town, side, DMITRI, "status restored the workers are back", room=DEAD)
    assert "4 · Permanent fix" in card(side, DEAD).text
    lists, news = sorted(posts(side, DEAD)[count:], key=lambda one: "Status update" in one.text)
    assert "the workers are back" in news.text and "4 · Permanent fix · 0 of 4" in lists.text
    assert "5 · Closure · 0 of 2" in lists.text and "INCIDENT_LOG.md" in lists.text
    told = await tell(town, side, DMITRI, "resolve a bad migration was undone", room=DEAD)
    assert "test or monitor" in told and (await town.incident()).stage is Stage.MONITORING
    await tell(town, side, DMITRI, "link https://git.example.com/7 test", room=DEAD)
    for step in (1, 3):
        await tell(town, side, DMITRI, f"tick closure {step}", room=DEAD)
    assert "#1 is resolved." in await tell(town, side, DMITRI, "resolve", room=DEAD)
    assert "The post-mortem, published" in await tell(town, side, DMITRI, "close", room=DEAD)
    await tell(town, side, DMITRI, "clock postmortem done", room=DEAD)
    assert "#1 is closed." in await tell(town, side, DMITRI, "close", room=DEAD)


async def test_nobody_answers_so_the_call_goes_on_to_the_ceo(town: Town, side: Side) -> None:
    await declared(town, side, "SEV-1 all workers are dead")
    await town.forward(minutes=14)
    assert not any(ESHA.name in one.rings for one in posts(side, DEAD))
    await town.forward(minutes=1)
    assert any(ESHA.name in one.rings for one in posts(side, DEAD))


async def test_a_major_one_is_told_in_the_standup(town: Town, side: Side) -> None:
    await declared(town, side, "SEV-2 intake queue stuck")
    assert not any(CLEO.name in one.rings for one in posts(side, STUCK))
    assert any("A worker is dead" in one.text for one in posts(side, STUCK)), "the row of the table that fits"
    incident = await town.incident()
    assert incident.progress.deadlines["resolution"].due_at == FRIDAY + timedelta(hours=24)
    assert incident.progress.rounds["standup"].due_at == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    await town.forward(hours=1, minutes=30)
    assert any("Daily standup" in one.text and "Told them" in one.buttons for one in posts(side, STUCK))


async def test_a_minor_one_calls_nobody(town: Town, side: Side) -> None:
    await declared(town, side, "SEV-3 a typo")
    assert not {name for one in posts(side, TYPO) for name in one.rings} - {ANA.name, DMITRI.name}
    assert "none owed" in card(side, TYPO).text
    assert (await town.incident()).progress.deadlines["response"].due_at == FRIDAY + timedelta(hours=24)
    steps = next(one.text for one in posts(side, TYPO) if "A minor one" in one.text)
    assert "the label sev-3" in steps and "next sprint" in steps


async def test_the_line_in_the_log_alone_keeps_it_from_being_resolved(town: Town, side: Side) -> None:
    await declared(town, side, "SEV-3 a typo")
    await tell(town, side, ANA, "link https://git.example.com/8 monitor", room=TYPO)
    told = await tell(town, side, ANA, "resolve the word is right now", room=TYPO)
    assert "1 step to do" in told and "INCIDENT_LOG.md" in told and "a link of the kind" not in told
    await tell(town, side, ANA, "tick closure 3", room=TYPO)
    assert "#1 is resolved." in await tell(town, side, ANA, "resolve", room=TYPO)


async def test_its_phases_move_at_five_and_at_thirty_minutes(town: Town, side: Side) -> None:
    await declared(town, side, "SEV-1 all workers are dead")
    await tell(town, side, ANA, "update we look into it next 3h", room=DEAD)
    count = len(posts(side, DEAD))
    assert "1 · Detection and triage, until" in card(side, DEAD).text
    await town.forward(minutes=5)
    assert "2 · Investigation, until" in card(side, DEAD).text and len(posts(side, DEAD)) == count
    await town.forward(minutes=5)
    assert "2 · Investigation · 0 of 5" in posts(side, DEAD)[-1].text, "its checklist, once the first minutes are over"
    await tell(town, side, CLEO, "here", room=DEAD)
    await town.forward(minutes=20)
    shown = card(side, DEAD).text
    assert "2 · Investigation" in shown and "until" not in shown.split("2 · Investigation")[1].split("\n")[0]


async def test_the_target_of_four_hours_runs_out(town: Town, side: Side) -> None:
    await declared(town, side, "SEV-1 all workers are dead")
    await tell(town, side, CLEO, "here", room=DEAD)
    await tell(town, side, ANA, "update we look into it next 1d", room=DEAD)
    await town.forward(hours=3)
    due = about(side, "Resolution target")
    assert "Resolution target is due" in due.text and due.rings == {ANA.name} and due.buttons == ("Resolve",)
    assert "Resolution target due" in card(side, DEAD).text
    await town.forward(hours=1)
    late = about(side, "Resolution target")
    assert "Resolution target is overdue" in late.text and "It is not resolved yet." in late.text
    count = len(posts(side, DEAD))
    await town.forward(hours=3)
    assert len(posts(side, DEAD)) == count, "after that the card tells it, and the post is only edited"


async def test_the_standup_is_told_by_one_tap_and_the_next_is_on_the_next_working_day(town: Town, side: Side) -> None:
    await declared(town, side, "SEV-2 intake queue stuck")
    await town.forward(hours=1, minutes=30)
    question = about(side, "Daily standup", room=STUCK)
    assert question.rings == {ANA.name} and "tell the team how #1 is going" in question.text
    told = await side.taps(BO, "Told them", question, room=STUCK)
    await town.settle()
    assert "Daily standup: news is due again" in told
    answered = about(side, "Daily standup", room=STUCK)
    assert answered.ref == question.ref and "told the team" in answered.text and answered.buttons == ()
    kept = (await town.incident()).progress.rounds["standup"]
    assert kept.due_at == datetime(2026, 11, 23, 15, 30, tzinfo=UTC), "9:30 in Chicago on Monday"


async def test_whoever_is_on_call_leads_once_the_rotation_has_begun(town: Town, side: Side) -> None:
    await declared(town, side, "SEV-3 a typo")
    incident = await town.incident()
    assert incident.holder("lead") == incident.declared_by, "nobody is on call yet, so whoever declared it leads"
    await town.forward(days=11)
    await declared(town, side, "SEV-2 intake queue stuck")
    lead = (await town.incident(2)).holder("lead")
    room = "incident-2026-12-01-intake-queue-stuck"
    assert lead is not None and lead.name == DMITRI.name and side.sees(DMITRI, room) and side.sees(ANA, room)
    assert f"Incident lead  @{DMITRI.name}" in card(side, room).text
    assert card(side, room).rings == {ANA.name, DMITRI.name}, "nobody else tells him that he is needed"
    await town.forward(hours=1)
    late = about(side, "First response", room=room)
    assert "First response is overdue" in late.text and late.rings == {DMITRI.name}


async def test_a_status_that_is_set_without_words_says_what_it_means(town: Town, side: Side) -> None:
    await declared(town, side, "SEV-3 a typo")
    await tell(town, side, ANA, "status restored", room=TYPO)
    assert "Status is now restored. The service is back; the permanent fix is still to come." in card(side, TYPO).text
