"""Timelines as they stand in the database, for their proof: rows that somebody tampered with included."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from pydantic_core import from_json
from sqlalchemy import RowMapping, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import tables as t
from adapters.database.rows import link
from bot.chain import Illegible, Tail
from bot.timeline import Link

Connecting = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
PIECE = 1000
"""Entries in memory at a time."""


async def rows(connecting: Connecting, number: int, *, after: int) -> AsyncIterator[Link | Illegible]:
    """Every row of a timeline, in order."""
    while piece := await _piece(connecting, number, after=after, limit=PIECE):
        for each in piece:
            yield each
        after = piece[-1].seq


async def _piece(connecting: Connecting, number: int, *, after: int, limit: int) -> list[Link | Illegible]:
    """The next rows; where the database itself cannot hand one of them out, only those before it, or it alone."""
    seq = t.entry.c.seq
    statement = t.entry.select().where(t.entry.c.incident == number, seq > after).order_by(seq).limit(limit)
    try:
        async with connecting() as connection:
            found = (await connection.execute(statement)).mappings().all()
    except (ValueError, TypeError):  # a value that is none of its column's: SQLite keeps anything anywhere
        if limit > 1:
            return await _piece(connecting, number, after=after, limit=limit // 2)
        return [Illegible(await _seq(connecting, number, after=after), "a value in it is of another kind")]
    return [_read(row) for row in found]


async def _seq(connecting: Connecting, number: int, *, after: int) -> int:
    seq = t.entry.c.seq
    statement = select(seq).where(t.entry.c.incident == number, seq > after).order_by(seq).limit(1)
    async with connecting() as connection:
        return int((await connection.execute(statement)).scalar_one())


def _read(row: RowMapping) -> Link | Illegible:
    try:
        return link(row)
    except (ValueError, TypeError):
        return Illegible(row["seq"], "a value in it is of another kind")


async def tail(connecting: Connecting, number: int) -> Tail | None:
    """What the incident says of its timeline's end, in its columns and in its document."""
    c = t.incident.c
    statement = select(c.entries, c.head, cast(c.document, Text)).where(c.number == number)
    async with connecting() as connection:
        row = (await connection.execute(statement)).first()
    if row is None:
        return None
    length, head, document = row
    try:
        kept = from_json(document)
        same = (kept["entries"], kept["head"]) == (length, head)
    except (ValueError, TypeError, KeyError):
        return Tail(length, head, strange="the incident itself cannot be read")
    return Tail(length, head, strange="" if same else "the incident contradicts itself about it")
