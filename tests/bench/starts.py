"""The start and the memory: of the bot, and of a program that only loads what such a bot cannot do without."""

import asyncio
import sys
import time
from collections.abc import Sequence

import psutil

from adapters.sandbox.server import Sandbox
from tests.bench.clients import bare_client
from tests.bench.figures import Figure, Unit
from tests.bench.places import Bench
from tests.bench.processes import MEGABYTE, new_sandbox, running

LIBRARIES = "sqlalchemy.ext.asyncio, alembic.command, pydantic, uvicorn, starlette.applications, apscheduler, typer"
CHAT = {"slack": "slack_bolt.async_app", "discord": "discord"}
BARE = "python -c import of chat library, SQLAlchemy, pydantic, uvicorn, …"
ROUNDS = 2


async def imports(platform: str) -> float:
    """Seconds in which a Python imports the libraries and ends."""
    words = f"import {CHAT[platform]}, {LIBRARIES}"
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", words)
    await process.wait()
    return time.monotonic() - began


async def alone(bench: Bench, sandbox: Sandbox, url: str, platform: str) -> tuple[list[float], float]:
    """Starts of the bot, each followed by one of the bare import; the best of the latter."""
    begun, bare = [], []
    for _ in range(1 if bench.quick else ROUNDS):
        bare.append(await imports(platform))
        if not bench.quick:
            async with running(sandbox, url, folder=bench.folder, platforms=(platform,)) as bot:
                begun.append(bot.started_in)
    return begun, min(bare)


def figures(section: str, where: str, begun: Sequence[float], bare: float) -> list[Figure]:
    """The best of several starts."""
    told = f"best of {len(begun)}: {', '.join(f'{one:.1f}' for one in begun)}"
    return [Figure(section, "from exec until ready", where, min(begun), Unit.SECONDS, 3, told,
                   baseline=bare, bare=BARE, main=True)]  # fmt: skip


async def memory(bench: Bench, platform: str) -> float:
    """Megabytes of the chat library's bare client, connected to a sandbox of its own."""
    sandbox = new_sandbox()
    await sandbox.start()
    try:
        async with bare_client(sandbox, platform, folder=bench.folder) as pid:
            await asyncio.sleep(0.5)
            return float(psutil.Process(pid).memory_info().rss) / MEGABYTE
    finally:
        await sandbox.stop()
