"""What one command costs with few and with very many incidents stored."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import event

from adapters.database import Database
from bot.desk import Desk
from tests.bench import seed, statements
from tests.bench.figures import Figure, Unit, percentile
from tests.bench.places import Bench
from tests.support.machine import MachineClock

SECTION = "One command with 100 and with 100,000 incidents stored (no chat, one at a time)"
FEW, MANY = 100, 100_000
TIMES, COLD = 25, 3
"""How often each is said, and how many of these do not count."""
COMMANDS = {
    "declare": "sev2 {word}",
    "update": "#1 update the rollback is at {turn} per cent",
    "list": "list",
    "find": "find region 7{turn}",
    "find what is not there": "find quicksilver {turn}",
}
STEADY = ("declare", "update", "list")
"""What must not grow with what is stored; twice as long is within what one machine's runs differ by."""
SQL = {"declare": 15, "update": 8, "list": 6, "find": 6, "find what is not there": 5}
"""Statements that each may take at most."""


@contextmanager
def counted(store: Database) -> Iterator[list[str]]:
    """The statements that are executed meanwhile, many rows at once counting as one."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engines = [store._engines.work.sync_engine, store._engines.read.sync_engine]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command costs, at the median."""

    milliseconds: float
    statements: float
    cpu: float
    """Milliseconds of this process's processor time."""


async def measure(bench: Bench) -> None:
    """The same commands on a small and on a large database."""
    many = 20_000 if bench.quick else MANY
    for kind in bench.kinds:
        few, _ = await _costs(bench, kind, FEW)
        lots, bare = await _costs(bench, kind, many)
        for (platform, name), cost in lots.items():
            where, before = f"{platform.capitalize()}, {kind}", few[platform, name].milliseconds
            bench.note(
                Figure(SECTION, f"{name}, {many:,} stored", where, cost.milliseconds, Unit.MILLISECONDS,
                       baseline=1000 * percentile(bare[name], 0.5), bare="the least statements, bare driver",
                       note=f"{cost.cpu:.1f} ms of it processor time of the bot's", main=True),
                Figure(SECTION, f"{name}, against {FEW} stored", where, cost.milliseconds / before, Unit.TIMES,
                       2 if name in STEADY else None, f"{before:.1f} ms", main=True),
                Figure(SECTION, f"{name}, SQL", where, cost.statements, Unit.STATEMENTS, SQL[name], main=True),
            )  # fmt: skip


async def _costs(bench: Bench, kind: str, stored: int) -> tuple[dict[tuple[str, str], Cost], dict[str, list[float]]]:
    """Of each platform's commands, and of the bare statements."""
    async with bench.address(kind) as url:
        store = Database(url)
        await store.start()
        try:
            desk = seed.desk_on(store, MachineClock(), "slack", "discord")
            first = await seed.declared(desk, store)
            later = datetime.now(UTC) + timedelta(hours=1)
            await seed.fill(store, first, [later] * (stored - 1))
            bench.look_anew()
            costs = {
                (platform, name): await _cost(desk, store, platform, words)
                for name, words in COMMANDS.items()
                for platform in ("slack", "discord")
            }
            return costs, await statements.commands(url, times=TIMES)
        finally:
            await store.stop()


async def _cost(desk: Desk, store: Database, platform: str, words: str) -> Cost:
    took: list[Cost] = []
    for turn in range(TIMES):
        said = words.format(turn=turn, word=_word(f"{platform}{turn}"))
        with counted(store) as seen:
            spent, began = time.process_time(), time.perf_counter()
            await seed.say(desk, said, key=f"{words} {turn}", platform=platform)
            ended = time.perf_counter()
            took.append(Cost(1000 * (ended - began), len(seen), 1000 * (time.process_time() - spent)))
        await seed.deliver(store)
    warm = took[COLD:]
    return Cost(*(percentile([getattr(one, name) for one in warm], 0.5) for name in Cost.__slots__))


def _word(start: str) -> str:
    """Words that are like no others: a likely duplicate would only be offered to be joined."""
    chance = random.Random(start)
    return " ".join("".join(chance.choices("abcdefghijklmnop", k=7)) for _ in range(4))
