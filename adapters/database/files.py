"""What the doctor examines of an SQLite database: the file, its folder, and what they lie on."""

import shutil
import sqlite3
import stat
import tempfile
from pathlib import Path

from bot.doctor import Finding, doubt, fine, wrong

WHAT = "Database (sqlite)"
MOUNTS = Path("/proc/self/mounts")
NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "fuse.sshfs", "afs", "lustre"})
"""Kinds of file systems on which SQLite's locks and its WAL cannot be relied on (https://sqlite.org/wal.html)."""
ROOM = 200 << 20
"""Free bytes from which on the disk is not low: SQLite needs some to write at all."""
HEADER = b"SQLite format 3\x00"


def examine(file: Path, *, mounts: Path = MOUNTS, room: int = ROOM) -> tuple[list[Finding], bool]:
    """What is found, and whether there is a database that can be read."""
    folder = _standing(file.parent)
    found = [*_network(folder, mounts), *_room(folder, room)]
    if file.exists():
        one = _readable(file)
        return [*found, *_open(file), one], not one.name
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as no:
        return [*found, _unwritable(folder, no)], False
    return [*found, fine(WHAT, f"none yet: the first start makes {file}")], False


def _standing(folder: Path) -> Path:
    """The nearest folder above that is there: the rest is made by the start."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _unwritable(folder: Path, no: OSError) -> Finding:
    mend = f"Give {folder} to the user who runs the bot, or name another place in DATABASE_URL."
    return wrong("database.folder", WHAT, f"{folder} cannot be written ({no.strerror}).", mend)


def _readable(file: Path) -> Finding:
    try:
        with file.open("r+b") as opened:  # it changes nothing, and asks whether one could
            head = opened.read(len(HEADER))
        if head and head != HEADER:
            mend = "Name another file in DATABASE_URL, or bring the database back from its copy."
            return wrong("database.not-sqlite", WHAT, f"{file} is no SQLite database.", mend)
        with tempfile.TemporaryFile(dir=file.parent):  # WAL keeps files of its own beside it
            pass
    except OSError as no:
        return _unwritable(file if file.is_file() else file.parent, no)
    return _whole(file)


def _whole(file: Path) -> Finding:
    """Whether SQLite itself finds the file whole; read only, and it waits for nobody."""
    try:
        with sqlite3.connect(f"file:{file.as_posix()}?mode=ro", uri=True, timeout=1) as connection:
            said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        connection.close()
    except sqlite3.DatabaseError as no:
        said = str(no)
        if getattr(no, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            mend = "Let only the bot use the file; end what else does, such as a sqlite3 shell."
            return doubt("database.locked", WHAT, f"{file} is locked by another process.", mend)
    if said != "ok":
        mend = "Stop the bot, and bring it back from a copy; `sqlite3 FILE .recover` saves what can be read."
        return wrong("database.damaged", WHAT, f"{file} is damaged ({said}).", mend)
    return fine(WHAT, f"{file} is whole and can be written")


def _open(file: Path) -> list[Finding]:
    """Whether everybody on the machine may read it; a group may be meant to."""
    if not file.stat().st_mode & stat.S_IROTH:
        return []
    says = f"Everybody on this machine may read {file}; private incidents are in it."
    return [doubt("database.readable", WHAT, says, f"chmod o-rwx {file}*")]


def _network(folder: Path, mounts: Path) -> list[Finding]:
    kind = _kind(folder.resolve(), mounts)
    if kind not in NETWORK:
        return []
    says = f"{folder} is on a network file system ({kind}), on which SQLite loses data."
    return [wrong("database.network", WHAT, says, "Use a disk of this machine, or PostgreSQL.")]


def _kind(folder: Path, mounts: Path) -> str:
    """What the folder's file system is; the longest mount point that it lies under decides."""
    try:
        rows = [line.split() for line in mounts.read_text().splitlines()]
    except OSError:
        return ""  # not Linux
    above = [(len(row[1]), row[2]) for row in rows if len(row) > 2 and folder.is_relative_to(_spelled(row[1]))]
    return max(above, default=(0, ""))[1]


def _spelled(point: str) -> str:
    """A mount point as people write it: spaces stand there in octal."""
    return point.replace("\\040", " ")


def _room(folder: Path, room: int) -> list[Finding]:
    free = shutil.disk_usage(folder).free
    if free >= room:
        return []
    says = f"{free >> 20} MiB are free where {folder} lies; without any nothing can be saved."
    return [doubt("database.disk", WHAT, says, "Make room, or move the database (DATABASE_URL).")]
