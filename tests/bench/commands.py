"""What one command costs with few and with very many incidents stored."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import event

from adapters.database import Database
from bot.desk import Desk
from tests.bench import seed
from tests.bench.figures import Figure, Unit, percentile
from tests.bench.places import Bench
from tests.support.machine import MachineClock

SECTION = "One command with 100 and with 100,000 incidents stored"
FEW, MANY = 100, 100_000
TIMES = 25
COMMANDS = {
    "declare": "sev2 {word}",
    "update": "#1 update the rollback is at {turn} per cent",
    "list": "list",
    "find": "find region 7{turn}",
    "find what is not there": "find quicksilver {turn}",
}


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


async def measure(bench: Bench) -> None:
    """The same commands on a small and on a large database."""
    many = 20_000 if bench.quick else MANY
    for kind in bench.kinds:
        few_ms, _ = await _costs(bench, kind, FEW)
        many_ms, statements = await _costs(bench, kind, many)
        for name in COMMANDS:
            bench.note(
                Figure(SECTION, f"{name}, p50 with {FEW}", kind, few_ms[name], Unit.MILLISECONDS),
                Figure(SECTION, f"{name}, p50 with {many:,}", kind, many_ms[name], Unit.MILLISECONDS, None,
                       f"{many_ms[name] / few_ms[name]:.1f} times as long"),
                Figure(SECTION, f"{name}, SQL", kind, statements[name], Unit.STATEMENTS),
            )  # fmt: skip


async def _costs(bench: Bench, kind: str, stored: int) -> tuple[dict[str, float], dict[str, float]]:
    async with bench.store(kind) as store:
        desk = seed.desk_on(store, MachineClock(), "slack", "discord")
        first = await seed.declared(desk, store)
        later = datetime.now(UTC) + timedelta(hours=1)
        await seed.fill(store, first, [later] * (stored - 1))
        milliseconds, statements = {}, {}
        for name, words in COMMANDS.items():
            milliseconds[name], statements[name] = await _cost(desk, store, words)
    return milliseconds, statements


async def _cost(desk: Desk, store: Database, words: str) -> tuple[float, float]:
    took, many = [], []
    for turn in range(TIMES):
        with counted(store) as seen:
            began = time.perf_counter()
            await seed.say(desk, words.format(turn=turn, word=_word(turn)), key=f"{words} {turn}")
            took.append(1000 * (time.perf_counter() - began))
        many.append(float(len(seen)))
        await seed.deliver(store)
    return percentile(took[3:], 0.5), percentile(many[3:], 0.5)


def _word(turn: int) -> str:
    """Words that are like no others: a likely duplicate would only be offered to be joined."""
    chance = random.Random(turn)
    return " ".join("".join(chance.choices("abcdefghijklmnop", k=7)) for _ in range(4))
