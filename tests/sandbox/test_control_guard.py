"""The sandbox listens to this machine alone, and not to other people's pages in its browser."""

import socket
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from adapters.sandbox.server import Sandbox
from tests.sandbox.browser import sandboxed


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with sandboxed() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", ""])  # noqa: S104 - refused
async def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        await Sandbox().start(host=host)


async def test_it_has_an_address_once_it_is_started() -> None:
    sandbox = Sandbox()
    with pytest.raises(RuntimeError, match="before it is started"):
        _ = sandbox.url
    await sandbox.start()
    with pytest.raises(RuntimeError, match="already running"):
        await sandbox.start()
    assert sandbox.slack_api_url == f"{sandbox.url}/slack/api/"
    assert sandbox.discord_api_url == f"{sandbox.url}/discord/api/v10"
    await sandbox.stop()
    await sandbox.stop()


@pytest.mark.parametrize("path", ["/", "/sandbox/state", "/slack/api/auth.test", "/discord/api/v10/gateway"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "[::2]", "", "[::1"])
async def test_a_name_that_was_rebound_to_us_is_refused(
    sandbox: Sandbox, session: ClientSession, path: str, host: str
) -> None:
    async with session.get(sandbox.url + path, headers={"Host": host}) as answer:
        assert answer.status in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]:80"])
async def test_every_name_of_this_machine_is_welcome(sandbox: Sandbox, session: ClientSession, host: str) -> None:
    async with session.get(f"{sandbox.url}/sandbox/state", headers={"Host": host}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
async def test_another_origin_cannot_steer(sandbox: Sandbox, session: ClientSession, origin: str) -> None:
    url = f"{sandbox.url}/sandbox/clock"
    async with session.post(url, json={"forward": 60}, headers={"Origin": origin}) as answer:
        assert answer.status == 403
        assert "another origin" in (await answer.json())["error"]
    assert sandbox.clock.offset.total_seconds() == 0
    with pytest.raises(WSServerHandshakeError):
        await session.ws_connect(f"{sandbox.url}/sandbox/live", origin=origin)


async def test_its_own_page_may_steer(sandbox: Sandbox, session: ClientSession) -> None:
    url = f"{sandbox.url}/sandbox/clock"
    async with session.post(url, json={"forward": 60}, headers={"Origin": sandbox.url}) as answer:
        assert answer.status == 200


async def test_the_page_may_reach_nobody_but_its_server(sandbox: Sandbox, session: ClientSession) -> None:
    async with session.get(f"{sandbox.url}/") as answer:
        assert answer.status == 200
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "connect-src 'self'" in policy and "unsafe" not in policy


async def test_a_file_outside_the_page_is_not_served(sandbox: Sandbox, session: ClientSession) -> None:
    async with session.get(f"{sandbox.url}/page/%2e%2e/server.py") as answer:
        assert answer.status in (403, 404)


async def test_alone_it_prints_what_a_bot_needs() -> None:
    process = await create_subprocess_exec(sys.executable, "-m", "adapters.sandbox", "--port", "0", stdout=PIPE)
    assert process.stdout is not None
    lines = [(await process.stdout.readline()).decode() for _ in range(8)]
    process.terminate()
    assert await process.wait() == 0
    told = dict(line.split() for line in lines)
    assert told["Open"].startswith("http://127.0.0.1:")
    assert told["SLACK_API_URL"].endswith("/slack/api/") and told["SLACK_BOT_TOKEN"].startswith("xoxb-")
    assert told["DISCORD_API_URL"].endswith("/discord/api/v10") and told["DISCORD_GUILD_ID"].isdigit()


async def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = await create_subprocess_exec(sys.executable, "-m", "adapters.sandbox", "--port", port, stderr=PIPE)
        _, error = await process.communicate()
    assert process.returncode == 1
    assert error.decode().startswith(f"The sandbox cannot listen on port {port}")
