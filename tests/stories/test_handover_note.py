"""On-call hands over: one note tells who comes on what is open, what is due, and which alerts came."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.messages.handover_note import ALERTS, LISTED
from tests.support.alerts import CLEARS, arrive
from tests.support.alerts import alert as sent
from tests.support.hostile import ACTS, HOSTILE
from tests.support.seen import Seen
from tests.support.story import ANNOUNCED, acquainted, declared, tell, town_with
from tests.support.town import ANA, BO, CLEO, ESHA, FINN, Side, Town, sqlite

ROTATION: dict[str, Any] = {
    "name": "oncall",
    "title": "On call",
    "people": ["finn", "esha"],
    "starts": "2026-11-16",
    "day": "mon",
    "at": "09:00",
}
HANDOVER = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""The Monday after stories begin: Finn goes off, Esha comes on."""
WEEK = timedelta(days=7)


def town_of(folder: Path, *platforms: str, more: tuple[dict[str, Any], ...] = (), **changes: Any) -> Town:
    """A town with a rotation."""
    return town_with(folder, platforms, rotations=[ROTATION | changes, *more])


def notes(side: Side, room: str = ANNOUNCED) -> list[Seen]:
    """The notes of hand-overs."""
    return [one for one in side.room(room) if one.by_bot and "Hand-over: " in one.text]


async def go_to(town: Town, moment: datetime) -> None:
    """Move the clock to a moment, and wait until all that is due has happened."""
    town.clock.forward(moment - town.clock.now())
    await town.settle()


async def test_the_note_tells_what_is_open_what_is_due_and_which_alerts_came(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "sev2 search is slow")
        await declared(town, side, "sev1 checkout is down", by=BO)
        await declared(town, side, "sev3 exports fail")
        await tell(town, side, ANA, "#3 resolve a restart", room="general")
        await tell(town, side, ANA, f"#3 action {side.at(CLEO)} mend the exports by wednesday", room="general")
        await tell(town, side, ANA, "#3 action @me write a test by 2027-02-01", room="general")
        for hours in range(3):
            await arrive(town, *(sent(f"Noisy {each}", severity="warning") for each in range(hours, 3)))
            await town.forward(minutes=1)
        await go_to(town, HANDOVER - timedelta(minutes=1))
        assert not notes(side)

        await go_to(town, HANDOVER)
        (note,) = notes(side)
        text = note.text.replace("**", "")
        assert note.rings == {ESHA.name}, "it rings who comes on and nobody else"
        assert "Hand-over: On call" in text and f"{FINN.name} goes off" in text.replace("@", "")
        assert "Open incidents: 2" in text and "exports fail" not in text.partition("Action items")[0]
        first, second = text.index("#2 SEV1 checkout is down"), text.index("#1 SEV2 search is slow")
        assert first < second, "the most severe first"
        assert "Bo Lindqvist" in text[first:second] and "update overdue since" in text[first:second]
        assert "Action items due this turn: 1" in text and "#3/1 mend the exports · " in text and "Cleo" in text
        assert "write a test" not in text, "it is due in a later turn"
        assert "Alerts: 3, arrived 6×" in text
        noisiest = [text.index(f"Noisy {each}") for each in (2, 1, 0)]
        assert noisiest == sorted(noisiest) and "arrived 3×, offered 1×" in text
        assert len(notes(side)) == 1


