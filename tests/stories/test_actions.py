"""Action items: what remains to be done is owned, dated, reminded of, and outlives the incident."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.commands.done import Done
from bot.people import Group
from bot.playbook.process import Stage
from bot.progress import ActionItem, ActionKind
from bot.signs import meant
from bot.timeline import Kind
from tests.support.seen import Seen
from tests.support.story import ANNOUNCED, ROOM, acquainted, card, changed, declared, posts, react, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, FRIDAY, Side, Town, sqlite

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""The Monday after the Friday on which stories begin, as work begins."""
DAY = timedelta(days=1)
EIGHT = timedelta(hours=8)
"""From when work begins until it ends."""
PLATFORM = Group(key="platform", name="Platform team", members=("cleo", "bo"))


def town_of(folder: Path, *platforms: str, **changes: object) -> Town:
    """A town whose playbook knows its people, and a team."""
    return Town(sqlite(folder), platforms=platforms, playbook=acquainted(groups=(PLATFORM,), **changes))


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town on one platform."""
    async with town_of(tmp_path, platform) as made:
        yield made


async def items(town: Town, number: int = 1) -> tuple[ActionItem, ...]:
    """The incident's action items."""
    return (await town.incident(number)).progress.actions


async def go_to(town: Town, moment: datetime) -> None:
    """Move the clock to a moment, and wait until all that is due has happened."""
    town.clock.forward(moment - town.clock.now())
    await town.settle()


def listed(side: Side) -> Seen:
    """The list that stands in the channel."""
    (found,) = [one for one in posts(side) if one.text.strip().startswith("Action items")]
    return found


def weekly(side: Side) -> list[Seen]:
    """The weekly summaries."""
    return [one for one in side.room(ANNOUNCED) if one.by_bot and "Action items this week" in one.text]


def reminders(side: Side, text: str) -> list[Seen]:
    """What Bo was told directly with these words."""
    return [one for one in side.direct(BO) if text in one.text]


def bare(text: str) -> str:
    """Text without the marks that make it bold or code."""
    return text.replace("*", "").replace("`", "")


async def test_an_item_has_an_owner_a_kind_and_a_date_in_the_zone_of_whoever_typed_it(town: Town, side: Side) -> None:
    await declared(town, side)
    count = len(posts(side))
    told = await tell(town, side, ANA, f"action prevent: add a pool alert {side.at(BO)} by friday 15:00")
    assert "Item 1 is on the list: prevent: add a pool alert. For Bo Lindqvist. Due" in told.replace("@", "")

    (item,) = await items(town)
    assert (item.text, item.kind) == ("add a pool alert", ActionKind.PREVENT)
    assert item.owner is not None and item.owner.key == "bo"
    assert item.due_at == datetime(2026, 11, 27, 14, 0, tzinfo=UTC), "15:00 in Madrid, where Ana is"
    assert len(posts(side)) == count + 1 and "add a pool alert" in listed(side).text
    assert "Action items" in card(side).text and "1 open" in card(side).text
    (given,) = reminders(side, "Ana Reyes gave you an action item")
    assert "add a pool alert" in given.text and given.buttons == ("Done", "Another date")
    entry = [link.entry for link in await town.timeline() if link.entry.kind is Kind.ACTION][-1]
    assert entry.text == (
        "Action item 1 added: prevent: add a pool alert (Bo Lindqvist, due 2026-11-27 14:00 UTC)"
    )  # fmt: skip

    await tell(town, side, ANA, "todo @me write it up by monday")
    await tell(town, side, ANA, "follow-up 3 replicas must run")
    assert [(one.number, one.text) for one in await items(town)][1:] == [(2, "write it up"), (3, "3 replicas must run")]
    assert len(posts(side)) == count + 1 and listed(side).buttons == ("✓ 2", "✓ 1", "✓ 3")
    assert "nobody yet · no date yet" in listed(side).text and "3 open" in card(side).text
    assert not any("gave you" in text for text in side.private(ANA)), "nobody tells themselves"


async def test_a_doubtful_date_or_owner_is_asked_back_and_nothing_is_added(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, ANA, f"action {side.at(BO)} add an alert by next friday")
    assert "may mean Friday, 27 November or Friday, 4 December" in told
    assert "I do not know who" in await tell(town, side, ANA, "action @nobody add an alert by friday")
    assert "is past" in await tell(town, side, ANA, "action add an alert by 2026-11-01")
    assert await items(town) == () and "Action items" not in card(side).text
    await tell(town, side, ANA, "action fail over by hand and tell @nobody")
    assert (await items(town))[0].text == "fail over by hand and tell @nobody"
    await tell(town, side, ANA, "action me.py needs a test")
    assert [(one.text, one.owner) for one in await items(town)][1:] == [("me.py needs a test", None)]


