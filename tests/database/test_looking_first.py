"""A second attempt looks for what the first one may have left: since when is not the first one's own clock to say."""

import asyncio
from datetime import UTC, datetime, timedelta

from adapters.database import Database
from adapters.web.metrics import Metrics
from bot.delivery import Delivery
from bot.ledger import Later
from bot.ports import Found, Job
from tests.database.build import declare, notice
from tests.database.test_stopping import Silent


class Ahead:
    """A clock that is two hours ahead."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC) + timedelta(hours=2)


class Looked:
    """A platform that has what it is asked for, and keeps by which job it was asked."""

    name = "slack"
    ready = connected = True

    def __init__(self) -> None:
        self.asked: asyncio.Queue[Job] = asyncio.Queue()

    async def perform(self, job: Job) -> str | None:
        """Nobody asks for that here."""
        raise AssertionError(job.key)

    async def find(self, job: Job) -> Found | None:
        """It is there."""
        self.asked.put_nowait(job)
        return Found("C1:1.0")


async def test_it_looks_back_to_when_the_effect_was_owed_though_the_first_had_a_clock_that_was_ahead(
    database: Database,
) -> None:
    await declare(database, None, notice("one"))
    dead = database.ledger("dead", Ahead())
    (first,) = await dead.claim("slack", limit=9)
    assert first.first_try_at > datetime.now(UTC) + timedelta(hours=1)
    await dead.finish([Later(first, timedelta(0), "timeout", maybe_done=True)])

    platform = Looked()
    delivery = Delivery(ledger=database.ledger("w"), platforms={"slack": platform}, feedback=Silent(), meter=Metrics())
    running = asyncio.create_task(delivery.run())
    job = await platform.asked.get()
    assert job.since == first.owed_at <= datetime.now(UTC) + timedelta(seconds=1)
    await delivery.stop()
    await running
