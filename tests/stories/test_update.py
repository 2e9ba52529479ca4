"""Updating: what is new goes to the channel, under the announcement, onto the card, and sets the clock."""

from datetime import timedelta

from tests.support.story import ROOM, announcement, card, declared, last, posts, tell, thread
from tests.support.town import ANA, BO, FRIDAY, Side, Town


async def test_an_update_is_told_in_the_channel_and_under_the_announcement(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, BO, "update the pool is full, restarting it next 20m")

    assert told.startswith("Posted. Next update due")
    assert "the pool is full, restarting it" in last(side).text and "next 20m" not in last(side).text
    assert "the pool is full, restarting it" in thread(side)[-1].text
    assert "the pool is full, restarting it" in card(side).text
    assert "the pool is full, restarting it" in announcement(side).text
    assert not any(one.rings for one in thread(side))
    incident = await town.incident()
    assert incident.reminding.due_at == FRIDAY + timedelta(minutes=20)
    assert incident.acknowledged_at == FRIDAY
    assert (await town.timeline())[-1].entry.text == "the pool is full, restarting it"


async def test_the_last_known_update_is_one_command_away_for_anybody(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "No status update yet" in await tell(town, side, BO, "status")
    await tell(town, side, ANA, "updated: we found the bad deploy")
    await town.forward(minutes=3)
    told = await tell(town, side, BO, "#1 status", room="general")
    assert "we found the bad deploy" in told and "Running for  3m" in told


async def test_update_alone_opens_its_form_which_can_move_the_status_too(town: Town, side: Side) -> None:
    await declared(town, side)
    await side.says(ANA, "update", room=ROOM)
    await side.fills(ANA, text="a bad deploy", status="identified", next="45m")
    await town.settle()

    incident = await town.incident()
    assert incident.status == "identified" and incident.identified_at is not None
    assert incident.reminding.due_at == FRIDAY + timedelta(minutes=45)
    assert "a bad deploy" in last(side).text and "identified" in last(side).text


async def test_a_wrong_time_in_the_form_is_told_to_its_author_and_nothing_is_posted(town: Town, side: Side) -> None:
    await declared(town, side)
    count = len(posts(side))
    await side.taps(ANA, "Post update", card(side), room=ROOM)
    await side.fills(ANA, text="a bad deploy", next="soonish")
    await town.settle()
    assert any("“soonish” is not a duration; write it like 15m, 4h or 1h30m." in one for one in side.private(ANA))
    assert len(posts(side)) == count and side.private(BO) == []


async def test_words_that_only_look_like_a_time_stay_in_the_update(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "update the supplier acts next week")
    incident = await town.incident()
    assert incident.last_update is not None and incident.last_update.text == "the supplier acts next week"
    assert incident.reminding.due_at == FRIDAY + timedelta(minutes=15)


async def test_an_ordinary_incident_takes_at_most_six_posts_in_its_first_ten_minutes(town: Town, side: Side) -> None:
    await declared(town, side)
    for minute, words in enumerate(
        ("ack", "take tech", "impact nobody can pay", "affected 500", "note deploy at 13:50", "component checkout",
         "status", "timeline", "catchup", "roles", "update the deploy is being undone")
    ):  # fmt: skip
        await tell(town, side, ANA if minute % 2 else BO, words)
        await town.forward(minutes=0.9)
    await town.settle()
    everything = [one for room in side.rooms() for one in posts(side, room)]
    assert len(everything) <= 6, [one.text for one in everything]


async def test_a_very_long_update_stands_whole_once_and_is_cut_where_it_is_quoted(town: Town, side: Side) -> None:
    await declared(town, side)
    words = " ".join(f"word{number}" for number in range(400))
    await tell(town, side, ANA, f"update {words}")
    assert "word399" in last(side).text
    await tell(town, side, ANA, f"handover ic {side.at(BO)}")
    for shown in (card(side).text, announcement(side).text, last(side).text):
        assert "word0" in shown and "word399" not in shown and "…" in shown
    assert words in [link.entry.text for link in await town.timeline()]
