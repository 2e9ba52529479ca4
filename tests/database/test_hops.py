"""What crosses to a SQLite connection's thread, and what does not."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from adapters.database.hop import HopConnection, connector


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[HopConnection]:
    """A connection to a table of one column."""
    made = await connector(make_url(f"sqlite+aiosqlite:///{tmp_path}/hops.db"))()
    await made.cursor().execute("CREATE TABLE said (words TEXT)")
    yield made
    await made.close()


async def test_a_rollback_crosses_only_where_there_is_something_to_undo(connection: HopConnection) -> None:
    sent = connection._sent
    await connection.rollback()
    assert connection._sent == sent
    await connection.cursor().execute("BEGIN IMMEDIATE")
    await connection.cursor().execute("INSERT INTO said VALUES ('never')")
    await connection.rollback()
    assert not connection.in_transaction
    left = connection.cursor()
    await left.execute("SELECT words FROM said")
    assert await left.fetchall() == []


async def test_what_was_given_up_on_its_way_is_undone(connection: HopConnection) -> None:
    free = threading.Event()

    def held_up() -> None:
        free.wait(5)

    held = asyncio.create_task(connection.hop(held_up))
    begins = asyncio.create_task(connection.cursor().execute("BEGIN IMMEDIATE"))
    await asyncio.sleep(0)
    begins.cancel()
    undone = asyncio.create_task(connection.rollback())
    await asyncio.sleep(0)
    assert not undone.done()
    free.set()
    await asyncio.gather(held, undone)
    assert not connection.in_transaction
