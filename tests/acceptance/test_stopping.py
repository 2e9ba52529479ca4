"""A stop, as a process sees it: it ends by itself whatever is in the way, and the next one finds all that was accepted.

Nothing here is held against a clock but :data:`HANGS`, which a stop that hangs would reach; how long each takes is
printed (``pytest -s``).
"""

import asyncio
import contextlib
import random
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest

from adapters.database import Database
from adapters.sandbox.faults import Fault, FaultKind
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from bot.settings import SHIPPED
from tests.chaos.model import judge
from tests.support.ledger import all_done, all_taken, owed
from tests.support.postgres import PostgresServer
from tests.support.processes import BotProcess, environment, free_port

pytestmark = pytest.mark.timeout(400)  # several processes are started, one after the other
ANA = PEOPLE[0]
HANGS = 30.0
"""Seconds after which a process counts as hanging; it promises to end within five."""
COMMANDS, RATE = 60, 50
"""Commands, and how many of them come in a second."""
SECRET = "a-secret-of-the-senders"  # of this test only


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox whose platforms take their time."""
    box = Sandbox()
    await box.start()
    box.slack.latency = box.discord.latency = 0.1
    yield box
    await box.stop()


LONG = pytest.mark.long
ON_SQLITE = pytest.mark.parametrize("url", ["sqlite", pytest.param("postgres", marks=LONG)], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("url", [pytest.param("sqlite", marks=LONG), "postgres"], indirect=True)


@pytest.fixture
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with the schema: each test runs on both, on one of them in a plain run."""
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path / 'tocsin.db'}"
        database = Database(made)
        await database.migrate()
        await database.stop()
        return made
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return await server.fresh()


class Bot:
    """A process, and how it ended."""

    def __init__(self, name: str, env: dict[str, str], logs: Path) -> None:
        self.env = env
        self.process = BotProcess(name, env, logs=logs)

    async def up(self) -> None:
        """Start it, and wait until it says that it has."""
        before = self.process.log().count('"started"')
        self.process.start()
        await until(lambda: self.process.log().count('"started"') > before)

    async def told(self, sign: signal.Signals = signal.SIGTERM, *, again: bool = False) -> None:
        """Tell it to stop, and wait until it has ended by itself."""
        began = time.monotonic()
        self.process.signal(sign)
        if again:
            self.process.signal(sign)
        await until(lambda: not self.process.alive, within=HANGS)
        print(f"  ended after {time.monotonic() - began:.2f} s")  # a figure for whoever measures
        assert self.process.code == 0, self.process.log()[-2000:]


async def until(holds: Callable[[], object], *, within: float = 120.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def bot_at(sandbox: Sandbox, url: str, logs: Path, **more: str) -> AsyncIterator[Bot]:
    """A process that is not started yet."""
    bot = Bot("bot", environment(sandbox, url, playbook=SHIPPED / "default") | more, logs)
    try:
        yield bot
    finally:
        bot.process.kill()


async def whole(sandbox: Sandbox, url: str, bot: Bot, said: set[str], tried: set[str]) -> None:
    """The next process finds and finishes all that was accepted, and nothing is there twice."""
    await bot.up()
    database = Database(url)
    try:
        await all_done(database, within=120)
        verdict = await judge(sandbox, database, acknowledged=said, tried=tried)
        assert verdict.clean, (verdict.lost, verdict.doubled, verdict.wrong)
    finally:
        await database.stop()


async def declare(sandbox: Sandbox, title: str) -> bool:
    """Ana declares on Slack; whether it was acknowledged."""
    general = sandbox.slack.channel_named("general").id
    return bool((await sandbox.slack.command(ANA.slack_id, general, f"sev1 {title}")).acked)


@LONG
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_idle(sandbox: Sandbox, tmp_path: Path, sign: signal.Signals) -> None:
    async with bot_at(sandbox, f"sqlite:///{tmp_path / 'tocsin.db'}", tmp_path) as bot:
        await bot.up()
        await until(lambda: sandbox.slack.connected and sandbox.discord.connected)
        await bot.told(sign, again=True)
        assert '"stopped"' in bot.process.log() and "Traceback" not in bot.process.log()


@ON_SQLITE
async def test_under_load(sandbox: Sandbox, url: str, tmp_path: Path) -> None:
    port = free_port()
    said: set[str] = set()
    tried: set[str] = set()
    accepted = 0
    async with bot_at(sandbox, url, tmp_path, HTTP_PORT=str(port), WEBHOOK_SECRET=SECRET) as bot:
        await bot.up()
        await until(lambda: sandbox.slack.connected and sandbox.discord.connected)

        async def command() -> None:
            title = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=16))  # none is like another
            tried.add(title)
            if await declare(sandbox, title):
                said.add(title)

        async def commands() -> None:
            async with asyncio.TaskGroup() as group:
                for _ in range(COMMANDS):
                    group.create_task(command())
                    await asyncio.sleep(1 / RATE)

        async def alerts(client: httpx.AsyncClient) -> None:
            nonlocal accepted
            for count in range(400):
                fires = {"key": f"load-{count}", "title": f"load {count}", "status": "firing"}
                with contextlib.suppress(httpx.TransportError):
                    answer = await client.post("/alerts/generic", json=fires)
                    accepted += answer.status_code == 202

        head = {"Authorization": f"Bearer {SECRET}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=head, trust_env=False) as client:
            load = [asyncio.create_task(commands()), asyncio.create_task(alerts(client))]
            await until(lambda: len(said) > 10 and accepted > 10)
            await bot.told()
            for task in load:
                task.cancel()
            await asyncio.gather(*load, return_exceptions=True)
        await whole(sandbox, url, bot, said, tried)
        database = Database(url)
        await all_taken(database, within=120)
        known = await database.reader.alerts.latest(limit=1000)
        await database.stop()
        assert len(known) >= accepted > 0 and all(one.tally.posted <= 1 for one in known)


@ON_POSTGRES
async def test_in_the_middle_of_a_send_that_hangs(sandbox: Sandbox, url: str, tmp_path: Path) -> None:
    async with bot_at(sandbox, url, tmp_path) as bot:
        await bot.up()
        await until(lambda: sandbox.slack.connected and sandbox.discord.connected)
        for method in ("chat.postMessage", "POST /channels/*/messages"):
            sandbox.faults.add(Fault(kind=FaultKind.LATENCY, method=method, times=None, seconds=60))
        assert await declare(sandbox, "checkout is down")
        await until(lambda: any(call.method == "conversations.create" for call in sandbox.calls.calls))
        await asyncio.sleep(0)
        await bot.told()
        sandbox.faults.clear()
        await whole(sandbox, url, bot, {"checkout is down"}, {"checkout is down"})


@LONG
@pytest.mark.parametrize("url", ["sqlite", "postgres"], indirect=True)
async def test_while_the_platforms_are_away(sandbox: Sandbox, url: str, tmp_path: Path) -> None:
    async with bot_at(sandbox, url, tmp_path) as bot:
        await bot.up()
        await until(lambda: sandbox.slack.connected and sandbox.discord.connected)
        sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE, times=None))
        assert await declare(sandbox, "checkout is down")
        database = Database(url)
        assert await owed(database)
        await database.stop()
        await bot.told()
        sandbox.faults.clear()
        await whole(sandbox, url, bot, {"checkout is down"}, {"checkout is down"})


