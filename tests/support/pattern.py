"""SQLite files that have the schema: copies of one that the migrations themselves made, which is quick."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from adapters.database import Database

SQLITE = "sqlite:///"


@cache
def _pattern() -> Path:
    """Where the one stands that is copied, as long as this process lives."""
    folder = tempfile.mkdtemp(prefix="tocsin-pattern-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder) / "tocsin.db"


async def lay(url: str) -> str:
    """The address, once its file has the schema; one that is there stays as it is, and so does another database."""
    file = Path(url.removeprefix(SQLITE))
    if not url.startswith(SQLITE) or file.exists():  # noqa: ASYNC240  # a file of the test's own
        return url
    pattern = _pattern()
    if not pattern.exists():
        first = Database(f"{SQLITE}{pattern}")
        await first.migrate()
        await first.stop()
    shutil.copy(pattern, file)
    return url
