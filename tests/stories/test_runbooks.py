"""Runbooks: found by words, matched and pinned, their steps ticked; what they say of the severity and of flags."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.seen import Seen
from tests.support.story import ROOM, card, declared, last, posts, tell, town_with
from tests.support.town import ANA, BO, Side, Town

CHAIN = {
    "title": "Audit chain broken",
    "name": "chain",
    "path": "docs/runbooks/chain.md",
    "text": "Find the break with `verify`.",
    "words": ["audit chain", "brokenAt"],
    "steps": [{"text": "Pull the events", "detail": "`db pull --events`"}, {"text": "Restore the rows"}],
    "ordered": True,
    "at_least": "sev1",
    "flags": ["data-loss"],
}
QUEUE = {
    "title": "Queues and workers",
    "url": "https://wiki.example.com/queues",
    "symptoms": [
        {"symptom": "Queue stuck", "cause": "a worker is dead", "check": "look at `workers`", "words": ["queue"]},
        {"symptom": "Memory grows", "cause": "a leak", "check": "https://graphs.example.com/mem", "words": ["oom"]},
    ],
    "components": ["backend"],
}
MINOR = {"title": "A label is wrong", "words": ["label"], "severities": ["sev4"], "text": "Write it down."}
BY_HAND = {"title": "Fail the database over", "text": "Only with two people.", "by_hand": True, "words": ["queue"]}
BOOKS = {
    "runbooks": [CHAIN, QUEUE, MINOR, BY_HAND],
    "flags": [{"name": "data-loss", "title": "Data loss"}],
    "components": ["backend", "web"],
}


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town with four runbooks, one of which says what is always sev1."""
    async with town_with(tmp_path, (platform,), **BOOKS) as made:
        yield made


def pinned(side: Side) -> Seen:
    """The pinned runbooks."""
    return next(one for one in side.pinned(ROOM) if "Runbooks" in one.text.split("\n")[0])


def steps(side: Side) -> Seen:
    """The message in which the chain's steps stand."""
    return next(one for one in posts(side) if one.text.startswith(("📖 Audit chain broken · ", "✅ Audit chain")))


async def texts(town: Town) -> list[str]:
    """The timeline, each entry with who it was."""
    return [f"{link.entry.by}: {link.entry.text}" for link in await town.timeline()]


