"""The bot's own web pages, asked over a real socket."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from adapters.database import Database
from adapters.web.metrics import Metrics
from adapters.web.probe import links, running
from adapters.web.server import WebServer
from bot.doctor import Health
from bot.errors import TryLater
from bot.playbook.help import Runbook
from bot.ports import Ear, Found, Job
from tests.support.story import declared
from tests.support.town import ANA, SystemReadiness, Town, sqlite


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[WebServer, SystemReadiness]]:
    """A web server around a database and a bot that can be told to be unwell."""
    store = Database(sqlite(tmp_path))
    await store.start()
    unwell = SystemReadiness()
    web = WebServer(
        host="127.0.0.1", port=0, readiness=unwell, metrics=Metrics(), reader=store.reader, ledger=store.ledger("w")
    )
    await web.start()
    yield web, unwell
    await web.stop()
    await store.stop()


async def get(web: WebServer, path: str) -> httpx.Response:
    """Ask for a page."""
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"http://127.0.0.1:{web.port}{path}")


async def test_ready_says_why_not_and_names_what_is_lost_later(served: tuple[WebServer, SystemReadiness]) -> None:
    web, bot = served
    assert (await get(web, "/healthz")).status_code == 200
    bot.wrong["slack"] = "was never connected"
    answer = await get(web, "/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, {"slack": "was never connected"})
    assert (await running("127.0.0.1", web.port)).health is Health.WRONG
    bot.wrong.clear()
    bot.said["discord"] = "the connection is lost; what is owed waits"
    answer = await get(web, "/readyz")
    assert answer.status_code == 200 and "discord" in answer.json()["remarks"]
    assert "connection is lost" in (await running("127.0.0.1", web.port)).says


async def test_signals_are_the_bots_also_while_it_serves(tmp_path: Path) -> None:
    store, signs = Database(sqlite(tmp_path)), (signal.SIGINT, signal.SIGTERM)
    await store.start()
    web = WebServer(
        host="127.0.0.1", port=0, readiness=SystemReadiness(), metrics=Metrics(), reader=store.reader,
        ledger=store.ledger("w"),
    )  # fmt: skip
    before = [signal.getsignal(sign) for sign in signs]
    await web.start()
    assert (await get(web, "/healthz")).status_code == 200
    during = [signal.getsignal(sign) for sign in signs]
    await web.stop()
    await store.stop()
    assert during == before, "a stop would begin only once the web server has ended"


async def test_nobody_at_the_address_is_worth_a_look() -> None:
    assert (await running("127.0.0.1", 9)).health is Health.WORTH_A_LOOK


async def test_a_runbook_that_leads_nowhere_is_found(served: tuple[WebServer, SystemReadiness]) -> None:
    web, _ = served
    base = f"http://127.0.0.1:{web.port}"
    books = [Runbook(title="there", url=f"{base}/healthz"), Runbook(title="gone", url=f"{base}/nowhere")]
    assert [one.health for one in await links(books)] == [Health.FINE, Health.WRONG]


class Away:
    """A tool that cannot be reached."""

    name = "tracker"
    ready = connected = False

    @property
    def platform(self) -> "Away":
        return self

    async def perform(self, job: Job) -> str | None:
        raise TryLater("away", unreachable=True)

    async def find(self, job: Job) -> Found | None:
        return None

    async def start(self, ear: Ear) -> None:
        return

    async def stop(self) -> None:
        return


async def test_a_tool_that_is_away_is_named_and_keeps_nobody_from_work(tmp_path: Path) -> None:
    async with Town(sqlite(tmp_path), platforms=("slack",)) as town:
        await town.bot.stop()
        town.tools = [Away()]
        await town.start_bot()
        assert await town.bot.state() == {}
        assert await town.bot.remarks() == {"tracker": "the connection is lost; what is owed waits"}
        await declared(town, town.sides["slack"])
        assert set((await town.incident()).rooms) == {"slack"}, "an incident lives in chats only"


async def test_metrics_count_incidents_calls_and_lateness(tmp_path: Path) -> None:
    async with Town(sqlite(tmp_path), platforms=("slack",)) as town:
        await town.sides["slack"].says(ANA, "sev1 checkout is down")
        await town.sides["slack"].says(ANA, "private sev2 a key has leaked")
        await town.settle()
        await town.forward(minutes=15)
        page = town.metrics.page(await town.store.reader.counts(), await town.bot.ledger.backlog(), now=0).decode()
    assert 'tocsin_incidents{severity="sev1",status="investigating"} 1.0' in page
    assert "sev2" not in page, "private incidents stay out of metrics that others see"
    assert 'tocsin_platform_calls_total{method="open",platform="slack",result="done"} 2.0' in page
    assert 'tocsin_timer_lateness_seconds_count{rule="remind"} 1.0' in page


async def test_an_answer_waits_for_no_acknowledgement_of_its_head(served: tuple[WebServer, SystemReadiness]) -> None:
    web, _ = served
    loop = asyncio.get_running_loop()
    async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{web.port}") as client:
        took = []
        for _ in range(60):
            began = loop.time()
            assert (await client.get("/healthz")).status_code == 200
            took.append(loop.time() - began)
    assert sorted(took)[30] < 0.03, "Linux holds an acknowledgement back for 40 ms"
