"""The baseline of whatever the database has to do: bare drivers, the least statements, one commit each.

Tables of its own beside the bot's, so that their size and their file are the same.
"""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg  # type: ignore[import-untyped]

Row = Sequence[Any]
DOCUMENT = json.dumps({"title": "checkout is down", "words": "w" * 4000})
"""About as long as an incident's document."""
TABLES = (
    "CREATE TABLE bench_incident (number BIGINT PRIMARY KEY, due DOUBLE PRECISION, document TEXT)",
    "CREATE TABLE bench_entry (incident BIGINT, seq BIGINT, document TEXT, PRIMARY KEY (incident, seq))",
    "CREATE TABLE bench_owed (incident BIGINT, key TEXT, document TEXT, PRIMARY KEY (incident, key))",
    "CREATE TABLE bench_heard (key TEXT PRIMARY KEY)",
)
INCIDENT = "INSERT INTO bench_incident VALUES (?, ?, ?)"
ENTRY = "INSERT INTO bench_entry VALUES (?, ?, ?)"
OWED = "INSERT INTO bench_owed VALUES (?, ?, ?)"
HEARD = "INSERT INTO bench_heard VALUES (?)"
DUE = "UPDATE bench_incident SET due = ? WHERE number = ?"
KEPT = "UPDATE bench_incident SET document = ? WHERE number = ?"
READ = "SELECT document FROM bench_incident WHERE number = ?"
LIST = "SELECT number, title, severity, status FROM incident WHERE open ORDER BY number DESC LIMIT 10"
FIND = (
    "SELECT number, title, severity, status FROM incident WHERE search LIKE ? AND search LIKE ?"
    " ORDER BY number DESC LIMIT 10"
)
SHORT = "x" * 300
"""About as long as an effect or an entry."""


class Driver(Protocol):
    """One connection."""

    async def commit(self, *statements: tuple[str, Sequence[Row]]) -> None:
        """Execute each with every row, and commit."""
        ...

    async def read(self, statement: str, *values: Any) -> None:
        """Read all that it gives."""
        ...


class Sqlite:
    """The standard library's module, set up for durability as the bot's own connections are."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            self._connection.execute(f"PRAGMA {pragma}")

    async def commit(self, *statements: tuple[str, Sequence[Row]]) -> None:
        """See :class:`Driver`."""
        self._connection.execute("BEGIN IMMEDIATE")
        for statement, rows in statements:
            self._connection.executemany(statement, rows)
        self._connection.execute("COMMIT")

    async def read(self, statement: str, *values: Any) -> None:
        """See :class:`Driver`."""
        self._connection.execute(statement, values).fetchall()

    async def close(self) -> None:
        """The end."""
        self._connection.close()


class Postgres:
    """asyncpg by itself."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def commit(self, *statements: tuple[str, Sequence[Row]]) -> None:
        """See :class:`Driver`."""
        async with self._connection.transaction():
            for statement, rows in statements:
                if rows == [()]:
                    await self._connection.execute(statement)
                else:
                    await self._connection.executemany(_numbered(statement), rows)

    async def read(self, statement: str, *values: Any) -> None:
        """See :class:`Driver`."""
        await self._connection.fetch(_numbered(statement), *values)

    async def close(self) -> None:
        """The end."""
        await self._connection.close()


def _numbered(statement: str) -> str:
    """``?`` as PostgreSQL counts its values: ``$1``."""
    first, *others = statement.split("?")
    return first + "".join(f"${place}{rest}" for place, rest in enumerate(others, 1))


@asynccontextmanager
async def driver(url: str, *, rows: int) -> AsyncIterator[Driver]:
    """A connection, and tables in which that many incidents lie."""
    path = url.removeprefix("sqlite:///")
    found = Sqlite(path) if path != url else Postgres(await asyncpg.connect(url))
    await found.commit(*((statement, [()]) for statement in TABLES))
    await found.commit((INCIDENT, [(number, 0.0, DOCUMENT) for number in range(1, rows + 1)]))
    try:
        yield found
    finally:
        await found.close()


async def burst(url: str, *, count: int, batch: int) -> float:
    """Seconds until so many reminders stand in bare tables: their due times moved, a row owed for each."""
    async with driver(url, rows=count) as bare:
        began = time.perf_counter()
        for start in range(1, count + 1, batch):
            numbers = range(start, min(count, start + batch - 1) + 1)
            await bare.commit(
                (DUE, [(began, number) for number in numbers]), (OWED, [(number, "ask", SHORT) for number in numbers])
            )
        return time.perf_counter() - began


async def lateness(url: str, *, count: int, every: float) -> list[float]:
    """Seconds late that a bare timer has each reminder committed: it sleeps until it is due, and writes two rows."""
    late = []
    async with driver(url, rows=count) as bare:
        began = time.monotonic()
        for number in range(1, count + 1):
            at = began + number * every
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            await bare.commit((DUE, [(at, number)]), (OWED, [(number, "ask", SHORT)]))
            late.append(time.monotonic() - at)
    return late


async def commands(url: str, *, times: int) -> dict[str, list[float]]:
    """Seconds that the least statements of each command take: the key of what was heard, and all that it changes."""
    took: dict[str, list[float]] = {}
    async with driver(url, rows=1) as bare:
        for turn in range(times):
            number, key, heard = turn + 2, f"ask/{turn}", (HEARD, [(f"d{turn}",)])
            declared = (INCIDENT, [(number, 0.0, DOCUMENT)]), (ENTRY, [(number, 1, SHORT)]), (OWED, [(number, "", "")])
            updated = (KEPT, [(DOCUMENT, 1)]), (ENTRY, [(1, turn, SHORT)]), (OWED, [(1, key, SHORT)])
            took.setdefault("declare", []).append(await _timed(bare.commit(heard, *declared)))
            took.setdefault("update", []).append(
                await _timed(bare.read(READ, 1)) + await _timed(bare.commit((HEARD, [(f"u{turn}",)]), *updated))
            )
            for name, asked in (("list", bare.read(LIST)), ("find", bare.read(FIND, "%region%", f"%7{turn}%")),
                                ("find what is not there", bare.read(FIND, "%quicksilver%", f"%{turn}%"))):  # fmt: skip
                took.setdefault(name, []).append(await _timed(asked))
    return took


async def _timed(work: Any) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began
