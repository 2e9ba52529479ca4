"""One transaction in which incidents change."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, bindparam, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from adapters.database import alert_tables, saving
from adapters.database import tables as t
from adapters.database.accounts import SqlAccounts
from adapters.database.actions import store_actions
from adapters.database.alerts import SqlAlertBook
from adapters.database.dialect import Dialect
from adapters.database.handoffs import SqlHandoffs
from adapters.database.overrides import SqlOverrides, last_end
from adapters.database.queries import OPEN, channel_of, channel_refs, commander_role, message_of, summaries
from adapters.database.routes import SqlRoutes
from adapters.database.rows import incident_row
from bot.incident import Incident
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.reader import Summary
from bot.store import Ages, Change, Owed, Parked


class SqlWork:
    """One transaction; see :class:`bot.store.Work`.

    Lock several incidents in ascending order of number, or PostgreSQL may have to break a deadlock
    (``TryLater``, nothing saved).
    """

    def __init__(self, connection: AsyncConnection, dialect: Dialect, *, leads: dict[tuple[str, str], str]) -> None:
        self._connection = connection
        self._dialect = dialect
        self._leads = leads
        """Name of the commanding role, by name and version of the playbook."""
        self._alerts = SqlAlertBook(connection, dialect)
        self._overrides = SqlOverrides(connection)
        self._handoffs = SqlHandoffs(connection, dialect)
        self._locked: set[int] = set()
        self._named: set[str] = set()

    @property
    def accounts(self) -> SqlAccounts:
        """What people linked by themselves."""
        return SqlAccounts(self._connection, self._dialect)

    @property
    def routes(self) -> SqlRoutes:
        """Where people are reached."""
        return SqlRoutes(self._connection, self._dialect)

    @property
    def alerts(self) -> SqlAlertBook:
        """What is known of alerts."""
        return self._alerts

    @property
    def overrides(self) -> SqlOverrides:
        """Who is on call in whose place."""
        return self._overrides

    @property
    def handoffs(self) -> SqlHandoffs:
        """The hand-overs of on-call."""
        return self._handoffs

    async def hear_once(self, key: str, *, at: datetime) -> bool:
        """Note an inbound event. Whoever hears it at the same time waits for this transaction to end."""
        return (await self._connection.scalar(_heard(self._dialect), {"key": key, "at": at})) is not None

    async def incident(self, number: int) -> Incident | None:
        """The incident, locked."""
        found = await self._lock(_incident(), {"number": number})
        return found[0] if found else None

    async def free_incident(self, number: int) -> Incident | None:
        """The incident, locked, unless another holds it."""
        found = await self._lock(
            select(t.incident.c.document)
            .where(t.incident.c.number == number)
            .with_for_update(key_share=True, skip_locked=True)
            .add_columns(last_end())
        )
        return found[0] if found else None

    async def open_among(self, numbers: Collection[int]) -> set[int]:
        """Which of these incidents are open; not locked."""
        number = t.incident.c.number
        found = await self._connection.scalars(select(number).where(number.in_(numbers), OPEN))
        return set(found)

    async def due(self, now: datetime, *, limit: int) -> list[Incident]:
        """Incidents that are due, locked; those locked by another are passed over."""
        due_at = t.incident.c.next_due_at
        return await self._lock(
            select(t.incident.c.document)
            .where(due_at <= now)
            .order_by(due_at, t.incident.c.number)
            .limit(limit)
            .with_for_update(key_share=True, skip_locked=True)
            .add_columns(last_end())
        )

    async def wake(self, now: datetime) -> None:
        """Have every open incident looked at now, but for those that another holds: what they do, they do by then."""
        c = t.incident.c
        free = select(c.number).where(OPEN).order_by(c.number).with_for_update(key_share=True, skip_locked=True)
        await self._connection.execute(update(t.incident).where(c.number.in_(free)).values(next_due_at=now))

    async def _lock(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> list[Incident]:
        rows = (await self._connection.execute(statement, values)).all()
        found = [Incident.model_validate_json(document) for document, _ in rows]
        if rows:
            self._overrides.know(rows[0][1])
        self._locked.update(incident.number for incident in found)
        return found

    async def number_of(self, platform: str, *, channel: str) -> int | None:
        """The number of the incident whose channel this is."""
        return await channel_of(self._connection, platform, channel=channel)

    async def message(self, platform: str, *, ref: str) -> tuple[int, str] | None:
        """Incident number and key of a message that the bot posted."""
        return await message_of(self._connection, platform, ref=ref)

    async def channel_ref(self, number: int, platform: str) -> str | None:
        """The incident's current channel on a platform."""
        refs = await channel_refs(self._connection, [number])
        return refs.get(number, {}).get(platform)

    async def enter(self, incident: Incident) -> int:
        """Give a new incident its number, which is also set on it."""
        row = incident_row(incident, next_due_at=None, commander=None) | {"channel_name": None}
        number = await self._connection.scalar(_new(), row)
        incident.number = int(number or 0)
        self._locked.add(incident.number)
        return incident.number

    async def free_name(self, base: str) -> str:
        """The first of ``base``, ``base-2``, … that is free.

        Names that could meet are looked for one after the other: on PostgreSQL all that differ only in trailing
        numbers share a lock, on SQLite there is one transaction at a time anyway.
        """
        if self._dialect.postgres:
            stem = re.sub(r"(-\d+)+$", "", base)
            await self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(stem, 0))))
        for names in _names(base):
            taken = set(await self._connection.scalars(_taken(), {"names": names}))
            free = next((name for name in names if name not in taken | self._named), None)
            if free is not None:
                self._named.add(free)
                return free
        raise AssertionError  # pragma: no cover: names never end

    async def recent_open(self, since: datetime, *, limit: int) -> list[Summary]:
        """Open incidents declared since then, newest first."""
        return await summaries(self._connection, (OPEN, t.incident.c.declared_at >= since), limit=limit)

    async def park(self, words: str, *, actor: Person, at: datetime) -> int:
        """Put words aside."""
        statement = t.parked.insert().values(words=words, actor=actor.key, at=at).returning(t.parked.c.id)
        return int(await self._connection.scalar(statement) or 0)

    async def parked(self, id: int) -> Parked | None:
        """Words put aside."""
        row = (await self._connection.execute(t.parked.select().where(t.parked.c.id == id))).mappings().first()
        return Parked(row["id"], row["words"], row["actor"]) if row else None

    async def keep_playbook(self, playbook: Playbook, *, at: datetime) -> None:
        """Store this version of a playbook, unless it is stored already."""
        row = {
            "name": playbook.name,
            "version": playbook.version,
            "document": playbook.model_dump_json(),
            "at": at,
        }
        await self._connection.execute(self._dialect.insert(t.playbook).values(row).on_conflict_do_nothing())

    async def looked(self, number: int, *, person: str, seq: int) -> int:
        """Note how far somebody has seen the timeline; it never goes back."""
        mine = (t.seen.c.incident == number, t.seen.c.person == person)
        before = await self._connection.scalar(select(t.seen.c.seq).where(*mine))
        statement = self._dialect.insert(t.seen).values(incident=number, person=person, seq=seq)
        further = case((t.seen.c.seq > statement.excluded.seq, t.seen.c.seq), else_=statement.excluded.seq)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["incident", "person"], set_={"seq": further})
        )
        return int(before or 0)

    async def save(self, changes: Sequence[Change]) -> None:
        """Store incidents with what their change brings.

        Raises ``ValueError`` for an incident that this transaction did not lock: another's change would be lost.
        """
        if not changes:
            return
        strays = {change.incident.number for change in changes} - self._locked
        if strays:
            raise ValueError(f"saved without having been loaded in this work: {sorted(strays)}")
        links = [link for change in changes for link in saving.chained(change)]
        incidents = [change.incident for change in changes]
        commanders = await self._commanders(incidents)
        await saving.store_incidents(self._connection, self._dialect, changes, commanders=commanders)
        await saving.store_entries(self._connection, links)
        await saving.store_members(self._connection, incidents)
        await store_actions(self._connection, incidents)
        await saving.owe(self._connection, self._dialect, changes)

    async def _commanders(self, incidents: Sequence[Incident]) -> dict[int, str | None]:
        """Name of whoever leads, by number."""
        for wanted in {(each.playbook, each.version) for each in incidents} - self._leads.keys():
            role = await commander_role(self._connection, *wanted)
            if role is not None:
                self._leads[wanted] = role
        leading = {
            each.number: each.holder(self._leads.get((each.playbook, each.version), "commander")) for each in incidents
        }
        return {number: person.name if person else None for number, person in leading.items()}

    async def forget(self, now: datetime, ages: Ages, *, limit: int) -> int:
        """Delete what is too old. Rows that another transaction holds are passed over."""
        alert, strange = alert_tables.alert, alert_tables.strange
        needed = alert.c.incident.in_(select(t.incident.c.number).where(OPEN))
        forgotten = alert.c.last_at < now - ages.alerts, or_(alert.c.incident.is_(None), ~needed)
        return sum(
            [
                await self._delete(t.heard.c.key, t.heard.c.at < now - ages.heard, limit=limit),
                await self._delete(t.parked.c.id, t.parked.c.at < now - ages.parked, limit=limit),
                await self._delete(t.code.c.digest, t.code.c.until <= now, limit=limit),
                await self._delete(alert.c.id, and_(*forgotten), limit=limit),
                await self._delete(strange.c.id, strange.c.at < now - ages.strange, limit=limit),
                await self.accounts.forget_wrong_codes(now),
            ]
        )

    async def _delete(self, key: Column[Any], old: ColumnElement[bool], *, limit: int) -> int:
        some = select(key).where(old).limit(limit).with_for_update(skip_locked=True)
        gone = await self._connection.execute(delete(key.table).where(key.in_(some)))
        return gone.rowcount

    async def owe(self, owed: Sequence[Owed]) -> None:
        """Owe effects that belong to no incident; see the port. Locks their streams until the transaction ends."""
        await saving.owe_loose(self._connection, self._dialect, owed)


def _names(base: str) -> Iterator[list[str]]:
    """Batches of names to try, each twice as long as the one before."""
    start, size = 1, 8
    for _ in count():
        yield [base if number == 1 else f"{base}-{number}" for number in range(start, start + size)]
        start, size = start + size, size * 2


@cache
def _heard(dialect: Dialect) -> ReturningInsert[Any]:
    """Notes an event, and returns its key where it is new. Built once, as every command needs it."""
    return dialect.insert(t.heard).on_conflict_do_nothing().returning(t.heard.c.key)


@cache
def _incident() -> Select[Any]:
    """The incident of ``number``, to be locked, and when the last override ends."""
    c = t.incident.c
    found = select(c.document).where(c.number == bindparam("number")).with_for_update(key_share=True)
    return found.add_columns(last_end())


@cache
def _new() -> ReturningInsert[Any]:
    """Stores a new incident, and returns its number."""
    return t.incident.insert().returning(t.incident.c.number)


@cache
def _taken() -> Select[Any]:
    """Which of ``names`` are a channel's."""
    c = t.incident.c
    return select(c.channel_name).where(c.channel_name.in_(bindparam("names", expanding=True)))