async def test_where_nothing_is_open_a_short_calm_line_says_so(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await go_to(town, HANDOVER)
        (note,) = notes(side)
        assert "All is quiet" in note.text and "Open incidents" not in note.text
        await go_to(town, HANDOVER + WEEK)
        assert len(notes(side)) == 2 and notes(side)[-1].rings == {FINN.name}


async def test_alerts_are_counted_for_the_turn_and_those_that_were_never_an_incident_are_named(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        for _ in range(4):
            await arrive(town, sent("Old", severity="warning"))
        await go_to(town, HANDOVER + timedelta(days=2))
        await arrive(town, sent("Old", severity="warning"), sent("Flaky", severity="warning"))
        await tell(town, side, ANA, "ignore a2 for 1h", room="general")
        for _ in range(3):
            await arrive(town, sent("Flaky", severity="warning"))
        await go_to(town, HANDOVER + WEEK)
        text = notes(side)[-1].text.replace("**", "")
        assert "Flaky · arrived 4×" in text and "Old · arrived 1×" in text, "not those of the week before"
        assert text.index("Flaky") < text.index("Old")


async def test_private_incidents_and_drills_are_left_out_with_all_that_is_theirs(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "private sev1 a key has leaked")
        await declared(town, side, "drill sev1 the pager is silent")
        await tell(town, side, ANA, "#1 action @me rotate the key by wednesday", room="general")
        await tell(town, side, ANA, "#2 action @me buy a louder one by wednesday", room="general")
        await arrive(town, sent("KeyUsedTwice", severity="warning"))
        await tell(town, side, ANA, "#1 attach a1", room="general")
        await arrive(town, sent("PagerIsMute", severity="warning"))
        await tell(town, side, ANA, "#2 attach a2", room="general")
        assert [one.incident for one in await town.store.reader.alerts.latest(limit=9)] == [2, 1]
        await go_to(town, HANDOVER)
        assert "All is quiet" in notes(side)[0].text
        for secret in ("leaked", "silent", "rotate", "louder", "KeyUsedTwice", "PagerIsMute"):
            assert secret not in notes(side)[0].text, secret


async def test_neither_a_restart_nor_a_second_bot_posts_it_again(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await go_to(town, HANDOVER)
        await town.bot.stop()
        await town.start_bot("two")
        await town.settle()
        town.clock.forward(timedelta(hours=-2))
        await town.settle()
        await go_to(town, HANDOVER + timedelta(hours=1))
        assert len(notes(side)) == 1


@pytest.mark.parametrize(("hours", "told"), [(11, 1), (13, 0)])
async def test_a_bot_that_was_down_at_the_hand_over_tells_of_it_late_but_not_half_a_day_late(
    tmp_path: Path, platform: str, hours: int, told: int
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await town.bot.stop()
        town.clock.forward(HANDOVER + timedelta(hours=hours) - town.clock.now())
        await town.start_bot("two")
        await town.settle()
        assert len(notes(side)) == told
        assert all("this note is late" in one.text and one.rings == {ESHA.name} for one in notes(side))


async def test_two_rotations_that_hand_over_on_one_day_have_a_note_each_also_when_both_were_slept_through(
    tmp_path: Path,
) -> None:
    second = ROTATION | {"name": "backup", "title": "Second line", "people": ["ana", "bo"], "at": "11:00"}
    async with town_of(tmp_path, "slack", more=(second,)) as town:
        side = town.sides["slack"]
        await go_to(town, HANDOVER)
        await go_to(town, HANDOVER + timedelta(hours=2))
        assert [one.rings for one in notes(side)] == [{ESHA.name}, {BO.name}]
        await town.bot.stop()
        town.clock.forward(HANDOVER + WEEK + timedelta(hours=5) - town.clock.now())
        await town.start_bot("two")
        await town.settle()
        assert len(notes(side)) == 4


async def test_a_daily_hand_over_comes_once_a_day_where_the_clocks_change(tmp_path: Path) -> None:
    daily: dict[str, Any] = {"turn": "daily", "starts": "2027-03-26", "at": "01:30", "timezone": "Europe/Madrid"}
    async with town_of(tmp_path, "slack", **daily) as town:
        side = town.sides["slack"]
        moment = datetime(2027, 3, 26, 0, 0, tzinfo=UTC)
        for quarter in range(4 * 4 * 24):
            await go_to(town, moment + quarter * timedelta(minutes=15))
        assert len(notes(side)) == 5, "26 to 29 March before dawn, and the 30th, at 23:30 UTC of the day before"
        rung = [min(one.rings) for one in notes(side)]
        assert all(one != other for one, other in pairwise(rung))


async def test_what_is_overdue_and_where_updates_are_paused_stands_beside_it(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "sev2 search is slow")
        await tell(town, side, ANA, "#1 action @me mend the index by 2026-11-21", room="general")
        await tell(town, side, ANA, "#1 action @me write it down by 2026-11-25", room="general")
        await town.forward(hours=66)
        await tell(town, side, ANA, "#1 pause 2h because the vendor is asleep", room="general")
        await go_to(town, HANDOVER)
        text = notes(side)[0].text.replace("**", "")
        assert "updates paused" in text and "update overdue" not in text and "update due" not in text
        assert "Action items due this turn: 2, 1 overdue" in text
        late, soon = text.index("mend the index"), text.index("write it down")
        assert "· overdue" in text[late:soon] and "· due" in text[soon:] and "overdue" not in text[soon:]
        assert "this note is late" not in text


async def test_the_most_severe_stands_first_and_of_each_severity_the_oldest(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack") as town:
        side = town.sides["slack"]
        for words in (
            "sev4 a typo",
            "sev2 search is slow",
            "sev1 checkout is down",
            "sev2 exports fail",
            "sev3 a leak",
        ):
            await side.says(ANA, words)
            await town.forward(minutes=1)
        await go_to(town, HANDOVER)
        text = notes(side)[0].text
        places = [text.index(one) for one in ("checkout is", "search is", "exports fail", "a leak", "a typo")]
        assert places == sorted(places)


async def test_an_alert_that_only_cleared_in_the_turn_is_none_of_its_alerts(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack") as town:
        side = town.sides["slack"]
        await arrive(town, sent("Old", severity="warning"))
        await go_to(town, HANDOVER + timedelta(days=1))
        await arrive(town, sent("New", severity="warning"), sent("Old", state=CLEARS, severity="warning"))
        await go_to(town, HANDOVER + WEEK)
        text = notes(side)[-1].text.replace("**", "")
        assert "Alerts: 1, arrived 1×" in text and "New · arrived 1×" in text and "Old" not in text


async def test_the_first_note_of_a_rotation_says_that_it_begins_and_counts_no_alerts(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform, starts="2026-11-23") as town:
        side = town.sides[platform]
        await declared(town, side, "sev2 search is slow")
        await arrive(town, sent("Noisy", severity="warning"))
        await go_to(town, HANDOVER)
        (note,) = notes(side)
        assert note.rings == {FINN.name} and "the rotation begins." in note.text and "goes off" not in note.text
        assert "search is slow" in note.text and "Alerts" not in note.text


async def test_who_has_two_turns_one_after_the_other_is_told_of_the_first_only(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack", people=["finn", "esha", "esha"]) as town:
        told = []
        for weeks in range(4):
            await go_to(town, HANDOVER + weeks * WEEK)
            told.append(len(notes(town.sides["slack"])))
        assert told == [1, 1, 2, 3]


async def test_where_one_person_is_always_on_call_there_is_no_hand_over(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack", people=["esha", "esha"]) as town:
        await go_to(town, HANDOVER + WEEK)
        assert not notes(town.sides["slack"])


async def test_a_rotation_with_a_channel_of_its_own_is_told_there(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, channels={platform: "#random"}) as town:
        side = town.sides[platform]
        await go_to(town, HANDOVER)
        assert len(notes(side, "random")) == 1 and not notes(side)


async def test_each_platform_has_the_note_and_the_checklist_of_the_hand_over(tmp_path: Path) -> None:
    steps = {"name": "handoff", "title": "Handing over", "steps": [{"text": "Try the pager"}, {"text": "Say hello"}]}
    async with town_of(tmp_path, "slack", "discord", checklist=steps) as town:
        await go_to(town, HANDOVER)
        for side in town.sides.values():
            (note,) = notes(side)
            assert "Handing over" in note.text and "Try the pager" in note.text and "Say hello" in note.text


async def test_of_another_playbook_nothing_is_told(tmp_path: Path) -> None:
    one = acquainted(rotations=[ROTATION])
    other = acquainted(name="other", title="Other", chosen_by={"words": ["database"]})
    async with Town(sqlite(tmp_path), platforms=("slack",), playbook=one, beside=(other,)) as town:
        side = town.sides["slack"]
        await declared(town, side, "sev1 the database is gone")
        assert (await town.incident()).playbook == "other"
        await tell(town, side, ANA, "#1 action @me bring it back by wednesday", room="general")
        assert len((await town.store.reader.actions(None, now=town.clock.now(), limit=9)).shown) == 1
        await go_to(town, HANDOVER)
        assert "All is quiet" in notes(side)[0].text


@pytest.mark.parametrize("words", [HOSTILE, tuple("*_~`|" * 60 + str(place) for place in range(10))])
async def test_many_long_and_hostile_titles_fit_into_one_message_and_do_nothing(
    tmp_path: Path, platform: str, words: tuple[str, ...]
) -> None:
    long = {"name": "handoff", "title": "Handing over",
            "steps": [{"text": f"{place} " + "step " * 90} for place in range(10)]}  # fmt: skip
    rotations, quiet = [ROTATION | {"checklist": long}], {"severities": ["sev1"]}
    async with town_with(tmp_path, (platform,), rotations=rotations, announce=quiet) as town:
        side = town.sides[platform]
        for place, title in enumerate(words[:10], start=1):
            await side.says(ANA, f"sev2 x {title}")
            await town.settle()
            await tell(town, side, ANA, f"#{place} action @me {title} by tuesday", room="general")
        await arrive(town, *(sent(f"{title} {place}", severity="warning") for place, title in enumerate(words)))
        count = len(await town.store.reader.open(None, limit=50))
        await go_to(town, HANDOVER)
        (note,) = notes(side)
        assert note.rings == {ESHA.name} and not ACTS.search(str(note.raw.get("embeds", "")))
        assert "'type': 'link'" not in str(note.raw)
        assert note.text.count("and ") >= 3
        for more in (count - LISTED, len(words) - ALERTS):
            assert f"… and {more} more." in note.text, "nothing was cut but what is counted"
        assert "/incident alerts" in note.text
