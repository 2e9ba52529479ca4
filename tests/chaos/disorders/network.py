"""Lines to the platforms that are slow, break, and stand still."""

import asyncio

from tests.chaos.disorders.disorder import Disorder
from tests.chaos.fire import Fire
from tests.chaos.link import Link

ROUNDS = 12


class Network(Disorder):
    """One line at a time."""

    name = "network"
    says = "lines to Slack and Discord are slow, break in the middle of calls, and stand still for up to twelve seconds"
    share = 8

    def lasts(self, fire: Fire) -> float:
        """About."""
        return ROUNDS * 5.0

    async def burn(self, fire: Fire) -> None:
        for _ in range(ROUNDS):
            place = fire.random.choice(("slack", "discord"))
            await disturb(fire, getattr(fire, place), place, stands=12.0)


async def disturb(fire: Fire, line: Link, place: str, *, stands: float) -> None:
    """One of the things that happen to a line; ``place`` is what cannot be reached while it stands still."""
    chance = fire.random
    match chance.choice(("slow", "breaks", "stands")):
        case "slow":
            line.slow = lambda: chance.uniform(0.0, 0.4)
            await asyncio.sleep(chance.uniform(2, 6))
        case "breaks":
            for _ in range(10):
                line.cut(lambda: chance.random() < 0.4)
                await asyncio.sleep(chance.uniform(0.05, 0.6))
        case "stands":
            with fire.outages.during(place):
                line.stall()
                await asyncio.sleep(chance.uniform(0.5, stands))
                line.bring_back()
    line.bring_back()
    await asyncio.sleep(chance.uniform(0.5, 2))
