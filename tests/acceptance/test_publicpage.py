"""The public page of a bot that runs as a process of its own, while its database is stopped under it and comes back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from adapters.database import Database
from adapters.sandbox.server import Sandbox
from bot.progress import Progress, PublicStage, Told
from bot.store import Change
from tests.core.test_overview import MARK, publication
from tests.database.build import NOW, declare, note, outage
from tests.support.postgres import PostgresServer, binaries
from tests.support.processes import BotProcess, environment, free_port

PATIENCE = 60.0


@asynccontextmanager
async def server() -> AsyncIterator[PostgresServer]:
    """A PostgreSQL of our own, which may be stopped: the run's is everybody's."""
    where = binaries()
    if where is None:
        pytest.skip("no PostgreSQL on this machine: put pg_ctl on the PATH or its folder into PG_BIN")
    made = PostgresServer(where)
    await asyncio.to_thread(made.start)
    try:
        yield made
    finally:
        await asyncio.to_thread(made.stop)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for another process."""
    async with asyncio.timeout(PATIENCE):
        while not await holds():
            await asyncio.sleep(0.1)


async def test_the_page_outlives_the_database_and_a_restart_without_it(tmp_path: Path) -> None:
    sandbox, port = Sandbox(), free_port()
    await sandbox.start()
    async with server() as postgres, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        url = await postgres.fresh()
        more = {"HTTP_PORT": str(port), "STATUS_PAGE": "on", "STATUS_PAGE_DIR": str(tmp_path / "status")}
        bot = BotProcess("bot", environment(sandbox, url) | more, logs=tmp_path)

        async def says(words: str, *, path: str = "/status/") -> bool:
            try:
                return words in (await client.get(path)).text
            except httpx.TransportError:
                return False

        async def warned() -> bool:
            return await says("could not be brought up to date since")

        async def calm() -> bool:
            return not await warned() and await says("ready", path="/readyz")

        try:
            bot.start()
            await until(lambda: says("All systems operational"))
            store = Database(url)
            number = await declare(
                store, outage("the secret title", progress=Progress(publication=publication(PublicStage.INVESTIGATING)))
            )
            await until(lambda: says("Payments fail"))

            await asyncio.to_thread(postgres.halt)
            await until(warned)
            assert await says("Payments fail") and await says("does not answer", path="/readyz")

            bot.kill()
            bot.start()
            await until(lambda: says("Payments fail"))
            assert await warned() and await says("Payments fail", path=f"/status/incidents/{MARK}.html")
            assert (await client.get("/status/feed.atom")).status_code == 200
            assert (await client.get("/readyz")).status_code == 503
            assert (await client.get("/api/freeze")).status_code == 503

            await asyncio.to_thread(postgres.resume)
            await until(calm)
            async with store.work() as work:
                one = await work.incident(number)
                assert one is not None and one.progress.publication is not None
                over = Told(id=2, at=NOW, stage=PublicStage.RESOLVED, word="resolved", text="It is over.")
                known = one.progress.publication
                one.progress.publication = known.model_copy(update={"told": (*known.told, over)})
                await work.save([Change(one, [note("over")])])
            await store.stop()
            await until(lambda: says("It is over.", path=f"/status/incidents/{MARK}.html"))
            assert await says("All systems operational") and not await says("the secret title")
        finally:
            await asyncio.to_thread(bot.stop)
            await sandbox.stop()
