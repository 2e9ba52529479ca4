"""Acknowledgement: how soon a slash command is saved and acknowledged, beside a bare bot that saves nothing."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.sandbox.faults import Fault, FaultKind
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from tests.bench.figures import Figure, Unit, percentile
from tests.bench.places import Bench
from tests.bench.processes import new_sandbox, running
from tests.support.processes import environment

SECTION = "Acknowledgement of slash commands (50 a second, 150 ms per API call)"
RATE = 50
LATENCY = 0.15
DECLARES = 10
"""One command in so many declares; the others are said in an incident that is open."""
LINES = (
    "note saw errors rise again", "update we are rolling back", "ack", "list", "status identified",
    "impact some customers cannot pay", "affected 500", "timeline", "find checkout",
)  # fmt: skip

Command = Callable[[str], Coroutine[None, None, float | None]]
"""Types ``/incident WORDS``; seconds until it was acknowledged, ``None`` where it was not."""


async def measure(bench: Bench) -> None:
    """Each platform: bare first, then the bot on each database."""
    seconds = 6 if bench.quick else 20
    for platform in ("slack", "discord"):
        bare = await _bare(platform, seconds, folder=bench.folder)
        where = platform.capitalize()
        bench.note(
            Figure(SECTION, "bare client, p50", where, 1000 * percentile(bare, 0.5), Unit.MILLISECONDS),
            Figure(SECTION, "bare client, p99", where, 1000 * percentile(bare, 0.99), Unit.MILLISECONDS),
        )
        for kind in bench.kinds:
            await _bot(bench, platform, kind, seconds, bare=bare)


async def _bot(bench: Bench, platform: str, kind: str, seconds: int, *, bare: list[float]) -> None:
    async with (
        bench.address(kind) as url,
        _sandbox() as sandbox,
        running(sandbox, url, folder=bench.folder, platforms=(platform,)) as bot,
        bot.watched() as watch,
    ):
        acks = await _fire(_commands(sandbox, platform), seconds)
        share, spent, starved = watch.share(), watch.cpu(), watch.starved()
    where = f"{platform.capitalize()}, {kind}"
    p50, p99 = percentile(acks, 0.5), percentile(acks, 0.99)
    missing = RATE * seconds - len(acks)
    bench.note(
        Figure(SECTION, "Tocsin, p50", where, 1000 * p50, Unit.MILLISECONDS),
        Figure(SECTION, "Tocsin, p99", where, 1000 * p99, Unit.MILLISECONDS, 50, f"{len(acks):,} commands"),
        Figure(SECTION, "p99 against the bare client's", where, p99 / percentile(bare, 0.99), Unit.TIMES),
        Figure(SECTION, "not acknowledged", where, missing, Unit.COUNT, 0),
        Figure(SECTION, "CPU", where, share, Unit.PERCENT),
        Figure(
            SECTION, "CPU of a command and all it sets off", where, 1000 * spent / (RATE * seconds), Unit.MILLISECONDS
        ),
        Figure(SECTION, "ready to run, but others had the cores", where, starved, Unit.OF_THE_TIME),
    )


async def _bare(platform: str, seconds: int, *, folder: Path) -> list[float]:
    async with _sandbox() as sandbox:
        with (folder / "bare.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.bench.bare", platform, env=environment(sandbox, ""), stdout=log, stderr=log
            )
        try:
            async with asyncio.timeout(30):
                while not (sandbox.slack.connected or sandbox.discord.connected):
                    await asyncio.sleep(0.05)
            return await _fire(_commands(sandbox, platform), seconds)
        finally:
            process.kill()
            await process.wait()


@asynccontextmanager
async def _sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox whose every call takes 150 ms, but for Discord's callback: that call is the acknowledgement itself."""
    sandbox = new_sandbox()
    await sandbox.start()
    sandbox.slack.latency = LATENCY
    for path in ("channels", "guilds", "webhooks", "users"):
        fault = Fault(kind=FaultKind.LATENCY, platform="discord", method=f"* /{path}/*", times=None, seconds=LATENCY)
        sandbox.faults.add(fault)
    yield sandbox
    await sandbox.stop()


def _commands(sandbox: Sandbox, platform: str) -> Command:
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


async def _fire(command: Command, seconds: int) -> list[float]:
    """Commands at a steady pace, whatever becomes of those before; how long each took to be acknowledged."""
    await _warm_up(command)
    chance, loop = random.Random(2), asyncio.get_running_loop()
    began = loop.time()
    sent: list[asyncio.Task[float | None]] = []
    for turn in range(RATE * seconds):
        await asyncio.sleep(max(0.0, began + turn / RATE - loop.time()))
        known = 1 + turn // DECLARES
        declares = turn % DECLARES == 0
        words = f"sev2 {_title(chance)}" if declares else f"#{chance.randint(1, known)} {chance.choice(LINES)}"
        sent.append(asyncio.create_task(command(words)))
    found = await asyncio.gather(*sent)
    return [one for one in found if one is not None]


async def _warm_up(command: Command) -> None:
    await command("sev2 the first command finds everything cold")
    for line in LINES:
        await command(f"#1 {line}")
    await asyncio.sleep(1.5)


def _title(chance: random.Random) -> str:
    """Words that are like no others: a likely duplicate would be offered to be joined instead."""
    return " ".join("".join(chance.choices("abcdefghijklmnoprstuvw", k=7)) for _ in range(4))
