"""The pace: what comes at the same moment is seen to a few at a time."""

import asyncio

from adapters.web.pace import STEPS, Pace


async def test_of_a_crowd_a_few_go_on_in_each_round_and_all_of_them_in_the_end() -> None:
    pace, gone = Pace(), 0

    async def one() -> None:
        nonlocal gone
        await pace.step()
        gone += 1

    crowd = [asyncio.create_task(one()) for _ in range(10 * STEPS)]
    before, most = 0, 0
    while not all(each.done() for each in crowd):
        await asyncio.sleep(0)
        most, before = max(most, gone - before), gone
    assert gone == len(crowd) and most == STEPS


async def test_whoever_hangs_up_while_it_waits_holds_nobody_up() -> None:
    pace = Pace()
    crowd = [asyncio.create_task(pace.step()) for _ in range(3 * STEPS)]
    await asyncio.sleep(0)
    for each in crowd[STEPS : 2 * STEPS]:
        each.cancel()
    done = await asyncio.wait_for(asyncio.gather(*crowd, return_exceptions=True), 1)
    assert sum(one is None for one in done) == 2 * STEPS
