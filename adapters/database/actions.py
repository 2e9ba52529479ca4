"""The index of action items: kept beside the incidents' documents, for lists over all of them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import tables as t
from adapters.database.queries import summaries
from bot.incident import Incident
from bot.progress import ActionItem
from bot.reader import Todo, Todos

OPEN = ~t.action.c.done


async def store_actions(connection: AsyncConnection, incidents: Sequence[Incident]) -> None:
    """Bring the index in line with the incidents; those without items cost nothing."""
    having = {each.number: each for each in incidents if each.progress.actions}
    if not having:
        return
    c = t.action.c
    columns = (c.incident, c.number, c.playbook, c.owner, c.due_at, c.done)
    stored = {tuple(row) for row in await connection.execute(select(*columns).where(c.incident.in_(having)))}
    wanted = {_row(each, item) for each in having.values() for item in each.progress.actions}
    stale = {number for number, *_ in stored ^ wanted}
    if stale:
        await connection.execute(delete(t.action).where(c.incident.in_(stale)))
        names = [column.name for column in columns]
        rows = sorted((row for row in wanted if row[0] in stale), key=lambda row: row[:2])
        await connection.execute(t.action.insert(), [dict(zip(names, row, strict=True)) for row in rows])


def _row(incident: Incident, item: ActionItem) -> tuple[int, int, str, str | None, datetime | None, bool]:
    owner = item.owned_by.key if item.owned_by is not None else None
    return incident.number, item.number, incident.playbook, owner, item.due_at, not item.open


async def open_actions(
    connection: AsyncConnection,
    visible: ColumnElement[bool],
    *,
    now: datetime,
    owners: Collection[str] | None,
    playbook: str | None,
    until: datetime | None,
    limit: int,
) -> Todos:
    """The first due of the open ones, and how many there are."""
    c = t.action.c
    conditions = [OPEN, visible]
    if owners is not None:
        conditions.append(c.owner.in_(owners))
    if playbook is not None:
        conditions.append(c.playbook == playbook)
    if until is not None:
        conditions.append(c.due_at <= until)

    both = t.action.join(t.incident, t.incident.c.number == c.incident)
    late = func.sum(case((c.due_at <= now, 1), else_=0))
    counts = select(func.count(), late).select_from(both).where(*conditions)
    count, overdue = (await connection.execute(counts)).one()
    order = (c.due_at.is_(None), c.due_at, c.incident, c.number)
    first = select(c.incident, c.number).select_from(both).where(*conditions).order_by(*order).limit(limit)
    found = [(number, place) for number, place in await connection.execute(first)]
    return Todos(await _todos(connection, found), count, overdue or 0)


async def _todos(connection: AsyncConnection, found: Sequence[tuple[int, int]]) -> list[Todo]:
    """Items with what stands in their incidents' documents."""
    numbers = {number for number, _ in found}
    if not numbers:
        return []
    among = t.incident.c.number.in_(numbers)
    documents = await connection.scalars(select(t.incident.c.document).where(among))
    incidents = [Incident.model_validate_json(document) for document in documents]
    items = {(each.number, item.number): item for each in incidents for item in each.progress.actions}
    shown = {one.number: one for one in await summaries(connection, (among,))}
    return [Todo(shown[number], items[number, place]) for number, place in found if (number, place) in items]