@LONG
async def test_while_the_database_is_gone(sandbox: Sandbox, postgres_server: PostgresServer, tmp_path: Path) -> None:
    url = await postgres_server.fresh()
    async with bot_at(sandbox, url, tmp_path) as bot:
        await bot.up()
        await until(lambda: sandbox.slack.connected and sandbox.discord.connected)
        assert await declare(sandbox, "checkout is down")
        await asyncio.to_thread(postgres_server.halt)
        try:
            await until(lambda: '"clock_waits"' in bot.process.log())
            await bot.told()
        finally:
            await asyncio.to_thread(postgres_server.resume)
        await whole(sandbox, url, bot, {"checkout is down"}, {"checkout is down"})


@LONG
async def test_while_the_database_says_nothing_any_more(
    sandbox: Sandbox, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    url = await postgres_server.fresh()
    async with bot_at(sandbox, url, tmp_path) as bot:
        await bot.up()
        await until(lambda: sandbox.slack.connected and sandbox.discord.connected)
        assert await declare(sandbox, "checkout is down")
        await until(lambda: any(call.method == "conversations.create" for call in sandbox.calls.calls))
        with postgres_server.frozen():
            await bot.told()
        await whole(sandbox, url, bot, {"checkout is down"}, {"checkout is down"})


@contextmanager
def listening() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.mark.parametrize("answers", [pytest.param(False, marks=LONG, id="refused"), pytest.param(True, id="silent")])
async def test_before_the_database_answered(sandbox: Sandbox, tmp_path: Path, answers: bool) -> None:
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(listening()) if answers else free_port()
        web = free_port()
        url = f"postgresql://tocsin@127.0.0.1:{port}/tocsin"
        async with bot_at(sandbox, url, tmp_path, HTTP_PORT=str(web)) as bot:
            bot.process.start()
            async with httpx.AsyncClient(trust_env=False) as client:
                await until_it_answers(client, f"http://127.0.0.1:{web}/healthz")
            await bot.told()
            assert "Traceback" not in bot.process.log()


async def until_it_answers(client: httpx.AsyncClient, address: str) -> None:
    """Wait until somebody listens there."""
    deadline = time.monotonic() + 120
    while True:
        try:
            await client.get(address)
        except httpx.TransportError:
            assert time.monotonic() < deadline, "waited in vain"
            await asyncio.sleep(0.05)
        else:
            return


async def test_with_connections_kept_open_and_a_request_that_never_ends(sandbox: Sandbox, tmp_path: Path) -> None:
    port = free_port()
    url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    async with bot_at(sandbox, url, tmp_path, HTTP_PORT=str(port), WEBHOOK_SECRET=SECRET) as bot:
        await bot.up()
        head = f"Host: tocsin\r\nAuthorization: Bearer {SECRET}\r\n"
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(5):
                assert (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
            _, slow = await asyncio.open_connection("127.0.0.1", port)
            slow.write(f"POST /alerts/generic HTTP/1.1\r\n{head}Content-Length: 900\r\n\r\n{{".encode())
            _, silent = await asyncio.open_connection("127.0.0.1", port)
            await slow.drain()
            await bot.told()
            for writer in (slow, silent):
                writer.close()
