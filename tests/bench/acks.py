"""Acknowledgement: how soon a slash command is saved and acknowledged, beside a bare bot that saves nothing."""

import asyncio
import random
from pathlib import Path

from tests.bench.clients import Command, bare_client, slow_sandbox, typing
from tests.bench.figures import Figure, Unit, percentile
from tests.bench.places import Bench
from tests.bench.processes import running

SECTION = "Acknowledgement of slash commands (50 a second, 150 ms per API call)"
RATE = 50
DECLARES = 10
"""One command in so many declares; the others are said in an incident that is open."""
LINES = (
    "note saw errors rise again", "update we are rolling back", "ack", "list", "status identified",
    "impact some customers cannot pay", "affected 500", "timeline", "find checkout",
)  # fmt: skip


async def measure(bench: Bench) -> None:
    """Each platform: bare first, then the bot on each database."""
    seconds = 6 if bench.quick else 20
    for platform in ("slack", "discord"):
        bare = await _bare(platform, seconds, folder=bench.folder)
        for kind in bench.kinds:
            await _bot(bench, platform, kind, seconds, bare=bare)


async def _bot(bench: Bench, platform: str, kind: str, seconds: int, *, bare: list[float]) -> None:
    async with (
        bench.address(kind) as url,
        slow_sandbox() as sandbox,
        running(sandbox, url, folder=bench.folder, platforms=(platform,)) as bot,
        bot.watched() as watch,
    ):
        acks = await _fire(typing(sandbox, platform), seconds)
        share, spent, starved = watch.share(), watch.cpu(), watch.starved()
    where, name = f"{platform.capitalize()}, {kind}", f"bare {platform} client"
    missing = RATE * seconds - len(acks)

    def beside(what: str, share: float, most: float | None = None) -> Figure:
        mine, its = (1000 * percentile(each, share) for each in (acks, bare))
        return Figure(SECTION, what, where, mine, Unit.MILLISECONDS, most, baseline=its, bare=name, main=True)

    bench.note(
        beside("acknowledged, p50", 0.5),
        beside("acknowledged, p99", 0.99, 50),
        Figure(SECTION, "not acknowledged", where, missing, Unit.COUNT, 0, f"of {RATE * seconds:,}", main=True),
        Figure(SECTION, "CPU", where, share, Unit.PERCENT),
        Figure(
            SECTION, "CPU of a command and all it sets off", where, 1000 * spent / (RATE * seconds), Unit.MILLISECONDS
        ),
        Figure(SECTION, "ready to run, but others had the cores", where, starved, Unit.OF_THE_TIME),
        starved=starved,
    )


async def _bare(platform: str, seconds: int, *, folder: Path) -> list[float]:
    async with slow_sandbox() as sandbox, bare_client(sandbox, platform, folder=folder):
        return await _fire(typing(sandbox, platform), seconds)


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
