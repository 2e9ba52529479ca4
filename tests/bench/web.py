"""What is asked over HTTP (there is no console): the time of an answer, beside a bare ASGI server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from adapters.calendar.door import CalendarDoor
from adapters.database import Database
from adapters.keys import Keyring
from adapters.memory import MemoryStore
from bot.people import Person, stranger
from bot.playbook.load import load
from bot.progress import Page, PageStep, Progress
from bot.replies import Links
from bot.settings import SHIPPED
from tests.bench import seed
from tests.bench.figures import Figure, Unit, percentile
from tests.bench.places import Bench
from tests.bench.processes import Running, new_sandbox, running
from tests.bench.status import read
from tests.bench.storm import serving
from tests.database.build import declare, outage
from tests.support.machine import MachineClock

SECTION = (
    "What is asked over HTTP, four connections that ask without a pause, 10,000 incidents open (1,000 with --quick)"
)
OPEN, FEW = 10_000, 1_000
CONNECTIONS = 4
SECONDS, BRIEF = 2.0, 1.0
KEY = "bench-" * 8
"""Opens the bench's own links only."""
PLAYBOOK = SHIPPED / "platform"
BARE = "an ASGI server that answers from memory"
PATIENT = ("/metrics",)
"""What a machine asks now and then, and no person waits for."""
MOST, MOST_PATIENT = 50, 500
"""Milliseconds that are promised at the 99th percentile with four askers at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for."""

    what: str
    path: str


async def measure(bench: Bench) -> None:
    """A bare server, then every kind of address, with the bot on each database."""
    seconds, sandbox = BRIEF if bench.quick else SECONDS, new_sandbox()
    more = {"STATUS_PAGE": "on", "STATUS_PAGE_DIR": str(bench.folder / "web"), "SECRET_KEY": KEY}
    await sandbox.start()
    try:
        async with serving(bench.folder) as port:
            bare = 1000 * percentile((await read(port, seconds, "/status/", connections=CONNECTIONS)).waits, 0.99)
        for kind in bench.kinds:
            async with (
                bench.address(kind) as url,
                _filled(url, FEW if bench.quick else OPEN) as paged,
                running(
                    sandbox, url, folder=bench.folder, platforms=("slack", "discord"), playbook=PLAYBOOK, more=more
                ) as bot,
            ):
                for asked in addresses(paged):
                    await _ask(bench, bot, kind, asked, seconds, bare=bare)
    finally:
        await sandbox.stop()


async def _ask(bench: Bench, bot: Running, kind: str, asked: Asked, seconds: float, *, bare: float) -> None:
    async with bot.watched() as watch:
        served = await read(bot.port, seconds, asked.path, connections=CONNECTIONS)
        starved = watch.starved()
    most = MOST_PATIENT if asked.what in PATIENT else MOST
    wrong = sum(count for status, count in served.statuses.items() if status != 200)
    bench.note(
        Figure(SECTION, f"{asked.what}, p99", kind, 1000 * percentile(served.waits, 0.99), Unit.MILLISECONDS, most,
               f"p50 {1000 * percentile(served.waits, 0.5):.1f} ms; {served.rate:,.0f} a second, {served.size:,} bytes",
               baseline=bare, bare=BARE, main=True),
        Figure(SECTION, f"{asked.what}, answered otherwise", kind, wrong, Unit.COUNT, 0),
        starved=starved,
    )  # fmt: skip


def addresses(paged: int) -> list[Asked]:
    """Everything that is served, with the links that only the bot's key makes."""
    keys, clock, playbook = Keyring([KEY]), MachineClock(), load(PLAYBOOK)
    nothing = MemoryStore().reader
    calendar = CalendarDoor(nothing, [playbook], keys=keys, clock=clock, base="http://bot")
    feed = urlsplit(calendar.of_rotation(playbook.name, playbook.rotations[0].name))
    link = urlsplit(Links(keys, clock, url="http://bot").link(paged, 1, _whom()))
    return [
        Asked("/healthz", "/healthz"),
        Asked("/readyz", "/readyz"),
        Asked("/metrics", "/metrics"),
        Asked("/api/freeze", "/api/freeze"),
        Asked("/status/", "/status/"),
        Asked("calendar feed", f"{feed.path}?{feed.query}"),
        Asked("reply link", link.path),
    ]


def _whom() -> Person:
    return stranger("slack", seed.ANA.slack_id, seed.ANA.name)


@asynccontextmanager
async def _filled(url: str, count: int) -> AsyncIterator[int]:
    """Incidents that are open and ask nothing for a day, and the number of one in which somebody was paged."""
    store = Database(url)
    await store.start()
    first = await seed.declared(seed.desk_on(store, MachineClock(), "slack", "discord"), store)
    await seed.fill(store, first, [datetime.now(UTC) + timedelta(days=1)] * count)
    await seed.deliver(store)
    now = datetime.now(UTC)
    step = PageStep(person=_whom(), route="push", by="push", stage=0, wait=timedelta(minutes=5))
    page = Page(id=1, at=now, made=1, ground="call/1", title="On-call", why="it is down", steps=(step,))
    yield await declare(store, outage("somebody was paged", progress=Progress(pages=(page,))))
    await store.stop()
