"""Answers questions: outside any transaction, on connections that the database keeps from writing."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from pydantic_core import from_json
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import alert_tables as a
from adapters.database import proof
from adapters.database import tables as t
from adapters.database.accounts import accounts_of
from adapters.database.actions import open_actions
from adapters.database.alerts import SqlAlertReader
from adapters.database.handoffs import SqlHandoffReader
from adapters.database.overrides import between
from adapters.database.queries import COUNTED, NEWEST, OPEN, channel_of, matching, message_of, summaries
from adapters.database.routes import quiet_of, route_by, routes_of
from adapters.database.rows import frozen, link
from bot.accounts import Account
from bot.alerts.tracked import Tracked
from bot.chain import Illegible, Tail
from bot.incident import Incident
from bot.people import Person
from bot.playbook.process import Stage
from bot.playbook.reading import KEPT
from bot.playbook.shape import Playbook
from bot.public import PublicIncident, public, shown
from bot.reader import Counted, Frozen, Sought, Summary, Todos
from bot.rotations import Override
from bot.routes import QuietHours, Route
from bot.timeline import Link

PIECE = 500
"""Entries that :meth:`SqlReader.chain` loads at a time, and incidents that :meth:`SqlReader.public` does."""


def batched(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many at a time as are read at once."""
    return (numbers[place : place + PIECE] for place in range(0, len(numbers), PIECE))


def visible(viewer: Person | None) -> ColumnElement[bool]:
    """Incidents that somebody may see, be it by what they were known as before they linked their accounts."""
    public = ~t.incident.c.private
    if viewer is None:
        return public
    member = exists().where(t.member.c.incident == t.incident.c.number, t.member.c.person.in_(viewer.keys))
    return or_(public, member)


