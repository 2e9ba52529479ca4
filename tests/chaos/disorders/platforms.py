"""Slack and Discord that have enough, fall over, or are gone."""

import asyncio

from adapters.sandbox.faults import Fault, FaultKind
from tests.chaos.disorders.disorder import Disorder
from tests.chaos.fire import Fire

CALLS = {"slack": ("chat.*", "conversations.*", "pins.*"), "discord": ("POST *", "PATCH *", "PUT *", "GET */messages*")}
"""What is spoiled: not the way in, which the network's disorder has."""


class Limits(Disorder):
    """Both platforms answer with rate limits, errors of theirs, and with nothing after having done it."""

    name = "rate limits"
    says = "calls are answered with rate limits of one to five seconds, 5xx, late, or not at all, done or not"
    share = 8

    def lasts(self, fire: Fire) -> float:
        """As long as the faults."""
        return ROUNDS * 2.0

    async def burn(self, fire: Fire) -> None:
        chance, faults = fire.random, fire.sandbox.faults
        for _ in range(ROUNDS):
            platform = chance.choice(tuple(CALLS))
            kind = chance.choice([kind for kind in FaultKind if kind is not FaultKind.REFUSE])
            faults.add(
                Fault(
                    kind=kind,
                    platform=platform,
                    method=chance.choice(CALLS[platform]),
                    times=chance.randint(1, 8),
                    seconds=float(chance.randint(1, 5)),
                    status=chance.choice((500, 502, 503)),
                )
            )
            await asyncio.sleep(chance.uniform(0.5, 2.0))
        faults.clear()


ROUNDS = 24
"""Faults that are switched on, one after the other."""


class WithoutPlatforms(Disorder):
    """Slack is gone, then both, then Discord only."""

    name = "no platforms"
    says = "Slack and Discord are gone, each for as long as --away says, half of it together"
    share = 4

    def lasts(self, fire: Fire) -> float:
        """All of it."""
        return fire.away * 1.5

    async def burn(self, fire: Fire) -> None:
        with fire.outages.during("slack"):
            fire.slack.take_away()
            await asyncio.sleep(fire.away / 2)
            with fire.outages.during("discord"):
                fire.discord.take_away()
                await asyncio.sleep(fire.away / 2)
                fire.slack.bring_back()
                await comes_back(fire, "slack")
                await asyncio.sleep(fire.away / 2)
                fire.discord.bring_back()
                await comes_back(fire, "discord")


async def comes_back(fire: Fire, platform: str) -> None:
    """Wait until the bots have found it again: how long that takes is told, and does not count as late."""
    began = asyncio.get_running_loop().time()
    async with asyncio.timeout(120):
        while not fire.up(platform):
            await asyncio.sleep(0.1)
    fire.tell(f"{platform} was found again after {asyncio.get_running_loop().time() - began:.1f} s")
