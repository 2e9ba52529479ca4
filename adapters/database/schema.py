"""Bringing the schema up to date when a process starts, many processes at once included.

Alembic itself is loaded only where something is to be migrated: loading it is a tenth of a start.
"""

from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from adapters.database.engine import Engines
from bot.errors import Refused
from bot.loading import named

LOCK = 0x70C5_1712
"""Key of PostgreSQL's advisory lock under which one process migrates and the others wait."""
VERSIONS = Path(__file__).parent / "migrations" / "versions"
KNOWN = tuple(sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py")))
"""This version's revisions in their order, as ``revise.py`` numbers them; the last one is today's schema."""


class Standing(StrEnum):
    """How a database's schema stands to this version's."""

    NONE = "none"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


async def migrate(engines: Engines) -> None:
    """Create the schema or bring it up to date, in one transaction.

    SQLite's write lock and PostgreSQL's advisory lock let one process do it while the others wait. Raises
    :class:`~bot.errors.Refused` where a newer Tocsin has written the database.
    """
    async with engines.migrate.begin() as connection:
        if engines.dialect.postgres:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        await connection.run_sync(_upgrade)


async def standing(engines: Engines) -> Standing:
    """How the database's schema stands to this version's; changes nothing."""
    async with engines.read.connect() as connection:
        return _standing(await connection.run_sync(_current))


async def look(engines: Engines) -> None:
    """Raises :class:`~bot.errors.Refused` where the schema is not this version's."""
    async with engines.read.connect() as connection:
        current = await connection.run_sync(_current)
    if _standing(current) is not Standing.CURRENT:
        raise Refused(
            f"the database's schema is {current or 'none'}, and this version's is {KNOWN[-1]}; `tocsin run` or "
            "`tocsin migrate` brings an older one up to date"
        )


def _current(connection: Connection) -> str | None:
    """The revision that Alembic noted last; ``None`` where it never did."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    noted: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return noted


def _standing(current: str | None) -> Standing:
    if current is None:
        return Standing.NONE
    if current == KNOWN[-1]:
        return Standing.CURRENT
    return Standing.OLDER if current in KNOWN else Standing.NEWER


def _upgrade(connection: Connection) -> None:
    current = _current(connection)
    stands = _standing(current)
    if stands is Standing.NEWER:
        raise Refused(
            f"A newer Tocsin has written this database (its schema is {current}, this version knows up to "
            f"{KNOWN[-1]}). Start that version again, or give this one a database of its own."
        )
    if stands is not Standing.CURRENT:
        named("adapters.database.migrating", "upgrade")(connection)
