"""Checklists: ticked in order, by button, at once; left out with a reason; across a restart and a reopening."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.seen import Seen
from tests.support.story import ROOM, declared, last, posts, tell, town_with
from tests.support.town import ANA, BO, CLEO, Side, Town

FIRST = {
    "name": "first",
    "title": "First response",
    "ordered": True,
    "opens": "declared",
    "severities": ["sev1"],
    "steps": [
        {"text": "Say that you are on it", "role": "commander", "required": True},
        {"text": "Stop the bleeding", "detail": "Undo the last deploy with `make undo`: https://example.com/undo."},
        {"text": "Tell the customers", "required": True},
        {"text": "Wait for green"},
    ],
}
AFTER = {
    "name": "after",
    "title": "Afterwards",
    "opens": "resolved",
    "steps": [
        {"text": "Add a test", "any_of": "guard"},
        {"text": "Add a monitor", "any_of": "guard"},
        {"text": "Write it down"},
    ],
}
LEGAL = {"name": "legal", "title": "Data is involved", "steps": [{"text": f"Question {n}"} for n in range(1, 8)]}


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town whose process has three checklists."""
    async with town_with(tmp_path, (platform,), checklists=[FIRST, AFTER, LEGAL]) as made:
        yield made


def standing(side: Side, title: str, room: str = ROOM) -> Seen:
    """The message in which a checklist stands."""
    return next(one for one in posts(side, room) if title in one.text.split("\n")[0])


async def tap(town: Town, side: Side, who: Any, label: str, title: str = "First response") -> str:
    """Press a button of a checklist, and wait for what comes of it."""
    told = await side.taps(who, label, standing(side, title), room=ROOM)
    await town.settle()
    return told


async def noted(town: Town) -> list[str]:
    """What the timeline says of checklists, each with who it was."""
    return [f"{link.entry.by}: {link.entry.text}" for link in await town.timeline() if link.entry.kind == "checklist"]


async def test_a_checklist_opens_with_the_declaration_and_is_ticked_in_order_by_button(town: Town, side: Side) -> None:
    await declared(town, side)
    seen = standing(side, "First response")
    assert seen.ref in {one.ref for one in side.pinned(ROOM)}
    assert "0 of 4" in seen.text and "☐ 1." in seen.text and "(Incident commander)" in seen.text
    assert seen.buttons == ("☑ 1. Say that you are on it",)
    count = len(posts(side))

    told = await tap(town, side, BO, "☑ 1. Say that you are on it")
    assert "1 of 4" in told and "Next: 2. Stop the bleeding." in told
    seen = standing(side, "First response")
    assert "1 of 4" in seen.text and "☑ 1. Say that you are on it · " in seen.text and "Bo Lindqvist" in seen.text
    assert "make undo" in seen.text and seen.buttons == ("☑ 2. Stop the bleeding",)
    assert "Bo Lindqvist: ☑ First response 1. Say that you are on it." in await noted(town)
    assert (await town.incident()).acknowledged_at is not None

    for label in ("☑ 2. Stop the bleeding", "☑ 3. Tell the customers", "☑ 4. Wait for green"):
        told = await tap(town, side, CLEO, label)
    assert "First response is complete." in told
    seen = standing(side, "First response")
    assert "all 4 done" in seen.text and seen.buttons == ()
    assert len(posts(side)) == count


async def test_a_step_out_of_order_is_refused_with_the_next_one_named(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, BO, "tick 3")
    assert "First response goes in order. Next is 1. Say that you are on it." in told
    assert "☐ 3." in standing(side, "First response").text
    assert await noted(town) == ["Tocsin: Checklist opened: First response"]


async def test_a_step_ticked_twice_is_told_who_did_it_and_when(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "tick first 1 on my way")
    before = (await town.incident()).revision
    told = await tell(town, side, CLEO, "tick 1")
    assert "Step 1 of First response is ticked already, by" in told and "Bo Lindqvist" in told
    assert "by you" in await tell(town, side, BO, "ticked step 1")
    assert (await town.incident()).revision == before
    assert "☑ First response 1. Say that you are on it. (on my way)" in (await noted(town))[-1]


async def test_of_two_people_who_tick_a_step_at_once_the_first_wins_and_the_other_is_told(
    town: Town, side: Side
) -> None:
    await declared(town, side)
    seen, label = standing(side, "First response"), "☑ 1. Say that you are on it"
    told = await asyncio.gather(
        side.taps(BO, label, seen, room=ROOM),
        side.taps(CLEO, label, seen, room=ROOM),
        side.taps(ANA, label, seen, room=ROOM),
    )
    await town.settle()
    assert sum("1 of 4" in one for one in told) == 1 and sum("is ticked already" in one for one in told) == 2
    assert sum("☑" in one for one in await noted(town)) == 1


