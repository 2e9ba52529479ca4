"""SQLite in one hop: a statement, its rows and the end of its cursor go to the connection's thread together.

aiosqlite crosses to its thread and back for each of these alone, four times for one SELECT. Each crossing waits for
the scheduler, and while SQLite's one writer crosses, everybody else who has something to save waits with it.
"""

import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine import URL

CHUNK = 64
"""Rows that aiosqlite fetches at a time where it iterates; we fetch all at once."""


class HopCursor:
    """What SQLAlchemy asks of a cursor. Nothing but a statement itself goes to the thread."""

    def __init__(self, connection: "HopConnection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Self:
        """Run it and fetch every row."""
        await self._connection.hop(partial(self._run, sqlite3.Cursor.execute, operation, parameters))
        return self

    async def executemany(self, operation: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Run it once for each of these."""
        await self._connection.hop(partial(self._run, sqlite3.Cursor.executemany, operation, parameters))
        return self

    def _run(self, method: Callable[..., sqlite3.Cursor], operation: str, parameters: Any) -> None:
        """On the connection's thread."""
        cursor = self._connection.plain.cursor()
        try:
            method(cursor, operation, parameters)
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Closed already."""


class HopConnection(aiosqlite.Connection):
    """A connection whose cursors live on its thread only as long as a statement runs."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        self._sent = self._over = 0
        """What was sent to the thread, counted here, and what is over, counted there."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        def counted() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                self._over += 1

        done = super()._execute(counted)  # type: ignore[no-untyped-call]  # aiosqlite leaves it untyped
        self._sent += 1
        return await done

    async def rollback(self) -> None:
        """Undo what is not committed. Where nothing is, nothing crosses: SQLAlchemy asks for it after each commit and
        each reading. What was given up on its way (a task that ended meanwhile) may yet begin something, so it crosses.
        """
        if self._sent > self._over or self.in_transaction:
            await super().rollback()

    def cursor(self) -> HopCursor:  # type: ignore[override]
        """A cursor, at no cost."""
        return HopCursor(self)

    @property
    def plain(self) -> sqlite3.Connection:
        """The connection itself, for use on its thread."""
        return self._conn

    async def hop(self, work: Callable[[], None]) -> None:
        """Do something on the connection's thread."""
        await self._execute(work)


def connector(url: URL) -> Callable[[], Coroutine[Any, Any, HopConnection]]:
    """What opens connections to this address; transactions begin and end only where we say so."""
    arguments, options = SQLiteDialect_aiosqlite().create_connect_args(url)
    connect = partial(sqlite3.connect, *arguments, **options, isolation_level=None)

    async def open_one() -> HopConnection:
        connection = HopConnection(connect, CHUNK)
        connection._thread.daemon = True  # a bot that has to end does not wait for a statement
        return await connection  # type: ignore[return-value]

    return open_one