class SqlReader:
    """Answers questions; see :class:`bot.reader.Reader`."""

    def __init__(self, connection: Callable[[], AbstractAsyncContextManager[AsyncConnection]]) -> None:
        self._connection = connection

    @property
    def alerts(self) -> SqlAlertReader:
        """Answers questions about alerts."""
        return SqlAlertReader(self._connection)

    async def routes(self, keys: Collection[str]) -> list[Route]:
        """Somebody's routes in order."""
        async with self._connection() as connection:
            return await routes_of(connection, keys)

    async def route(self, id: int) -> Route | None:
        """One route."""
        async with self._connection() as connection:
            return await route_by(connection, id)

    async def quiet(self, keys: Collection[str]) -> QuietHours | None:
        """When somebody is left alone."""
        async with self._connection() as connection:
            return await quiet_of(connection, keys)

    @property
    def handoffs(self) -> SqlHandoffReader:
        """Answers questions about the hand-overs of on-call."""
        return SqlHandoffReader(self._connection)

    async def incident(self, number: int) -> Incident | None:
        """The incident as last saved."""
        async with self._connection() as connection:
            document = await connection.scalar(select(t.incident.c.document).where(t.incident.c.number == number))
        return None if document is None else Incident.model_validate_json(document)

    async def open(self, viewer: Person | None, *, limit: int = 20) -> list[Summary]:
        """Open incidents, most recently declared first."""
        async with self._connection() as connection:
            return await summaries(connection, (OPEN, visible(viewer)), limit=limit)

    async def frozen(self, viewer: Person | None) -> list[Frozen]:
        """What freezes production now, longest first; a private one without its summary, unless the viewer sees it."""
        c = t.incident.c
        columns = (c.number, c.frozen_at, c.document)  # few freeze at a time, and an index finds them
        statement = select(*columns).where(c.frozen_at.is_not(None)).order_by(c.frozen_at, c.number)
        async with self._connection() as connection:
            rows = (await connection.execute(statement)).all()
            numbers = [row.number for row in rows]  # by number: SQLite would go through all, in order of declaration
            shown = await summaries(connection, (c.number.in_(numbers), visible(viewer))) if rows else []
        known = {one.number: one for one in shown}
        return [frozen(at, document, known.get(number)) for number, at, document in rows]

    async def public_revisions(self, since: datetime) -> dict[int, int]:
        """The incidents that customers were told of and that are of matter since then: number to revision. Alerts come
        first: one that an incident takes over meanwhile is found twice rather than nowhere.
        """
        c = t.incident.c
        statement = select(c.number, c.revision).where(c.public_until >= since, *COUNTED)
        async with self._connection() as connection:
            alerts = await _public_alerts(connection, a.alert.c.public_until >= since)
            rows = (await connection.execute(statement)).all()
        return {row.number: row.revision for row in rows} | {-id: len(one.updates) for id, one in alerts.items()}

    async def public(self, numbers: Collection[int]) -> dict[int, PublicIncident]:
        """What customers may see of these incidents."""
        c = t.incident.c
        found: dict[int, PublicIncident] = {}
        for asked in batched(sorted(number for number in numbers if number > 0)):
            statement = select(c.document).where(c.number.in_(asked), c.public_until.is_not(None), *COUNTED)
            async with self._connection() as connection:
                kept = [Incident.model_validate_json(document) for document in await connection.scalars(statement)]
            found |= {one.number: seen for one in kept if (seen := public(one)) is not None}
        ids = [-number for number in numbers if number < 0]
        if not ids:
            return found
        async with self._connection() as connection:
            alerts = await _public_alerts(connection, a.alert.c.id.in_(ids))
        return found | {-id: seen for id, seen in alerts.items()}

    async def find(self, sought: Sought, viewer: Person | None, *, limit: int = 10) -> list[Summary]:
        """Incidents that are sought, newest first."""
        async with self._connection() as connection:
            newest = (t.incident.c.number.desc(),)
            return await summaries(connection, (*matching(sought), visible(viewer)), order=newest, limit=limit)

    async def summary(self, number: int) -> Summary | None:
        """One incident as it stands in lists."""
        async with self._connection() as connection:
            found = await summaries(connection, (t.incident.c.number == number,))
        return found[0] if found else None

    async def timeline(self, number: int, *, after: int = 0, limit: int = 50, newest: bool = False) -> list[Link]:
        """Entries in order."""
        seq = t.entry.c.seq
        statement = t.entry.select().where(t.entry.c.incident == number, seq > after)
        async with self._connection() as connection:
            rows = await connection.execute(statement.order_by(seq.desc() if newest else seq).limit(limit))
            links = [link(row) for row in rows.mappings()]
        return links[::-1] if newest else links

    async def chain(self, number: int) -> AsyncIterator[Link]:
        """The whole timeline; what is appended meanwhile comes too."""
        seen = 0
        while piece := await self.timeline(number, after=seen, limit=PIECE):
            for each in piece:
                yield each
            seen = piece[-1].seq

    async def rows(self, number: int, *, after: int = 0) -> AsyncIterator[Link | Illegible]:
        """The timeline as it stands, also where it was tampered with."""
        async for each in proof.rows(self._connection, number, after=after):
            yield each

    async def tail(self, number: int) -> Tail | None:
        """How the incident says that its timeline ends."""
        return await proof.tail(self._connection, number)

    async def last_drill(self, playbook: str) -> Summary | None:
        """The drill last declared under the playbook of this name and not called off."""
        c = t.incident.c
        held = select(c.number, c.document).where(c.drill, c.stage != Stage.CANCELLED.value).order_by(*NEWEST)
        async with self._connection() as connection:
            rows = await connection.execute(held)  # drills are few
            number = next((number for number, document in rows if from_json(document)["playbook"] == playbook), None)
            found = await summaries(connection, (c.number == number,)) if number is not None else []
        return found[0] if found else None

    async def actions(
        self,
        viewer: Person | None,
        *,
        now: datetime,
        owners: Collection[str] | None = None,
        playbook: str | None = None,
        until: datetime | None = None,
        drills: bool = True,
        limit: int = 20,
    ) -> Todos:
        """Open action items of the incidents that the viewer may see, the first due first."""
        async with self._connection() as connection:
            seen = visible(viewer) if drills else and_(visible(viewer), ~t.incident.c.drill)
            return await open_actions(
                connection, seen, now=now, owners=owners, playbook=playbook, until=until, limit=limit
            )

    async def numbers(self) -> list[int]:
        """The number of every incident, and of everything that a timeline is kept for."""
        async with self._connection() as connection:
            kept = await connection.scalars(union(select(t.incident.c.number), select(t.entry.c.incident)))
            return sorted(kept)

    async def counted(self, sought: Sought) -> list[Counted]:
        """Incidents that are sought, oldest first, for figures."""
        c = t.incident.c
        columns = (c.severity, c.declared_at, c.began_at, c.acknowledged_at, c.mitigated_at, c.resolved_at)
        happened = c.stage != Stage.CANCELLED.value
        statement = select(*columns).where(*matching(sought), *COUNTED, happened).order_by(c.declared_at)
        async with self._connection() as connection:
            return [Counted(*row) for row in await connection.execute(statement)]

    async def counts(self) -> list[tuple[str, str, int]]:
        """Severity, status and number of incidents."""
        c = t.incident.c
        statement = (
            select(c.severity, c.status, func.count())
            .where(*COUNTED)
            .group_by(c.severity, c.status)
            .order_by(c.severity, c.status)
        )
        async with self._connection() as connection:
            return [(severity, status, many) for severity, status, many in await connection.execute(statement)]

    async def playbook(self, name: str, version: str) -> Playbook | None:
        """A stored version of a playbook."""
        statement = select(t.playbook.c.document).where(t.playbook.c.name == name, t.playbook.c.version == version)
        async with self._connection() as connection:
            document = await connection.scalar(statement)
        if document is None:
            return None  # kept under the names in code (``from_``) beside those that people write (``from``)
        return Playbook.model_validate_json(document, context=KEPT, by_alias=True, by_name=True)

    async def number_of(self, platform: str, *, channel: str) -> int | None:
        """The number of the incident whose channel this is."""
        async with self._connection() as connection:
            return await channel_of(connection, platform, channel=channel)

    async def message(self, platform: str, *, ref: str) -> tuple[int, str] | None:
        """Incident number and key of a message that the bot posted."""
        async with self._connection() as connection:
            return await message_of(connection, platform, ref=ref)

    async def accounts(self, platform: str, handles: Collection[str]) -> list[Account]:
        """Every linked account of whoever has one of these."""
        async with self._connection() as connection:
            return await accounts_of(connection, platform, handles)

    async def overrides(self, playbook: str, *, since: datetime, until: datetime) -> list[Override]:
        """Those of a playbook's rotations that touch a span."""
        async with self._connection() as connection:
            return await between(connection, playbook, since, until)

    async def next_due_at(self) -> datetime | None:
        """When a timed rule next has to look at anything."""
        due_at = t.incident.c.next_due_at
        statement = select(due_at).where(due_at.is_not(None)).order_by(due_at).limit(1)
        async with self._connection() as connection:
            return await connection.scalar(statement)

    async def ping(self) -> None:
        """Ask the database anything."""
        async with self._connection() as connection:
            await connection.execute(select(1))


async def _public_alerts(connection: AsyncConnection, which: ColumnElement[bool]) -> dict[int, PublicIncident]:
    """What customers were told of alerts that no incident took over, by their ids."""
    c = a.alert.c
    rows = (await connection.execute(select(c.id, c.document).where(c.public_until.is_not(None), which))).all()
    seen = {row.id: shown(Tracked.model_validate_json(row.document).publication) for row in rows}
    return {id: one for id, one in seen.items() if one is not None}
