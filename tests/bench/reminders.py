"""Reminders: how punctual they are with 10,000 incidents open, and what happens when 2,000 are due in one second."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from adapters.database import Database
from adapters.database import tables as t
from adapters.sandbox.server import Sandbox
from adapters.sandbox.slack.model import Channel
from tests.bench import seed
from tests.bench.figures import Figure, Unit, percentile
from tests.bench.places import Bench
from tests.bench.processes import Running, new_sandbox, running
from tests.support.machine import MachineClock

PUNCTUAL = "Reminders with 10,000 incidents open (Slack)"
BURST = "2,000 reminders due in the same second, beside the 10,000 (Slack)"
OPEN = 10_000
AT_ONCE = 2_000
CADENCE = timedelta(minutes=15)
ASK = "ask/1/1"
"""Key of an incident's first reminder."""
PATIENCE = 90.0
"""Seconds until a burst counts as stuck."""


@dataclass(slots=True)
class Crowd:
    """Ten thousand incidents, in the database and in the sandbox."""

    store: Database
    sandbox: Sandbox
    numbers: list[int]
    due: dict[int, datetime]
    channels: dict[int, Channel]


async def measure(bench: Bench) -> None:
    """Start, lateness, and two bursts, on each database."""
    for kind in bench.kinds:
        async with bench.address(kind) as url, _crowd(url) as crowd:
            starts = [await _start(bench, crowd, url) for _ in range(0 if bench.quick else 1)]
            async with running(crowd.sandbox, url, folder=bench.folder, platforms=("slack",)) as bot:
                starts.append(bot.started_in)
                bench.note(Figure(PUNCTUAL, "from exec until ready", kind, min(starts), Unit.SECONDS, 3,
                                  f"best of {len(starts)}: {', '.join(f'{one:.1f}' for one in starts)}"))  # fmt: skip
                await _lateness(bench, crowd, bot, kind)
                await _bursts(bench, crowd, bot, kind)


@asynccontextmanager
async def _crowd(url: str) -> AsyncIterator[Crowd]:
    sandbox, store = new_sandbox(), Database(url)
    await sandbox.start()
    await store.start()
    first = await seed.declared(seed.desk_on(store, MachineClock(), "slack"), store)
    now = datetime.now(UTC)
    due = [now + CADENCE * place / OPEN for place in range(OPEN)]
    numbers = await seed.fill(store, first, [*due, *([now] * 2 * AT_ONCE)], asleep=2 * AT_ONCE)
    channels = await seed.open_channels(sandbox, store, numbers)
    yield Crowd(store, sandbox, numbers, dict(zip(numbers, due, strict=False)), channels)
    await store.stop()
    await sandbox.stop()


async def _start(bench: Bench, crowd: Crowd, url: str) -> float:
    async with running(crowd.sandbox, url, folder=bench.folder, platforms=("slack",)) as bot:
        return bot.started_in


async def _lateness(bench: Bench, crowd: Crowd, bot: Running, kind: str) -> None:
    """Reminders that fall due while we watch, each against the moment it was seeded for."""
    await _caught_up(crowd)
    began = datetime.now(UTC)
    async with bot.watched() as watch:
        await asyncio.sleep(20 if bench.quick else 60)
        ended = datetime.now(UTC)
        share, rss, peak, starved = watch.share(), watch.rss, watch.peak, watch.starved()
    await asyncio.sleep(2)
    wanted = {number: at for number, at in crowd.due.items() if began <= at < ended}
    owed = await _owed_at(crowd.store, wanted)
    saved = [(owed[number] - at).total_seconds() for number, at in wanted.items() if number in owed]
    seen = [ts - at.timestamp() for number, at in wanted.items() if (ts := _posted_at(crowd.channels[number]))]
    note = f"{len(wanted)} reminders fell due"
    bench.note(
        Figure(PUNCTUAL, "late in the ledger, p50", kind, 1000 * percentile(saved, 0.5), Unit.MILLISECONDS),
        Figure(
            PUNCTUAL, "late in the ledger, p99", kind, 1000 * percentile(saved, 0.99), Unit.MILLISECONDS, 1000, note
        ),
        Figure(PUNCTUAL, "late in the ledger, most", kind, 1000 * max(saved, default=0), Unit.MILLISECONDS),
        Figure(PUNCTUAL, "late in the channel, p50", kind, 1000 * percentile(seen, 0.5), Unit.MILLISECONDS),
        Figure(PUNCTUAL, "late in the channel, p99", kind, 1000 * percentile(seen, 0.99), Unit.MILLISECONDS, 1000),
        Figure(PUNCTUAL, "not asked", kind, len(wanted) - len(saved), Unit.COUNT, 0),
        Figure(PUNCTUAL, "CPU", kind, share, Unit.PERCENT),
        Figure(PUNCTUAL, "ready to run, but others had the cores", kind, starved, Unit.OF_THE_TIME),
        Figure(PUNCTUAL, "memory", kind, rss, Unit.MEGABYTES, 250, f"at most {peak:.0f} MB"),
    )