async def test_a_doubtful_date_is_settled_by_one_tap_and_nothing_has_to_be_typed_again(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, f"action prevent: add an alert {side.at(BO)} by next friday 15:00 for the pool")
    asked = side.whispered(ANA)
    assert asked.buttons == ("2026-11-27 15:00", "2026-12-04 15:00", "Another date")
    for label in ("2026-12-04 15:00", "2026-12-04 15:00", "2026-11-27 15:00"):
        await side.taps(ANA, label, asked, room=ROOM)
        await town.settle()
    (item,) = await items(town)
    assert (item.text, item.kind) == ("add an alert for the pool", ActionKind.PREVENT)
    assert item.owner is not None and item.owner.key == "bo"
    assert item.due_at == datetime(2026, 12, 4, 14, 0, tzinfo=UTC)
    assert "That is item 1 already: add an alert for the pool." in side.private(ANA)[-1]

    await tell(town, side, ANA, "action 1 by 5:00")
    await side.taps(ANA, "17:00", side.whispered(ANA), room=ROOM)
    await town.settle()
    assert [one.due_at for one in await items(town)] == [FRIDAY.replace(hour=16)]


async def test_a_doubtful_date_is_settled_by_whoever_typed_it_and_by_nobody_else(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "action add an alert by next friday")
    assert "are not yours or are gone" in await tell(town, side, BO, "action-date 1 2026-12-04")
    assert not await items(town)
    await tell(town, side, ANA, "action-date 1 2026-12-04")
    assert [one.text for one in await items(town)] == ["add an alert"]


async def test_a_doubtful_date_is_settled_in_a_form_that_holds_what_was_typed(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "action detect: add an alert @platform by friday or monday")
    asked = side.whispered(ANA)
    assert "I cannot read “friday or monday” as a date" in asked.text and asked.buttons == ("Another date",)
    await side.taps(ANA, "Another date", asked, room=ROOM)
    shown = str(side.form(ANA))
    assert all(f"'{typed}'" in shown for typed in ("add an alert", "platform", "friday or monday", "detect")), shown
    await side.fills(ANA, text="add two alerts", owner="platform", due="next monday", kind="detect")
    await town.settle()
    assert await items(town) == ()
    await side.taps(ANA, "2026-11-30", side.whispered(ANA), room=ROOM)
    await town.settle()
    (item,) = await items(town)
    assert (item.text, item.kind, item.due_at) == ("add two alerts", ActionKind.DETECT, MONDAY + 7 * DAY + EIGHT)
    assert item.group is not None and item.group.key == "platform" and item.owner is None


async def test_an_owner_whom_nobody_knows_is_said_in_a_form_that_holds_what_was_typed(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "action @nobody prevent: add an alert by 2026-12-04 15:00")
    asked = side.whispered(ANA)
    assert "I do not know who “@nobody” is" in asked.text and asked.buttons == ("Say who",)
    await side.taps(ANA, "Say who", asked, room=ROOM)
    shown = str(side.form(ANA))
    assert all(f"'{typed}'" in shown for typed in ("@nobody add an alert", "2026-12-04 15:00", "prevent")), shown
    await side.fills(ANA, text="add an alert", owner="bo", due="2026-12-04 15:00", kind="prevent")
    await town.settle()
    (item,) = await items(town)
    assert (item.text, item.due_at) == ("add an alert", datetime(2026, 12, 4, 14, 0, tzinfo=UTC))
    assert item.owner is not None and item.owner.key == "bo"


async def test_the_form_of_an_overdue_item_can_be_sent_and_leaves_its_date_and_its_reminders(
    town: Town, side: Side
) -> None:
    await declared(town, side)
    await tell(town, side, ANA, f"action {side.at(BO)} add an alert by monday")
    await go_to(town, MONDAY + EIGHT)
    await go_to(town, MONDAY + DAY)
    (before,) = await items(town)
    assert before.late and before.asked == 1
    await side.taps_directly(BO, "Another date", reminders(side, "is overdue")[-1])
    assert before.due_at is not None
    shown = f"{before.due_at.astimezone(ZoneInfo(BO.timezone)):%Y-%m-%d %H:%M}"
    await side.fills(BO, text="add two alerts", owner="bo", due=shown, kind="detect")
    await town.settle()
    (item,) = await items(town)
    assert item == before.model_copy(update={"text": "add two alerts", "kind": ActionKind.DETECT})


