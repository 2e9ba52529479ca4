"""Roles: taken, given, offered and handed over, laid down; and seen."""

from tests.support.story import ROOM, announcement, card, declared, last, posts, tell
from tests.support.town import ANA, BO, CLEO, Side, Town


async def test_a_role_is_taken_by_word_or_by_the_cards_button(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "Take Communications lead" in card(side).buttons
    told = await side.taps(BO, "Take Communications lead", card(side), room=ROOM)
    await town.settle()
    assert "You are Communications lead now." in told and "  " not in told
    assert "Take Communications lead" not in card(side).buttons

    assert "You are Scribe now." in await tell(town, side, CLEO, "take the scribe")
    assert "You are Scribe already." in await tell(town, side, CLEO, "took scribe")
    told = await tell(town, side, BO, "take ic")
    assert "You are Incident commander now. It was held by" in told
    incident = await town.incident()
    assert incident.roles["commander"].on(side.name) == incident.roles["comms"].on(side.name)
    assert incident.acknowledged_at is not None
    assert "Bo" in announcement(side).text or "bo" in announcement(side).text


async def test_a_role_is_given_and_the_person_is_invited_and_rung_once(town: Town, side: Side) -> None:
    await declared(town, side)
    count = len(posts(side))
    told = await tell(town, side, ANA, f"role comms {side.at(BO)}")
    assert told.startswith("Communications lead: ") and "2000000" not in told
    assert side.sees(BO, ROOM)
    assert last(side).rings == {"Bo Lindqvist"} and "made you Communications lead" in last(side).text
    assert "already" in await tell(town, side, ANA, f"assign comms to {side.at(BO)}")
    assert len(posts(side)) == count + 1
    assert "is no role here" in await tell(town, side, ANA, f"role pilot {side.at(BO)}")
    assert "Say who takes it" in await tell(town, side, ANA, "role scribe")
    assert "I do not know who “@nobody” is" in await tell(town, side, ANA, "role scribe @nobody")
    assert "/incident role scribe" in await tell(town, side, ANA, f"take scribe {side.at(BO)}")
    await tell(town, side, ANA, f"ic {side.at(CLEO)}")
    assert (await town.incident()).roles["commander"].on(side.name) in (CLEO.slack_id, CLEO.discord_id)


async def test_somebody_who_was_only_mentioned_brings_the_name_when_they_come_in(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, f"role comms {side.at(BO)}")
    await tell(town, side, BO, "ack")
    incident = await town.incident()
    assert incident.roles["comms"].name in ("Bo Lindqvist", "bo")


async def test_a_handover_is_offered_accepted_and_noted(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "update the pool is full")
    told = await tell(town, side, ANA, f"handover ic {side.at(BO)}")
    assert "Until they accept" in told
    offer = last(side)
    assert offer.rings == {"Bo Lindqvist"} and offer.buttons == ("Accept", "Decline")
    assert "the pool is full" in offer.text and "Next update due" in offer.text

    denied = await side.taps(CLEO, "Accept", offer, room=ROOM)
    assert "It is offered to" in denied
    count = len(posts(side))
    assert "You are Incident commander now." in await side.taps(BO, "Accept", offer, room=ROOM)
    await town.settle()
    shown = next(one for one in posts(side) if one.ref == offer.ref)
    assert "took over as Incident commander" in shown.text and shown.buttons == ()
    assert len(posts(side)) == count
    assert (await town.incident()).roles["commander"].on(side.name) in (BO.slack_id, BO.discord_id)
    assert "No handover waits" in await tell(town, side, BO, "accept")


async def test_a_handover_may_be_declined_or_run_out_and_the_role_stays(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, f"handover {side.at(BO)}")
    assert "Declined." in await tell(town, side, BO, "decline")
    assert "declined" in last(side).text and last(side).buttons == ()
    assert (await town.timeline())[-1].entry.text.startswith("Declined: ")
    await tell(town, side, ANA, f"handover {side.at(BO)}")
    await tell(town, side, ANA, "decline")
    assert (await town.timeline())[-1].entry.text.startswith("Took the offer back: ")

    await tell(town, side, ANA, f"hand over lead to {side.at(CLEO)}")
    await town.forward(minutes=5)
    assert "No answer in time" in last(side).text and last(side).buttons == ()
    incident = await town.incident()
    assert incident.roles["commander"].key == incident.declared_by.key
    assert any("No answer from" in link.entry.text for link in await town.timeline())
    assert "No handover waits" in await tell(town, side, CLEO, "accept it please")
    assert "Nobody is Scribe" in await tell(town, side, ANA, f"handover scribe {side.at(BO)}")
    assert "already" in await tell(town, side, ANA, f"handover ic {side.at(ANA)}")


async def test_a_role_laid_down_is_asked_for_again(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "take comms")
    told = await tell(town, side, ANA, "drop comms")
    assert "Communications lead is free now. It was held by" in told
    assert "Take Communications lead" in card(side).buttons
    assert "Nobody holds that role" in await tell(town, side, BO, "dropped comms")
    await tell(town, side, ANA, "drop ic")
    assert "nobody yet" in announcement(side).text and "Take Incident commander" in card(side).buttons
    await town.forward(minutes=15)
    assert last(side).rings == {"Ana Reyes"}


async def test_the_roster_shows_who_holds_what_and_what_is_free(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, CLEO, "join")
    for words in ("roles", "role", "who"):
        told = await tell(town, side, BO, words)
        assert "Incident commander" in told and "nobody · Keeps the timeline complete" in told and "Also here" in told
    assert (await tell(town, side, BO, "#1 team", room="general")).startswith("Roles of #1")
