"""Werkly's process, told on Slack from the declaration to the closed incident."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.playbook.process import Stage
from tests.support.shipped import shipped
from tests.support.story import ROOM, announcement, card, declared, last, posts, tell, thread
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, FRIDAY, Side, Town, sqlite

PEOPLE = {"alice": ANA, "bob": BO, "carol": CLEO, "david": DMITRI, "cto": ESHA}


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """Werkly's people on Slack."""
    async with Town(sqlite(tmp_path), platforms=("slack",), playbook=shipped("werkly", PEOPLE)) as made:
        yield made


@pytest.fixture
def side(town: Town) -> Side:
    """Slack."""
    return town.sides["slack"]


async def test_chat_is_down_for_everybody(town: Town, side: Side) -> None:
    await declared(town, side, "sev1 Chat API down")
    assert ROOM in side.rooms()
    assert "Next update due 2026-11-20 14:15 UTC" in await tell(town, side, ANA, "ack")
    await tell(town, side, ANA, "impact nobody can send messages")
    await tell(town, side, ANA, "began 5:55")
    told = announcement(side).text
    for line in ("SEV1 · Chat API down", "IMPACT: nobody can send messages", "STARTED: 05:55 PST",
                 "STATUS: investigating", "LEAD: Ana Reyes", "Updates every 15 minutes"):  # fmt: skip
        assert line in told, line
    for step in (1, 2, 3, 4):
        await tell(town, side, ANA, f"tick detection {step}")
    assert len(posts(side)) <= 6 and "Detection, until" in card(side).text

    await town.forward(minutes=5)
    assert "Investigation, until" in card(side).text
    await town.forward(minutes=10)
    asked = next(one for one in posts(side) if "Status update, please" in one.text)
    assert asked.rings == {ANA.name} and "Found: …\nTrying: …\nNext update in 15 minutes." in asked.text
    assert "Posted. Next update due 2026-11-20 14:30 UTC" in await tell(town, side, ANA, "update the pool is exhausted")
    await tell(town, side, BO, "escalate cto")
    assert last(side).rings == {ESHA.name}

    await tell(town, side, ANA, "tick mitigation 1")
    assert any("✅ Mitigation, whichever is quickest · done" in one.text for one in posts(side))
    await tell(town, side, ANA, "status monitoring the pool is larger")
    await tell(town, side, ANA, "affected 500")
    assert await tell(town, side, ANA, "resolve pool raised from 10 to 50") == ""
    await side.fills(ANA, **{"fact cause": "a connection leak"})
    await town.settle()
    assert "The service is fully restored" in side.whispered(ANA).text
    await tell(town, side, ANA, "tick restored 1")
    await tell(town, side, ANA, "tick restored 2")
    assert "it counts as resolved at 2026-11-20 14:30 UTC" in await tell(town, side, ANA, "resolve")
    await town.forward(minutes=14)
    assert (await town.incident()).open
    await town.forward(minutes=1)
    assert (await town.incident()).stage is Stage.RESOLVED
    for line in ("ISSUE: a connection leak", "FIX: pool raised from 10 to 50",
                 "DOWNTIME: 35 minutes (05:55 PST to 06:30 PST)", "AFFECTED: 500",
                 "within 48 hours, by 2026-11-22 06:30 PST, in #incidents"):  # fmt: skip
        assert line in thread(side)[-1].text, line
    assert "Updates every" not in announcement(side).text

    clocks = (await town.incident()).progress.deadlines
    assert clocks["postmortem"].due_at == FRIDAY + timedelta(hours=48, minutes=30)
    assert clocks["outreach"].due_at == FRIDAY + timedelta(hours=24, minutes=30)
    assert "The post-mortem, published" in await tell(town, side, ANA, "close")
    await tell(town, side, ANA, "clock postmortem published")
    assert "#1 is closed." in await tell(town, side, ANA, "close")
    story = await tell(town, side, CLEO, "catchup")
    assert "Called CTO (Esha Rao)" in story and "Resolved: pool raised from 10 to 50" in story


async def test_a_glitch_in_one_browser_wakes_nobody(town: Town, side: Side) -> None:
    await declared(town, side, "sev3 glitch in one browser")
    assert "No regular updates at this severity" in announcement(side).text
    assert "none owed" in card(side).text and not [one for one in posts(side) if one.rings - {ANA.name}]
    response = (await town.incident()).progress.deadlines["response"]
    assert response.due_at == FRIDAY + timedelta(hours=4)
    await tell(town, side, BO, "ack")
    await town.forward(hours=5)
    assert not [one for one in posts(side) if "Status update, please" in one.text or "First response" in one.text]
    for words in ("set cause a stylesheet", "tick restored 1", "tick restored 2", "resolve style mended"):
        await tell(town, side, ANA, words)
    await town.forward(minutes=15)
    assert "#1 is closed." in await tell(town, side, ANA, "close"), "Sev3 owes no post-mortem"


async def test_on_sunday_evening_on_call_changes_hands_with_its_five_steps(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 search is slow")
    first = datetime(2026, 11, 29, 18, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
    for week, on in enumerate((ANA, BO, CLEO)):
        town.clock.forward(first + timedelta(days=7 * week) - town.clock.now())
        await town.settle()
        told = [one for one in posts(side, "incidents") if "Hand-over: On-call" in one.text]
        assert len(told) == week + 1 and told[-1].rings == {on.name}
        for line in ("Handing over on-call", "Look through the incidents that", "the contact details are right",
                     "#1 SEV2 search is slow"):  # fmt: skip
            assert line in told[-1].text, line
    assert "Bo Lindqvist goes off" in told[-1].text