async def test_the_form_of_an_item_that_is_due_within_a_minute_leaves_its_seconds(town: Town, side: Side) -> None:
    await declared(town, side)
    town.clock.forward(timedelta(seconds=20))
    await tell(town, side, ANA, "action @me add an alert due in 4 hours")
    await side.says(ANA, "action 1", room=ROOM)
    await side.fills(ANA, text="add two alerts", owner="ana", due="2026-11-20 19:00", kind="detect")
    await town.settle()
    (item,) = await items(town)
    assert (item.text, item.due_at) == ("add two alerts", FRIDAY + timedelta(hours=4, seconds=20))


async def test_done_is_one_tap_in_the_channel_and_one_word(town: Town, side: Side) -> None:
    await declared(town, side)
    for words in ("add an alert", "raise the pool", "write it up"):
        await tell(town, side, ANA, f"action @me {words} by friday")
    assert "✓ Item 2 is done: raise the pool. 2 left." in await tell(town, side, BO, "done 2")
    assert "done by Bo Lindqvist" in await tell(town, side, ANA, "done 2")
    count = len(posts(side))
    await side.taps(CLEO, "✓ 1", listed(side), room=ROOM)
    await town.settle()
    assert [one.done_by for one in await items(town)] == ["Cleo Okafor", "Bo Lindqvist", ""]
    assert len(posts(side)) == count and listed(side).buttons == ("✓ 3",)
    assert "There is no action item 7 here" in await tell(town, side, ANA, "done 7")
    assert "by its number, like /incident done 3" in bare(await tell(town, side, ANA, "done"))
    await tell(town, side, ANA, "done 3")
    assert "none open" in listed(side).text and "Action items" not in card(side).text
    assert "2 done" not in listed(side).text and "3 done or dropped" in listed(side).text
    assert "Item 1" in await tell(town, side, ANA, "action 1 again")
    assert listed(side).buttons == ("✓ 1",)


async def test_an_item_is_given_on_dated_anew_and_dropped_with_a_reason(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "action add an alert")
    await tell(town, side, ANA, f"action 1 {side.at(BO)}")
    await tell(town, side, BO, "action 1 by monday")
    (item,) = await items(town)
    assert item.owner is not None and item.owner.key == "bo" and item.text == "add an alert"
    assert item.due_at == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert len(reminders(side, "gave you an action item")) == 1
    await tell(town, side, BO, f"task 1 to {side.at(CLEO)} by tuesday")
    (item,) = await items(town)
    assert item.owner is not None and item.owner.key == "cleo" and item.due_at == datetime(2026, 11, 24, 17, tzinfo=UTC)

    await side.says(ANA, "action 1 drop", room=ROOM)
    await side.fills(ANA, because="the pool is gone")
    await town.settle()
    (item,) = await items(town)
    assert item.dropped_because == "the pool is gone" and not item.open
    assert "dropped, because the pool is gone" in await tell(town, side, ANA, "actions")
    assert "dropped, because the pool is gone" in await tell(town, side, ANA, f"action 1 {side.at(BO)}")


async def test_without_words_a_form_asks_and_it_changes_an_item_as_well(town: Town, side: Side) -> None:
    await declared(town, side)
    await side.says(ANA, "action", room=ROOM)
    await side.fills(ANA, text="add an alert", owner="bo", due="friday", kind="detect")
    await town.settle()
    (item,) = await items(town)
    assert item.owner is not None and item.owner.key == "bo" and item.kind is ActionKind.DETECT
    await side.says(ANA, "action 1", room=ROOM)
    shown = str(side.form(ANA))
    assert "add an alert" in shown and "2026-11-27 18:00" in shown, "as the clock shows it in Madrid"
    await side.fills(ANA, text="add two alerts", owner="bo", due="in 2 weeks", kind="detect")
    await town.settle()
    (item,) = await items(town)
    assert (item.text, item.due_at) == ("add two alerts", datetime(2026, 12, 4, 17, tzinfo=UTC))


