"""The record of overrides: who is on call in place of whoever a rotation says."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, ScalarSelect, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import tables as t
from bot.rotations import Override

OVER = timedelta(days=1)
"""So long ago one may have ended and still be of use: a hand-over's note says who was on call before."""


class SqlOverrides:
    """Overrides within one transaction; see :class:`bot.rotations.Overrides`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._around: list[Override] | None = None
        self._last: list[datetime | None] = []
        """When the last of all ends, where that is known."""

    def know(self, last: datetime | None) -> None:
        """The last of all ends then; ``None`` where there is none. Learned beside an incident, without a question."""
        self._last = [last]

    async def around(self, now: datetime) -> Sequence[Override]:
        """Those that have not been over for a day; nothing is asked where it is known that all are."""
        since = now - OVER
        if self._around is None and self._last and (self._last[0] is None or self._last[0] <= since):
            return ()
        if self._around is None:
            statement = select(t.override).where(t.override.c.ends > since).order_by(t.override.c.id)
            self._around = [_override(row) for row in await self._connection.execute(statement)]
        return self._around

    async def add(self, override: Override) -> Override:
        """Keep one."""
        made = {"by": override.by, "at": override.made, "because": override.because}
        whose = {name: getattr(override, name) for name in ("playbook", "rotation", "person", "instead_of")}
        row = {**whose, **made, "begins": override.begins, "ends": override.ends}
        kept = (await self._connection.execute(t.override.insert().values(row).returning(t.override))).one()
        self._around, self._last = None, []
        return _override(kept)

    async def one(self, id: int) -> Override | None:
        """One of them, locked."""
        found = await self._connection.execute(select(t.override).where(t.override.c.id == id).with_for_update())
        row = found.first()
        return _override(row) if row is not None else None

    async def take_back(self, id: int, *, by: str, at: datetime) -> None:
        """Note that it ends now, unless that was noted before."""
        c = t.override.c
        standing = (c.id == id, c.taken_back_at.is_(None))
        await self._connection.execute(update(t.override).where(*standing).values(taken_back_at=at, taken_back_by=by))
        self._around = None


def last_end() -> ScalarSelect[datetime | None]:
    """When the last of all overrides ends: asked beside something else, answered from the end of an index."""
    return select(func.max(t.override.c.ends)).scalar_subquery()


async def between(connection: AsyncConnection, playbook: str, since: datetime, until: datetime) -> list[Override]:
    """Those of a playbook that touch a span, the oldest first; without those that never counted."""
    c = t.override.c
    counted = or_(c.taken_back_at.is_(None), c.taken_back_at > c.begins)
    statement = select(t.override).where(c.playbook == playbook, c.ends > since, c.begins < until, counted)
    return [_override(row) for row in await connection.execute(statement.order_by(c.id))]


def _override(row: Row[tuple[object, ...]]) -> Override:
    kept = row._mapping
    back = kept["taken_back_at"]
    return Override(
        rotation=kept["rotation"],
        person=kept["person"],
        begins=kept["begins"],
        ends=min(kept["ends"], back) if back is not None else kept["ends"],
        by=kept["by"],
        because=kept["because"],
        id=kept["id"],
        instead_of=kept["instead_of"],
        playbook=kept["playbook"],
        made=kept["at"],
        taken_back=back,
        taken_back_by=kept["taken_back_by"] or "",
    )
