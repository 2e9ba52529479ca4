"""Bringing the schema up to date when a process starts, many processes at once included."""

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from adapters.database.engine import Engines
from bot.errors import Refused

LOCK = 0x70C5_1712
"""Key of PostgreSQL's advisory lock under which one process migrates and the others wait."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings; the migrations run on ``connection``."""
    settings = Config()
    where = str(Path(__file__).parent / "migrations").replace("%", "%%")
    settings.set_main_option("script_location", where)
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


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
        return await connection.run_sync(_standing)


def _standing(connection: Connection) -> Standing:
    current = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(config(connection))
    if current is None:
        return Standing.NONE
    if current == scripts.get_current_head():
        return Standing.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return Standing.OLDER if current in known else Standing.NEWER


async def look(engines: Engines) -> None:
    """Raises :class:`~bot.errors.Refused` where the schema is not this version's."""
    async with engines.read.connect() as connection:
        await connection.run_sync(_look)


def _look(connection: Connection) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    latest = ScriptDirectory.from_config(config(connection)).get_current_head()
    if current != latest:
        raise Refused(
            f"the database's schema is {current or 'none'}, and this version's is {latest}; `tocsin run` or "
            "`tocsin migrate` brings an older one up to date"
        )


def _upgrade(connection: Connection) -> None:
    settings = config(connection)
    scripts = ScriptDirectory.from_config(settings)
    current = MigrationContext.configure(connection).get_current_revision()
    latest = scripts.get_current_head()
    if current == latest:
        return
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise Refused(
            f"A newer Tocsin has written this database (its schema is {current}, this version knows up to {latest}). "
            "Start that version again, or give this one a database of its own."
        )
    command.upgrade(settings, "head")