async def test_what_it_lacks_is_one_tap_away(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "action add an alert")
    asked = side.whispered(ANA)
    assert asked.buttons == ("Set an owner and a date", "I'll take it")
    await side.taps(ANA, "I'll take it", asked, room=ROOM)
    await town.settle()
    (item,) = await items(town)
    assert item.owner is not None and item.owner.key == "ana" and item.due_at is None
    assert side.private(ANA)[-1].count("It has no date yet.") == 1


async def test_a_group_is_asked_to_name_a_person(town: Town, side: Side) -> None:
    await declared(town, side)
    count = len(posts(side))
    told = await tell(town, side, ANA, "action @platform add an alert by friday")
    assert "Platform team is asked who takes it" in told
    (question,) = [one for one in posts(side) if "Who takes this action item?" in one.text]
    assert question.buttons == ("I'll take it",) and question.rings == {"Cleo Okafor", "Bo Lindqvist"}
    assert len(posts(side)) == count + 2 and "Platform team (who?)" in listed(side).text
    assert "add an alert" in await tell(town, side, BO, "actions mine"), "Bo belongs to it"

    await side.taps(CLEO, "I'll take it", question, room=ROOM)
    await town.settle()
    (item,) = await items(town)
    assert item.owner is not None and item.owner.key == "cleo"
    (answered,) = [one for one in posts(side) if "takes item 1" in one.text]
    assert answered.ref == question.ref and answered.buttons == () and len(posts(side)) == count + 2
    assert "None is open" in await side.says(BO, "actions mine")


async def test_the_owner_is_reminded_a_working_day_before_and_three_times_after_then_the_summary_tells(
    town: Town, side: Side
) -> None:
    await declared(town, side)
    await tell(town, side, ANA, f"action {side.at(BO)} add an alert by wednesday")
    await tell(town, side, ANA, "resolve a restart")
    await tell(town, side, ANA, "close")
    tuesday, wednesday = MONDAY + DAY, MONDAY + 2 * DAY
    await go_to(town, tuesday - timedelta(minutes=1))
    assert not reminders(side, "due soon")
    await go_to(town, tuesday)
    (early,) = reminders(side, "due soon")
    assert "add an alert" in early.text and early.buttons == ("Done", "Another date")

    await go_to(town, wednesday + timedelta(hours=8))
    assert not reminders(side, "overdue") and "1 overdue" in card(side).text and "overdue" in listed(side).text
    for day, count in ((3, 1), (4, 2), (7, 3), (8, 3), (9, 3)):
        await go_to(town, MONDAY + day * DAY)
        assert len(reminders(side, "is overdue")) == count, day
    assert "last reminder" in reminders(side, "is overdue")[-1].text
    assert len(reminders(side, "due soon")) == 1
    (first, second) = weekly(side)
    assert "1 open" in first.text and "1 open, 1 overdue" in second.text and "#1/1" in second.text
    assert first.rings == frozenset()

    assert (await town.incident()).archived_at is not None
    await side.taps_directly(BO, "Done", reminders(side, "is overdue")[-1])
    await town.settle()
    assert not (await items(town))[0].open
    await go_to(town, MONDAY + timedelta(days=21))
    assert len(weekly(side)) == 2, "nothing is open, so nothing is said"
    assert not (await town.incident()).late


async def test_another_date_begins_the_reminders_anew(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, f"action {side.at(BO)} add an alert by monday")
    await go_to(town, MONDAY + timedelta(hours=8))
    await go_to(town, MONDAY + DAY)
    assert len(reminders(side, "is overdue")) == 1 and not reminders(side, "due soon"), (
        "on Friday it was too late for a reminder before"
    )
    await side.taps_directly(BO, "Another date", reminders(side, "is overdue")[-1])
    await side.fills(BO, text="add an alert", owner="bo", due="friday")
    await town.settle()
    assert "1 open, 1 overdue" not in card(side).text
    await go_to(town, MONDAY + 3 * DAY)
    assert len(reminders(side, "due soon")) == 1 and len(reminders(side, "is overdue")) == 1


async def test_downtime_over_days_makes_one_reminder(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, f"action {side.at(BO)} add an alert by tuesday")
    await town.bot.stop()
    town.clock.forward(MONDAY + 7 * DAY + timedelta(hours=3) - town.clock.now())
    await town.start_bot("two")
    await town.settle()
    assert reminders(side, "due soon") == [] and len(reminders(side, "is overdue")) == 1 and len(weekly(side)) == 1
    await go_to(town, MONDAY + 8 * DAY)
    assert len(reminders(side, "is overdue")) == 2 and len(weekly(side)) == 1


