"""What the doctor examines about the database; it asks, and neither makes nor changes anything."""

import asyncio
from datetime import timedelta
from pathlib import Path

from sqlalchemy import exc

from adapters.database import files, schema, server
from adapters.database.engine import Engines, engines
from adapters.database.gone import RAW
from bot.doctor import Finding, doubt, fine, wrong
from bot.errors import Mistake
from bot.ports import Clock

SCHEMA = "Database schema"


async def examine(url: str, clock: Clock, *, mounts: Path = files.MOUNTS, room: int = files.ROOM) -> list[Finding]:
    """Everything that may keep incidents from being saved. ``mounts`` says what is mounted where, as Linux does;
    ``room`` is how many free bytes are enough.
    """
    found: list[Finding] = []
    path = url.removeprefix("sqlite:///").partition("?")[0] if url.startswith("sqlite:///") else ""
    if path not in ("", ":memory:"):
        file = Path(path)
        found, there = await asyncio.to_thread(files.examine, file, mounts=mounts, room=room)
        if not there:
            return found  # nothing to read, or nothing that can be read
    try:
        made = engines(url)
    except Mistake as no:
        mend = "Write sqlite:///var/tocsin.db, or postgresql://USER:PASSWORD@HOST/NAME."
        return [wrong("database.address", "Database", str(no), f"DATABASE_URL: {mend}")]
    try:
        if not made.dialect.postgres:
            return [*found, *await _schema(made)]
        connected = await server.examine(url, clock)
        return [*connected, *(await _schema(made) if not any(one.name in server.FATAL for one in connected) else ())]
    finally:
        await made.dispose()


async def _schema(made: Engines) -> list[Finding]:
    """Whether the schema is this version's."""
    try:
        async with asyncio.timeout(timedelta(seconds=8).total_seconds()):
            standing = await schema.standing(made)
    except (exc.DBAPIError, *RAW) as no:
        says = f"It cannot be read ({type(getattr(no, 'orig', no) or no).__name__})."
        return [wrong("database.unreadable", SCHEMA, says, "Is it Tocsin's own, and may this user read all of it?")]
    if standing is schema.Standing.NONE:
        return [fine(SCHEMA, "none yet: the first start makes it")]
    if standing is schema.Standing.OLDER:
        says = "It is an older version's."
        return [
            doubt("database.behind", SCHEMA, says, "`tocsin migrate` brings it up to date; so does the next start.")
        ]
    if standing is schema.Standing.NEWER:
        says = "A newer Tocsin has written it, so this one will not start."
        return [
            wrong("database.ahead", SCHEMA, says, "Start that version again, or give this one its own DATABASE_URL.")
        ]
    return [fine(SCHEMA, "up to date")]