async def test_a_step_is_left_out_with_a_reason_and_the_reason_is_asked_for(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "tick 1")
    told = await tell(town, side, ANA, "skip 2")
    assert "⊘ 2. Stop the bleeding · 2 of 4." in told  # not a required one
    assert await tell(town, side, ANA, "skip 3") == ""
    assert side.form(ANA) is not None
    await side.fills(ANA, because="nobody is affected")
    await town.settle()
    seen = standing(side, "First response")
    assert "⊘ 3. Tell the customers · left out by " in seen.text and ": nobody is affected" in seen.text
    assert (await noted(town))[-1] == "Ana Reyes: ⊘ First response 3. Tell the customers. left out: nobody is affected"
    assert "3 of 4" in await tell(town, side, ANA, "skip first 3 because no customer is affected")
    assert "is ticked already" in await tell(town, side, BO, "skip 1 because of me")
    assert "3 of 4" in await tell(town, side, ANA, "tick 3")


async def test_a_tick_is_taken_back_and_both_stay_on_the_timeline(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "tick 1")
    assert "To do again" in await tell(town, side, ANA, "untick 1 it was another one")
    assert "Step 1 of First response is not ticked." in await tell(town, side, ANA, "untick first 1")
    assert "☐ 1." in standing(side, "First response").text
    assert [one.split(" ")[2] for one in (await noted(town))[1:]] == ["☑", "☐"]


async def test_buttons_still_tick_after_a_restart(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "tick 1")
    await town.bot.stop()
    await town.start_bot("two")
    told = await tap(town, side, CLEO, "☑ 2. Stop the bleeding")
    assert "2 of 4" in told and "☑ 2." in standing(side, "First response").text