async def test_lists_over_all_incidents_leave_private_ones_to_their_members(town: Town, side: Side) -> None:
    await declared(town, side)
    await declared(town, side, "private sev1 a key has leaked")
    await tell(town, side, ANA, f"#1 action {side.at(BO)} add an alert by friday", room="general")
    await tell(town, side, ANA, "#2 action @me rotate the key by monday", room="general")
    await tell(town, side, ANA, "#2 action @me tell the lawyers by tuesday", room="general")
    all_of_them = bare(await side.says(ANA, "actions"))
    assert (
        all_of_them.index("rotate the key") < all_of_them.index("tell the lawyers") < all_of_them.index("add an alert")
    )
    assert "3 open" in all_of_them and "#2/1 🔒" in all_of_them
    assert "add an alert" not in await side.says(ANA, "actions mine")
    told = await side.says(BO, "tasks")
    assert "1 open" in told and "add an alert" in told and "rotate" not in told and "leaked" not in told
    assert "rotate" not in await tell(town, side, BO, "actions all")
    refused = await tell(town, side, ANA, f"#2 action {side.at(DMITRI)} look at the logs by friday", room="general")
    assert "cannot see this private incident" in refused and len(await items(town, 2)) == 2

    await go_to(town, MONDAY)
    (told_to_all,) = weekly(side)
    assert "add an alert" in told_to_all.text and "1 open" in told_to_all.text
    assert "rotate" not in told_to_all.text and "leaked" not in told_to_all.text


async def test_a_reaction_makes_a_message_an_action_item(town: Town, side: Side) -> None:
    await declared(town, side)
    for person in (BO, CLEO):
        await tell(town, side, person, "#1 join", room="general")
    message = await side.writes(BO, "we should alert on the pool", room=ROOM)
    await react(town, side, CLEO, "📝", message)
    (item,) = await items(town)
    assert item.text == "we should alert on the pool" and item.added_by.key == "cleo" and item.owner is None
    assert "we should alert on the pool · nobody yet · no date yet" in listed(side).text
    await react(town, side, BO, "📌", message)
    before = (await town.incident()).revision
    await side.unreacts(CLEO, "📝", message, room=ROOM)
    await changed(town, since=before)
    (item,) = await items(town)
    assert item.dropped_because == "its reaction was taken away"

    await react(town, side, CLEO, "📝", message)
    await tell(town, side, ANA, f"action 2 {side.at(BO)}")
    await side.unreacts(CLEO, "📝", message, room=ROOM)
    await town.settle()
    assert [one.open for one in await items(town)] == [False, True], "somebody owns it, so it stays"


async def test_a_message_that_somebody_points_at_becomes_an_item_or_an_incident(town: Town, side: Side) -> None:
    await declared(town, side)
    message = await side.writes(ANA, f"{side.at(ANA)} we should alert on the pool", room=ROOM)
    for label in ("Action item", "New incident"):
        await side.from_message(ANA, message, room=ROOM)
        asked = side.whispered(ANA)
        assert "What becomes of this message?" in asked.text and asked.buttons == ("Action item", "New incident")
        await side.taps(ANA, label, asked, room=ROOM)
    (item,) = await items(town)
    assert item.text == "@Ana Reyes we should alert on the pool" and item.added_by.key == "ana" and item.owner is None
    assert "we should alert on the pool" in str(side.form(ANA))
    await side.fills(ANA, title="the pool is empty", severity="sev3")
    await town.settle()
    assert (await town.incident(2)).title == "the pool is empty"


async def test_a_message_is_made_an_item_once_however_often_somebody_taps_or_points_at_it(
    town: Town, side: Side
) -> None:
    await declared(town, side)
    message = await side.writes(ANA, "we should alert on the pool", room=ROOM)
    await side.from_message(ANA, message, room=ROOM)
    asked = side.whispered(ANA)
    assert "Item 1 is on the list" in await side.taps(ANA, "Action item", asked, room=ROOM)
    assert "That is item 1 already" in await side.taps(ANA, "Action item", asked, room=ROOM)
    await side.from_message(ANA, message, room=ROOM)
    assert "That is item 1 already" in await side.taps(ANA, "Action item", side.whispered(ANA), room=ROOM)
    await town.settle()
    assert len(await items(town)) == 1
    await tell(town, side, ANA, "action 1 drop because it was a joke")
    await side.from_message(ANA, message, room=ROOM)
    assert "Item 2 is on the list" in await side.taps(ANA, "Action item", side.whispered(ANA), room=ROOM)


