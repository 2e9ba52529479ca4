"""The hand-overs of on-call, each a document beside the columns that it is found by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import tables as t
from adapters.database.dialect import Dialect
from adapters.database.inbox import Connecting
from bot.handoff import Handoff

KEPT = select(t.handoff.c.id, t.handoff.c.document)
"""What a :class:`Handoff` is made of."""
LISTED = 50
"""Current hand-overs that are listed at most."""


class SqlHandoffs:
    """Hand-overs within one transaction; see :class:`bot.handoff.Handoffs`. They are locked before any stream."""

    def __init__(self, connection: AsyncConnection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect
        self._locked: set[int] = set()

    async def enter(self, handoff: Handoff) -> bool:
        """Store a new one. Whoever enters the same at the same time waits for this transaction to end."""
        statement = self._dialect.insert(t.handoff).values(_row(handoff)).on_conflict_do_nothing()
        id = await self._connection.scalar(statement.returning(t.handoff.c.id))
        if id is None:
            return False
        handoff.id = int(id)
        self._locked.add(handoff.id)
        return True

    async def get(self, id: int) -> Handoff | None:
        """One by its id, locked."""
        found = await self._lock(KEPT.where(t.handoff.c.id == id).with_for_update())
        return found[0] if found else None

    async def due(self, now: datetime, *, limit: int) -> list[Handoff]:
        """Those that are due, locked; those locked by another are passed over."""
        look_at = t.handoff.c.look_at
        due = KEPT.where(look_at <= now).order_by(look_at, t.handoff.c.id).limit(limit)
        return await self._lock(due.with_for_update(skip_locked=True))

    async def _lock(self, statement: Select[tuple[int, str]]) -> list[Handoff]:
        found = await _read(self._connection, statement)
        self._locked.update(one.id for one in found)
        return found

    async def save(self, handoff: Handoff) -> None:
        """Store one; raises ``ValueError`` for one that was not locked here: another's change would be lost."""
        if handoff.id not in self._locked:
            raise ValueError(f"saved without having been locked in this work: {handoff.id}")
        await self._connection.execute(update(t.handoff).where(t.handoff.c.id == handoff.id).values(_row(handoff)))


class SqlHandoffReader:
    """Answers questions about hand-overs; see :class:`bot.handoff.HandoffReader`."""

    def __init__(self, reading: Connecting) -> None:
        self._reading = reading

    async def current(self, playbooks: Sequence[str], *, now: datetime) -> list[Handoff]:
        """Those whose turn has not ended, the latest first."""
        c = t.handoff.c
        among = KEPT.where(c.ends_at > now, c.playbook.in_(playbooks)).order_by(c.id.desc()).limit(LISTED)
        async with self._reading() as connection:
            return await _read(connection, among)

    async def next_look(self) -> datetime | None:
        """When something has to be done about any next."""
        look_at = t.handoff.c.look_at
        async with self._reading() as connection:
            return await connection.scalar(select(look_at).where(look_at.is_not(None)).order_by(look_at).limit(1))


async def _read(connection: AsyncConnection, statement: Select[tuple[int, str]]) -> list[Handoff]:
    found = []
    for row in await connection.execute(statement):
        one = Handoff.model_validate_json(row.document)
        one.id = row.id
        found.append(one)
    return found


def _row(one: Handoff) -> dict[str, Any]:
    """Every column but the id."""
    return {
        "key": one.key,
        "playbook": one.playbook,
        "look_at": one.look_at,
        "ends_at": one.ends,
        "document": one.model_dump_json(exclude={"id"}),
    }
