"""Who is told by webhook; see :class:`bot.subscriptions.Subscriptions`."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic_core import from_json
from sqlalchemy import RowMapping, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import tables as t
from adapters.database.dialect import Dialect
from adapters.database.rows import json_of
from bot.subscriptions import LEASE, Subscription

Connecting = Callable[[], AbstractAsyncContextManager[AsyncConnection]]

C = t.subscription.c
COLUMNS = (C.id, C.digest, C.sealed, C.sent, C.failures, C.failing_since, C.try_at, C.claimed_until)


class SqlSubscriptions:
    """The table, each question on a connection of its own."""

    def __init__(self, transaction: Connecting, dialect: Dialect, *, reading: Connecting) -> None:
        self._transaction, self._reading, self._dialect = transaction, reading, dialect

    async def add(self, new: Subscription, *, at: datetime, most: int) -> bool:
        """Keep one. Two that come at once may both find the last place: one more than ``most`` does no harm."""
        values = _row(new) | {"id": new.id, "digest": new.digest, "sealed": new.sealed, "made_at": at}
        statement = self._dialect.insert(t.subscription).values(values)
        kept = {name: statement.excluded[name] for name in values if name != "digest"}
        async with self._transaction() as connection:
            count = await connection.scalar(
                select(func.count()).select_from(t.subscription).where(C.digest != new.digest)
            )
            if (count or 0) >= most:
                return False
            await connection.execute(statement.on_conflict_do_update(index_elements=["digest"], set_=kept))
        return True

    async def all(self) -> list[Subscription]:
        """All of them, the oldest first."""
        async with self._reading() as connection:
            rows = await connection.execute(select(*COLUMNS).order_by(C.made_at, C.id))
            return [_read(row) for row in rows.mappings()]

    async def find(self, id: str) -> Subscription | None:
        """The one of this id."""
        async with self._reading() as connection:
            row = (await connection.execute(select(*COLUMNS).where(C.id == id))).mappings().first()
        return None if row is None else _read(row)

    async def claim(self, id: str, *, now: datetime) -> Subscription | None:
        """Take one. Of two replicas that ask at once, the second finds it taken."""
        free = or_(C.claimed_until.is_(None), C.claimed_until <= now)
        statement = update(t.subscription).where(C.id == id, free).values(claimed_until=now + LEASE)
        async with self._transaction() as connection:
            row = (await connection.execute(statement.returning(*COLUMNS))).mappings().first()
        return None if row is None else replace(_read(row), claimed_until=now + LEASE)

    async def keep(self, one: Subscription) -> None:
        """Store what became of one."""
        async with self._transaction() as connection:
            await connection.execute(update(t.subscription).where(C.id == one.id).values(_row(one)))

    async def drop(self, id: str) -> bool:
        """End one."""
        async with self._transaction() as connection:
            gone = await connection.execute(delete(t.subscription).where(C.id == id))
        return bool(gone.rowcount)


def _row(one: Subscription) -> dict[str, Any]:
    return {
        "sent": json_of(dict(one.sent)),
        "failures": one.failures,
        "failing_since": one.failing_since,
        "try_at": one.try_at,
        "claimed_until": one.claimed_until,
    }


def _read(row: RowMapping) -> Subscription:
    return Subscription(
        id=row["id"],
        digest=row["digest"],
        sealed=row["sealed"],
        sent=from_json(row["sent"]),
        failures=row["failures"],
        failing_since=row["failing_since"],
        try_at=row["try_at"],
        claimed_until=row["claimed_until"],
    )
