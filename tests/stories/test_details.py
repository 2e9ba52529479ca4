"""Details that a stranger tripped over once: each is small, and none should come back."""

from datetime import timedelta

from adapters.sandbox.faults import Fault, FaultKind
from tests.support.story import ROOM, declared
from tests.support.town import ANA, BO, Side, Town


async def test_nothing_new_leaves_the_last_real_update_on_the_card(town: Town, side: Side) -> None:
    await declared(town, side)
    await side.says(ANA, "update the pool is full, restarting it", room=ROOM)
    await town.settle()
    await town.forward(minutes=15)
    await side.taps(ANA, "No change", side.room(ROOM)[-1], room=ROOM)
    await town.settle()

    card = side.pinned(ROOM)[0].text
    assert "the pool is full, restarting it" in card and "nothing new" in card
    announced = [one.text for one in side.room("incidents")]
    assert any("No change since the last update" in text for text in announced)


async def test_a_new_status_without_words_keeps_them_too(town: Town, side: Side) -> None:
    await declared(town, side)
    await side.says(ANA, "update the pool is full, restarting it", room=ROOM)
    await side.says(ANA, "status identified", room=ROOM)
    await town.settle()

    card = side.pinned(ROOM)[0].text
    assert "the pool is full, restarting it" in card and "identified" in card


async def test_a_severity_that_is_none_is_told_which_there_are(town: Town, side: Side) -> None:
    told = await side.says(ANA, "sev9 checkout is down")
    await town.settle()

    assert "sev9" in told and "sev1, sev2, sev3, sev4" in told
    assert side.form(ANA) is None
    assert await town.store.reader.numbers() == []


async def test_a_pinned_message_names_people_and_not_their_ids(town: Town, side: Side) -> None:
    await declared(town, side)
    await side.says(BO, "ack", room=ROOM)
    said = await side.writes(ANA, f"{side.at(BO).replace('|bo', '')} rolled back", room=ROOM)
    await side.reacts(ANA, "📌", said, room=ROOM)

    async def kept() -> bool:
        await town.settle()
        return any("rolled back" in link.entry.text for link in await town.timeline())

    await town.until(kept)
    (text,) = [link.entry.text for link in await town.timeline() if "rolled back" in link.entry.text]
    assert BO.slack_id not in text and BO.discord_id not in text and "@" in text


async def test_what_was_asked_while_slack_was_away_stands_below_the_card(both: Town) -> None:
    away = both.sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, platform="slack", method="*", times=None))
    await both.sides["discord"].says(ANA, "sev1 checkout is down")
    both.clock.forward(timedelta(minutes=15))
    await both.bot.bell.ring()
    both.sandbox.faults.remove(away.id)
    await both.patiently()

    posts = [one.text for one in both.sides["slack"].room(ROOM) if one.by_bot]
    assert "SEV1" in posts[0] and any("Status update, please" in text for text in posts[1:])


async def test_an_ended_incident_asks_for_no_roles(town: Town, side: Side) -> None:
    await declared(town, side)
    await side.says(ANA, "resolve restarted it", room=ROOM)
    await town.settle()
    assert "nobody yet" not in side.pinned(ROOM)[0].text