async def _caught_up(crowd: Crowd) -> None:
    """Until what fell due before the bot was up has been asked for."""
    async with asyncio.timeout(PATIENCE):
        while await _overdue(crowd.store) > 0:
            await asyncio.sleep(0.2)


async def _bursts(bench: Bench, crowd: Crowd, bot: Running, kind: str) -> None:
    latest = crowd.numbers[-2 * AT_ONCE :]
    async with bot.watched() as watch:
        free = await _burst(crowd, latest[AT_ONCE:], posted=True)
        crowd.sandbox.slack.enforce_limits = True
        limited = await _burst(crowd, latest[:AT_ONCE], posted=False)
        peak, starved = watch.peak, watch.starved()
    bench.note(
        Figure(BURST, "all stand in the ledger after", kind, free.owed, Unit.SECONDS, 5),
        Figure(BURST, "all are posted after", kind, free.posted, Unit.SECONDS, None, "no rate limits"),
        Figure(BURST, "with Slack's limits: all stand in the ledger after", kind, limited.owed, Unit.SECONDS, 5),
        Figure(BURST, "memory at most", kind, peak, Unit.MEGABYTES, 250),
        Figure(BURST, "ready to run, but others had the cores", kind, starved, Unit.OF_THE_TIME),
    )


@dataclass(frozen=True, slots=True)
class _Took:
    owed: float
    posted: float


async def _burst(crowd: Crowd, numbers: Sequence[int], *, posted: bool) -> _Took:
    """Put all these due at one moment, and wait."""
    at = datetime.now(UTC) + timedelta(seconds=4)
    await seed.wake(crowd.store, numbers, at)
    await asyncio.sleep((at - datetime.now(UTC)).total_seconds())

    async def all_owed() -> bool:
        return await _count_owed(crowd.store, numbers) >= len(numbers)

    async def all_posted() -> bool:
        return all(_posted_at(crowd.channels[number]) for number in numbers)

    owed = await _until(all_owed, since=at)
    return _Took(owed, await _until(all_posted, since=at) if posted else 0.0)


async def _until(holds: Callable[[], object], *, since: datetime) -> float:
    deadline = time.monotonic() + PATIENCE
    while not await holds():  # type: ignore[misc]
        if time.monotonic() > deadline:
            return float(PATIENCE)
        await asyncio.sleep(0.1)
    return (datetime.now(UTC) - since).total_seconds()


async def _overdue(store: Database) -> int:
    async with store._read() as connection:
        overdue = t.incident.c.next_due_at < datetime.now(UTC) - timedelta(seconds=1)
        return int(await connection.scalar(select(func.count()).where(overdue)) or 0)


async def _count_owed(store: Database, numbers: Sequence[int]) -> int:
    c = t.owed.c
    mine = c.incident.between(min(numbers), max(numbers)), c.platform == "slack", c.key == ASK
    async with store._read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(t.owed).where(*mine)) or 0)


async def _owed_at(store: Database, wanted: dict[int, datetime]) -> dict[int, datetime]:
    c = t.owed.c
    async with store._read() as connection:
        rows = await connection.execute(select(c.incident, c.owed_at).where(c.key == ASK))
        return {number: at for number, at in rows if number in wanted}


def _posted_at(channel: Channel) -> float | None:
    """When the first reminder was posted in a channel."""
    for message in reversed(channel.messages):
        key = ((message.get("metadata") or {}).get("event_payload") or {}).get("key", "")
        if str(key).endswith(ASK):
            return float(message["ts"])
    return None
