"""Clocks that jump."""

import asyncio

from tests.chaos.disorders.disorder import Disorder
from tests.chaos.fire import Fire

JUMPS = (3.0, -3.0, 90.0, -60.0, 7200.0, -7200.0, 86400.0, -86400.0)
"""Seconds by which a bot's clock is wrong from then on; it is right again in between."""


class ClockJumps(Disorder):
    """Each bot's clock for itself: two replicas never agree. The database's clock, by which leases count, is right."""

    name = "clock jumps"
    says = "bots' clocks jump by seconds, minutes, hours and a day, forwards and back, each for itself"
    share = 8

    def lasts(self, fire: Fire) -> float:
        """About."""
        return len(JUMPS) * 6.0

    async def burn(self, fire: Fire) -> None:
        fire.true_time = False
        for jump in JUMPS:
            clock = fire.random.choice(fire.clocks)
            clock.set(jump)
            await asyncio.sleep(fire.random.uniform(2, 5))
            clock.set(0.0)
            await asyncio.sleep(fire.random.uniform(1, 3))
