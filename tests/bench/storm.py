"""The storm: who sends it, who types commands meanwhile, and how full the inbox is."""

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import httpx

from adapters.database import Database
from adapters.sandbox.server import Sandbox
from adapters.web.accepting import FULL, REFUSING_EVERY
from tests.bench.clients import typing
from tests.bench.load import KEYS, Told
from tests.support.processes import free_port

RATE = 5
"""Slash commands a second meanwhile."""
LINES = ("note saw errors rise again", "list", "timeline", "alerts")
GLANCE = 0.1
"""Seconds between two looks at the inbox."""
ROOM = 1000
"""Alerts that may come and go between two looks; only a depth lower by that proves that there was room."""


@dataclass(slots=True)
class Depths:
    """How many alerts waited, look by look."""

    looks: list[tuple[float, int]] = field(default_factory=list)
    """Moments of the machine's monotonic clock, which all processes share, and the inbox's depth then; in order."""

    @property
    def most(self) -> int:
        """The deepest that was seen."""
        return max((depth for _, depth in self.looks), default=0)

    def had_room(self, sent: float, answered: float) -> bool:
        """Whether there certainly was room, all the time from a little before a request was sent until its answer.

        The looks before and after are asked, too; where nobody looked, nothing is certain.
        """
        begin = sent - REFUSING_EVERY.total_seconds()
        before = max((at for at, _ in self.looks if at <= begin), default=begin)
        after = min((at for at, _ in self.looks if at >= answered), default=answered)
        seen = [depth for at, depth in self.looks if before <= at <= after]
        return bool(seen) and max(seen) + ROOM < FULL

    @asynccontextmanager
    async def followed(self, store: Database) -> AsyncIterator[None]:
        """Look as long as the block lasts."""
        looking = asyncio.create_task(self._look(store))
        try:
            yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking

    async def _look(self, store: Database) -> None:
        while True:
            depth = await store.inbox.depth(most=FULL)
            self.looks.append((monotonic(), depth))
            await asyncio.sleep(GLANCE)


@asynccontextmanager
async def people(sandbox: Sandbox, platform: str) -> AsyncIterator[list[float | None]]:
    """People who type slash commands at a steady pace as long as the block lasts; how long each acknowledgement took,
    ``None`` where there was none."""
    acks: list[float | None] = []
    over = asyncio.Event()
    saying = asyncio.create_task(_say(sandbox, platform, acks, over))
    try:
        yield acks
    finally:
        over.set()
        await saying


async def _say(sandbox: Sandbox, platform: str, acks: list[float | None], over: asyncio.Event) -> None:
    chance, command = random.Random(3), typing(sandbox, platform)

    async def one() -> None:
        acks.append(await command(f"#{chance.randint(1, KEYS)} {chance.choice(LINES)}"))

    loop = asyncio.get_running_loop()
    began, said = loop.time(), 0
    async with asyncio.TaskGroup() as group:
        while not over.is_set():
            group.create_task(one())
            said += 1
            await asyncio.sleep(max(0.0, began + said / RATE - loop.time()))


async def load(port: int, count: int) -> Told:
    """Send the storm from a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load", str(port), str(count), stdout=asyncio.subprocess.PIPE
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    told = json.loads(said)
    told["statuses"] = {int(status): times for status, times in told["statuses"].items()}
    return Told(**told)


async def bare(folder: Path, count: int) -> Told:
    """The same storm for a server that stores nothing."""
    async with serving(folder) as port:
        return await load(port, count)


@asynccontextmanager
async def serving(folder: Path, **env: str) -> AsyncIterator[int]:
    """The port of a server that stores nothing."""
    port = free_port()
    settings = dict(os.environ) | {"HTTP_PORT": str(port)} | env
    with (folder / "bare.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.bare", "web", env=settings, stdout=log, stderr=log
        )
    try:
        await _listens(port)
        yield port
    finally:
        process.kill()
        await process.wait()


async def _listens(port: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(30):
        while True:
            with suppress(httpx.TransportError):
                await client.get(f"http://127.0.0.1:{port}/")
                return
            await asyncio.sleep(0.05)
