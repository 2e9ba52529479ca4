"""The end and the way back: resolve, close, cancel, reopen, the archive."""

from pathlib import Path

from tests.support.story import ROOM, announcement, card, declared, last, posts, tell, thread
from tests.support.town import ANA, BO, Side, Town


async def test_the_resolution_tells_what_it_was_how_long_and_what_fixed_it(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "impact nobody can pay")
    await tell(town, side, ANA, "began 14:00 UTC")
    await town.forward(minutes=10)
    told = await tell(town, side, BO, "resolved the pool was restarted with twice the size")

    assert "#1 is resolved. Reminders have stopped." in told and "Still unsaid" not in told
    for shown in (last(side), thread(side)[-1]):
        for part in ("Resolved: checkout is down", "nobody can pay", "10m", "the pool was restarted"):
            assert part in shown.text, part
    assert card(side).buttons == ("Close", "Reopen") and "Resolved after 10m" in card(side).text
    assert "resolved" in announcement(side).text and announcement(side).buttons == ()
    incident = await town.incident()
    assert incident.resolved_at == incident.mitigated_at == town.clock.now()


async def test_resolve_alone_resolves_and_offers_to_say_the_rest(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, ANA, "resolve")
    assert "Still unsaid: what fixed it and the impact." in told
    assert ("not stated yet" in last(side).text and "`/incident impact …`" in last(side).text.replace("ˋ", "`")) or (
        side.name == "slack" and "/incident impact …" in last(side).text
    )
    await side.taps(ANA, "Say it", side.whispered(ANA), room=ROOM)
    count = len(posts(side))
    await side.fills(ANA, fix="a restart", impact="nobody could pay", affected="500")
    await town.settle()
    for part in ("a restart", "nobody could pay", "500"):
        assert part in card(side).text
    assert len(posts(side)) == count
    assert "is resolved already" in await tell(town, side, BO, "resolve")


async def test_resolving_at_once_keeps_the_reason_on_the_record(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "resolve now because the supplier confirms it")
    assert any("Resolved now, because the supplier confirms it" in link.entry.text for link in await town.timeline())
    assert (await town.incident()).fix == ""
    await tell(town, side, ANA, "reopen")
    await tell(town, side, ANA, "resolve now that the disk is empty it works")
    assert (await town.incident()).fix == "now that the disk is empty it works"


