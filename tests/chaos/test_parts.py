"""The parts of the chaos: lines that break, clocks that jump, time that does not count, and how findings are told."""

import asyncio
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.chaos.__main__ import shares
from tests.chaos.clocks import Offset, WrongClock
from tests.chaos.disorders import DISORDERS
from tests.chaos.late import Lateness
from tests.chaos.link import Link
from tests.chaos.model import Verdict
from tests.chaos.outages import Outages, Span
from tests.chaos.run import Row
from tests.chaos.table import table

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def test_time_in_which_nothing_could_be_done_is_counted_once() -> None:
    spans = [Span("slack", at(0), at(10)), Span("", at(5), at(20)), Span("discord", at(0), at(60)), Span("", at(40))]
    outages = Outages(spans)
    assert outages.waited("slack", at(2), at(30)) == 18.0
    assert outages.waited("slack", at(30), at(50)) == 10.0, "the last one lasts still"
    assert outages.waited("pager", at(0), at(4)) == 0.0


def test_an_outage_lasts_as_long_as_what_takes_it_away() -> None:
    outages = Outages()
    with outages.during("slack"):
        assert outages.on
    outages.look(lambda place: place != "discord", ("slack", "discord"))
    assert not outages.on, "what merely is not connected was taken away by nobody"
    outages.look(lambda place: True, ("slack", "discord"))
    assert [span.of for span in outages.spans] == ["slack", "discord"]
    assert all(span.end <= datetime.now(UTC) for span in outages.spans)


def test_a_clock_is_wrong_by_what_its_file_says(tmp_path: Path) -> None:
    offset = Offset(tmp_path / "clock")
    clock = WrongClock(offset.file)
    for seconds in (7200.0, -86400.0, 0.0):
        offset.set(seconds)
        assert abs((clock.now() - datetime.now(UTC)).total_seconds() - seconds) < 1.0


async def test_a_line_passes_on_breaks_stands_still_and_goes_away() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(ConnectionError):
            while said := await reader.read(100):
                writer.write(said)

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with Link(server.sockets[0].getsockname()[1]) as line:
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
        writer.write(b"one")
        assert await reader.readexactly(3) == b"one"
        line.stall()
        writer.write(b"two")
        heard = asyncio.create_task(reader.readexactly(3))
        await asyncio.wait({heard}, timeout=0.2)
        assert not heard.done()
        line.bring_back()
        assert await heard == b"two", "what was sent meanwhile arrives late"
        line.cut()
        with closing(writer), pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        line.take_away()
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
        with closing(writer), pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
    server.close()
    if left := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(left, timeout=5)


def test_the_kills_are_shared_among_all_that_goes_wrong() -> None:
    known = [each() for each in DISORDERS]
    found = shares(known, ("sqlite", "postgres"), 1000)
    assert 1000 <= sum(found.values()) < 1000 + len(found)
    assert found["kills", "sqlite"] == found["kills", "postgres"] > 150
    assert ("database restarts", "sqlite") not in found
    assert set(shares(known, ("sqlite",), 10).values()) <= set(range(1, 6))


def test_the_table_adds_up_and_names_what_was_found() -> None:
    late = Lateness()
    for seconds in (0.1, 0.2, 9.0):
        late.add("slack", seconds)
    bad = Verdict(lost=["slack post 1/card"])
    bad.expected["slack post"] = 3
    rows = [Row("kills", "sqlite", 1, 7, kills=5, late=late), Row("kills", "postgres", 2, 7, kills=6, verdict=bad)]
    head, first, second, whole, *found = table(rows).splitlines()
    assert head.split()[:3] == ["disorder", "database", "kills"]
    assert first.split() == ["kills", "sqlite", "5", "0", "0", "0", "0", "0", "0", "0.20", "9.00", "9.00", "0.0"]
    assert second.split()[:4] == ["kills", "(2)", "postgres", "6"]
    assert whole.split() == ["in", "all", "11", "0", "0", "3", "1", "0", "0"]
    assert found == ["  kills on postgres: lost: slack post 1/card"]
    assert [row.clean for row in rows] == [True, False]
