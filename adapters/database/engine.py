"""Engines: how SQLite and PostgreSQL are reached, and in what state each connection begins.

Two for each database: one for work, in transactions, and one for reading, that the database itself keeps from writing.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import NullPool, event, exc
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.database.dialect import Dialect
from adapters.database.hop import connector
from bot.errors import Mistake

WORK_CONNECTIONS = 6
READ_CONNECTIONS = 4
"""Together 10 for each process: three replicas leave two thirds of PostgreSQL's default 100 to others. Deliveries do
not hold one while they wait for a platform."""
WAIT_FOR_CONNECTION = 5.0
"""Seconds to wait for a free one before the database counts as gone."""

CONNECT_TIMEOUT = 5.0
COMMAND_TIMEOUT = 10.0
"""Seconds, counted here: for a server that does not even refuse."""
SERVER_SETTINGS = {
    "application_name": "tocsin",
    "default_transaction_isolation": "read committed",
    "statement_timeout": "5000",
    "idle_in_transaction_session_timeout": "30000",
    "jit": "off",
}
"""Milliseconds; a lock that is waited for counts as part of its statement. The locking relies on each statement seeing
what was committed before it began."""
BUSY = timedelta(seconds=10)
"""How long SQLite waits for another process's transaction."""

SQLITE_PRAGMAS = (
    f"busy_timeout={int(BUSY.total_seconds() * 1000)}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
)

HOW_TO_WRITE = "write sqlite:///var/tocsin.db or postgresql://user:password@host/name"


def _as_text(value: Any) -> Any:
    """JSON goes in and out as text: pydantic writes and parses it, once."""
    return value


@dataclass(frozen=True, slots=True)
class Engines:
    """One database's engines."""

    url: URL
    work: AsyncEngine
    read: AsyncEngine
    migrate: AsyncEngine
    dialect: Dialect

    async def dispose(self) -> None:
        """Close every connection."""
        for engine in (self.work, self.read, self.migrate):
            await engine.dispose()


def engines(url: str, *, echo: bool = False) -> Engines:
    """Engines for ``sqlite:///PATH`` or ``postgresql://…``; connects to nothing yet.

    Raises :class:`~bot.errors.Mistake` for any other address.
    """
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise Mistake(f"The database's address is not one; {HOW_TO_WRITE}.") from error
    family = parsed.drivername.partition("+")[0]
    if family in ("postgresql", "postgres"):
        return _postgres(parsed.set(drivername="postgresql"), echo=echo)
    if family != "sqlite":
        raise Mistake(f"“{parsed.drivername}” is no database Tocsin works with; {HOW_TO_WRITE}.")
    if not parsed.database or parsed.database == ":memory:":
        raise Mistake(f"SQLite needs a file, so that a restart forgets nothing; {HOW_TO_WRITE}.")
    return _sqlite(parsed.set(drivername="sqlite+aiosqlite"), echo=echo)


def _sqlite(url: URL, *, echo: bool) -> Engines:
    make = partial(
        create_async_engine,
        url,
        echo=echo,
        json_serializer=_as_text,
        json_deserializer=_as_text,
        async_creator=connector(url),
    )
    work = make(pool_size=1, max_overflow=1, pool_timeout=WAIT_FOR_CONNECTION)
    read = make(pool_size=READ_CONNECTIONS, max_overflow=0, pool_timeout=WAIT_FOR_CONNECTION)
    migrate = make(poolclass=NullPool)
    for engine in (work, migrate):
        event.listen(engine.sync_engine, "connect", partial(_pragmas, SQLITE_PRAGMAS))
        event.listen(engine.sync_engine, "begin", _begin_immediate)
    event.listen(read.sync_engine, "connect", partial(_pragmas, (SQLITE_PRAGMAS[0], "query_only=ON")))
    return Engines(url, work, read, migrate, Dialect(postgres=False))


def _pragmas(pragmas: tuple[str, ...], connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock first: a transaction that only asks for it later may find its snapshot too old."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgres(url: URL, *, echo: bool) -> Engines:
    dsn = url.render_as_string(hide_password=False)
    make = partial(
        create_async_engine,
        "postgresql+asyncpg://",
        echo=echo,
        json_serializer=_as_text,
        json_deserializer=_as_text,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION,
    )
    reading = {**SERVER_SETTINGS, "default_transaction_read_only": "on"}
    work = make(pool_size=WORK_CONNECTIONS, async_creator=_connector(dsn, SERVER_SETTINGS))
    read = make(pool_size=READ_CONNECTIONS, isolation_level="AUTOCOMMIT", async_creator=_connector(dsn, reading))
    for engine in (work, read):
        event.listen(engine.sync_engine, "checkout", _still_there)
    migrate = create_async_engine(
        "postgresql+asyncpg://",
        echo=echo,
        poolclass=NullPool,
        async_creator=partial(asyncpg.connect, dsn, timeout=CONNECT_TIMEOUT),
    )
    return Engines(url, work, read, migrate, Dialect(postgres=True))


def _connector(dsn: str, settings: dict[str, str]) -> Any:
    """Let asyncpg read the address itself: it knows ``sslmode``, several hosts, and password files."""
    return partial(
        asyncpg.connect, dsn, timeout=CONNECT_TIMEOUT, command_timeout=COMMAND_TIMEOUT, server_settings=settings
    )


def _still_there(connection: Any, _record: Any, _proxy: Any) -> None:
    """Throw away a pool whose server went away meanwhile; costs no round trip, for asyncpg hears of a closed socket."""
    if connection.driver_connection.is_closed():
        raise exc.InvalidatePoolError("the server closed the connection")