async def test_only_a_resolved_incident_is_closed_and_only_an_open_one_called_off(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "/incident resolve" in await tell(town, side, ANA, "close")
    await tell(town, side, ANA, "resolve a restart")
    assert "only an open incident" in await tell(town, side, ANA, "cancel")
    assert "#1 is closed." in await tell(town, side, ANA, "close because all is said")
    said = last(side).text
    assert "closed it. Reason: all is said. The channel is archived in 7d" in said and "`" not in said.replace(
        "`/incident reopen`", ""
    )
    assert card(side).buttons == ("Reopen",)
    assert "is closed already" in await tell(town, side, ANA, "closed")
    assert "`/incident reopen`" in await tell(town, side, ANA, "resolve x") or side.name == "slack"


async def test_a_false_alarm_is_called_off_and_everybody_hears_why(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, BO, "false alarm because the monitor was wrong")
    assert "#1 is cancelled." in told
    for shown in (last(side), thread(side)[-1]):
        assert "a false alarm. Reason: the monitor was wrong." in shown.text
    assert "false alarm" in card(side).text and "false alarm" in announcement(side).text
    assert "is cancelled already" in await tell(town, side, BO, "cancel")
    assert "/incident reopen" in await tell(town, side, BO, "update too late")


async def test_reopening_brings_back_clock_and_roles_without_a_second_setup(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "take comms")
    await tell(town, side, ANA, "resolve a restart")
    await tell(town, side, ANA, "close")
    count, rooms, pins = len(posts(side)), side.rooms(), len(side.pinned(ROOM))
    told = await tell(town, side, BO, "reopen because the errors are back")

    assert "#1 is open again. Next update due" in told
    assert "the errors are back." in last(side).text and "the errors are back." in thread(side)[-1].text
    assert len(posts(side)) == count + 1 and side.rooms() == rooms and len(side.pinned(ROOM)) == pins
    incident = await town.incident()
    assert incident.resolved_at is None and incident.ended_at is None and set(incident.roles) == {"commander", "comms"}
    assert "investigating" in card(side).text and announcement(side).buttons == ("Join",)
    await town.forward(minutes=15)
    assert "Status update, please" in last(side).text
    assert "#1 is open." in await tell(town, side, BO, "reopen")


async def test_a_closed_channel_is_archived_after_seven_days_and_brought_back(town: Town, side: Side) -> None:
    town.sandbox.slack.refuses_unarchive = False
    await declared(town, side)
    await tell(town, side, ANA, "resolve a restart")
    await town.forward(days=8)
    assert not archived(town, side)
    await tell(town, side, ANA, "close")
    await town.forward(days=6, hours=23)
    assert not archived(town, side)
    await town.forward(hours=1)
    assert archived(town, side)

    told = await tell(town, side, ANA, "#1 reopen because it is back", room="general")
    assert "#1 is open again" in told
    assert not archived(town, side)
    assert "Reopened" in last(side).text and "it is back." in last(side).text
    assert "investigating" in card(side).text and "Post update" in card(side).buttons
    assert (await town.incident()).late == {}
    await town.forward(minutes=15)
    assert "Status update, please" in last(side).text
    assert side.rooms().count(ROOM) == 1


def archived(town: Town, side: Side) -> bool:
    """Whether the incident's channel is closed for writing."""
    if side.name == "slack":
        return town.sandbox.slack.channel_named(ROOM).is_archived
    channels = town.sandbox.discord.channels
    category = channels[str(town.sandbox.discord.channel_named(ROOM)["parent_id"])]
    return "archive" in str(category["name"]).lower()


async def moved_on(town: Town, *, after_minutes: int = 0) -> str:
    """An incident whose channel Slack will not bring back is reopened; returns the name of its new channel."""
    side = town.sides["slack"]
    await declared(town, side)
    await town.forward(minutes=after_minutes)
    await tell(town, side, BO, "join")
    await tell(town, side, ANA, "cancel")
    await town.forward(days=7)
    town.sandbox.slack.refuses_unarchive = True
    await side.says(ANA, "#1 reopen because it is back")
    again = f"{ROOM}-again1"

    async def there() -> bool:
        await town.settle()
        return again in side.rooms() and len(side.pinned(again)) == 2

    await town.until(there)
    await town.settle()
    return again


async def test_where_slack_refuses_to_bring_a_channel_back_a_new_one_goes_on(tmp_path: Path) -> None:
    async with Town(f"sqlite:///{tmp_path / 'tocsin.db'}", platforms=("slack",)) as town:
        side = town.sides["slack"]
        again = await moved_on(town)
        assert side.sees(ANA, again) and side.sees(BO, again)
        assert any("it is back." in one.text for one in posts(side, again))
        await tell(town, side, ANA, "update on it again", room=again)
        assert "on it again" in last(side, again).text
        assert f"#{town.sandbox.slack.channel_named(again).id}" in announcement(side).text
        await town.forward(minutes=15)
        assert "Status update, please" in last(side, again).text


async def test_a_new_channel_is_linked_to_the_old_one(tmp_path: Path) -> None:
    async with Town(f"sqlite:///{tmp_path / 'tocsin.db'}", platforms=("slack",)) as town:
        again = await moved_on(town)
        old = town.sandbox.slack.channel_named(ROOM).id
        assert any(f"#{old}" in one.text for one in posts(town.sides["slack"], again))


async def test_a_reminder_that_the_end_answered_promises_nothing_once_it_is_open_again(town: Town, side: Side) -> None:
    await declared(town, side)
    await town.forward(minutes=15)
    await tell(town, side, ANA, "resolve the pool was restarted")
    await tell(town, side, ANA, "reopen because it is back")
    (reminder,) = [one for one in posts(side) if "Status update" in one.text.splitlines()[0]]
    assert "ended it at" in reminder.text and "Next update due" not in reminder.text
    assert "Next update due" in next(one for one in posts(side) if "Reopened" in one.text).text


async def test_in_a_new_channel_no_reminder_that_was_answered_is_posted_again(tmp_path: Path) -> None:
    async with Town(f"sqlite:///{tmp_path / 'tocsin.db'}", platforms=("slack",)) as town:
        again = await moved_on(town, after_minutes=20)
        asked = [one for one in posts(town.sides["slack"], again) if "Status update" in one.text.splitlines()[0]]
        assert asked == [], "two were asked in the old one, and the end answered them"
