"""A database that is slow, lost, restarted, locked, or gone."""

import asyncio
import sqlite3
from contextlib import closing

from tests.chaos.disorders.disorder import Disorder
from tests.chaos.disorders.network import disturb
from tests.chaos.fire import Fire

ROUNDS = 10
LOCKED = 14.0
"""Seconds for which somebody else holds SQLite's lock: more than the bot waits for it."""


class WrongLine(Disorder):
    """The line to PostgreSQL is disturbed; SQLite is locked by another process."""

    name = "database line"
    says = "the line to PostgreSQL is slow, breaks and stands still; SQLite is locked by somebody else for 14 seconds"
    share = 8

    def lasts(self, fire: Fire) -> float:
        """About."""
        return ROUNDS * 5.0

    async def burn(self, fire: Fire) -> None:
        if fire.line is not None:
            for _ in range(ROUNDS):
                await disturb(fire, fire.line, "", stands=15.0)
            return
        for _ in range(3):
            await locked(fire, fire.random.uniform(1.0, LOCKED))
            await asyncio.sleep(fire.random.uniform(1, 4))


async def locked(fire: Fire, seconds: float) -> None:
    """Hold SQLite's write lock."""
    file = fire.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as other, fire.outages.during():
        while True:
            try:
                other.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError:
                await asyncio.sleep(0.005)
        await asyncio.sleep(seconds)
        other.execute("ROLLBACK")


class Restarted(Disorder):
    """PostgreSQL is restarted as a crash would, again and again."""

    name = "database restarts"
    says = "PostgreSQL stops in the middle of everything and comes back, eight times"
    databases = ("postgres",)
    share = 4

    def lasts(self, fire: Fire) -> float:
        """About."""
        return 40.0

    async def burn(self, fire: Fire) -> None:
        assert fire.server is not None
        for _ in range(8):
            await asyncio.sleep(fire.random.uniform(1, 5))
            with fire.outages.during():
                await asyncio.to_thread(fire.server.restart)


class WithoutDatabase(Disorder):
    """PostgreSQL is gone for long; SQLite is locked as long."""

    name = "no database"
    says = "PostgreSQL is gone for as long as --away says; SQLite is locked by somebody else as long"
    share = 4

    def lasts(self, fire: Fire) -> float:
        """All of it."""
        return fire.away

    async def burn(self, fire: Fire) -> None:
        await asyncio.sleep(3)
        if fire.server is None:
            await locked(fire, fire.away)
        else:
            with fire.outages.during():
                await asyncio.to_thread(fire.server.halt)
                await asyncio.sleep(fire.away)
                await asyncio.to_thread(fire.server.resume)
        await asyncio.sleep(5)
