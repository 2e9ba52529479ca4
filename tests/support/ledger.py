"""What the database says is still to be done: rows of the ledger, and the alerts of the inbox."""

import asyncio
import time
from dataclasses import dataclass

from sqlalchemy import func, select

from adapters.database import Database
from adapters.database import tables as t

GLANCE = 0.05
"""Seconds between two looks."""


@dataclass(frozen=True)
class Promise:
    """One row of the ledger."""

    incident: int | None
    platform: str
    key: str
    kind: str
    done: bool
    gave_up: bool
    holder: str = ""


async def promises(database: Database) -> list[Promise]:
    """Every row of the ledger."""
    c = t.owed.c
    columns = (c.incident, c.platform, c.key, c.kind, c.done_at, c.gave_up, c.claimed_by)
    async with database._read() as connection:
        rows = (await connection.execute(select(*columns))).all()
    return [Promise(r[0], r[1], r[2], r[3], r[4] is not None, bool(r[5]), r[6] or "") for r in rows]


async def owed(database: Database) -> int:
    """How many rows of the ledger are not done yet."""
    async with database._read() as connection:
        left = select(func.count()).select_from(t.owed).where(t.owed.c.done_at.is_(None))
        return int(await connection.scalar(left) or 0)


async def all_done(database: Database, *, within: float) -> None:
    """Wait until nothing is owed; fails after so many seconds."""
    deadline = time.monotonic() + within
    while await owed(database):
        assert time.monotonic() < deadline, "still owed"
        await asyncio.sleep(GLANCE)


async def all_taken(database: Database, *, within: float) -> None:
    """Wait until the inbox is empty; fails after so many seconds."""
    deadline = time.monotonic() + within
    while await database.inbox.depth(most=1):
        assert time.monotonic() < deadline, "alerts still wait"
        await asyncio.sleep(GLANCE)
