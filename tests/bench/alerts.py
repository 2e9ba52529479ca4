"""A storm of alerts: how fast they are accepted, what becomes of them, and who has to wait meanwhile."""

import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from adapters.database import Database
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from tests.bench.figures import Figure, Unit, percentile
from tests.bench.load import KEYS, Told
from tests.bench.places import Bench
from tests.bench.processes import Running, new_sandbox, running
from tests.support.processes import free_port
from tests.support.senders import EACH, TOGETHER, key, playbook

SECTION = "A storm of alerts of 50 keys, one alert a request, 64 connections (Slack, 150 ms per API call)"
STORM, CALM = 100_000, 10_000
"""Alerts, and where fewer show it as well."""
LATENCY = 0.15
RATE = 5
"""Slash commands a second meanwhile."""
LINES = ("note saw errors rise again", "list", "timeline", "alerts")
PATIENCE = 300.0
"""Seconds until an inbox that is not empty counts as stuck."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What the playbook makes of the storm."""

    name: str
    alerts: dict[str, Any]
    incidents: int
    """At most."""
    count: int


@dataclass(slots=True)
class Seen:
    """What was measured of one storm."""

    told: Told
    acks: list[float | None]
    """Seconds until each slash command was acknowledged."""
    emptied: float
    """Seconds from the first alert until the inbox was empty."""
    cpu: float
    """Seconds of processor time."""
    before: float
    """Megabytes of resident memory before."""
    peak: float
    """Megabytes at most."""
    starved: float
    """In per cent of the time."""


def variants(quick: bool) -> list[Variant]:
    """One incident for each key, and one for all."""
    return [
        Variant("by rule", EACH, KEYS, CALM if quick else STORM),
        Variant("by group", TOGETHER, 1, CALM),
    ]


async def measure(bench: Bench) -> None:
    """A server that stores nothing, then the bot with each database."""
    bare = await _bare(bench.folder, CALM)
    bench.note(_rate("a server that stores nothing, answered", "", bare), _sender("", bare))
    for kind in bench.kinds:
        for variant in variants(bench.quick):
            await _storm(bench, kind, variant, bare=bare)


async def _storm(bench: Bench, kind: str, variant: Variant, *, bare: Told) -> None:
    process = playbook(bench.folder / variant.name.replace(" ", "-"), variant.alerts)
    async with (
        bench.address(kind) as url,
        _sandbox() as sandbox,
        running(sandbox, url, folder=bench.folder, platforms=("slack",), playbook=process) as bot,
        _reading(url) as store,
    ):
        async with _people(sandbox) as quiet:
            await asyncio.sleep(3 if bench.quick else 6)
        seen = await _watch(sandbox, store, bot, variant.count)
        where = f"{kind}, {variant.name}"
        bench.note(*_figures(where, seen, quiet, bare=bare))
        bench.note(*await _counted(where, variant, seen, store, sandbox))


async def _watch(sandbox: Sandbox, store: Database, bot: Running, count: int) -> Seen:
    async with bot.watched() as watch:
        await asyncio.sleep(0.3)
        before, began = watch.rss, time.monotonic()
        async with _people(sandbox) as acks:
            told = await _load(bot.port, count)
            await _empty(store)
            emptied = time.monotonic() - began
        return Seen(told, acks, emptied, watch.cpu(), before, watch.peak, watch.starved())


def _figures(where: str, seen: Seen, quiet: list[float | None], *, bare: Told) -> list[Figure]:
    told, count = seen.told, sum(seen.told.accepted.values())
    acks, calm = _answered(seen.acks), _answered(quiet)
    rate = _rate("accepted", where, told, least=1000)
    return [
        rate,
        Figure(SECTION, "of what the server without a store does", where, 100 * rate.value / _per_second(bare),
               Unit.PERCENT_OF),
        Figure(SECTION, "the inbox is empty after", where, seen.emptied, Unit.SECONDS),
        Figure(SECTION, "acted on", where, count / seen.emptied, Unit.A_SECOND, least=1000),
        Figure(SECTION, "CPU of the bot, each alert and all it sets off", where, 1000 * seen.cpu / count,
               Unit.MILLISECONDS),
        Figure(SECTION, "ready to run, but others had the cores", where, seen.starved, Unit.OF_THE_TIME),
        _sender(where, told),
        Figure(SECTION, "turned away while the inbox was full (429)", where, told.statuses.get(429, 0)),
        Figure(SECTION, "the slowest answer", where, told.slowest, Unit.SECONDS),
        Figure(SECTION, "memory at most", where, seen.peak, Unit.MEGABYTES, 250, f"{seen.before:.0f} MB before"),
        Figure(SECTION, "slash commands acknowledged, p50", where, 1000 * percentile(acks, 0.5), Unit.MILLISECONDS),
        Figure(SECTION, "slash commands acknowledged, p99", where, 1000 * percentile(acks, 0.99), Unit.MILLISECONDS,
               50, f"{len(acks)} commands; {1000 * percentile(calm, 0.99):.0f} ms before the storm"),
        Figure(SECTION, "slash commands not acknowledged", where, len(seen.acks) - len(acks), Unit.COUNT, 0),
    ]  # fmt: skip


