"""SQLite has one writer: who is next."""

import asyncio

from adapters.database.turns import Turns


async def write(turns: Turns, name: str, done: list[str], *, first: bool = False) -> None:
    """Take a turn that is held for a few rounds of the loop."""
    async with turns.turn(first=first):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        done.append(name)


async def started(*work: asyncio.Task[None]) -> None:
    """Let them come as far as they can."""
    for _ in range(len(work) + 1):
        await asyncio.sleep(0)


async def test_whoever_has_somebody_waiting_goes_first_and_the_others_as_they_came() -> None:
    turns, done = Turns(), list[str]()
    async with turns.turn(first=False):
        several = [("alerts", False), ("delivery", False), ("ana", True), ("bell", False), ("bo", True)]
        tasks = [asyncio.create_task(write(turns, name, done, first=first)) for name, first in several]
        await started(*tasks)
    await asyncio.gather(*tasks)
    assert done == ["ana", "bo", "alerts", "delivery", "bell"]


async def test_one_that_gave_up_waiting_keeps_nobody_from_the_turn() -> None:
    turns, done = Turns(), list[str]()
    async with turns.turn(first=False):
        tasks = [asyncio.create_task(write(turns, name, done)) for name in ("alerts", "delivery", "bell")]
        await started(*tasks)
        tasks[0].cancel()
    tasks[1].cancel()  # the turn may be its own already
    await asyncio.gather(*tasks, return_exceptions=True)
    assert done == ["bell"]
    await asyncio.wait_for(write(turns, "later", done), 1)


async def test_a_turn_whose_work_failed_is_passed_on() -> None:
    turns, done = Turns(), list[str]()
    try:
        async with turns.turn(first=True):
            raise ValueError
    except ValueError:
        await asyncio.wait_for(write(turns, "later", done), 1)
    assert done == ["later"]
