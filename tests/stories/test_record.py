"""The record: notes and pins, the timeline and catching up, and the facts that stand on the card."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.story import ROOM, announcement, card, changed, declared, posts, react, tell, town_with
from tests.support.town import ANA, BO, CLEO, DMITRI, FINN, FRIDAY, Side, Town


async def test_every_act_lands_on_the_timeline_by_itself(town: Town, side: Side) -> None:
    await declared(town, side)
    for words in ("note the deploy was at 13:50", "take tech", "status identified", "severity sev2", "impact slow"):
        await tell(town, side, ANA, words)
    told = await tell(town, side, BO, "timeline")
    for part in ("Declared SEV1", "the deploy was at 13:50", "Technical lead", "Status: identified", "sev1 → sev2",
                 "Impact: slow"):  # fmt: skip
        assert part in told
    assert "is missing" not in told and "None" not in told
    assert "Say what to note" in await tell(town, side, ANA, "note")


async def test_a_long_timeline_shows_the_newest_and_says_how_much_there_is(town: Town, side: Side) -> None:
    await declared(town, side)
    for turn in range(22):
        await side.says(ANA, f"note entry {turn:02}", room=ROOM)
    told = await tell(town, side, BO, "timeline")
    assert "entry 21" in told and "entry 01" not in told and "4 earlier entries are kept." in told


async def test_a_pinned_message_joins_the_timeline_at_its_own_time_until_the_pin_is_taken_away(
    town: Town, side: Side
) -> None:
    await declared(town, side)
    await tell(town, side, BO, "join")
    message = await side.writes(BO, "the pool has 5 of 5 connections", room=ROOM)
    await town.forward(minutes=2)
    count = len(posts(side))
    await react(town, side, ANA, "📌", message)

    entry = (await town.timeline())[-1].entry
    assert entry.at.replace(microsecond=0) == FRIDAY and entry.data["url"]
    assert entry.text == "Bo Lindqvist: the pool has 5 of 5 connections"
    assert "the pool has 5 of 5" in await tell(town, side, CLEO, "timeline")
    assert len(posts(side)) == count

    before = (await town.incident()).revision
    await side.unreacts(ANA, "📌", message, room=ROOM)
    await changed(town, since=before)
    told = await tell(town, side, CLEO, "timeline")
    assert "the pool has 5 of 5" not in told and "pinned message back" not in told
    assert len(await town.timeline()) >= 4

    await react(town, side, ANA, "📌", message)
    assert "the pool has 5 of 5" in await tell(town, side, CLEO, "timeline")


async def test_a_message_that_two_have_pinned_is_shown_once_and_stays_until_both_let_go(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "join")
    message = await side.writes(BO, "look at this graph", room=ROOM)
    await react(town, side, ANA, "📌", message)
    await react(town, side, BO, "📌", message)
    assert (await tell(town, side, ANA, "timeline")).count("look at this graph") == 1
    for person, left in ((ANA, 1), (BO, 0)):
        before = (await town.incident()).revision
        await side.unreacts(person, "📌", message, room=ROOM)
        await changed(town, since=before)
        assert (await tell(town, side, ANA, "timeline")).count("look at this graph") == left


async def test_catching_up_is_private_and_each_person_has_their_own_place(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "note first")
    told = await tell(town, side, BO, "catchup")
    assert "The story so far" in told and "first" in told
    await tell(town, side, ANA, "note second")
    told = await tell(town, side, BO, "catch me up")
    assert "Since you last looked" in told and "second" in told and "first" not in told
    assert "Nothing happened since you last looked" in await tell(town, side, BO, "catchup")
    told = await side.taps(CLEO, "Catch me up", card(side), room=ROOM)
    assert "first" in told and "second" in told
    assert not any("first" in one for one in side.private(ANA))


async def test_facts_stand_on_the_card_the_announcement_and_the_timeline(town: Town, side: Side) -> None:
    await declared(town, side)
    count = len(posts(side))
    await tell(town, side, ANA, "impact nobody can pay by card")
    await tell(town, side, ANA, "affected 500 shops")
    await tell(town, side, ANA, "component checkout")
    await tell(town, side, ANA, "set cause: a connection leak")
    await tell(town, side, ANA, "set support ticket T-42")
    await tell(town, side, ANA, "link https://grafana.example/d/1 dashboard")
    for part in ("nobody can pay by card", "500 shops", "checkout", "a connection leak", "T-42", "dashboard"):
        assert part in card(side).text, part
    assert "nobody can pay by card" in announcement(side).text
    assert len(posts(side)) == count

    assert "kept already" in await tell(town, side, ANA, "link https://grafana.example/d/1 dashboard")
    assert "“grafana” is no address" in await tell(town, side, ANA, "link grafana")
    assert "no field here. There are cause, ticket." in await tell(town, side, ANA, "set colour red")
    assert "Say the value too" in await tell(town, side, ANA, "set cause")
    assert "takes 200 characters at most" in await tell(town, side, ANA, f"set ticket {'x' * 201}")
    assert "too long: 201 characters, and 200 fit" in await tell(town, side, ANA, f"affected {'x' * 201}")
    for words in ("impact", "affected", "component", "set", "link", "began"):
        assert "like /incident" in (await tell(town, side, ANA, words)).replace("`", ""), words


async def test_a_component_that_the_playbook_does_not_know_is_named_with_those_it_does(
    tmp_path: Path, platform: str
) -> None:
    async with town_with(tmp_path, (platform,), components=["Checkout", "Search"]) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert "There are Checkout, Search" in await tell(town, side, ANA, "component mail")
        await tell(town, side, ANA, "component search")
        assert (await town.incident()).component == "Search"


@pytest.fixture
async def known(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town whose playbook knows its people and their zones."""
    async with town_with(tmp_path, (platform,)) as made:
        yield made


