"""Drafts the next migration when ``tables.py`` has changed: ``python -m adapters.database.revise "what changed"``."""

import asyncio
import sys
import tempfile

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from adapters.database.engine import engines
from adapters.database.migrating import config
from adapters.database.schema import migrate


async def revise(message: str) -> None:
    """Compare the tables with what all migrations make of an empty SQLite file, and write down the difference."""
    with tempfile.TemporaryDirectory() as folder:
        made = engines(f"sqlite:///{folder}/scratch.db")
        await migrate(made)
        async with made.migrate.begin() as connection:
            await connection.run_sync(_draft, message)
        await made.dispose()


def _draft(connection: Connection, message: str) -> None:
    settings = config(connection)
    latest = ScriptDirectory.from_config(settings).get_current_head() or "0000"
    command.revision(settings, message, autogenerate=True, rev_id=f"{int(latest) + 1:04}")


if __name__ == "__main__":
    asyncio.run(revise(" ".join(sys.argv[1:]) or "a change"))
