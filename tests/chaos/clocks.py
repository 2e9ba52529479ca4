"""A clock that can be moved from outside the process that lives by it: its offset lies in a file of eight bytes."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

SETTING = "CHAOS_CLOCK"
"""Names the file to a process of the chaos; nothing else reads it."""
_SHAPE = struct.Struct("<d")


class Offset:
    """So many seconds the clock of a process is wrong by; written here, read there."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set(0.0)

    def set(self, seconds: float) -> None:
        """Jump there."""
        mode = "r+b" if self.file.exists() else "w+b"
        with self.file.open(mode) as written:
            written.write(_SHAPE.pack(seconds))


class WrongClock:
    """The machine's clock, and what :class:`Offset` says on top."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._seconds = mmap.mmap(opened.fileno(), _SHAPE.size, access=mmap.ACCESS_READ)

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=_SHAPE.unpack(self._seconds[:])[0])
