"""Databases to measure on: a fresh SQLite file, and a PostgreSQL of our own where this machine has the binaries."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.database import Database
from tests.bench.figures import Figure
from tests.support.postgres import PostgresServer, binaries

NO_POSTGRES = "PostgreSQL is left out: no pg_ctl on the PATH, in PG_BIN or under /usr/lib/postgresql."

QUICK = "PostgreSQL is left out because it has to be quick."


@dataclass
class Bench:
    """What every section needs."""

    quick: bool
    postgres: PostgresServer | None
    folder: Path
    figures: list[Figure] = field(default_factory=list)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The databases at hand."""
        return ("SQLite", "PostgreSQL") if self.postgres is not None else ("SQLite",)

    def note(self, *figures: Figure) -> None:
        """Keep figures, and show them as they come."""
        self.figures += figures
        for one in figures:
            print("  " + "  ".join(cell for cell in one.row() if cell), flush=True)

    @asynccontextmanager
    async def address(self, kind: str) -> AsyncIterator[str]:
        """The address of a fresh, empty database that has its schema."""
        if kind == "PostgreSQL" and self.postgres is not None:
            url = await self.postgres.fresh()
            yield url
            await self.postgres.drop(url)
            return
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            url = f"sqlite:///{Path(folder) / 'tocsin.db'}"
            database = Database(url)
            await database.migrate()
            await database.stop()
            yield url

    @asynccontextmanager
    async def store(self, kind: str) -> AsyncIterator[Database]:
        """A fresh database, opened in this process."""
        async with self.address(kind) as url:
            database = Database(url)
            await database.start()
            yield database
            await database.stop()


@contextmanager
def bench(*, quick: bool) -> Iterator[Bench]:
    """A folder and, unless it has to be quick, a PostgreSQL where there can be one; both are gone afterwards."""
    where = None if quick else binaries()
    server = PostgresServer(where) if where is not None else None
    if server is None:
        print(QUICK if quick else NO_POSTGRES)
    else:
        server.start()
    try:
        with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
            yield Bench(quick, server, Path(folder))
    finally:
        if server is not None:
            server.stop()
