"""What the store takes for a batch: due incidents loaded and saved, effects claimed and finished."""

import time
from datetime import UTC, datetime, timedelta

from adapters.database import Database
from bot.card import Card
from bot.intents import Post
from bot.ledger import Done
from bot.store import Change, Owed
from tests.bench import seed
from tests.bench.commands import counted
from tests.bench.figures import Figure, Unit
from tests.bench.places import Bench
from tests.support.machine import MachineClock

SECTION = "The store, per batch of 200"
BATCH = 200
ROUNDS = 5


async def measure(bench: Bench) -> None:
    """Both halves, on each database; the best of several rounds."""
    for kind in bench.kinds:
        async with bench.store(kind) as store:
            first = await seed.declared(seed.desk_on(store, MachineClock(), "slack"), store)
            now = datetime.now(UTC)
            await seed.fill(store, first, [now - timedelta(seconds=1)] * (BATCH * ROUNDS))
            await _saving(bench, store, kind, now)
            await _delivering(bench, store, kind)


async def _saving(bench: Bench, store: Database, kind: str, now: datetime) -> None:
    best, statements = float("inf"), 0
    for turn in range(ROUNDS):
        with counted(store) as seen:
            began = time.perf_counter()
            async with store.work() as work:
                due = await work.due(now, limit=BATCH)
                owed = [Owed(f"bench/{turn}", "slack", Post(card=Card(title="A reminder")))]
                await work.save([Change(one, owed=owed, next_due_at=now + timedelta(hours=1)) for one in due])
            best = min(best, time.perf_counter() - began)
        statements = len(seen)
    bench.note(
        Figure(SECTION, "load what is due and save it, each incident", kind, 1000 * best / BATCH, Unit.MILLISECONDS),
        Figure(SECTION, "load what is due and save it, the batch", kind, statements, Unit.STATEMENTS),
    )


async def _delivering(bench: Bench, store: Database, kind: str) -> None:
    ledger = store.ledger("bench")
    best, statements = float("inf"), 0
    for turn in range(ROUNDS - 1):
        with counted(store) as seen:
            began = time.perf_counter()
            claims = await ledger.claim("slack", limit=BATCH)
            await ledger.finish([Done(one, f"C{turn}:{one.id}") for one in claims], claim=False)
            best = min(best, (time.perf_counter() - began) / max(1, len(claims)))
        statements = len(seen)
    bench.note(
        Figure(SECTION, "claim and finish, each effect", kind, 1000 * best, Unit.MILLISECONDS),
        Figure(SECTION, "claim and finish, the batch", kind, statements, Unit.STATEMENTS),
    )
