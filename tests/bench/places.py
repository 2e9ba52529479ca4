"""Databases to measure on: a fresh SQLite file, and a PostgreSQL of our own where this machine has the binaries."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from adapters.database import Database
from tests.bench.figures import Figure, Waiting
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
    waiting: Waiting = field(default_factory=Waiting)
    """Of this process, since the section began or since :meth:`look_anew`."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The databases at hand."""
        return ("SQLite", "PostgreSQL") if self.postgres is not None else ("SQLite",)

    def look_anew(self) -> None:
        """What was waited for a core before says nothing about what is measured from now on."""
        self.waiting = Waiting()

    def note(self, *figures: Figure, starved: float | None = None) -> None:
        """Keep figures, and show them as they come; ``starved`` is the measured process's, or else this one's."""
        share = self.waiting.share() if starved is None else starved
        known = [one if one.starved is not None else replace(one, starved=share) for one in figures]
        self.figures += known
        for one in known:
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