async def test_a_tick_on_what_an_owner_was_told_says_that_it_is_done(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, f"action {side.at(BO)} add an alert by friday")
    incident = await town.incident()
    assert meant(incident, town.playbook, "action/1/direct/1", "✅") == Done(number=1)
    assert meant(incident, town.playbook, "action/1/direct/2/bo", "✅") == Done(number=1)
    assert meant(incident, town.playbook, "action/1/direct/1", "👀") is None
    assert meant(incident, town.playbook, "action/1/who/1", "✅") is None, "a group was asked for a name"
    await tell(town, side, BO, "done 1")
    assert meant(await town.incident(), town.playbook, "action/1/direct/1", "✅") is None


async def test_a_role_of_discord_may_own_an_item_until_it_names_a_person(tmp_path: Path) -> None:
    async with town_of(tmp_path, "discord") as town:
        side = town.sides["discord"]
        await declared(town, side)
        await tell(town, side, ANA, "action <@&300000000000000007> add an alert by friday")
        (item,) = await items(town)
        assert item.text == "add an alert" and item.owner is None
        assert item.group is not None and item.group.handles == {"discord": "300000000000000007"}
        await tell(town, side, BO, "action 1 @me")
        assert [one.owner.key for one in await items(town) if one.owner is not None] == ["bo"]


async def test_with_both_platforms_the_list_stands_on_both_and_one_tap_settles_both(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack", "discord") as town:
        slack, discord = town.sides["slack"], town.sides["discord"]
        await declared(town, slack)
        await tell(town, slack, ANA, f"action {slack.at(BO)} add an alert by friday")
        assert "add an alert" in listed(slack).text and "add an alert" in listed(discord).text
        await discord.taps(CLEO, "✓ 1", listed(discord), room=ROOM)
        await town.settle()
        assert "none open" in listed(slack).text and "none open" in listed(discord).text
        await go_to(town, MONDAY)
        assert not weekly(slack) and not weekly(discord)


async def test_without_a_date_it_is_due_by_the_playbooks_rule(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, record={"due": "5 business days"}) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "action @me add an alert")
        await tell(town, side, ANA, "action @me write it up by monday")
        assert [one.due_at for one in await items(town)] == [FRIDAY + 7 * DAY, MONDAY + timedelta(hours=8)]


async def test_it_is_closed_once_every_item_has_a_person_and_a_date(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, close=({"actions": True},)) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "action @platform add an alert by friday")
        await tell(town, side, ANA, "action @me write it up")
        await tell(town, side, ANA, "action never mind")
        await tell(town, side, ANA, "action 3 drop because it was a joke")
        await tell(town, side, ANA, "resolve a restart")
        told = bare(await tell(town, side, ANA, "close"))
        assert "An owner for action item 1: add an alert" in told and "A date for action item 2: write it up" in told
        asked = side.whispered(ANA)
        assert asked.buttons == ("Settle item 1", "Settle item 2") and "item 3" not in told
        await side.taps(ANA, "Settle item 2", asked, room=ROOM)
        await side.fills(ANA, text="write it up", owner="ana", due="monday")
        await town.settle()
        await tell(town, side, BO, "action 1 @me")
        assert "#1 is closed." in await tell(town, side, ANA, "close")
        assert (await town.incident()).stage is Stage.CLOSED and len(await items(town)) == 3


async def test_items_stay_when_the_incident_is_closed_archived_and_reopened(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "action @me add an alert by 2026-12-18")
    await tell(town, side, ANA, "resolve a restart")
    await tell(town, side, ANA, "close")
    await go_to(town, FRIDAY + 8 * DAY)
    assert (await town.incident()).archived_at is not None
    before = listed(side).text
    assert "add an alert" in await side.says(ANA, "actions mine")
    assert "Item 1: add an alert" in await side.says(ANA, "#1 action 1 by 2026-12-21")
    await town.settle()
    assert not (await town.incident()).late and "1 open" in await side.says(BO, "actions")
    assert listed(side).text == before, "nothing is edited in an archived channel"
    await side.says(ANA, "#1 reopen")
    await town.settle()
    there = [room for room in side.rooms() if room.startswith(ROOM)][-1]
    (list_now,) = [one for one in posts(side, there) if one.text.strip().startswith("Action items")]
    assert list_now.text != before
    assert "✓ Item 1 is done" in await side.says(ANA, "#1 done 1")
