"""A storm of alerts: how fast they are accepted, what becomes of them, and who has to wait meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from adapters.database import Database
from adapters.sandbox.server import Sandbox
from tests.bench.clients import slow_sandbox
from tests.bench.figures import Figure, Unit, percentile
from tests.bench.load import KEYS, Told
from tests.bench.places import Bench
from tests.bench.processes import Running, running
from tests.bench.storm import ROOM, Depths, bare, load, people
from tests.bench.toll import Toll, toll
from tests.support.ledger import all_done, all_taken
from tests.support.senders import EACH, TOGETHER, playbook

SECTION = "A storm of alerts of 50 keys, one alert a request, 64 connections (150 ms per API call)"
STORM, BRIEF, CALM = 60_000, 30_000, 10_000
"""Alerts, and where fewer show it as well."""
POSTS = 5
"""Of the bot's for an incident, at most."""
NOTHING = "an ASGI server that reads alerts and stores nothing"
PATIENCE = 300.0
"""Seconds until an inbox that is not empty counts as stuck, and a ledger as well."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What the playbook makes of the storm."""

    name: str
    alerts: dict[str, Any]
    incidents: int
    """No more and no fewer."""


@dataclass(slots=True)
class Seen:
    """What was measured of one storm."""

    told: Told
    acks: list[float | None]
    """Seconds until each slash command was acknowledged."""
    emptied: float
    """Seconds from the first alert until the inbox was empty."""
    cpu: float
    """Seconds of processor time until nothing was owed any more."""
    before: float
    """Megabytes of resident memory before."""
    peak: float
    """Megabytes at most."""
    starved: float
    """In per cent of the time."""
    depths: Depths


VARIANTS = (Variant("by rule", EACH, KEYS), Variant("by group", TOGETHER, 1))
"""One incident for each key, and one for all."""


async def measure(bench: Bench) -> None:
    """A server that stores nothing, then the bot: all of it on Slack, and one incident for all on Discord, too."""
    count = CALM if bench.quick else STORM
    nothing = await bare(bench.folder, CALM)
    bench.note(_sender("", nothing))
    for kind in bench.kinds:
        for variant in VARIANTS[1:] if bench.quick else VARIANTS:
            await _storm(bench, "slack", kind, variant, count=count, nothing=nothing)
    await _storm(bench, "discord", "SQLite", VARIANTS[1], count=min(count, BRIEF), nothing=nothing)


async def _storm(bench: Bench, platform: str, kind: str, variant: Variant, *, count: int, nothing: Told) -> None:
    process = playbook(bench.folder / variant.name.replace(" ", "-"), variant.alerts)
    async with (
        bench.address(kind) as url,
        slow_sandbox() as sandbox,
        running(sandbox, url, folder=bench.folder, platforms=(platform,), playbook=process) as bot,
        _reading(url) as store,
    ):
        async with people(sandbox, platform) as quiet:
            await asyncio.sleep(3 if bench.quick else 6)
        seen = await _watch(sandbox, platform, store, bot, count)
        where = f"{platform.capitalize()}, {kind}, {variant.name}"
        found = await toll(seen.told, seen.depths, store, sandbox)
        told = [*_figures(where, seen, nothing=nothing), *_waits(where, seen, quiet)]
        bench.note(*told, *_counted(where, variant, seen, found), starved=seen.starved)


async def _watch(sandbox: Sandbox, platform: str, store: Database, bot: Running, count: int) -> Seen:
    depths = Depths()
    async with bot.watched() as watch:
        await asyncio.sleep(0.3)
        before, began = watch.rss, time.monotonic()
        async with people(sandbox, platform) as acks:
            async with depths.followed(store):
                told = await load(bot.port, count)
            await all_taken(store, within=PATIENCE)
            emptied = time.monotonic() - began
        await all_done(store, within=PATIENCE)
        return Seen(told, acks, emptied, watch.cpu(), before, watch.peak, watch.starved(), depths)


