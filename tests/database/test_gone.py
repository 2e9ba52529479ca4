"""A database that does not answer is one error, and heals by itself."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from adapters.database import Database
from adapters.database.gone import passing
from bot.errors import TryLater
from tests.database.build import NOW, change, declare, keys, notice, outage, until
from tests.database.conftest import Opening
from tests.support.postgres import PostgresServer


async def test_a_server_that_restarted_is_used_again_by_itself(
    postgres_server: PostgresServer, postgres_url: str, opening: Opening
) -> None:
    database = await opening(postgres_url)
    number = await declare(database, None, notice("one"))
    await database.reader.ping()

    async def back() -> bool:
        try:
            await database.reader.ping()
            await change(database, number)
        except TryLater:
            return False
        return True

    await asyncio.to_thread(postgres_server.restart)
    await until(back)
    assert keys(await database.ledger("w").claim("slack", limit=9)) == ["one"]


async def test_a_transaction_that_loses_its_server_says_so_and_leaves_nothing(
    postgres_server: PostgresServer, postgres_url: str, opening: Opening
) -> None:
    database = await opening(postgres_url)
    with pytest.raises(TryLater) as raised:
        async with database.work() as work:
            await work.hear_once("before", at=NOW)
            await asyncio.to_thread(postgres_server.restart)
            await work.hear_once("after", at=NOW)
    assert (raised.value.why, raised.value.unreachable, raised.value.maybe_done) == ("database", True, False)

    async def heard() -> bool | None:
        try:
            async with database.work() as work:
                return await work.hear_once("before", at=NOW)
        except TryLater:
            return None

    assert await until(heard) is True


async def test_a_lost_answer_to_commit_may_have_been_saved(
    postgres_server: PostgresServer, postgres_url: str, opening: Opening
) -> None:
    database = await opening(postgres_url)
    with pytest.raises(TryLater) as raised:
        async with database.work() as work:
            await work.hear_once("before", at=NOW)
            await asyncio.to_thread(postgres_server.restart)
    assert raised.value.maybe_done


async def test_a_server_that_is_not_there_is_to_be_tried_later(unused_tcp_port: int) -> None:
    database = Database(f"postgresql://tocsin@127.0.0.1:{unused_tcp_port}/tocsin")
    with pytest.raises(TryLater, match="database"):
        await database.start()
    with pytest.raises(TryLater, match="database"):
        await database.reader.ping()
    with pytest.raises(TryLater, match="database"):
        async with database.work():
            pass
    await database.stop()


async def test_a_server_that_ends_our_connections_does_no_lasting_harm(
    postgres_server: PostgresServer, postgres_url: str, opening: Opening
) -> None:
    database = await opening(postgres_url)
    await database.reader.ping()
    end = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await postgres_server.execute(end, url=postgres_url)

    async def answers() -> bool:
        try:
            await database.reader.ping()
        except TryLater:
            return False
        return True

    assert await until(answers)


async def test_a_fault_of_ours_stays_a_fault(database: Database) -> None:
    with pytest.raises(StatementError, match="timezone"):
        async with database.work() as work:
            await work.hear_once("event", at=NOW.replace(tzinfo=None))
    number = await declare(database, outage(channel_name="taken"))
    with pytest.raises(IntegrityError):
        await declare(database, outage(channel_name="taken"))
    assert await database.reader.numbers() == [number]


def test_a_file_that_another_process_locks_passes_by_itself(tmp_path: Path) -> None:
    holder, other = (sqlite3.connect(tmp_path / "any.db", isolation_level=None, timeout=0) for _ in range(2))
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as locked:
        other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as fault:
        other.execute("SELECT * FROM nothing")
    assert (passing(locked.value), passing(fault.value)) == (True, False)
    holder.close()
    other.close()
