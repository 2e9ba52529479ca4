"""The database as the rest of Tocsin holds it: built once, started, used, stopped."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import exc, func, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import schema
from adapters.database import tables as t
from adapters.database.copies import OWN
from adapters.database.engine import engines
from adapters.database.gone import RAW, translated
from adapters.database.inbox import SqlInbox
from adapters.database.ledger import FREED, LEASE, OPEN, SqlLedger
from adapters.database.reader import SqlReader
from adapters.database.routes import kept_key, sealed_rows
from adapters.database.subscriptions import SqlSubscriptions
from adapters.database.turns import Turns
from adapters.database.work import SqlWork
from bot.errors import Refused, TryLater
from bot.keys import Purpose
from bot.ports import Clock

LAST_WORDS = 1.0
"""Seconds that a stop waits for whoever still uses a connection."""
START_TRIES = 10
START_WAIT = 0.1
"""Seconds between them: turning a new SQLite file to WAL does not wait for another process that does the same (it
answers “database is locked” at once, whatever ``busy_timeout`` says)."""


class Database:
    """SQLite (``sqlite:///PATH``) or PostgreSQL (``postgresql://…``); see :class:`bot.store.Store`.

    Everything in it raises :class:`~bot.errors.TryLater` (``unreachable``, why ``database``) while the database does
    not answer, and heals by itself once it does. ``maybe_done`` is set where only the answer to COMMIT was lost.

    ``lease`` is how long a claim is safe from other workers unless renewed.
    """

    def __init__(self, url: str, *, echo: bool = False, lease: timedelta = LEASE) -> None:
        self._engines = engines(url, echo=echo)
        self._lease = lease
        self._writing = Turns()
        """SQLite has one writer: waiting here is fair and costs less than waiting in the file."""
        self._users = 0
        self._unused = asyncio.Event()
        """Set while nobody uses a connection."""
        self._unused.set()
        self._leads: dict[tuple[str, str], str] = {}
        self._reader = SqlReader(self._read)

    async def start(self, *, delivers: bool = True) -> None:
        """Bring the schema up to date; on SQLite, free what a dead process held.

        ``delivers`` is false for a process that only saves (a command line) beside the one that delivers: what that
        one holds is left alone. Raises :class:`~bot.errors.Refused` where a newer Tocsin wrote the database.
        """
        await self.migrate()
        if delivers and not self._engines.dialect.postgres:
            async with self._transaction() as connection:
                await connection.execute(update(t.owed).where(OPEN, t.owed.c.claimed_by.is_not(None)).values(**FREED))

    async def look(self) -> None:
        """For a process that only reads: changes and makes nothing.

        Raises :class:`~bot.errors.Refused` where there is no database, or none that this version can read as it is.
        """
        file = self._engines.url.database
        if not self._engines.dialect.postgres and not await asyncio.to_thread(Path(str(file)).is_file):
            raise Refused(f"there is no database {file}")
        try:
            with translated():
                await schema.look(self._engines)
        except (exc.DBAPIError, *RAW) as wrong:
            raise Refused(f"the database cannot be read ({type(wrong).__name__})") from wrong

    async def migrate(self) -> None:
        """Create the schema or bring it up to date; processes that start together wait for one another."""
        if not self._engines.dialect.postgres:
            await asyncio.to_thread(_own, Path(str(self._engines.url.database)))
        for left in reversed(range(START_TRIES)):
            try:
                with translated():
                    await schema.migrate(self._engines)
                return
            except TryLater:
                if not left or self._engines.dialect.postgres:
                    raise
                await asyncio.sleep(START_WAIT)

    async def come_back(self, *, beyond: int = 0) -> int:
        """For a database that was put back from a copy: what is owed in it may have been done since, so whoever does
        it looks first. Returns how many effects that are.

        Incidents declared from now on are numbered ``beyond + 1`` and up: up to ``beyond``, numbers were given out
        after the copy was made.
        """
        c = t.owed.c
        doubted = {"unsure": true(), "first_try_at": func.coalesce(c.first_try_at, c.owed_at)}
        async with self._transaction() as connection:
            found = await connection.execute(update(t.owed).where(OPEN).values(**doubted))
            for statement in self._engines.dialect.number_beyond(beyond) if beyond else ():
                await connection.execute(text(statement))
        return found.rowcount

    async def stop(self) -> None:
        """Close every connection, once whoever still reads or saves has ended: at most a moment later."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                await self._unused.wait()
        await self._engines.dispose()

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        """A connection that is in use when all are closed would be closed by nobody."""
        self._users += 1
        self._unused.clear()
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._unused.set()

    @asynccontextmanager
    async def work(self, *, first: bool = False) -> AsyncIterator[SqlWork]:
        """Begin a transaction: committed when the block ends, undone when it raises."""
        async with self._transaction(first=first) as connection:
            yield SqlWork(connection, self._engines.dialect, leads=self._leads)

    async def keep_key(self, proposed: str) -> str:
        """The key that is kept here: the proposed one where none was before. Only the setting's absence asks for it."""
        async with self._transaction() as connection:
            return await kept_key(connection, self._engines.dialect, proposed)

    async def sealed(self) -> tuple[list[tuple[Purpose, str, str]], str | None]:
        """Some of what is sealed (what for, sealed, whose), and the key that is kept here, if one is."""
        async with self._read() as connection:
            return await sealed_rows(connection)

    @property
    def reader(self) -> SqlReader:
        """Answers questions."""
        return self._reader

    @property
    def inbox(self) -> SqlInbox:
        """Where alerts are accepted."""
        return SqlInbox(self._transaction, self._engines.dialect, reading=self._read)

    @property
    def subscriptions(self) -> SqlSubscriptions:
        """Who is told by webhook of what customers are told."""
        return SqlSubscriptions(self._transaction, self._engines.dialect, reading=self._read)

    def ledger(self, worker: str, clock: Clock | None = None) -> SqlLedger:
        """The ledger as one worker sees it; workers' names differ. Without a ``clock`` people's is the machine's."""
        return SqlLedger(
            self._transaction,
            self._engines.dialect,
            reading=self._read,
            worker=worker,
            now=clock.now if clock is not None else lambda: datetime.now(UTC),
            lease=self._lease,
        )

    @asynccontextmanager
    async def _transaction(self, *, first: bool = False) -> AsyncIterator[AsyncConnection]:
        if self._engines.dialect.postgres:
            async with self._committed() as connection:
                yield connection
        else:
            async with self._writing.turn(first=first), self._committed() as connection:
                yield connection

    @asynccontextmanager
    async def _committed(self) -> AsyncIterator[AsyncConnection]:
        with translated(), self._in_use():
            async with self._engines.work.connect() as connection:
                transaction = await connection.begin()
                yield connection  # whatever is raised here undoes all: a connection is rolled back when it is let go
                with translated(committing=True):
                    await transaction.commit()

    @asynccontextmanager
    async def _read(self) -> AsyncIterator[AsyncConnection]:
        with translated(), self._in_use():
            async with self._engines.read.connect() as connection:
                yield connection


def _own(file: Path) -> None:
    """A new file is its owner's alone, and so is what SQLite puts beside it: private incidents are in it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # it is there, or cannot be made: SQLite itself says which
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN))
