"""Both platforms at once: a slow sandbox, who types in it, and the chat library alone as the baseline."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.sandbox.faults import Fault, FaultKind
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from tests.bench.processes import new_sandbox
from tests.support.processes import environment

LATENCY = 0.15
"""Seconds that each API call takes."""

Command = Callable[[str], Coroutine[None, None, float | None]]
"""Types ``/incident WORDS``; seconds until it was acknowledged, ``None`` where it was not."""


@asynccontextmanager
async def slow_sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox whose every call takes 150 ms, but for Discord's callback: that call is the acknowledgement itself."""
    sandbox = new_sandbox()
    await sandbox.start()
    sandbox.slack.latency = LATENCY
    for path in ("channels", "guilds", "webhooks", "users"):
        fault = Fault(kind=FaultKind.LATENCY, platform="discord", method=f"* /{path}/*", times=None, seconds=LATENCY)
        sandbox.faults.add(fault)
    yield sandbox
    await sandbox.stop()


@asynccontextmanager
async def bare_client(sandbox: Sandbox, platform: str, *, folder: Path) -> AsyncIterator[int]:
    """The process id of a bot that acknowledges and does nothing, once it is connected."""
    with (folder / "bare.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.bare", platform, env=environment(sandbox, ""), stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(30):
            while not (sandbox.slack.connected or sandbox.discord.connected):
                await asyncio.sleep(0.05)
        yield process.pid
    finally:
        process.kill()
        await process.wait()


def typing(sandbox: Sandbox, platform: str) -> Command:
    """People who type in #general."""
    chance = random.Random(1)
    slack_general = sandbox.slack.channel_named("general").id
    discord_general = str(sandbox.discord.channel_named("general")["id"])

    async def on_slack(words: str) -> float | None:
        delivery = await sandbox.slack.command(chance.choice(PEOPLE).slack_id, slack_general, words)
        return delivery.seconds if delivery.acked and not delivery.timed_out else None

    async def on_discord(words: str) -> float | None:
        what, _, details = words.partition(" ")
        options = {"what": what} | ({"details": details} if details else {})
        person = chance.choice(PEOPLE).discord_id
        sent = await sandbox.discord.command(person, discord_general, "incident", options)
        return sent.seconds if sent.answered and not sent.timed_out else None

    return on_slack if platform == "slack" else on_discord
