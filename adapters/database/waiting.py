"""What waits: the lanes as they stand in the database, for whoever owes more and for whoever closes what was done."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, RowMapping, String, and_, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import tables as t
from adapters.database.dialect import Dialect
from adapters.database.lanes import Lane, Waiting, lane_of
from adapters.database.rows import keys_of

STREAMS = 0x70C5_1714
"""Seed of the advisory locks of streams, so that they are nobody else's."""


async def lock_streams(connection: AsyncConnection, dialect: Dialect, lanes: Iterable[Lane]) -> None:
    """Lock the streams among these lanes until the transaction ends: a stream has no row that could be locked.

    In one statement and in order, after incidents and alerts. SQLite has one writer anyway.
    """
    names = sorted(f"{lane.platform}/{lane.stream}" for lane in lanes if lane.incident is None)
    if names and dialect.postgres:
        name = func.unnest(literal(names, ARRAY(String))).column_valued("name")
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, STREAMS))))


async def open_lanes(connection: AsyncConnection, lanes: Iterable[Lane]) -> dict[Lane, list[Waiting]]:
    """What is owed and not done in these lanes, oldest first. Whoever asks holds their locks."""
    wanted = set(lanes)
    loose = [lane for lane in wanted if lane.incident is None]
    c = t.owed.c
    which: list[ColumnElement[bool]] = []
    if len(loose) < len(wanted):
        which.append(c.incident.in_({lane.incident for lane in wanted if lane.incident is not None}))
    if loose:
        platforms, streams = {lane.platform for lane in loose}, {lane.stream for lane in loose}
        which.append(and_(c.incident.is_(None), c.platform.in_(platforms), c.stream.in_(streams)))
    rows = await connection.execute(
        select(
            c.id, c.incident, c.platform, c.key, c.kind, c.stream, c.needs, c.after, c.ready, c.attempts, c.claimed_by
        )
        .where(or_(*which), c.done_at.is_(None))
        .order_by(c.id)
    )
    found: dict[Lane, list[Waiting]] = {lane: [] for lane in wanted}
    for row in rows.mappings():
        lane = lane_of(row["incident"], row["platform"], row["stream"])
        if lane in found:
            found[lane].append(_waiting(row))
    return found


def _waiting(row: RowMapping) -> Waiting:
    return Waiting(
        key=row["key"],
        kind=row["kind"],
        stream=row["stream"],
        needs=keys_of(row["needs"]),
        after=keys_of(row["after"]),
        begun=row["attempts"] > 0 or row["claimed_by"] is not None,
        held=row["claimed_by"] is not None,
        ready=row["ready"],
        id=row["id"],
    )


async def set_ready(connection: AsyncConnection, changed: Sequence[Waiting]) -> None:
    """Store who is ready and who no longer is. Who was claimed meanwhile is left as it is."""
    for ready in (True, False):
        ids = [each.id for each in changed if each.ready is ready]
        if ids:
            await connection.execute(
                update(t.owed).where(t.owed.c.id.in_(ids), t.owed.c.claimed_by.is_(None)).values(ready=ready)
            )