def _figures(where: str, seen: Seen, *, nothing: Told) -> list[Figure]:
    """How fast, and at what cost."""
    told, count = seen.told, sum(seen.told.accepted.values())
    return [
        _rate("accepted", where, told, least=1000, nothing=nothing),
        Figure(SECTION, "the inbox is empty after", where, seen.emptied, Unit.SECONDS),
        Figure(SECTION, "acted on", where, count / seen.emptied, Unit.A_SECOND, least=1000,
               baseline=_per_second(nothing), bare=NOTHING, main=True),
        Figure(SECTION, "CPU of the bot, each alert and all it sets off", where, 1000 * seen.cpu / count,
               Unit.MILLISECONDS),
        Figure(SECTION, "ready to run, but others had the cores", where, seen.starved, Unit.OF_THE_TIME),
        _sender(where, told),
        Figure(SECTION, "the slowest answer", where, told.slowest, Unit.SECONDS),
        Figure(SECTION, "memory at most", where, seen.peak, Unit.MEGABYTES, 250, f"{seen.before:.0f} MB before"),
    ]  # fmt: skip


def _waits(where: str, seen: Seen, quiet: list[float | None]) -> list[Figure]:
    """What people who type commands notice of it."""
    acks, calm = _answered(seen.acks), _answered(quiet)
    return [
        Figure(SECTION, "slash commands acknowledged, p50", where, 1000 * percentile(acks, 0.5), Unit.MILLISECONDS),
        Figure(SECTION, "slash commands acknowledged, p99", where, 1000 * percentile(acks, 0.99), Unit.MILLISECONDS,
               50, f"{len(acks)} commands", baseline=1000 * percentile(calm, 0.99), bare="before the storm", main=True),
        Figure(SECTION, "slash commands not acknowledged", where, len(seen.acks) - len(acks), Unit.COUNT, 0),
    ]  # fmt: skip


def _counted(where: str, variant: Variant, seen: Seen, found: Toll) -> list[Figure]:
    """What has become of the alerts, once nothing is owed any more."""
    turned, exactly = seen.told.statuses.get(429, 0), variant.incidents
    return [
        Figure(SECTION, "accepted (2xx), and never acted on", where, found.forgotten, Unit.COUNT, 0, main=True),
        Figure(SECTION, "acted on more often than accepted", where, found.repeated, Unit.COUNT, 0, main=True),
        Figure(SECTION, "set aside for a fault of ours", where, found.strange, Unit.COUNT, 0),
        Figure(SECTION, "answered neither 202 nor 429", where, found.refused, Unit.COUNT, 0),
        Figure(SECTION, "in the inbox, at most", where, seen.depths.most, note=f"{len(seen.depths.looks)} looks"),
        Figure(SECTION, "turned away (429)", where, turned, note="all accepted later"),
        Figure(SECTION, f"turned away with room for {ROOM:,} more", where, found.early, Unit.COUNT, 0),
        Figure(SECTION, "incidents", where, found.incidents, Unit.COUNT, exactly, least=exactly, main=True),
        Figure(SECTION, "bot posts for an incident, at most", where, found.posts, Unit.POSTS, POSTS, main=True),
    ]


def _answered(acks: list[float | None]) -> list[float]:
    return [one for one in acks if one is not None]


def _per_second(told: Told) -> float:
    return sum(told.accepted.values()) / told.seconds


def _rate(what: str, where: str, told: Told, *, least: float, nothing: Told) -> Figure:
    count = sum(told.accepted.values())
    return Figure(SECTION, what, where, _per_second(told), Unit.A_SECOND, least=least, note=f"{count:,} alerts",
                  baseline=_per_second(nothing), bare=NOTHING, main=True)  # fmt: skip


def _sender(where: str, told: Told) -> Figure:
    share = 100 * told.cpu / told.seconds
    return Figure(SECTION, "CPU of whoever sends", where, share, Unit.PERCENT)


@asynccontextmanager
async def _reading(url: str) -> AsyncIterator[Database]:
    """The bot's database, to look into."""
    store = Database(url)
    yield store
    await store.stop()
