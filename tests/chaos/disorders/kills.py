"""Bots that are killed at any moment, and started again."""

import asyncio
import time

from tests.chaos.disorders.disorder import Disorder
from tests.chaos.fire import Fire


class Kills(Disorder):
    """Nothing but kills, which come with every other disorder, too."""

    name = "kills"
    says = "bots are killed with SIGKILL at any moment and started again"
    share = 44


class ThreeReplicas(Disorder):
    """The same, with one more."""

    name = "three replicas"
    says = "the same with three replicas on one database"
    databases = ("postgres",)
    replicas = 3
    share = 12


async def kill(fire: Fire, many: int, *, lasts: float = 0.0) -> None:
    """Kill so many times, evenly over ``lasts`` seconds."""
    began = time.monotonic()
    for n in range(many):
        due = began + lasts * n / many
        await asyncio.sleep(max(due - time.monotonic(), 0.0) + fire.random.uniform(0.05, 1.2))
        bot = fire.random.choice(fire.bots)
        if bot in fire.resting:
            continue
        fire.kill(bot)
        if len(fire.bots) > 1 and fire.random.random() < 0.3:
            await asyncio.sleep(fire.random.uniform(0, 2))
        fire.start(bot)
        if fire.random.random() < (0.9 if len(fire.bots) == 1 else 0.3):
            await fire.connected()
        if (n + 1) % 20 == 0:
            fire.tell(f"{n + 1} kills, {len(fire.people.tried)} declarations tried")
