"""The public page under load: requests a second from its written copy, beside a bare server with the same bytes."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import UUID

import httpx

from adapters.database import Database
from bot.progress import Condition, Progress, Publication, PublicStage, Told
from tests.bench.figures import Figure, Unit, percentile
from tests.bench.places import Bench
from tests.bench.processes import Running, new_sandbox, running
from tests.bench.readers import CONNECTIONS, Served
from tests.bench.storm import serving
from tests.database.build import declare, outage

SECTION = f"The public page from its written copy, {CONNECTIONS} connections that ask without a pause"
PAGE = "/status/"
INCIDENTS = 200
"""Told of within 90 days; one is open."""
SECONDS, BRIEF = 8.0, 2.0
"""For how long is read, and how long where it has to be quick."""
LEAST = 1000
"""Answers a second that are promised."""


async def measure(bench: Bench) -> None:
    """The same page from a server that only holds it, and from the bot: plain, packed, and known already."""
    seconds, copy, sandbox = BRIEF if bench.quick else SECONDS, bench.folder / "status", new_sandbox()
    more = {"STATUS_PAGE": "on", "STATUS_PAGE_DIR": str(copy)}
    await sandbox.start()
    try:
        async with bench.address("SQLite") as url:
            await _fill(url)
            async with running(sandbox, url, folder=bench.folder, platforms=("slack",), more=more) as bot:
                await _read_by_bot(bench, bot, copy, seconds)
    finally:
        await sandbox.stop()


async def _read_by_bot(bench: Bench, bot: Running, copy: Path, seconds: float) -> None:
    tag = await _written(bot.port)
    async with serving(bench.folder, PAGE=str(copy / "index.html")) as port:
        bare = await read(port, seconds)
    for what, path, headers in (
        ("the page", PAGE, ()),
        ("the page, packed", PAGE, ("Accept-Encoding: gzip",)),
        ("the page, known already (304)", PAGE, (f"If-None-Match: {tag}",)),
        ("status.json", f"{PAGE}status.json", ()),
    ):
        async with bot.watched() as watch:
            served = await read(bot.port, seconds, path, *headers)
            cpu, starved, peak = watch.share(), watch.starved(), watch.peak
        bench.note(
            _rate(what, served, bare),
            Figure(SECTION, f"{what}: of what the bare server does", "", 100 * served.rate / bare.rate,
                   Unit.PERCENT_OF, least=50),
            Figure(SECTION, f"{what}: p99", "", 1000 * percentile(served.waits, 0.99), Unit.MILLISECONDS),
            Figure(SECTION, f"{what}: CPU of the bot", "", cpu, Unit.PERCENT, note=f"{peak:.0f} MB at most"),
            Figure(SECTION, f"{what}: ready to run, but others had the cores", "", starved, Unit.OF_THE_TIME),
            Figure(SECTION, f"{what}: answered otherwise", "", _otherwise(served), Unit.COUNT, 0),
            starved=starved,
        )  # fmt: skip


def _rate(what: str, served: Served, bare: Served) -> Figure:
    note = f"{served.size:,} bytes each; readers took {100 * served.cpu / served.seconds:.0f} % of a core"
    return Figure(SECTION, what, "", served.rate, Unit.A_SECOND, least=LEAST, note=note,
                  baseline=bare.rate, bare="an ASGI server with the same page in memory", main=True)  # fmt: skip


def _otherwise(served: Served) -> int:
    return sum(count for status, count in served.statuses.items() if status not in (200, 304))


async def read(port: int, seconds: float, path: str = PAGE, *headers: str, connections: int = CONNECTIONS) -> Served:
    """Read from a process of its own."""
    words = (sys.executable, "-m", "tests.bench.readers", str(port), str(seconds), str(connections), path, *headers)
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    try:
        said, _ = await asyncio.wait_for(process.communicate(), seconds + 30)
    finally:
        if process.returncode is None:
            process.kill()
    told = json.loads(said)
    told["statuses"] = {int(status): times for status, times in told["statuses"].items()}
    return Served(**told)


async def _written(port: int) -> str:
    """Wait until the page holds what was told; its tag."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        until = monotonic() + 30
        while True:
            answer = await client.get(PAGE, headers={"Accept-Encoding": "identity"})
            if "Trouble 0" in answer.text:
                return str(answer.headers["etag"])
            if monotonic() > until:
                raise RuntimeError(f"the page was not written: {answer.status_code}")
            await asyncio.sleep(0.1)


async def _fill(url: str) -> None:
    """Save incidents that customers were told of, over 90 days."""
    database, now = Database(url), datetime.now(UTC)
    for place in range(INCIDENTS):
        at = now - timedelta(days=89) * (place / INCIDENTS)
        await declare(database, outage(f"trouble {place}", progress=Progress(publication=_told(place, at))))
    await database.stop()


def _told(place: int, at: datetime) -> Publication:
    stages = (PublicStage.INVESTIGATING, PublicStage.IDENTIFIED, *([PublicStage.RESOLVED] if place else []))
    told = tuple(
        Told(
            id=step, at=at + timedelta(minutes=10 * step), stage=stage, word=stage, text="We look into it. " * 8,
            components={f"Part {place % 6}": Condition.PARTIAL} if step == 1 else {},
        )
        for step, stage in enumerate(stages, 1)
    )  # fmt: skip
    return Publication(mark=str(UUID(int=place, version=4)), title=f"Trouble {place}", opened_at=at, told=told)
