"""Status and severity: where it stands, how bad it is, and what follows from a change."""

from datetime import timedelta

from tests.support.story import ROOM, announcement, card, declared, last, posts, tell, thread
from tests.support.town import ANA, BO, FRIDAY, Side, Town


async def test_status_moves_on_and_is_told_to_everybody(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "Status is now identified" in await tell(town, side, ANA, "status identified")
    for shown in (card(side), announcement(side), last(side), thread(side)[-1]):
        assert "identified" in shown.text
    await tell(town, side, ANA, "monitoring: the rollback is out")
    incident = await town.incident()
    assert incident.status == "monitoring" and incident.mitigated_at == FRIDAY
    assert "the rollback is out" in last(side).text
    count = len(posts(side))
    assert "It is monitoring already" in await tell(town, side, BO, "status stable")
    assert len(posts(side)) == count


async def test_a_status_that_is_none_or_ends_it_names_what_would_be_right(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "investigating, identified, monitoring" in await tell(town, side, ANA, "status frozen")
    assert "/incident close" in await tell(town, side, ANA, "status closed")
    assert "/incident resolve" in await tell(town, side, ANA, "status resolved")
    assert "/incident severity sev2" in await tell(town, side, ANA, "status sev2")
    assert (await town.incident()).status == "investigating"


async def test_a_change_of_severity_plans_the_clock_anew_and_says_what_changed(town: Town, side: Side) -> None:
    await declared(town, side, "sev3 checkout is slow")
    told = await tell(town, side, BO, "severity sev1 because nobody can pay now")

    assert "Severity is now sev1" in told
    said = last(side).text
    for part in ("Severity is now SEV1", "SEV3", "every 15m", "nobody can pay now.", "Communications lead"):
        assert part in said
    assert last(side).buttons == ("Take Communications lead",)
    assert "SEV1" in card(side).text and "SEV1" in announcement(side).text and "SEV1" in side.topic(ROOM)
    assert (await town.incident()).reminding.due_at == FRIDAY + timedelta(minutes=15)

    await town.forward(minutes=5)
    await tell(town, side, BO, "downgrade to sev2")
    assert (await town.incident()).reminding.due_at == FRIDAY + timedelta(minutes=35)
    assert "It is sev2 already" in await tell(town, side, BO, "severity SEV-2")
    assert "no severity" in await tell(town, side, BO, "severity terrible")


async def test_a_severity_without_cadence_stops_the_clock_even_of_a_reminder_that_stands(
    town: Town, side: Side
) -> None:
    await declared(town, side)
    await town.forward(minutes=15)
    await tell(town, side, ANA, "severity sev4 because it was only a label")
    assert "no update is owed" in last(side).text
    reminder = next(one for one in posts(side) if "no update is owed" in one.text and "SEV" not in one.text)
    assert reminder.buttons == () and "sev4" in reminder.text
    count = len(posts(side))
    for _ in range(4):
        await town.forward(minutes=30)
    assert len(posts(side)) == count
    assert "none owed" in card(side).text


async def test_a_reminder_that_a_severity_stopped_promises_nothing_once_it_rises_again(town: Town, side: Side) -> None:
    await declared(town, side)
    await town.forward(minutes=15)
    await tell(town, side, ANA, "severity sev4 because it was only a label")
    await tell(town, side, ANA, "severity sev1")
    reminder = next(one for one in posts(side) if "no update is owed" in one.text and "SEV" not in one.text)
    assert "made it sev4" in reminder.text and "Next update due" not in reminder.text


async def test_a_rise_never_puts_a_promise_off(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is slow")
    await tell(town, side, ANA, "update looking next 5m")
    await tell(town, side, ANA, "severity sev1")
    assert (await town.incident()).reminding.due_at == FRIDAY + timedelta(minutes=5)


async def test_severity_alone_opens_its_form(town: Town, side: Side) -> None:
    await declared(town, side)
    await side.says(ANA, "severity", room=ROOM)
    await side.fills(ANA, severity="sev2", because="half are back")
    await town.settle()
    assert (await town.incident()).severity == "sev2" and "half are back" in last(side).text


async def test_each_bare_move_of_the_status_is_the_last_update_until_somebody_says_more(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "status identified")
    await tell(town, side, ANA, "status monitoring")
    assert "Status is now monitoring." in card(side).text and "now identified" not in card(side).text
    await tell(town, side, ANA, "update the pool holds")
    await tell(town, side, ANA, "status identified")
    assert "the pool holds" in card(side).text and "Status is now identified." not in card(side).text
