"""People's own routes, sealed, their quiet hours, and the key that a bot without a setting made."""

from collections.abc import Collection
from datetime import time
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import tables as t
from adapters.database.dialect import Dialect
from bot.keys import Purpose
from bot.routes import Kind, QuietHours, Route

ONLY = 1
"""The one row of the kept key."""
SAMPLE = 500
"""Rows of each kind that the doctor tries to open."""


class SqlRoutes:
    """Routes within one transaction; see :class:`bot.routes.Routes`."""

    def __init__(self, connection: AsyncConnection, dialect: Dialect) -> None:
        self._connection, self._dialect = connection, dialect

    async def of(self, keys: Collection[str]) -> list[Route]:
        """Somebody's routes in order, locked."""
        return await routes_of(self._connection, keys, locked=True)

    async def keep(self, route: Route) -> int:
        """Keep it as it is now."""
        row = {
            "person": route.person,
            "place": route.place,
            "service": route.service,
            "kind": route.kind.value,
            "tail": route.tail,
            "added_at": route.added_at,
            "sealed": route.sealed,
            "code": route.code,
            "code_until": route.code_until,
            "wrong": route.wrong,
            "verified_at": route.verified_at,
        }
        if route.id:
            await self._connection.execute(update(t.route).where(t.route.c.id == route.id).values(row))
            return route.id
        return int(await self._connection.scalar(t.route.insert().values(row).returning(t.route.c.id)) or 0)

    async def drop(self, id: int) -> None:
        """Forget one."""
        await self._connection.execute(delete(t.route).where(t.route.c.id == id))

    async def quiet(self, keys: Collection[str]) -> QuietHours | None:
        """When somebody is left alone."""
        return await quiet_of(self._connection, keys)

    async def keep_quiet(self, keys: Collection[str], hours: QuietHours | None) -> None:
        """Keep these hours in place of any others."""
        await self._connection.execute(delete(t.quiet_hours).where(t.quiet_hours.c.person.in_(keys)))
        if hours is not None:
            row = {
                "person": hours.person,
                "begins": f"{hours.begins:%H:%M}",
                "ends": f"{hours.ends:%H:%M}",
                "zone": hours.zone,
                "excepts": to_json(sorted(hours.excepts)).decode(),
            }
            statement = self._dialect.insert(t.quiet_hours).values(row)
            await self._connection.execute(
                statement.on_conflict_do_update(index_elements=["person"], set_=row)
            )  # two of their accounts may say it at once


async def routes_of(connection: AsyncConnection, keys: Collection[str], *, locked: bool = False) -> list[Route]:
    """Somebody's routes in order."""
    statement = select(t.route).where(t.route.c.person.in_(keys)).order_by(t.route.c.place, t.route.c.id)
    rows = await connection.execute(statement.with_for_update() if locked else statement)
    return [_route(row) for row in rows.mappings()]


async def route_by(connection: AsyncConnection, id: int) -> Route | None:
    """One route."""
    row = (await connection.execute(select(t.route).where(t.route.c.id == id))).mappings().first()
    return _route(row) if row is not None else None


async def quiet_of(connection: AsyncConnection, keys: Collection[str]) -> QuietHours | None:
    """When somebody is left alone; of several that were kept under several accounts the first."""
    c = t.quiet_hours.c
    statement = select(t.quiet_hours).where(c.person.in_(keys)).order_by(c.person).limit(1)
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        return None
    begins, ends = (time.fromisoformat(row[name]) for name in ("begins", "ends"))
    return QuietHours(row["person"], begins, ends, row["zone"], frozenset(from_json(row["excepts"])))


async def kept_key(connection: AsyncConnection, dialect: Dialect, proposed: str) -> str:
    """The key that is kept, which is the proposed one where none was; whoever comes second waits and finds it."""
    statement = dialect.insert(t.kept_key).values(id=ONLY, key=proposed).on_conflict_do_nothing()
    await connection.execute(statement)
    return str(await connection.scalar(select(t.kept_key.c.key)))


async def sealed_rows(connection: AsyncConnection) -> tuple[list[tuple[Purpose, str, str]], str | None]:
    """Some of what is sealed (what for, sealed, whose), and the key that is kept, if one is."""
    routes = await connection.execute(select(t.route.c.sealed, t.route.c.person).limit(SAMPLE))
    told = await connection.execute(select(t.subscription.c.sealed, t.subscription.c.id).limit(SAMPLE))
    found = [(Purpose.ROUTE, str(row[0]), str(row[1])) for row in routes]
    found += [(Purpose.SUBSCRIPTION, str(row[0]), str(row[1])) for row in told]
    return found, await connection.scalar(select(t.kept_key.c.key))


def _route(row: Any) -> Route:
    return Route(**{**row, "kind": Kind(row["kind"])})
