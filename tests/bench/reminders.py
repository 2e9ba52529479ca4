"""Reminders: how punctual they are with 10,000 incidents open, and what happens when 2,000 are due in one second."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from adapters.database import Database
from adapters.database import tables as t
from adapters.sandbox.server import Sandbox
from tests.bench import rooms, seed, starts, statements
from tests.bench.figures import Figure, Unit, percentile
from tests.bench.places import Bench
from tests.bench.processes import Running, Watch, new_sandbox, running
from tests.bench.rooms import ASK, Rooms
from tests.support.machine import MachineClock

START = "The start, with 10,000 incidents open"
PUNCTUAL = "Reminders with 10,000 incidents open (on Discord, whose servers hold 500 channels, few of these have one)"
BURST = "2,000 reminders due in the same second, beside the 10,000"
OPEN = 10_000
AT_ONCE = 2_000
CADENCE = timedelta(minutes=15)
AHEAD = timedelta(seconds=25)
"""From when the rooms of Discord are chosen until the first of their reminders is due: the bot has to start."""
TOGETHER = 50
"""Reminders that the bare statements save in one transaction, as the bot does."""
PATIENCE = 90.0
"""Seconds until a burst counts as stuck."""
TIMER = "a bare timer that writes two rows"
ROWS = "the least statements, bare driver"


@dataclass(slots=True)
class Crowd:
    """Ten thousand incidents, in the database and in the sandbox."""

    platform: str
    kind: str
    store: Database
    sandbox: Sandbox
    numbers: list[int]
    due: dict[int, datetime]
    rooms: Rooms = field(default_factory=Rooms)

    @property
    def where(self) -> str:
        """As figures have it."""
        return f"{self.platform.capitalize()}, {self.kind}"

    @property
    def latest(self) -> Sequence[int]:
        """Those that sleep until the bursts."""
        return self.numbers[-2 * AT_ONCE :]


async def measure(bench: Bench) -> None:
    """Start, lateness, and two bursts: Slack on each database, Discord on SQLite."""
    for platform, kind in (*(("slack", kind) for kind in bench.kinds), ("discord", "SQLite")):
        async with bench.address(kind) as url, _crowd(platform, kind, url) as crowd:
            bare = await statements.lateness(url, count=30 if bench.quick else 100, every=0.09)
            at_once = await _bare_burst(bench, kind)
            begun, alone = await starts.alone(bench, crowd.sandbox, url, platform)
            await _open_rooms(crowd)
            async with running(crowd.sandbox, url, folder=bench.folder, platforms=(platform,)) as bot:
                bench.note(*starts.figures(START, crowd.where, [*begun, bot.started_in], alone), starved=bot.starved)
                await _lateness(bench, crowd, bot, bare)
                await _bursts(bench, crowd, bot, at_once)


async def _bare_burst(bench: Bench, kind: str) -> float:
    async with bench.address(kind) as url:
        return await statements.burst(url, count=AT_ONCE, batch=TOGETHER)


@asynccontextmanager
async def _crowd(platform: str, kind: str, url: str) -> AsyncIterator[Crowd]:
    sandbox, store = new_sandbox(), Database(url)
    await sandbox.start()
    await store.start()
    first = await seed.declared(seed.desk_on(store, MachineClock(), platform), store, platform=platform)
    now = datetime.now(UTC)
    due = [now + CADENCE * place / OPEN for place in range(OPEN)]
    numbers = await seed.fill(store, first, [*due, *([now] * 2 * AT_ONCE)], asleep=2 * AT_ONCE)
    yield Crowd(platform, kind, store, sandbox, numbers, dict(zip(numbers, due, strict=False)))
    await store.stop()
    await sandbox.stop()


async def _open_rooms(crowd: Crowd) -> None:
    """On Slack a channel for each; on Discord for some of those that will be watched, and some of the burst."""
    if crowd.platform == "slack":
        crowd.rooms = await rooms.on_slack(crowd.sandbox, crowd.store, crowd.numbers)
        return
    soon = datetime.now(UTC) + AHEAD
    watched = [number for number, at in crowd.due.items() if at >= soon][: 2 * rooms.HALF : 2]
    crowd.rooms = await rooms.on_discord(
        crowd.sandbox, crowd.store, [*watched, *crowd.latest[AT_ONCE : AT_ONCE + rooms.HALF]]
    )


async def _lateness(bench: Bench, crowd: Crowd, bot: Running, bare: list[float]) -> None:
    """Reminders that fall due while we watch, each against the moment it was seeded for."""
    await _caught_up(crowd)
    began = datetime.now(UTC)
    async with bot.watched() as watch:
        await asyncio.sleep(10 if bench.quick else 40)
        ended = datetime.now(UTC)
        found = await _found(crowd, began, ended, watch)
    where, milliseconds = crowd.where, [1000 * each for each in found.saved]
    seen, timer = [1000 * each for each in found.seen], 1000 * percentile(bare, 0.99)
    note = f"{found.wanted} fell due"
    bench.note(
        Figure(PUNCTUAL, "late in the ledger, p50", where, percentile(milliseconds, 0.5), Unit.MILLISECONDS,
               baseline=1000 * percentile(bare, 0.5), bare=TIMER),
        Figure(PUNCTUAL, "late in the ledger, p99", where, percentile(milliseconds, 0.99), Unit.MILLISECONDS, 1000,
               note, baseline=timer, bare=TIMER, main=True),
        Figure(PUNCTUAL, "late in the ledger, most", where, max(milliseconds, default=0), Unit.MILLISECONDS),
        Figure(PUNCTUAL, "late in the channel, p50", where, percentile(seen, 0.5), Unit.MILLISECONDS),
        Figure(PUNCTUAL, "late in the channel, p99", where, percentile(seen, 0.99), Unit.MILLISECONDS, 1000,
               f"{len(seen)} were seen", baseline=timer, bare=TIMER, main=True),
        Figure(PUNCTUAL, "not asked", where, found.wanted - len(found.saved), Unit.COUNT, 0, note, main=True),
        Figure(PUNCTUAL, "CPU", where, found.share, Unit.PERCENT),
        Figure(PUNCTUAL, "ready to run, but others had the cores", where, found.starved, Unit.OF_THE_TIME),
        Figure(PUNCTUAL, "memory at most", where, found.peak, Unit.MEGABYTES, 250,
               baseline=await starts.memory(bench, crowd.platform), bare=f"bare {crowd.platform} client", main=True),
        starved=found.starved,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """What came of those that fell due."""

    wanted: int
    saved: list[float]
    """Seconds late in the ledger."""
    seen: list[float]
    """Seconds late in the channel, of those that have one."""
    share: float
    peak: float
    starved: float


async def _found(crowd: Crowd, began: datetime, ended: datetime, watch: Watch) -> _Found:
    share, peak, starved = watch.share(), watch.peak, watch.starved()
    await asyncio.sleep(2)
    wanted = {number: at for number, at in crowd.due.items() if began <= at < ended}
    owed = await _owed_at(crowd.store, wanted)
    saved = [(owed[number] - at).total_seconds() for number, at in wanted.items() if number in owed]
    seen = [ts - at.timestamp() for number, at in wanted.items() if (ts := crowd.rooms.asked_at(number)) is not None]
    return _Found(len(wanted), saved, seen, share, peak, starved)


async def _caught_up(crowd: Crowd) -> None:
    """Until what fell due before the bot was up has been asked for."""
    async with asyncio.timeout(PATIENCE):
        while await _overdue(crowd.store) > 0:
            await asyncio.sleep(0.2)


async def _bursts(bench: Bench, crowd: Crowd, bot: Running, bare: float) -> None:
    where, note = crowd.where, f"{min(AT_ONCE, len(crowd.rooms))} have a channel"
    async with bot.watched() as watch:
        free = await _burst(crowd, crowd.latest[AT_ONCE:], posted=True)
        crowd.sandbox.slack.enforce_limits = crowd.sandbox.discord.enforce_limits = True
        limited = await _burst(crowd, crowd.latest[:AT_ONCE], posted=False)
        peak, starved, spent = watch.peak, watch.starved(), watch.cpu()
    bench.note(
        Figure(BURST, "all stand in the ledger after", where, free.owed, Unit.SECONDS, 5,
               baseline=bare, bare=ROWS, main=True),
        Figure(BURST, "all that have a channel are posted after", where, free.posted, Unit.SECONDS, None, note),
        Figure(BURST, "with the platform's limits: all stand in the ledger after", where, limited.owed, Unit.SECONDS, 5,
               baseline=bare, bare=ROWS, main=True),
        Figure(BURST, "CPU of both bursts, for each reminder", where, 1000 * spent / (2 * AT_ONCE), Unit.MILLISECONDS),
        Figure(BURST, "memory at most", where, peak, Unit.MEGABYTES, 250),
        Figure(BURST, "ready to run, but others had the cores", where, starved, Unit.OF_THE_TIME),
        starved=starved,
    )  # fmt: skip


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
        return await _count_owed(crowd, numbers) >= len(numbers)

    async def all_posted() -> bool:
        return all(crowd.rooms.asked_at(number) is not None for number in numbers if number in crowd.rooms)

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


async def _count_owed(crowd: Crowd, numbers: Sequence[int]) -> int:
    c = t.owed.c
    mine = c.incident.between(min(numbers), max(numbers)), c.platform == crowd.platform, c.key == ASK
    async with crowd.store._read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(t.owed).where(*mine)) or 0)


async def _owed_at(store: Database, wanted: dict[int, datetime]) -> dict[int, datetime]:
    c = t.owed.c
    async with store._read() as connection:
        rows = await connection.execute(select(c.incident, c.owed_at).where(c.key == ASK))
        return {number: at for number, at in rows if number in wanted}
