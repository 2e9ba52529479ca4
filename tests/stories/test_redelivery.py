"""Redelivery: what a platform sends twice happens once."""

import asyncio

from tests.support.town import ANA, BO, Side, Town


async def test_a_redelivered_command_declares_nothing_more(town: Town, side: Side) -> None:
    await side.says(ANA, "sev1 checkout is down")
    await town.settle()
    for _ in range(3):
        await getattr(town.sandbox, side.name).redeliver()
    await side.says(ANA, "list")
    await town.settle()

    assert await town.store.reader.numbers() == [1]
    assert [one for one in side.rooms() if one.startswith("incident-")] == ["incident-2026-11-20"]
    assert len(await town.timeline()) == (await town.incident()).entries


async def test_a_redelivered_tap_answers_once(town: Town, side: Side) -> None:
    await side.says(ANA, "sev1 checkout is down")
    await town.settle()
    await town.forward(minutes=15)
    reminder = side.room("incident-2026-11-20")[-1]
    await side.taps(ANA, "No change", reminder, room="incident-2026-11-20")
    await getattr(town.sandbox, side.name).redeliver()
    await side.says(ANA, "list")
    await town.settle()

    assert (await town.incident()).updates == 1


async def test_two_taps_at_once_are_one_answer(town: Town, side: Side) -> None:
    await side.says(ANA, "sev1 checkout is down")
    await town.settle()
    await town.forward(minutes=15)
    reminder = side.room("incident-2026-11-20")[-1]
    both = (side.taps(person, "No change", reminder, room="incident-2026-11-20") for person in (ANA, BO))
    told = await asyncio.gather(*both)
    await town.settle()

    assert (await town.incident()).updates == 1
    assert sorted("answered already" in one for one in told) == [False, True]


async def test_the_running_bot_forgets_what_can_come_no_more(town: Town, side: Side) -> None:
    async def heard(key: str) -> bool:
        async with town.store.work() as work:
            return not await work.hear_once(key, at=town.clock.now())

    assert not await heard("long ago")
    await town.forward(days=6)
    assert not await heard("lately") and await heard("long ago")
    await town.forward(days=2)

    async def forgotten() -> bool:
        return not await heard("long ago")

    await town.until(forgotten)
    assert await heard("lately")