async def test_a_rise_in_severity_brings_another_checklist_and_says_so(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is slow")
    assert not any("First response" in one.text for one in posts(side))
    await tell(town, side, ANA, "severity sev1 because it is down")
    said = next(one for one in posts(side) if "Severity is now SEV1" in one.text)
    assert "The checklist “First response” stands in the channel." in said.text
    assert "0 of 4" in standing(side, "First response").text

    await tell(town, side, ANA, "tick 1")
    await tell(town, side, ANA, "severity sev3 because it recovers")
    assert "not asked for at SEV3" in standing(side, "First response").text
    assert "☑ 1." in standing(side, "First response").text


async def test_the_checklist_for_afterwards_opens_once_and_survives_a_reopening(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "resolve the pool is twice the size")
    assert set(standing(side, "Afterwards").buttons) == {"☑ 1. Add a test", "☑ 2. Add a monitor", "☑ 3. Write it down"}
    told = await tap(town, side, BO, "☑ 2. Add a monitor", "Afterwards")
    assert "1 of 2" in told
    seen = standing(side, "Afterwards")
    assert "– 1. Add a test" in seen.text and "☑ 2. or Add a monitor" in seen.text
    assert seen.buttons == ("☑ 3. Write it down",)

    await tell(town, side, ANA, "reopen")
    await tell(town, side, ANA, "resolve again")
    assert sum("Afterwards" in one.text.split("\n")[0] for one in posts(side)) == 1
    assert (await noted(town)).count("Tocsin: Checklist opened: Afterwards") == 1
    assert "More than one checklist is open" in await tell(town, side, ANA, "tick 3")
    assert "Afterwards is complete." in await tell(town, side, ANA, "tick afterwards 3")
    assert "1 of 4" in await tell(town, side, ANA, "tick 1")  # one with steps to do is left


async def test_where_the_checklists_stand_is_told_privately_and_one_is_opened_by_hand(town: Town, side: Side) -> None:
    await declared(town, side)
    count = len(posts(side))
    for words in ("checklist", "checklists", "list steps"):
        told = await tell(town, side, BO, words)
        assert "First response" in told and "0 of 4 · next: 1. Say that you are on it" in told
        assert "Afterwards" in told and "opens when it is resolved" in told
        assert "Data is involved" in told and "not in the channel yet" in told
    assert len(posts(side)) == count
    assert "stands in the channel now" in await tell(town, side, BO, "checklist data is involved")
    assert len(posts(side)) == count + 1 and "0 of 7" in last(side).text
    assert len(last(side).buttons) == 5
    assert "0 of 7" in await tell(town, side, BO, "checklist legal") and len(posts(side)) == count + 1
    assert "is no checklist here. There are first (First response)" in await tell(town, side, BO, "checklist pizza")
    told = await tell(town, side, BO, "checklist first 2")
    assert "step 2 of 4" in told and "example.com/undo" in told and "make undo" in told and "to do" in told
    assert "Incident commander" in await tell(town, side, BO, "checklist first 1")


async def test_wrong_words_are_answered_with_what_would_be_right(town: Town, side: Side) -> None:
    await declared(town, side, "sev3 a label is wrong")
    assert "No checklist is open here" in await tell(town, side, BO, "tick 1")
    assert "Say which step, by its number" in await tell(town, side, BO, "tick")
    await tell(town, side, BO, "checklist legal")
    assert "has 7 steps; there is no step 9" in await tell(town, side, BO, "tick 9")
    assert "Next on Data is involved is 1. Question 1." in await tell(town, side, BO, "tick the question")
    assert "“pizza” is no checklist here. There are first, after, legal." in await tell(town, side, BO, "tick pizza 3")
    assert "Data is involved is complete" not in await tell(town, side, BO, "tick ٣ ثلاثة")
    assert "☑ 3. Question 3" in standing(side, "Data is involved").text


LONG = (
    "Überprüfe `every_queue` *twice* _and_ [then] ~look~ at #metrics > 100: "
    + "𝄞👩‍👩‍👧‍👦 סדר את התור ثم أعد التشغيل " * 20
)
MANY = {"name": "many", "title": "Forty steps", "opens": "declared", "steps": [{"text": LONG[:500]}] * 40}


@pytest.mark.parametrize("done", ["ticked", "left out"])
async def test_forty_long_steps_fit_and_each_is_cut_visibly(tmp_path: Path, platform: str, done: str) -> None:
    async with town_with(tmp_path, (platform,), checklists=[MANY]) as town:
        side = town.sides[platform]
        await declared(town, side)
        for number in range(1, 41):
            words = f"tick {number}" if done == "ticked" else f"skip {number} because {LONG[:400]}"
            if number < 40:
                await side.says(BO, words, room=ROOM)
        await town.settle()
        seen = standing(side, "Forty steps")
        assert all(f" {number}. " in seen.text for number in range(1, 41))
        assert "cut:" not in seen.text and seen.text.count("…") >= 40 and "39 of 40" in seen.text
        assert len(seen.buttons) == 1
        told = await tell(town, side, CLEO, "checklist 40")
        assert "👩‍👩‍👧‍👦 סדר את התור ثم أعد التشغيل" in told and "cut:" not in told


async def test_a_tick_on_one_platform_shows_on_the_other(tmp_path: Path) -> None:
    async with town_with(tmp_path, ("slack", "discord"), checklists=[FIRST]) as town:
        slack, discord = town.sides["slack"], town.sides["discord"]
        await declared(town, slack)
        await tap(town, discord, BO, "☑ 1. Say that you are on it")
        assert "☑ 1." in standing(slack, "First response").text
        assert standing(slack, "First response").buttons == ("☑ 2. Stop the bleeding",)
        assert "is ticked already" in await tell(town, slack, CLEO, "tick 1")


async def test_right_to_left_words_and_emoji_stand_as_they_were_written(tmp_path: Path, platform: str) -> None:
    steps = [{"text": "أوقف النزيف 🩸 أولاً"}, {"text": "הודע ללקוחות 👩🏽‍🚒"}]
    arabic = {"name": "first", "title": "الاستجابة الأولى", "opens": "declared", "ordered": True, "steps": steps}
    async with town_with(tmp_path, (platform,), checklists=[arabic]) as town:
        side = town.sides[platform]
        await declared(town, side)
        seen = standing(side, "الاستجابة الأولى")
        assert seen.buttons == ("☑ 1. أوقف النزيف 🩸 أولاً",) and "2. הודע ללקוחות 👩🏽‍🚒" in seen.text
        await side.taps(BO, seen.buttons[0], seen, room=ROOM)
        told = await tell(town, side, BO, "tick الاستجابة الأولى ٢ تم 🎉")
        assert "is complete" in told
        assert "(تم 🎉)" in (await noted(town))[-1]


async def test_the_first_ten_minutes_hold_one_post_more_and_ticking_none(town: Town, side: Side) -> None:
    await declared(town, side)
    count = len(posts(side))
    assert count == 3  # the card, the runbooks, the checklist
    for number in range(1, 5):
        await tell(town, side, BO, f"tick {number}")
    assert len(posts(side)) == count
