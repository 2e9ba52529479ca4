"""Real processes: what a second replica, a restarted database or a stopped bot leave behind is whole."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from adapters.database import Database
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from adapters.sandbox.slack.http import Forgery
from bot.settings import SHIPPED
from tests.chaos.disorders import Kills
from tests.chaos.model import judge
from tests.chaos.run import run as chaos
from tests.support.ledger import all_done, promises
from tests.support.postgres import PostgresServer
from tests.support.processes import BotProcess, environment

ANA = PEOPLE[0]
TAKEN_OVER = 15.0
"""Seconds by which a dead owner's work has to be another's."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox on its own clock."""
    box = Sandbox()
    await box.start()
    box.slack.latency = box.discord.latency = 0.15
    yield box
    await box.stop()


async def until(holds: Callable[[], object], *, within: float = 30.0) -> float:
    """Wait until something holds; the seconds it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, "waited in vain"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def connected(sandbox: Sandbox) -> None:
    """Wait until a bot is on both platforms."""
    await until(lambda: sandbox.slack.connected and sandbox.discord.connected)


async def declare(sandbox: Sandbox, title: str) -> None:
    """Ana declares on Slack; returns when it is acknowledged."""
    general = sandbox.slack.channel_named("general").id
    delivery = await sandbox.slack.command(ANA.slack_id, general, f"sev1 {title}")
    assert delivery.acked


async def whole(sandbox: Sandbox, database: Database, *titles: str) -> None:
    """Everything promised is there once."""
    verdict = await judge(sandbox, database, acknowledged=set(titles), tried=set(titles))
    assert verdict.clean, (verdict.lost, verdict.doubled, verdict.wrong)


async def test_a_dead_owners_work_is_taken_over_within_fifteen_seconds(
    sandbox: Sandbox, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    url = await postgres_server.fresh()
    env = environment(sandbox, url, playbook=SHIPPED / "default")
    bots = [BotProcess(name, env, logs=tmp_path) for name in ("one", "two")]
    database = Database(url)
    await database.migrate()
    try:
        for bot in bots:
            bot.start()
        await connected(sandbox)
        await until(lambda: all('"started"' in bot.log() for bot in bots))
        await declare(sandbox, "checkout is down")
        await until(lambda: any(c.method == "conversations.create" for c in sandbox.calls.calls))
        owner = await _owner(database, bots)
        owner.kill()
        await all_done(database, within=TAKEN_OVER)
        await whole(sandbox, database, "checkout is down")
    finally:
        for bot in bots:
            await asyncio.to_thread(bot.stop)
        await database.stop()


async def _owner(database: Database, bots: list[BotProcess]) -> BotProcess:
    holders = [row.holder for row in await promises(database) if row.holder]
    return next(bot for bot in bots if any(f":{bot.pid}:" in holder for holder in holders))


async def test_a_database_restart_in_the_middle_loses_nothing(
    sandbox: Sandbox, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    url = await postgres_server.fresh()
    bot = BotProcess("one", environment(sandbox, url, playbook=SHIPPED / "default"), logs=tmp_path)
    database = Database(url)
    await database.migrate()
    try:
        bot.start()
        await connected(sandbox)
        await declare(sandbox, "checkout is down")
        await until(lambda: any(c.method == "conversations.create" for c in sandbox.calls.calls))
        await asyncio.to_thread(postgres_server.restart)
        await all_done(database, within=30)
        await whole(sandbox, database, "checkout is down")
    finally:
        await asyncio.to_thread(bot.stop)
        await database.stop()


@pytest.mark.timeout(300)  # half a minute where the machine is not shared
async def test_killed_at_random_on_sqlite_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    verdict = (await chaos(Kills(), "sqlite", kills=3, seed=20, folder=tmp_path)).verdict
    assert verdict.clean, (verdict.lost, verdict.doubled, verdict.wrong)


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("postgres_server")
async def test_killed_at_random_with_two_replicas_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    verdict = (await chaos(Kills(), "postgres", kills=3, seed=21, folder=tmp_path)).verdict
    assert verdict.clean, (verdict.lost, verdict.doubled, verdict.wrong)


async def test_over_http_signed_requests_are_heard_and_forged_ones_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    env = environment(sandbox, url, playbook=SHIPPED / "default") | {
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": sandbox.slack.signing_secret,
        "DISCORD_TOKEN": "",
        "HTTP_PORT": str(port),
    }
    bot = BotProcess("one", env, logs=tmp_path)
    database = Database(url)
    await database.migrate()
    try:
        bot.start()
        async with httpx.AsyncClient(trust_env=False) as client:
            await ready(client, port)
            address = f"http://127.0.0.1:{port}/slack/events"
            sandbox.slack.http_url = address
            await declare(sandbox, "checkout is down")
            await all_done(database, within=30)
            for how in Forgery:
                assert await sandbox.slack.forge(how) == httpx.codes.UNAUTHORIZED, how
        assert await database.reader.numbers() == [1]
        await until(lambda: any(c.name.startswith("incident-") for c in sandbox.slack.channels.values()))
    finally:
        await asyncio.to_thread(bot.stop)
        await database.stop()


async def ready(client: httpx.AsyncClient, port: int) -> None:
    """Wait until the bot says that it is ready."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == httpx.codes.OK:
                return
        await asyncio.sleep(0.1)
    raise AssertionError("the bot was never ready")
