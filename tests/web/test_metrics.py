"""What the bot shows Prometheus of itself, and that what is written of it elsewhere is what it shows."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from adapters.web.metrics import Metrics
from adapters.web.server import WebServer
from bot.reader import Reader
from tests.support.story import declared
from tests.support.town import ANA, SystemReadiness, Town, sqlite


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A town on Slack."""
    async with Town(sqlite(tmp_path), platforms=("slack",)) as made:
        yield made


def put_away(file: Path) -> None:
    """Put a folder in a file's place."""
    file.rename(file.with_suffix(".away"))
    file.mkdir()


async def scraped(town: Town, readiness: SystemReadiness, *, reader: Reader | None = None) -> str:
    """What Prometheus reads, over a real socket."""
    web = WebServer(
        host="127.0.0.1", port=0, readiness=readiness, metrics=town.metrics, reader=reader or town.store.reader,
        ledger=town.bot.ledger, inbox=town.store.inbox,
    )  # fmt: skip
    await web.start()
    async with httpx.AsyncClient(trust_env=False) as client:
        said = await client.get(f"http://127.0.0.1:{web.port}/metrics")
    await web.stop()
    return said.text


async def test_it_says_whether_it_is_ready_and_what_keeps_it(town: Town) -> None:
    unwell = SystemReadiness()
    said = await scraped(town, unwell)
    assert "\ntocsin_ready 1.0\n" in said and "\ntocsin_database_answers 1.0\n" in said
    assert "tocsin_unready{" not in said and "tocsin_remark{" not in said
    assert 'tocsin_build_info{python="3.' in said and "\nprocess_resident_memory_bytes " in said
    unwell.wrong, unwell.said = {"clock": "has stopped"}, {"discord": "the connection is lost"}
    said = await scraped(town, unwell)
    assert "\ntocsin_ready 0.0\n" in said
    assert 'tocsin_unready{part="clock"} 1.0' in said and 'tocsin_remark{about="discord"} 1.0' in said


async def test_commands_are_timed_by_what_came_of_them(town: Town) -> None:
    await declared(town, town.sides["slack"])
    await town.sides["slack"].says(ANA, "#99 update nothing of the kind")
    said = await scraped(town, SystemReadiness())
    for result in ("saved", "mistake"):
        assert f'tocsin_command_seconds_count{{platform="slack",result="{result}"}} 1.0' in said
    assert 'result="unsaved"' not in said


async def test_without_its_database_it_still_says_so(town: Town, tmp_path: Path) -> None:
    await declared(town, town.sides["slack"])
    await town.bot.stop()
    await town.store.stop()
    put_away(tmp_path / "tocsin.db")
    said = await scraped(town, SystemReadiness())
    assert "\ntocsin_database_answers 0.0\n" in said and "\ntocsin_ready 0.0\n" in said
    assert 'tocsin_unready{part="database"} 1.0' in said
    assert "tocsin_incidents{" not in said


def test_two_bots_in_one_process_share_no_figures() -> None:
    one, two = Metrics(), Metrics()
    one.commanded("slack", "saved", seconds=0.1)
    assert b"tocsin_command_seconds_count" not in two.page([], [], now=0)