async def _counted(where: str, variant: Variant, seen: Seen, store: Database, sandbox: Sandbox) -> list[Figure]:
    """What has become of the alerts, once nothing is owed any more."""
    known = {one.key: one.tally.posted for one in await store.reader.alerts.latest(limit=10 * KEYS)}
    wrong = sum(abs(accepted - known.get(key(name), 0)) for name, accepted in seen.told.accepted.items())
    numbers = await store.reader.numbers()
    found = [one for number in numbers if (one := await store.reader.incident(number)) is not None and one.by_alert]
    posts = _posts(sandbox)
    most = max((posts[one.number] for one in found), default=0)
    other = sum(count for status, count in seen.told.statuses.items() if status not in (202, 429))
    return [
        Figure(SECTION, "accepted, and lost or counted twice", where, wrong, Unit.COUNT, 0),
        Figure(SECTION, "answered neither 202 nor 429", where, other, Unit.COUNT, 0),
        Figure(SECTION, "incidents", where, len(found), Unit.COUNT, variant.incidents),
        Figure(SECTION, "bot posts for an incident, at most", where, most, Unit.POSTS, 5),
    ]  # fmt: skip


def _posts(sandbox: Sandbox) -> Counter[int]:
    """The bot's messages in any channel or thread, by incident; those that answer a person's command are among them."""
    mine = [one for channel in sandbox.slack.channels.values() for one in channel.messages
            if one.get("user") == sandbox.slack.bot_user_id]  # fmt: skip
    keys = [str(((one.get("metadata") or {}).get("event_payload") or {}).get("key", "")) for one in mine]
    return Counter(int(each.partition("/")[0]) for each in keys if each)


def _answered(acks: list[float | None]) -> list[float]:
    return [one for one in acks if one is not None]


def _per_second(told: Told) -> float:
    return sum(told.accepted.values()) / told.seconds


def _rate(what: str, where: str, told: Told, *, least: float | None = None) -> Figure:
    count = sum(told.accepted.values())
    return Figure(SECTION, what, where, _per_second(told), Unit.A_SECOND, least=least, note=f"{count:,} alerts")


def _sender(where: str, told: Told) -> Figure:
    share = 100 * told.cpu / told.seconds
    return Figure(SECTION, "CPU of whoever sends", where, share, Unit.PERCENT)


# The town


@asynccontextmanager
async def _sandbox() -> AsyncIterator[Sandbox]:
    sandbox = new_sandbox()
    await sandbox.start()
    sandbox.slack.latency = LATENCY
    yield sandbox
    await sandbox.stop()


@asynccontextmanager
async def _reading(url: str) -> AsyncIterator[Database]:
    """The bot's database, to look into."""
    store = Database(url)
    yield store
    await store.stop()


async def _empty(store: Database) -> None:
    """Return once the inbox is."""
    async with asyncio.timeout(PATIENCE):
        while await store.inbox.depth(most=1):
            await asyncio.sleep(0.1)


@asynccontextmanager
async def _people(sandbox: Sandbox) -> AsyncIterator[list[float | None]]:
    """People who type slash commands at a steady pace as long as the block lasts; how long each acknowledgement took,
    ``None`` where there was none."""
    acks: list[float | None] = []
    over = asyncio.Event()
    saying = asyncio.create_task(_say(sandbox, acks, over))
    try:
        yield acks
    finally:
        over.set()
        await saying


async def _say(sandbox: Sandbox, acks: list[float | None], over: asyncio.Event) -> None:
    chance, general = random.Random(3), sandbox.slack.channel_named("general").id

    async def one() -> None:
        words = f"#{chance.randint(1, KEYS)} {chance.choice(LINES)}"
        delivery = await sandbox.slack.command(chance.choice(PEOPLE).slack_id, general, words)
        acks.append(delivery.seconds if delivery.acked and not delivery.timed_out else None)

    loop = asyncio.get_running_loop()
    began, said = loop.time(), 0
    async with asyncio.TaskGroup() as group:
        while not over.is_set():
            group.create_task(one())
            said += 1
            await asyncio.sleep(max(0.0, began + said / RATE - loop.time()))


# The storm


async def _load(port: int, count: int) -> Told:
    """Send the storm from a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load", str(port), str(count), stdout=asyncio.subprocess.PIPE
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    told = json.loads(said)
    told["statuses"] = {int(status): times for status, times in told["statuses"].items()}
    return Told(**told)


async def _bare(folder: Path, count: int) -> Told:
    """The same storm for a server that stores nothing."""
    port = free_port()
    settings = dict(os.environ) | {"HTTP_PORT": str(port)}
    with (folder / "bare.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.bare", "web", env=settings, stdout=log, stderr=log
        )
    try:
        await _listens(port)
        return await _load(port, count)
    finally:
        process.kill()
        await process.wait()


async def _listens(port: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(30):
        while True:
            with suppress(httpx.TransportError):
                await client.get(f"http://127.0.0.1:{port}/")
                return
            await asyncio.sleep(0.05)
