"""A stop: what is in hand and was not sent is another's at once; what is being sent is finished."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from adapters.database import Database
from adapters.database.ledger import SqlLedger
from adapters.web.metrics import Metrics
from bot.delivery import Delivery
from bot.ledger import Claimed, Later, Ledger
from bot.ports import Found, Job
from tests.database.build import declare, done, keys, notice, pin, until


class Slow:
    """A platform that takes its time until it is let go; what it was asked is kept."""

    name = "slack"
    ready = connected = True

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.looked: list[str] = []
        self.go = asyncio.Event()

    async def perform(self, job: Job) -> str | None:
        """Do it, once let go."""
        self.sent.append(job.key)
        await self.go.wait()
        return job.key

    async def find(self, job: Job) -> Found | None:
        """Look, once let go."""
        self.looked.append(job.key)
        await self.go.wait()
        return None


class Silent:
    """Nobody who has to be told."""

    async def late(self, claim: Claimed, why: str) -> None:
        """Not told."""

    async def made_good(self, claim: Claimed, why: str) -> None:
        """Not told."""

    async def gave_up(self, claim: Claimed, why: str) -> None:
        """Not told."""


class Overtaken:
    """The real ledger, with a stop in the moment between its answer and whoever asked."""

    def __init__(self, real: SqlLedger) -> None:
        self._real = real
        self.finish, self.renew, self.release, self.backlog = real.finish, real.renew, real.release, real.backlog
        self.standstills, self.keys = real.standstills, real.keys
        self.stopping: asyncio.Task[None] | None = None
        self.delivery: Delivery

    async def claim(self, platform: str, *, limit: int, without: Iterable[str] = ()) -> list[Claimed]:
        """Claim, and let the stop go first."""
        claims = await self._real.claim(platform, limit=limit, without=without)
        self.stopping = asyncio.create_task(self.delivery.stop())
        await asyncio.sleep(0)
        return claims


def delivery(ledger: Ledger, platform: Slow) -> Delivery:
    """A delivery on one platform."""
    return Delivery(ledger=ledger, platforms={"slack": platform}, feedback=Silent(), meter=Metrics())


async def test_what_was_not_sent_is_anothers_at_once_and_what_is_being_sent_is_finished(database: Database) -> None:
    await declare(database, None, notice("unsure"), notice("fresh"), pin("pin", "fresh"))
    before = database.ledger("before")
    (unsure,) = await before.claim("slack", limit=1)
    await before.finish([Later(unsure, timedelta(0), "timeout", maybe_done=True)])

    slow, heir = Slow(), database.ledger("heir")
    made = delivery(database.ledger("one"), slow)
    running = asyncio.create_task(made.run())
    await until(lambda: at_work(slow))
    assert await heir.claim("slack", limit=9) == []

    stopping = asyncio.create_task(made.stop())
    (claim,) = await until(lambda: heir.claim("slack", limit=9))
    assert (claim.key, claim.attempts, claim.look_first) == ("unsure", 2, True)
    slow.go.set()
    await stopping
    await running
    assert len(slow.sent) == 1 and made.in_hand == 0
    assert keys(await heir.claim("slack", limit=9)) == ["pin"]
    assert await heir.finish(done([claim])) == []


async def at_work(slow: Slow) -> bool:
    """One effect is looked for and one is being sent."""
    return len(slow.looked) == len(slow.sent) == 1


async def test_what_a_stop_overtakes_on_its_way_from_the_ledger_is_given_back_untouched(database: Database) -> None:
    await declare(database, None, notice("one"), notice("two"))
    slow, ledger = Slow(), Overtaken(database.ledger("one"))
    ledger.delivery = delivery(ledger, slow)
    await ledger.delivery.run()
    assert ledger.stopping is not None
    await ledger.stopping
    assert slow.sent == []
    claims = await database.ledger("heir").claim("slack", limit=9)
    assert [(claim.key, claim.attempts, claim.look_first) for claim in claims] == [("one", 1, False), ("two", 1, False)]


async def test_a_stop_waits_for_whoever_still_reads(database: Database) -> None:
    """Else the connection in use would be closed by nobody, which the end of the process complains about."""
    reading, go = asyncio.Event(), asyncio.Event()

    async def read() -> None:
        async with database._read():
            reading.set()
            await go.wait()

    reader = asyncio.create_task(read())
    await reading.wait()
    stop = asyncio.create_task(database.stop())
    await asyncio.sleep(0)
    assert not stop.done()
    go.set()
    await asyncio.gather(reader, stop)
