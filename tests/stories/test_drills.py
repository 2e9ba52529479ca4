"""The drill schedule: a due drill is announced and asked for until one was held."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.people import Group
from tests.support.seen import Seen
from tests.support.story import ANNOUNCED, acquainted, declared, tell, town_with
from tests.support.town import ANA, BO, FRIDAY, Side, Town, sqlite

SCENARIO = "The database is gone and the last backup is a day old"
PLAN: dict[str, object] = {
    "after": "2026-11-20",
    "every": "quarter",
    "day": "first fri",
    "asks": ["bo", "platform", "commander"],
    "scenario": SCENARIO,
}
DUE = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)


def town_of(folder: Path, *platforms: str, **plan: object) -> Town:
    """A town with a schedule of drills."""
    platform = Group(key="platform", name="Platform team", members=("cleo",))
    return town_with(folder, platforms, drills=PLAN | plan, groups=[platform])


TITLES = ("Time for a drill", "The drill is under way", "The drill was held")


def announced(side: Side, room: str = ANNOUNCED) -> list[Seen]:
    """The announcements of drills, whatever they say by now."""
    return [one for one in side.room(room) if one.by_bot and any(title in one.text for title in TITLES)]


async def go_to(town: Town, moment: datetime) -> None:
    """Move the clock to a moment, and wait until all that is due has happened."""
    town.clock.forward(moment - town.clock.now())
    await town.settle()


async def test_a_due_drill_is_announced_with_its_scenario_and_asked_for_each_week_until_one_was_held(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        told = await side.says(BO, "drills")
        assert "never run yet" in told and "Friday, 4 December 2026" in told and SCENARIO in told
        await go_to(town, DUE - timedelta(minutes=1))
        assert not announced(side)

        await go_to(town, DUE)
        (post,) = announced(side)
        assert SCENARIO in post.text and "planned for Friday, 4 December 2026" in post.text
        assert post.rings >= {"Bo Lindqvist"} and "Platform team" in post.text and "Incident commander" in post.text
        assert "Last drill: never run yet." in post.text and post.buttons == ("Start the drill",)
        await go_to(town, DUE + timedelta(days=6, hours=23))
        assert len(announced(side)) == 1
        await go_to(town, DUE + timedelta(days=7))
        first, _ = announced(side)
        assert "asked again below" in first.text and first.buttons == () and SCENARIO not in first.text
        assert "overdue since Friday, 4 December 2026" in await side.says(BO, "drill schedule")

        await side.taps(BO, "Start the drill", announced(side)[-1], room=ANNOUNCED)
        assert side.form(BO) is not None
        await side.fills(BO, title="the database is gone", severity="sev1")
        await town.settle()
        assert (await town.incident()).drill
        told = await side.says(BO, "drills")
        assert "#1 “the database is gone”" in told and "Friday, 5 March 2027" in told and "Time since" in told
        await tell(town, side, BO, "resolve that was all", room="incident-2026-12-11")
        await go_to(town, datetime(2027, 3, 5, 8, 59, tzinfo=UTC))
        assert len(announced(side)) == 2
        await go_to(town, datetime(2027, 3, 5, 9, 0, tzinfo=UTC))
        assert len(announced(side)) == 3 and "#1 “the database is gone”" in announced(side)[-1].text


async def test_a_drill_that_was_called_off_was_not_held_and_a_real_incident_is_none(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "sev3 exports fail")
        await declared(town, side, "drill sev1 nobody came")
        assert "#2" in await side.says(ANA, "drills")
        await tell(town, side, ANA, "#2 cancel because nobody came")
        assert "never run yet" in await side.says(ANA, "drills")
        await go_to(town, DUE)
        assert len(announced(side)) == 1


async def test_a_drill_held_shortly_before_its_day_need_not_be_asked_for(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await go_to(town, DUE - timedelta(days=5))
        await declared(town, side, "drill private sev1 a key has leaked")
        told = await side.says(BO, "drills")
        assert "a key has leaked" not in told and "Friday, 5 March 2027" in told
        await go_to(town, DUE + timedelta(days=8))
        assert not announced(side)


async def test_downtime_over_several_weeks_makes_one_announcement_and_a_restart_no_second(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await town.bot.stop()
        town.clock.forward(DUE + timedelta(days=23) - town.clock.now())
        await town.start_bot("two")
        await town.settle()
        assert len(announced(side)) == 1
        await town.bot.stop()
        await town.start_bot("three")
        await town.settle()
        assert len(announced(side)) == 1


async def test_keys_swept_out_after_a_week_make_nobody_act_again(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, every=None, after=None, first="2026-11-20", day="") as town:
        side = town.sides[platform]
        await town.settle()
        for hour in range(0, 24 * 15, 5):
            await go_to(town, FRIDAY + timedelta(hours=hour))
            await town.bot.broom.sweep()
        days = [FRIDAY.date() + timedelta(weeks=week) for week in range(3)]
        assert len(announced(side)) == len(days)


async def test_two_replicas_announce_once(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack") as town:
        side = town.sides["slack"]
        first = town.bot
        await town.start_bot("two")
        await go_to(town, DUE)
        await first.settled()
        assert len(announced(side)) == 1
        await first.stop()


async def test_each_platform_of_the_playbook_hears_of_it(tmp_path: Path) -> None:
    alone = PLAN | {"asks": ["bo"]}
    async with town_with(tmp_path, ("slack", "discord"), drills=alone, chats=["discord"]) as town:
        await go_to(town, DUE)
        assert len(announced(town.sides["discord"])) == 1 and not announced(town.sides["slack"])


async def test_whoever_is_on_call_is_rung_where_the_schedule_names_the_rotation(tmp_path: Path, platform: str) -> None:
    rotation = {"name": "oncall", "title": "On call", "people": ["finn", "esha"], "starts": "2026-11-23"}
    asked = PLAN | {"asks": ["oncall"]}
    async with town_with(tmp_path, (platform,), drills=asked, rotations=[rotation]) as town:
        await go_to(town, DUE)
        (post,) = announced(town.sides[platform])
        assert post.rings == {"Esha Rao"}


async def test_a_playbook_with_a_channel_of_its_own_announces_its_drills_there(tmp_path: Path, platform: str) -> None:
    alone = PLAN | {"asks": ["bo"]}
    async with town_with(tmp_path, (platform,), drills=alone, announce={"channels": {platform: "#random"}}) as town:
        side = town.sides[platform]
        await go_to(town, DUE)
        assert not announced(side) and any("Time for a drill" in one.text for one in side.room("random"))


async def test_each_of_several_playbooks_has_a_schedule_of_its_own(tmp_path: Path) -> None:
    alone = PLAN | {"asks": ["bo"]}
    one = acquainted(drills=alone)
    other = acquainted(drills=alone, name="other", title="Other", chosen_by={"words": ["database"]})
    async with Town(sqlite(tmp_path), platforms=("slack",), playbook=one, beside=(other,)) as town:
        side = town.sides["slack"]
        await declared(town, side, "drill sev1 the database is gone")
        assert (await town.incident()).playbook == "other"
        assert "never run yet" in await side.says(ANA, "drills")
        await go_to(town, DUE)
        assert len(announced(side)) == 2, "a drill a fortnight before its day counts for neither"
        await declared(town, side, "drill sev1 the database is gone again")
        await go_to(town, DUE + timedelta(days=7))
        assert len(announced(side)) == 3


@pytest.mark.parametrize("plan", [{}, {"every": "month", "day": "first fri"}])
async def test_where_nothing_is_planned_drills_says_what_to_write(
    tmp_path: Path, platform: str, plan: dict[str, object]
) -> None:
    async with town_with(tmp_path, (platform,), drills=plan) as town:
        side = town.sides[platform]
        told = await side.says(ANA, "drills")
        assert "not planned yet" in told and "never run yet" in told
        assert "every: quarter" in told and "first: 2027-01-08" in told
        await declared(town, side, "sev2 search is slow")
        assert "not planned yet" in await tell(town, side, ANA, "drills")
        await go_to(town, FRIDAY + timedelta(days=100))
        assert not announced(side)


async def test_the_announcement_says_that_the_drill_is_under_way_and_that_it_was_held(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await go_to(town, DUE)
        await declared(town, side, "drill sev1 the database is gone")
        (post,) = announced(side)
        assert "The drill is under way" in post.text and "#1 “the database is gone”" in post.text
        assert post.buttons == ("Join",), "it asks for none any more"
        await side.taps(BO, "Join", post, room=ANNOUNCED)
        await town.settle()
        assert "bo" in (await town.incident()).responders
        await tell(town, side, ANA, "resolve that was all", room="incident-2026-12-04")
        (post,) = announced(side)
        assert "The drill was held" in post.text and post.buttons == ()
        await declared(town, side, "drill sev2 one more, just so")
        await tell(town, side, ANA, "#2 cancel because lunch", room="general")
        assert [one.text for one in announced(side)] == [post.text], "another drill is none of its business"


async def test_a_drill_that_is_called_off_leaves_the_announcement_asking(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await go_to(town, DUE)
        await declared(town, side, "drill sev1 the database is gone")
        await tell(town, side, ANA, "#1 cancel because a real one came", room="general")
        (post,) = announced(side)
        assert "was called off, so a drill is still owed" in post.text and post.buttons == ("Start the drill",)
        await declared(town, side, "drill sev1 the database is gone again")
        assert "#2 “the database is gone again”" in announced(side)[0].text and len(announced(side)) == 1


async def test_a_drill_that_time_resolves_is_told_of_all_the_same(tmp_path: Path, platform: str) -> None:
    quiet = [{"quiet": "15m"}]
    async with town_with(tmp_path, (platform,), drills=PLAN | {"asks": ["bo"]}, resolve=quiet) as town:
        side = town.sides[platform]
        await go_to(town, DUE)
        await declared(town, side, "drill sev1 the database is gone")
        await tell(town, side, ANA, "resolve a restart", room="incident-2026-12-04")
        assert "under way" in announced(side)[0].text
        await town.forward(minutes=15)
        assert not (await town.incident()).open and "The drill was held" in announced(side)[0].text


async def test_of_a_private_drill_the_announcement_tells_nothing_but_that_it_was_held(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await go_to(town, DUE)
        await declared(town, side, "drill private sev1 a key has leaked")
        (post,) = announced(side)
        assert "A private drill, begun" in post.text and "leaked" not in post.text and post.buttons == ()