async def test_when_it_began_is_read_in_the_persons_own_zone_or_in_words(known: Town, platform: str) -> None:
    side = known.sides[platform]
    await declared(known, side)
    said = [
        (ANA, "began 14:35", FRIDAY.replace(hour=13, minute=35)),
        (DMITRI, "began at 8:35", FRIDAY.replace(hour=13, minute=35)),
        (FINN, "started 5:30 am", FRIDAY.replace(hour=13, minute=30)),
        (BO, "since 20 minutes ago", FRIDAY - timedelta(minutes=20)),
        (FINN, "began 5:59", FRIDAY.replace(hour=13, minute=59)),
        (ANA, "began 23:00", FRIDAY.replace(day=19, hour=22)),
        (ANA, "began 12:10 UTC", FRIDAY.replace(hour=12, minute=10)),
        (BO, "began an hour ago", FRIDAY - timedelta(hours=1)),
        (ANA, "began yesterday at 23:10", FRIDAY.replace(day=19, hour=22, minute=10)),
        (ANA, "began 2026-11-20 14:00", FRIDAY.replace(hour=13)),
    ]
    for person, words, wanted in said:
        assert (await tell(known, side, person, words)).startswith("Began "), words
        assert (await known.incident()).began_at == wanted, words
    assert "still to come" in await tell(known, side, ANA, "began 2026-11-21 14:00")
    assert "I cannot read “when the moon rose” as a time" in await tell(known, side, ANA, "began when the moon rose")
    assert "I cannot read “9999-12-31 23:30” as a time" in await tell(known, side, FINN, "began 9999-12-31 23:30")
    assert (await known.incident()).began_at == said[-1][2]
    assert "Running for  1h" in await tell(known, side, ANA, "status")


async def test_a_time_on_the_day_the_clocks_change_is_the_wall_clocks(known: Town, platform: str) -> None:
    side = known.sides[platform]
    known.clock.forward(datetime(2027, 3, 28, 10, 0, tzinfo=UTC) - FRIDAY)
    await declared(known, side)
    room = (await known.incident()).channel_name
    for words, wanted in (
        ("began 01:30", datetime(2027, 3, 28, 0, 30, tzinfo=UTC)),
        ("began 03:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("began 11 hours ago", datetime(2027, 3, 27, 23, 0, tzinfo=UTC)),
    ):
        await tell(known, side, ANA, words, room=room)
        assert (await known.incident()).began_at == wanted, words
