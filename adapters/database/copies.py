"""Copies of an SQLite database: made while others use it, put in its place while nobody does.

A file that is copied with ``cp`` lacks what still stands in the write-ahead log; SQLite's online backup reads one
consistent state through it and keeps nobody from writing. https://www.sqlite.org/backup.html
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import Mistake

BUSY = 5.0
"""Seconds to wait for somebody's lock."""
OWN = 0o600
"""Only their owner reads copies: private incidents are in them."""
COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a file, by how its name goes on."""


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; ``None`` for any other."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    return Path(parsed.database) if parsed.drivername.startswith("sqlite") and parsed.database else None


def copy(source: Path, into: Path) -> None:
    """Copy a database as it is at this moment into a new file: one file, whole, on the disk when this returns.

    Raises :class:`~bot.errors.Mistake` where there is none, where it is damaged, or where ``into`` is there already.
    """
    if not source.is_file():
        raise Mistake(f"There is no database {source}.")
    if into.exists():
        raise Mistake(f"{into} is there already, and nothing is written over it. Name another file.")
    into.parent.mkdir(parents=True, exist_ok=True)
    part = into.with_name(f".{into.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN))
        with _opened(source, timeout=BUSY) as read, closing(sqlite3.connect(part)) as written:
            read.backup(written)
            written.execute("PRAGMA journal_mode=DELETE")  # the copy is one file, also for whoever looks into it
            said = [row[0] for row in written.execute("PRAGMA quick_check(1)")]
        if said != ["ok"]:
            raise Mistake(f"{source} is damaged ({said[0]}). Take an older copy.")
        _on_disk(part)
        part.rename(into)
        _on_disk(into.parent)
    except sqlite3.Error as wrong:
        raise Mistake(f"{source} cannot be copied: {wrong}.") from wrong
    finally:
        for each in (part, *_companions(part)):
            each.unlink(missing_ok=True)


@contextmanager
def beside(source: Path, database: Path) -> Iterator[Path]:
    """A copy of ``source`` in the folder of ``database``, where it can be prepared; gone afterwards unless it was put
    in place."""
    made = database.with_name(f".{database.name}.{os.getpid()}.restore")
    try:
        copy(source, made)
        yield made
    finally:
        for each in (made, *_companions(made)):
            each.unlink(missing_ok=True)


def put(made: Path, database: Path, *, at: datetime) -> Path | None:
    """Put a copy in the place of ``database``; what stood there is set aside, and its new path is returned.

    Raises :class:`~bot.errors.Mistake` while anybody uses it.
    """
    aside = _set_aside(database, at=at) if database.exists() else None
    _owned_like(aside or database.parent, made)
    _on_disk(made)
    made.rename(database)
    _on_disk(database.parent)
    return aside


def _set_aside(database: Path, *, at: datetime) -> Path:
    aside = database.with_name(f"{database.name}.before-{at:%Y%m%dT%H%M%SZ}")
    _alone(database)
    for each in (database, *_companions(database)):
        if each.exists():
            each.rename(aside.with_name(aside.name + each.name.removeprefix(database.name)))
    return aside


def _alone(database: Path) -> None:
    """Whoever has the database open holds a lock on it, and only without one does SQLite leave its write-ahead log.

    A damaged file says nothing of who uses it: it is taken as it is, for it is what has to be replaced.
    """
    try:
        with _opened(database, timeout=0) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as wrong:
        if getattr(wrong, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Mistake(f"{database} is in use. Stop the bot first; nothing was changed.") from wrong


def put_key(source: Path, key: Path, *, at: datetime) -> None:
    """Put the key of a copy where the bot looks for it; another one that stood there is set aside."""
    wanted = source.read_bytes()
    if key.exists():
        if key.read_bytes() == wanted:
            return
        key.rename(key.with_name(f"{key.name}.before-{at:%Y%m%dT%H%M%SZ}"))
    copy_key(source, key)
    _owned_like(key.parent, key)


def copy_key(source: Path, into: Path) -> None:
    """Copy a key into a new file that only its owner reads."""
    with os.fdopen(os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN), "wb") as written:
        written.write(source.read_bytes())
        written.flush()
        os.fsync(written.fileno())


def _opened(file: Path, *, timeout: float) -> closing[sqlite3.Connection]:
    """A file that is there; none is made. ``timeout`` in seconds."""
    return closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=timeout))


def _owned_like(pattern: Path, made: Path) -> None:
    """Root puts back what the bot's own user has to be able to open."""
    if os.geteuid() == 0:
        of = pattern.stat()
        os.chown(made, of.st_uid, of.st_gid)


def _companions(file: Path) -> list[Path]:
    return [file.with_name(file.name + more) for more in COMPANIONS]


def _on_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some file systems know no such thing for folders
            os.fsync(opened)
    finally:
        os.close(opened)
