"""The book of alerts: what is known of each dedupe key, and the inbox as whoever works it off sees it.

Locks are taken in this order, so that no two transactions can wait for each other: incidents first, in ascending order
of number; then alerts, in order of key; then, by ``Work.owe``, the streams of what belongs to no incident. Whoever has
locked an alert locks no incident any more that others may have locked: what the incident's card has to show is marked
as stale, and whoever draws the card locks the incident and then clears the mark.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, delete, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import alert_tables as t
from adapters.database import tables
from adapters.database.dialect import Dialect
from adapters.database.inbox import Connecting
from adapters.database.rows import folded
from bot.alerts.alert import Alert, AlertState
from bot.alerts.book import Accepted
from bot.alerts.tracked import Became, Tracked
from bot.public import shown, until

log = structlog.get_logger()

TAKING = 0x70C5_1713
"""Key of PostgreSQL's advisory lock under which one transaction at a time works the inbox off."""
KEPT = select(t.alert.c.id, t.alert.c.stale, t.alert.c.document)
"""What a :class:`Tracked` is made of."""
UNREADABLE = "accepted, but not readable by this version of Tocsin"
LATEST = t.alert.c.last_at.desc(), t.alert.c.id.desc()


class SqlAlertBook:
    """Alerts within one transaction; see :class:`bot.alerts.book.AlertBook`."""

    def __init__(self, connection: AsyncConnection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect
        self._locked: set[int] = set()

    async def take(self, *, limit: int) -> list[Accepted]:
        """The oldest of the inbox; none while another transaction takes. One that cannot be read is set aside.

        The lock is asked for in a statement of its own: one that also read would read what stood before it had it.
        SQLite has one writer anyway.
        """
        if self._dialect.postgres and not await self._connection.scalar(select(func.pg_try_advisory_xact_lock(TAKING))):
            return []
        rows = await self._connection.execute(select(t.inbox).order_by(t.inbox.c.id).limit(limit))
        taken, unreadable = [], []
        for row in rows:
            try:
                taken.append(Accepted(row.id, Alert.model_validate_json(row.document), row.at))
            except ValidationError:
                unreadable.append(row)
        await self._set_aside(unreadable)
        return taken

    async def _set_aside(self, unreadable: Sequence[Row[Any]]) -> None:
        """What another version of Tocsin accepted, and this one cannot read, holds nothing up and is not lost."""
        if not unreadable:
            return
        log.error("alerts_unreadable", count=len(unreadable), sources=sorted({row.source for row in unreadable}))
        rows = [{"source": row.source, "at": row.at, "why": UNREADABLE, "body": row.document} for row in unreadable]
        await self._connection.execute(t.strange.insert(), rows)
        await self.done([row.id for row in unreadable])

    async def done(self, ids: Collection[int]) -> None:
        """Remove these from the inbox."""
        if ids:
            await self._connection.execute(delete(t.inbox).where(t.inbox.c.id.in_(ids)))

    async def known(self, keys: Collection[str]) -> dict[str, Tracked]:
        """What is known of these keys, locked; one of which nothing is known is missing, and nothing is locked."""
        found = await self._lock(t.alert.c.key.in_(keys)) if keys else []
        return {one.key: one for one in found}

    async def get(self, id: int) -> Tracked | None:
        """One by its id, locked."""
        found = await self._lock(t.alert.c.id == id)
        return found[0] if found else None

    async def behind(self, id: int) -> list[Tracked]:
        """Those that wait behind this one's offer, locked."""
        return await self._lock(t.alert.c.behind == id)

    async def due(self, now: datetime, *, limit: int) -> list[Tracked]:
        """Those that are to be looked at again, earliest first, locked; those locked by another are passed over."""
        look_at = t.alert.c.look_at
        due = KEPT.where(look_at <= now).order_by(look_at, t.alert.c.id).limit(limit)
        return await self._locking(due.with_for_update(skip_locked=True))

    async def _lock(self, *which: ColumnElement[bool]) -> list[Tracked]:
        return await self._locking(KEPT.where(*which).order_by(t.alert.c.key).with_for_update())

    async def _locking(self, statement: Select[tuple[int, bool, str]]) -> list[Tracked]:
        found = await _tracked(self._connection, statement)
        self._locked.update(one.id for one in found)
        return found

    async def of_incident(self, number: int) -> list[Tracked]:
        """All that belong to an incident, the latest to fire first; not locked."""
        found = await _tracked(self._connection, KEPT.where(t.alert.c.incident == number))
        return sorted(found, key=lambda one: (one.since, one.id), reverse=True)

    async def firing_in(self, group: str, playbook: str) -> int | None:
        """Number of the newest open incident that an alert of this group belongs to."""
        c = t.alert.c
        mine = c.incident.is_not(None), c.group == group, c.playbook == playbook
        number = await self._connection.scalar(_open(*mine).with_only_columns(func.max(tables.incident.c.number)))
        return None if number is None else int(number)

    async def declared_since(self, since: datetime, playbook: str) -> list[int]:
        """Numbers of the open incidents that alerts declared since then, oldest first."""
        c, number = t.alert.c, tables.incident.c.number
        mine = c.declared, c.decided_at >= since, c.playbook == playbook
        return list(await self._connection.scalars(_open(*mine).distinct().order_by(number)))

    async def offered_since(self, since: datetime, playbook: str) -> list[int]:
        """Ids of those that were offered since then by a message of their own: that still fire first, oldest first."""
        c, over = t.alert.c, t.alert.c.state == AlertState.CLEARED.value
        mine = c.offered, c.behind.is_(None), c.decided_at >= since, c.playbook == playbook
        return list(await self._connection.scalars(select(c.id).where(*mine).order_by(over, c.decided_at, c.id)))

    async def stale(self, *, limit: int) -> list[int]:
        """Numbers of incidents whose card does not show yet what arrived for them, lowest first."""
        c = t.alert.c
        statement = select(c.incident).where(c.stale, c.incident.is_not(None)).distinct()
        return list(await self._connection.scalars(statement.order_by(c.incident).limit(limit)))

    async def shown(self, number: int) -> None:
        """Clear the marks: whoever reads the incident's alerts *afterwards* shows what they stood for."""
        c = t.alert.c
        marked = select(c.id).where(c.incident == number, c.stale).order_by(c.key).with_for_update().cte("marked")
        await self._connection.execute(update(t.alert).where(c.id.in_(select(marked.c.id))).values(stale=False))

    async def save(self, tracked: Sequence[Tracked]) -> None:
        """Store what is known; a new one is given its id.

        Raises ``ValueError`` for one that this transaction did not lock: another's change would be lost. New keys are
        stored by whoever takes from the inbox, and that is one at a time.
        """
        new = [one for one in tracked if not one.id]
        old = [one for one in tracked if one.id]
        strays = {one.id for one in old} - self._locked
        if strays:
            raise ValueError(f"saved without having been locked in this work: {sorted(strays)}")
        if new:
            await self._enter(new)
        if old:
            statement = update(t.alert).where(t.alert.c.id == bindparam("saved"))
            await self._connection.execute(statement, [{"saved": one.id} | _row(one) for one in old])

    async def _enter(self, new: Sequence[Tracked]) -> None:
        c = t.alert.c
        statement = t.alert.insert().returning(c.key, c.id)
        stored = await self._connection.execute(statement, [_row(one) for one in sorted(new, key=lambda one: one.key)])
        ids = {row.key: row.id for row in stored}
        for one in new:
            one.id = ids[one.key]
        self._locked.update(ids.values())


class SqlAlertReader:
    """Answers questions about alerts; see :class:`bot.alerts.book.AlertReader`."""

    def __init__(self, reading: Connecting) -> None:
        self._reading = reading

    async def get(self, id: int) -> Tracked | None:
        """One by its id."""
        found = await self._read(KEPT.where(t.alert.c.id == id))
        return found[0] if found else None

    async def find(self, words: str, *, limit: int = 10) -> list[Tracked]:
        """By key or link, else by words; case and accents do not matter to words."""
        c, wanted = t.alert.c, words.strip()
        standing = and_(true(), *(c.search.contains(word, autoescape=True) for word in folded(wanted).split()))
        for which in (c.key == wanted, c.link == wanted, standing) if wanted else ():
            if found := await self._read(KEPT.where(which).order_by(*LATEST).limit(limit)):
                return found
        return []

    async def latest(self, *, limit: int = 20) -> list[Tracked]:
        """Those that arrived last, latest first."""
        return await self._read(KEPT.order_by(*LATEST).limit(limit))

    async def of_incident(self, number: int) -> list[Tracked]:
        """All that belong to an incident, the first to arrive first."""
        return await self._read(KEPT.where(t.alert.c.incident == number).order_by(t.alert.c.id))

    async def arrived(self, since: datetime, playbook: str, *, limit: int) -> list[Tracked]:
        """Those under a playbook that arrived since then, in all most often first."""
        c = t.alert.c
        among = KEPT.where(c.last_at >= since, c.playbook == playbook)
        return await self._read(among.order_by(c.posted.desc(), *LATEST).limit(limit))

    async def noisiest(self, *, limit: int = 20) -> list[Tracked]:
        """Those that arrived most often, most often first."""
        return await self._read(KEPT.order_by(t.alert.c.posted.desc(), *LATEST).limit(limit))

    async def _read(self, statement: Select[tuple[int, bool, str]]) -> list[Tracked]:
        async with self._reading() as connection:
            return await _tracked(connection, statement)


def _open(*which: ColumnElement[bool]) -> Select[tuple[int]]:
    """Numbers of the open incidents to which such alerts belong."""
    number = tables.incident.c.number
    return select(number).join(t.alert, t.alert.c.incident == number).where(*which, tables.incident.c.open)


async def _tracked(connection: AsyncConnection, statement: Select[tuple[int, bool, str]]) -> list[Tracked]:
    found = []
    for row in await connection.execute(statement):
        one = Tracked.model_validate_json(row.document)
        one.id, one.stale = row.id, row.stale
        found.append(one)
    return found


def _row(one: Tracked) -> dict[str, Any]:
    """Every column but the id."""
    return {
        "key": one.key,
        "source": one.alert.source,
        "search": folded(f"{one.key} {one.alert.title}"),
        "link": one.alert.link,
        "state": one.state.value,
        "playbook": one.playbook,
        "incident": one.incident,
        "group": one.group,
        "declared": one.became is Became.DECLARED,
        "offered": one.became is Became.OFFERED,
        "behind": one.behind,
        "look_at": one.look_at,
        "decided_at": one.decided_at,
        "stale": one.stale,
        "public_until": until(shown(one.publication)),
        "posted": one.tally.posted,
        "last_at": one.last_at,
        "document": one.model_dump_json(exclude={"id", "stale"}),
    }
