"""Copies of what the bot keeps: made while it runs, put back while it does not.

An SQLite database and the key that was made beside it; PostgreSQL has tools of its own, and only what has to be done
after them is done here.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import Mistake
from bot.loading import named
from bot.settings import Settings

COPIES = "adapters.database.copies"
KEY = ".key"
"""How the name of a copy's key goes on behind the copy's own."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy that was made."""

    file: Path
    bytes: int
    key: Path | None
    """Where the key lies that belongs to it; ``None`` where SECRET_KEY is set, or none was made yet."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    doubted: int
    """Effects owed at that time that may have been done since: each is looked for first."""
    aside: Path | None
    """Where the database lies that stood in its place."""


async def backup(settings: Settings, into: Path) -> Kept:
    """Copy database and key, also while the bot runs.

    Raises :class:`~bot.errors.Mistake` for a database that is copied by other means, and where it cannot be copied.
    """
    return await asyncio.to_thread(_backup, settings, into)


def _backup(settings: Settings, into: Path) -> Kept:
    file, key, its = _file(settings), _key(settings), _key_of(into)
    if file is None:
        raise Mistake("That is for SQLite. A PostgreSQL database is copied with pg_dump; docs/operations.md shows how.")
    has_key = key is not None and key.is_file()
    if has_key and its.exists():
        raise Mistake(f"{its} is there already, and nothing is written over it. Name another file.")
    named(COPIES, "copy")(file, into)
    if has_key:
        named(COPIES, "copy_key")(key, its)
    return Kept(into, into.stat().st_size, its if has_key else None)


async def restore(settings: Settings, source: Path | None, *, beyond: int, at: datetime) -> Restored:
    """Put a copy in the database's place, or without one make ready what was put there by other means.

    Incidents declared afterwards are numbered from ``beyond + 1`` on. Nothing is lost: what stood there is set aside.
    The bot must not run. Raises :class:`~bot.errors.Mistake`.
    """
    if source is None:
        return Restored(await _ready(settings.database_url, beyond), aside=None)
    file = _file(settings)
    if file is None:
        raise Mistake("Put it back with pg_restore first, then run `tocsin restore` without a file.")
    with named(COPIES, "beside")(source, file) as made:
        doubted = await _ready(f"sqlite:///{made}", beyond)
        aside = await asyncio.to_thread(named(COPIES, "put"), made, file, at=at)
    key = _key(settings)
    if key is not None and _key_of(source).is_file():
        named(COPIES, "put_key")(_key_of(source), key, at=at)
    return Restored(doubted, aside)


async def _ready(url: str, beyond: int) -> int:
    """Bring it up to date, and doubt what is owed in it; how much that is."""
    database = named("adapters.database", "Database")(url)
    try:
        await database.migrate()
        doubted: int = await database.come_back(beyond=beyond)
    finally:
        await database.stop()
    return doubted


def _file(settings: Settings) -> Path | None:
    found: Path | None = named(COPIES, "file_of")(settings.database_url)
    return found


def _key(settings: Settings) -> Path | None:
    """The file of the key that was made beside the database, where SECRET_KEY does not say otherwise."""
    found: Path | None = named("adapters.keys", "file_of")(settings.database_url)
    return None if settings.secret_keys else found


def _key_of(copy: Path) -> Path:
    return copy.with_name(copy.name + KEY)
