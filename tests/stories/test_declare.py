"""Declaring: one line, and two seconds later everybody and everything is in place."""

from tests.support.town import ANA, BO, Side, Town


async def test_one_line_makes_the_channel_with_card_and_runbooks_pinned(town: Town, side: Side) -> None:
    told = await side.says(ANA, "sev1 checkout is down")
    await town.settle()

    assert "#1" in told and "#incident-2026-11-20" in told
    assert side.sees(ANA, "incident-2026-11-20")
    card, runbooks = side.pinned("incident-2026-11-20")
    assert "SEV1 · checkout is down" in card.text
    assert "Runbooks" in runbooks.text
    assert "checkout is down" in side.room("incidents")[-1].text


async def test_the_second_incident_of_a_day_has_a_counter(town: Town, side: Side) -> None:
    await side.says(ANA, "sev1 checkout is down")
    await side.says(BO, "sev2 search is slow")
    await town.settle()

    assert {"incident-2026-11-20", "incident-2026-11-20-2"} <= set(side.rooms())


async def test_nobody_answers_so_the_reminder_climbs_to_the_whole_channel(town: Town, side: Side) -> None:
    await side.says(ANA, "sev1 checkout is down")
    await town.settle()
    before = len(side.room("incident-2026-11-20"))

    await town.forward(minutes=15)
    await town.forward(minutes=5)
    await town.forward(minutes=5)

    asks = side.room("incident-2026-11-20")[before:]
    assert len(asks) == 3
    assert asks[0].buttons == () and asks[1].buttons == ()
    assert asks[2].rings == {"everyone"}
    assert "No change" in asks[2].buttons


async def test_a_tick_on_the_reminder_is_an_answer(town: Town, side: Side) -> None:
    await side.says(ANA, "sev1 checkout is down")
    await town.settle()
    await town.forward(minutes=15)
    reminder = side.room("incident-2026-11-20")[-1]
    count = len(side.room("incident-2026-11-20"))

    await side.reacts(ANA, "✅", reminder, room="incident-2026-11-20")

    async def answered() -> bool:
        await town.settle()
        return (await town.incident()).updates == 1

    await town.until(answered)
    after = side.room("incident-2026-11-20")
    assert len(after) == count
    assert "nothing new" in after[-1].text and after[-1].buttons == ()
    assert (await town.incident()).updates == 1
