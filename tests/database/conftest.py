"""A database for each test: on SQLite, and on a PostgreSQL of our own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.database import LEASE, Database
from tests.support.pattern import lay
from tests.support.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]

Opening = Callable[..., Awaitable[Database]]


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty database with the schema, on each of the two in turn."""
    if request.param == "sqlite":
        yield await lay(f"sqlite:///{tmp_path / 'tocsin.db'}")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    address = await server.fresh()
    yield address
    await server.drop(address)


@pytest.fixture
async def postgres_url(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """The address of an empty PostgreSQL database with the schema."""
    address = await postgres_server.fresh()
    yield address
    await postgres_server.drop(address)


@pytest.fixture
async def opening() -> AsyncIterator[Opening]:
    """Opens databases (replicas, if called twice with one address) that are stopped when the test ends."""
    opened: list[Database] = []

    async def make(address: str, *, lease: timedelta = LEASE) -> Database:
        database = Database(address, lease=lease)
        opened.append(database)
        await database.start()
        return database

    yield make
    for database in opened:
        await database.stop()


@pytest.fixture
async def database(url: str, opening: Opening) -> Database:
    """A started database, on each of the two in turn."""
    return await opening(url)
