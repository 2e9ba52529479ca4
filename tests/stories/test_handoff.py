"""The hand-over as a ritual: steps are ticked, both confirm, and nobody's silence goes unnoticed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.bell import TRY_AGAIN
from bot.handoff import Handoff
from bot.running import Bot
from tests.support.hostile import ACTS, HOSTILE
from tests.support.seen import Seen
from tests.support.story import ANNOUNCED, acquainted, declared, tell, town_with
from tests.support.town import ANA, BO, CLEO, ESHA, FINN, Side, Town, sqlite

STEPS = ["Look through the incidents", "Go through the deployments", "Try every access"]
CHECKLIST: dict[str, Any] = {
    "name": "handoff",
    "title": "Handing over on-call",
    "steps": [{"text": text} for text in STEPS],
}
ROTATION: dict[str, Any] = {
    "name": "primary",
    "title": "On call",
    "people": ["finn", "esha"],
    "starts": "2026-11-16",
    "day": "mon",
    "at": "09:00",
    "answer": "15m",
    "backup": ["cleo", "finn"],
    "checklist": CHECKLIST,
}
HANDOVER = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""The Monday after stories begin: Finn goes off, Esha comes on."""


def town_of(folder: Path, *platforms: str, **changes: Any) -> Town:
    """A town with a rotation that has a checklist."""
    return town_with(folder, platforms, rotations=[ROTATION | changes])


def told(side: Side, title: str, room: str = ANNOUNCED) -> list[Seen]:
    """The bot's posts of this title."""
    return [one for one in side.room(room) if one.by_bot and title in one.text]


def ritual(side: Side) -> Seen:
    """The hand-over's message as it stands."""
    (one,) = told(side, "Hand-over: ")
    return one


async def go_to(town: Town, moment: datetime) -> None:
    """Move the clock to a moment, and wait until all that is due has happened."""
    town.clock.forward(moment - town.clock.now())
    await town.settle()


async def press(town: Town, side: Side, who: Any, label: str) -> str:
    """Press a button of the hand-over's message, and wait for what comes of it."""
    said = await side.taps(who, label, ritual(side), room=ANNOUNCED)
    await town.settle()
    return said


async def kept(town: Town) -> Handoff:
    """The hand-over as it is kept."""
    (one,) = await town.store.reader.handoffs.current([town.playbook.name], now=town.clock.now())
    return one


async def test_steps_are_ticked_with_their_authors_and_both_confirm(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "sev2 search is slow")
        await go_to(town, HANDOVER)
        one = ritual(side)
        assert one.rings == {ESHA.name}
        assert "search is slow" in one.text, "open incidents are briefed"
        assert "☐ 1. Look through the incidents" in one.text and one.text.count("not confirmed yet") == 2
        assert {"I hand over", "I have it"} < set(one.buttons)

        await press(town, side, BO, "☑ 2. Go through the deployme…")
        assert "☑ 2. Go through the deployments · Bo Lindqvist" in ritual(side).text.replace("@", "")
        await press(town, side, FINN, "I hand over")
        text = ritual(side).text.replace("@", "")
        assert f"☑ {FINN.name} handed over" in text and f"☐ {ESHA.name} has it: not confirmed yet" in text
        assert "I hand over" not in ritual(side).buttons
        said = await press(town, side, ESHA, "I have it")
        assert "On call is handed over" in said
        assert f"☑ {ESHA.name} has it" in ritual(side).text.replace("@", "")
        assert "search is slow" in ritual(side).text
        await town.forward(hours=3)
        assert not told(side, "Nobody has confirmed: ") and not side.direct(ESHA)


