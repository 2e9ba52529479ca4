"""Connections that would hold the web server up, over a real socket: endless heads, and requests that never end."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from adapters.database import Database
from adapters.web.metrics import Metrics
from adapters.web.patient import TOO_LONG, PatientProtocol
from adapters.web.server import WebServer
from tests.support.town import SystemReadiness, sqlite

ENOUGH = 8 * 1024 * 1024
"""Bytes of a head after which a server that goes on reading has failed."""
PIECE = 64 * 1024
BEGUN = b"GET /healthz HTTP/1.1\r\nHost: tocsin.example\r\n"


class Hurried(PatientProtocol):
    """With a patience that a test need not wait for."""

    patience = 0.2


async def serving(folder: Path, protocol: type[PatientProtocol]) -> AsyncIterator[WebServer]:
    """A web server over a real database."""
    store = Database(sqlite(folder))
    await store.start()
    web = WebServer(
        host="127.0.0.1", port=0, readiness=SystemReadiness(), metrics=Metrics(), reader=store.reader,
        ledger=store.ledger("w"), protocol=protocol,
    )  # fmt: skip
    await web.start()
    yield web
    await web.stop()
    await store.stop()


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[WebServer]:
    """As it is."""
    async for each in serving(tmp_path, PatientProtocol):
        yield each


@pytest.fixture
async def hurried(tmp_path: Path) -> AsyncIterator[WebServer]:
    """In a hurry."""
    async for each in serving(tmp_path, Hurried):
        yield each


async def well(web: WebServer) -> bool:
    """Whether it answers others."""
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.get(f"http://127.0.0.1:{web.port}/healthz")).status_code == 200


@pytest.mark.parametrize(
    ("begun", "piece"),
    [
        (BEGUN + b"X-Endless: ", b"a" * PIECE),
        (BEGUN, b"x: a\r\n" * (PIECE // 6)),
        (b"GET /", b"a" * PIECE),
        (BEGUN, (b"y" * PIECE)),
    ],
    ids=["one header", "headers", "address", "name"],
)
async def test_a_head_that_never_ends_is_not_read_for_ever(web: WebServer, begun: bytes, piece: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", web.port)
    writer.write(begun)
    sent = 0
    try:
        while sent < ENOUGH:
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
    except ConnectionError:
        pass
    writer.close()
    assert sent < ENOUGH and await well(web)


async def test_a_head_that_is_too_long_is_told_so(web: WebServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
    writer.write(BEGUN)
    for _ in range(2):  # the piece in which a head begins is not counted
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(b"X-Long: " + b"a" * (70 * 1024))
    answer = await reader.read()
    writer.close()
    assert b" 400 " in answer and TOO_LONG.encode() in answer


@pytest.mark.parametrize("begun", [b"", b"GET /heal", BEGUN, b"POST /healthz HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"])
async def test_who_never_comes_to_the_end_is_hung_up_on(hurried: WebServer, begun: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hurried.port)
    writer.write(begun)
    async with asyncio.timeout(60):
        await reader.read()
    writer.close()
    assert await well(hurried)


async def test_a_connection_that_is_used_again_and_again_is_kept(hurried: WebServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hurried.port)
    for _ in range(3):
        writer.write(BEGUN + b"\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head and await reader.readexactly(3) == b"ok\n"
        await asyncio.sleep(Hurried.patience * 1.5)  # idle for longer than a request may take
    writer.close()


async def test_no_answer_is_taken_for_another_type_and_none_says_what_serves_it(web: WebServer) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        for path in ("/healthz", "/readyz", "/metrics", "/nowhere"):
            answer = await client.get(f"http://127.0.0.1:{web.port}{path}")
            assert answer.headers["x-content-type-options"] == "nosniff" and "server" not in answer.headers


async def test_an_idle_connection_is_kept_longer_than_senders_keep_it(tmp_path: Path) -> None:
    async for web in serving(tmp_path, PatientProtocol):
        assert web._server.config.timeout_keep_alive > 90, "Go's default, and so Alertmanager's"