async def test_of_a_table_only_the_rows_that_the_title_speaks_of_are_pinned(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 the queue is stuck")
    seen = pinned(side).text
    assert "Queues and workers" in seen and "Queue stuck" in seen and "a worker is dead" in seen and "workers" in seen
    assert "Memory grows" not in seen and "Fail the database over" not in seen and "Audit chain" not in seen


async def test_what_matches_follows_the_component_and_the_severity(town: Town, side: Side) -> None:
    await declared(town, side, "sev3 the label says foo")
    assert not any("Runbooks" in one.text for one in side.pinned(ROOM))
    await tell(town, side, ANA, "severity sev4")
    assert "A label is wrong" in pinned(side).text
    await tell(town, side, ANA, "component backend")
    assert "Queues and workers" in pinned(side).text and "Queue stuck" not in pinned(side).text
    await tell(town, side, ANA, "severity sev3")
    assert "A label is wrong" not in pinned(side).text and "Queues and workers" in pinned(side).text


async def test_a_runbooks_steps_are_opened_by_its_name_pinned_and_ticked(town: Town, side: Side) -> None:
    await declared(town, side, "sev1 the audit chain is broken")
    assert "Steps: Audit chain broken" in pinned(side).buttons and "docs/runbooks/chain.md" in pinned(side).text
    count = len(posts(side))
    told = await tell(town, side, BO, "runbook chain")
    assert "Its steps (2 steps) stand in the channel now" in told and "Find the break with" in told
    assert len(posts(side)) == count + 1 and steps(side).ref in {one.ref for one in side.pinned(ROOM)}
    assert "Steps: Audit chain broken" not in pinned(side).buttons
    assert steps(side).buttons == ("☑ 1. Pull the events",) and "db pull --events" in steps(side).text

    assert "1 of 2" in await side.taps(BO, "☑ 1. Pull the events", steps(side), room=ROOM)
    assert "goes in order" not in await tell(town, side, BO, "tick chain 2 all of them")
    assert "all 2 done" in steps(side).text and steps(side).buttons == ()
    said = await texts(town)
    assert "Bo Lindqvist: Checklist opened: Audit chain broken" in said
    assert "Bo Lindqvist: ☑ Audit chain broken 2. Restore the rows. (all of them)" in said
    assert "stand in the channel, to be ticked" in await tell(town, side, BO, "rb audit chain broken")
    assert len(posts(side)) == count + 1


async def test_the_pinned_button_opens_the_steps(town: Town, side: Side) -> None:
    await declared(town, side, "sev1 the audit chain is broken")
    await side.taps(BO, "Steps: Audit chain broken", pinned(side), room=ROOM)
    await town.settle()
    assert "0 of 2" in steps(side).text
    assert "Audit chain broken" in await tell(town, side, BO, "checklist")


async def test_runbooks_are_found_by_words_anywhere(town: Town, side: Side) -> None:
    told = await tell(town, side, BO, "runbooks", room="general")
    assert all(title in told for title in ("Audit chain broken", "Queues and workers", "Fail the database over"))
    told = await tell(town, side, BO, "runbook oom", room="general")
    assert "Queues and workers" in told and "Memory grows" in told and "graphs.example.com/mem" in told
    assert "wiki.example.com/queues" in told
    told = await tell(town, side, BO, "rb failover database", room="general")
    assert "Fail the database over" in told and "Only with two people." in told
    told = await tell(town, side, BO, "runbook brokn audit chian", room="general")
    assert "Audit chain broken" in told and "1. Pull the events" in told
    told = await tell(town, side, BO, "runbook pizza", room="general")
    assert "No runbook is like “pizza”. There are " in told and "chain" in told


async def test_in_an_incident_the_matching_ones_are_told(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 the queue is stuck")
    count = len(posts(side))
    told = await tell(town, side, BO, "runbook")
    assert "Queues and workers" in told and "Fail the database over" not in told
    await tell(town, side, BO, "runbook fail the database over")
    assert len(posts(side)) == count
    await declared(town, side, "sev3 nothing in particular")
    assert "No runbook matches this incident" in await tell(town, side, BO, "#2 runbook", room="general")


async def test_trouble_that_is_always_severe_is_declared_so_and_says_so(town: Town, side: Side) -> None:
    told = await declared(town, side, "sev3 the audit chain has a gap")
    always = "“Audit chain broken” is always SEV1 at least: declared so, not as SEV3."
    assert told.startswith("🔴") and always in told
    assert any("You are in" in one and always in one for one in side.private(ANA))
    said = await texts(town)
    assert f"Tocsin: {always}" in said and "Ana Reyes: Declared SEV1: the audit chain has a gap" in said
    assert "Tocsin: Set: Data loss (runbook Audit chain broken)" in said
    incident = await town.incident()
    raised = incident.progress.flags["data-loss"]
    assert (incident.severity, raised.by, raised.because) == ("sev1", "Tocsin", "runbook Audit chain broken")
    assert "SEV1" in card(side).text


async def test_it_is_lowered_only_with_a_reason(town: Town, side: Side) -> None:
    await declared(town, side, "sev1 the audit chain has a gap")
    assert await tell(town, side, ANA, "severity sev3") == ""
    assert side.form(ANA) is not None and (await town.incident()).severity == "sev1"
    await side.fills(ANA, severity="sev3", because="it was a test row")
    await town.settle()
    assert (await town.incident()).severity == "sev3" and "it was a test row" in last(side).text
    await tell(town, side, ANA, "severity sev2")
    assert (await town.incident()).severity == "sev2"  # up again needs none


async def test_the_same_trouble_declared_twice_in_spite_of_the_question_is_one(town: Town, side: Side) -> None:
    await declared(town, side, "sev3 the audit chain has a gap")
    await side.says(BO, "sev3 the audit chain has a gap")
    asked = side.whispered(BO)
    for _ in range(2):
        await side.taps(BO, "Declare anyway", asked, room="general")
        await town.settle()
    assert (await town.incident(2)).severity == "sev1" and await town.store.reader.incident(3) is None


async def test_the_preview_shows_what_would_be_declared(town: Town, side: Side) -> None:
    told = await side.says(ANA, "preview sev4 the audit chain has a gap")
    assert "SEV1" in told and "is always SEV1 at least" in told and "Audit chain broken" in told
    assert not any(room.startswith("incident-") for room in side.rooms())


async def test_a_runbook_that_comes_to_match_later_is_bookmarked_too_and_each_once(
    town: Town, side: Side, platform: str
) -> None:
    await declared(town, side, "sev1 audit chain does not verify")
    await tell(town, side, ANA, "component backend")
    await tell(town, side, ANA, "component web")
    await tell(town, side, ANA, "component backend")
    if platform == "slack":
        kept = [each["title"] for each in town.sandbox.slack.channel_named(ROOM).bookmarks]
        assert kept == ["Audit chain broken", "Queues and workers"]
