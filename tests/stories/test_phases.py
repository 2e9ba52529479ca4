"""Phases: shown on the card while they last, changed by status or by the clock, quietly."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.story import ROOM, card, declared, posts, tell, town_with
from tests.support.town import ANA, BO, Side, Town

PHASES = [
    {"name": "triage", "title": "Triage", "ends": "5m", "statuses": ["investigating"], "checklists": ["triage"],
     "advice": "Stop the bleeding before you search: https://example.com/triage"},
    {"name": "search", "title": "Search", "begins": "5m", "ends": "30m", "statuses": ["investigating"],
     "checklists": ["search"]},
    {"name": "mend", "title": "Mend", "statuses": ["identified", "monitoring"], "checklists": ["mend"]},
]  # fmt: skip
LISTS = [
    {"name": name, "title": f"{title} list", "steps": [{"text": f"{title} {n}"} for n in range(1, 8)]}
    for name, title in (("mend", "Mend"), ("search", "Search"), ("triage", "Triage"))
]


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town whose process has three phases, each with a checklist."""
    async with town_with(tmp_path, (platform,), phases=PHASES, checklists=LISTS) as made:
        yield made


def lists(side: Side) -> list[str]:
    """Titles of the checklists that stand in the channel."""
    return [first for one in posts(side) if " list · " in (first := one.text.split("\n")[0])]


async def test_the_card_shows_the_phase_and_its_end_and_a_window_that_runs_out_posts_nothing(
    town: Town, side: Side
) -> None:
    await declared(town, side)
    assert "Phase  Triage, until " in card(side).text
    assert lists(side) == ["📋 Triage list · 0 of 7"]
    count = len(posts(side))
    await town.forward(minutes=5)
    assert "Phase  Search, until " in card(side).text and len(posts(side)) == count


async def test_a_phases_checklist_waits_until_the_first_ten_minutes_are_over(town: Town, side: Side) -> None:
    await declared(town, side)
    await town.forward(minutes=6)
    assert lists(side) == ["📋 Triage list · 0 of 7"]
    told = await tell(town, side, BO, "checklist")
    assert told.index("Search list") < told.index("Triage list") and "Mend list" in told  # the current one's first
    await town.forward(minutes=4)
    assert lists(side) == ["📋 Triage list · 0 of 7", "📋 Search list · 0 of 7"]
    await tell(town, side, ANA, "status identified")
    assert lists(side)[-1] == "📋 Mend list · 0 of 7"
    assert "Phase  Mend" in card(side).text and "until" not in card(side).text.split("Phase  Mend")[1].split("\n")[0]


async def test_the_last_window_runs_out_on_the_card_and_the_phase_stays(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "pause because we look elsewhere")
    await town.forward(minutes=40)
    assert "Phase  Search\n" in card(side).text
    assert (await town.incident()).progress.phase_again_at is None


async def test_the_phases_are_told_with_windows_advice_and_open_steps(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "tick 2")
    for words in ("phase", "phases"):
        told = await tell(town, side, BO, words)
        assert "▶ Triage" in told or "▶ **Triage**" in told
        assert "Stop the bleeding before you search" in told and "example.com/triage" in told
        assert "☐ 1. Triage 1" in told and "Triage 2" not in told and "… and 1 more" in told
        assert "Search" in told and "Mend" in told
    assert "Phases of #1" in told


async def test_a_closed_incident_has_no_phase_and_a_reopened_one_its_last(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "resolve done")
    assert "Phase" not in card(side).text
    await town.forward(minutes=60)
    await tell(town, side, ANA, "reopen")
    assert "Phase  Search" in card(side).text
    assert ROOM in side.rooms()


TWO = [
    *PHASES[:2],
    {
        "name": "mend",
        "title": "Mend",
        "statuses": ["identified", "monitoring"],
        "checklists": ["mend", "prove", "long"],
    },
]
MORE = [
    *LISTS,
    {"name": "prove", "title": "Prove list", "steps": [{"text": "A test is merged"}, {"text": "It is logged"}]},
    {"name": "long", "title": "Long list", "steps": [{"text": f"Long {n}"} for n in range(1, 8)]},
]


async def test_checklists_that_open_together_stand_in_one_message_and_are_ticked_there(
    tmp_path: Path, platform: str
) -> None:
    async with town_with(tmp_path, (platform,), phases=TWO, checklists=MORE) as town:
        side = town.sides[platform]
        await declared(town, side)
        await town.forward(minutes=11)
        count = len(posts(side))
        told = await tell(town, side, ANA, "status identified it is the pool")
        assert "The checklists “Mend list”, “Prove list” and “Long list” stand in the channel." in told
        assert len(posts(side)) == count + 3, "the update, two lists in one message, and the long one"
        both = next(one for one in posts(side) if "Mend list" in one.text)
        assert any(one.text.startswith("📋 Long list · 0 of 7") for one in posts(side))
        assert "📋 Mend list · 0 of 7" in both.text and "📋 Prove list · 0 of 2" in both.text
        assert both.text.index("Mend 7") < both.text.index("A test is merged")
        assert len(both.buttons) == 7, "five of the first and two of the second"

        phase = await tell(town, side, BO, "phase")
        assert "Mend list:\n☐ 1. Mend 1" in phase and "Prove list:\n☐ 1. A test is merged" in phase

        await side.taps(BO, "☑ 2. It is logged", both, room=ROOM)
        await town.settle()
        after = next(one for one in posts(side) if "Mend list" in one.text)
        assert after.ref == both.ref and "📋 Prove list · 1 of 2" in after.text and "Mend list · 0 of 7" in after.text
        assert "stands in the channel" not in await tell(town, side, BO, "checklist prove"), "it stands already"
        assert len(posts(side)) == count + 3