async def test_only_those_two_can_confirm_and_a_second_press_changes_nothing(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await go_to(town, HANDOVER)
        assert "only they can say that they have it" in await press(town, side, BO, "I have it")
        assert "only they can say that they hand over" in await press(town, side, ESHA, "I hand over")
        assert (await kept(town)).took is None
        await press(town, side, ESHA, "I have it")
        first = (await kept(town)).took
        await town.forward(minutes=5)
        assert "That is confirmed" in await tell(town, side, ESHA, "handoff h1 have", room="general")
        assert (await kept(town)).took == first


async def test_silence_is_asked_about_privately_then_told_to_those_who_can_help(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await go_to(town, HANDOVER)
        await town.forward(minutes=14)
        assert not side.direct(ESHA)
        await town.forward(minutes=1)
        (asked,) = side.direct(ESHA)
        assert "have not confirmed yet" in asked.text and "I have it" in asked.buttons
        assert not told(side, "Nobody has confirmed: ")
        await town.forward(minutes=15)
        (alarm,) = told(side, "Nobody has confirmed: ")
        assert alarm.rings == {FINN.name, CLEO.name}, "whoever goes, and the backups, each once"
        assert ESHA.name in alarm.text
        await town.forward(hours=5)
        assert len(told(side, "Nobody has confirmed: ")) == 1 and len(side.direct(ESHA)) == 1
        await side.taps_directly(ESHA, "I have it", asked)
        await town.settle()
        assert (await kept(town)).took is not None
        assert f"☑ {ESHA.name} has it" in ritual(side).text.replace("@", "")


async def test_whoever_can_be_reached_nowhere_is_not_waited_for(tmp_path: Path) -> None:
    people = [person.model_dump() for person in acquainted().people if person.key != "esha"]
    people.append({"key": "esha", "name": ESHA.name, "handles": {"discord": ESHA.discord_id}})
    async with town_with(tmp_path, ("slack",), rotations=[ROTATION], people=people) as town:
        side = town.sides["slack"]
        await go_to(town, HANDOVER)
        await town.forward(minutes=15)
        (alarm,) = told(side, "Nobody has confirmed: ")
        assert FINN.name in alarm.rings and ESHA.name in alarm.text


async def test_without_an_answer_time_half_an_hour_is_waited(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, answer=None) as town:
        side = town.sides[platform]
        await go_to(town, HANDOVER)
        await town.forward(minutes=29)
        assert not side.direct(ESHA)
        await town.forward(minutes=1)
        assert len(side.direct(ESHA)) == 1


async def test_handoff_shows_where_it_stands_and_words_do_what_buttons_do(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        assert "No hand-over stands now" in await tell(town, side, ANA, "handoff", room="general")
        assert "nothing to confirm" in await tell(town, side, ANA, "handoff have", room="general")
        await go_to(town, HANDOVER)
        await tell(town, side, FINN, "handoff gave", room="general")
        said = await tell(town, side, BO, "handoff tick 3", room="general")
        assert "☑ 3. Try every access 2 to go" in said
        shown = (await tell(town, side, ANA, "handoff", room="general")).replace("@", "")
        assert "1 of 3 steps are ticked" in shown and "☐ 1. Look through the incidents" in shown
        assert f"☑ {FINN.name} handed over" in shown and f"☐ {ESHA.name} has it" in shown
        assert "To do again" in await tell(town, side, BO, "handoff primary untick 3", room="general")
        assert not (await kept(town)).ticks
        for words, says in (
            ("handoff tick", "Say which step"),
            ("handoff tick 9", "there is no step 9"),
            ("handoff untick 1", "is not ticked"),
            ("handoff nobody", "is no rotation. There are primary."),
            ("handoff h99 have", "is over"),
        ):
            assert says in await tell(town, side, ANA, words, room="general"), words


async def test_whoever_comes_may_take_over_early_and_the_hand_overs_own_time_brings_nothing_more(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        assert "Whoever comes on call next takes over early" in await tell(
            town, side, FINN, "handoff early", room="general"
        )
        assert "Esha Rao (primary)" in await tell(town, side, ANA, "handoff primary early", room="general")
        await town.forward(hours=60)
        said = await tell(town, side, ESHA, "handoff early", room="general")
        assert "You are on call now" in said and "is asked to confirm" in said
        assert ritual(side).rings == {ESHA.name} and "late" not in ritual(side).text
        assert ESHA.name in (await tell(town, side, ANA, "oncall", room="general")).replace("@", "")
        assert "on call already" in await tell(town, side, ESHA, "handoff early", room="general")
        await press(town, side, FINN, "I hand over")
        await press(town, side, ESHA, "I have it")
        await go_to(town, HANDOVER + timedelta(hours=1))
        ritual(side)
        assert not side.direct(ESHA) and (await kept(town)).confirmed


async def test_in_an_incident_handoff_of_a_role_still_hands_the_role_over(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert "Offered to" in await tell(town, side, ANA, f"handoff ic {side.at(BO)}")
        assert (await town.incident()).offers


async def test_neither_a_restart_nor_a_second_bot_nor_a_clock_that_goes_back_does_anything_twice(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await go_to(town, HANDOVER)
        await press(town, side, BO, "☑ 1. Look through the incide…")
        await town.bot.stop()
        await town.start_bot("two")
        await town.settle()
        town.clock.forward(timedelta(hours=-2))
        await town.settle()
        await go_to(town, HANDOVER + timedelta(minutes=16))
        await town.bot.stop()
        await town.start_bot("three")
        town.clock.forward(timedelta(hours=-1))
        await town.settle()
        await go_to(town, HANDOVER + timedelta(minutes=40))
        ritual(side)
        assert len(side.direct(ESHA)) == 1 and len(told(side, "Nobody has confirmed: ")) == 1
        assert (await kept(town)).ticks.keys() == {1}


async def test_of_two_that_ring_at_once_one_acts(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack") as town:
        side = town.sides["slack"]
        other: Bot = town.bot
        await go_to(town, HANDOVER)
        town.clock.forward(timedelta(minutes=15) + TRY_AGAIN)
        await other.bell.ring()
        await town.bot.bell.ring()
        await town.settle()
        assert len(side.direct(ESHA)) == 1


async def test_a_bot_that_was_down_asks_from_when_it_told(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await town.bot.stop()
        town.clock.forward(HANDOVER + timedelta(hours=2) - town.clock.now())
        await town.start_bot("two")
        await town.settle()
        assert "this note is late" in ritual(side).text and not side.direct(ESHA)
        await town.forward(minutes=15)
        assert len(side.direct(ESHA)) == 1


async def test_each_platform_has_the_ritual_and_one_answer_settles_both(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack", "discord") as town:
        slack, discord = town.sides["slack"], town.sides["discord"]
        await go_to(town, HANDOVER)
        await press(town, slack, ESHA, "I have it")
        await press(town, discord, FINN, "I hand over")
        for side in (slack, discord):
            assert "not confirmed yet" not in ritual(side).text and len(ritual(side).buttons) == len(STEPS)


async def test_a_rotation_without_a_checklist_is_told_of_and_asked_about_by_nobody(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack", checklist=None) as town:
        side = town.sides["slack"]
        await go_to(town, HANDOVER)
        assert not ritual(side).buttons
        await town.forward(hours=2)
        assert not side.direct(ESHA) and not told(side, "Nobody has confirmed: ")


async def test_two_rotations_are_named_where_it_is_not_clear_which_is_meant(tmp_path: Path) -> None:
    second = ROTATION | {"name": "second", "title": "Second line", "people": ["finn", "cleo"], "backup": []}
    playbook = acquainted(rotations=[ROTATION, second])
    async with Town(sqlite(tmp_path), platforms=("slack",), playbook=playbook) as town:
        side = town.sides["slack"]
        await go_to(town, HANDOVER)
        said = await tell(town, side, FINN, "handoff gave", room="general")
        assert "/incident handoff primary gave" in said and "/incident handoff second gave" in said
        assert "Noted" in await tell(town, side, ESHA, "handoff have", room="general"), "hers is one of the two"
        assert "Noted" in await tell(town, side, FINN, "handoff second gave", room="general")


@pytest.mark.parametrize("count", [3, 40])
async def test_hostile_and_many_steps_fit_and_do_nothing(tmp_path: Path, platform: str, count: int) -> None:
    steps = [{"text": f"{HOSTILE[place % len(HOSTILE)]}"[:400] or "x"} for place in range(count)]
    async with town_of(tmp_path, platform, checklist=CHECKLIST | {"steps": steps}) as town:
        side = town.sides[platform]
        await go_to(town, HANDOVER)
        one = ritual(side)
        assert one.rings == {ESHA.name} and not ACTS.search(str(one.raw.get("embeds", "")))
        assert len(one.buttons) <= 25
        for number in range(1, count + 1):
            await tell(town, side, BO, f"handoff tick {number}", room="general")
        assert len((await kept(town)).ticks) == count
        assert ritual(side).text.count("☑") == count
