"""Questions that work and reader both ask."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import tables as t
from adapters.database.rows import SUMMARY, folded, summary
from bot.reader import Sought, Summary

OPEN = t.incident.c.open
COUNTED = ~t.incident.c.private, ~t.incident.c.drill
"""Incidents that figures are made of."""
NEWEST = (t.incident.c.declared_at.desc(), t.incident.c.number.desc())


async def channel_of(connection: AsyncConnection, platform: str, *, channel: str) -> int | None:
    """The number of the incident whose channel this is, be it an earlier one."""
    c = t.placed.c
    number = await connection.scalar(
        select(c.incident).where(c.platform == platform, c.ref == channel, c.generation > 0)
    )
    return None if number is None else int(number)


async def message_of(connection: AsyncConnection, platform: str, *, ref: str) -> tuple[int, str] | None:
    """Incident number and key of a message that the bot posted."""
    c = t.placed.c
    row = (
        await connection.execute(
            select(c.incident, c.key).where(c.platform == platform, c.ref == ref, c.generation == 0)
        )
    ).first()
    return (row[0], row[1]) if row else None


async def channel_refs(connection: AsyncConnection, numbers: Collection[int]) -> dict[int, dict[str, str]]:
    """Each incident's current channels: platform to reference. The latest that was opened is the current one."""
    if not numbers:
        return {}
    c = t.placed.c
    rows = await connection.execute(
        select(c.incident, c.platform, c.ref).where(c.incident.in_(numbers), c.generation > 0).order_by(c.generation)
    )
    refs: dict[int, dict[str, str]] = defaultdict(dict)
    for number, platform, ref in rows:
        refs[number][platform] = ref
    return refs


async def commander_role(connection: AsyncConnection, name: str, version: str) -> str | None:
    """The role that leads under a stored playbook."""
    document = await connection.scalar(
        select(t.playbook.c.document).where(t.playbook.c.name == name, t.playbook.c.version == version)
    )
    return None if document is None else str(from_json(document)["commander"])


def matching(sought: Sought) -> list[ColumnElement[bool]]:
    """What holds of the incidents that are sought."""
    c = t.incident.c
    holds = [
        or_(c.search.contains(word, autoescape=True), func.lower(c.severity) == word)
        for word in folded(sought.words).split()
    ]
    if sought.severities:
        holds.append(c.severity.in_(sorted(sought.severities)))
    if sought.component:
        holds.append(func.lower(c.component) == sought.component.lower())
    if sought.since is not None:
        holds.append(c.declared_at >= sought.since)
    if sought.until is not None:
        holds.append(c.declared_at < sought.until)
    return holds


async def summaries(
    connection: AsyncConnection,
    where: Sequence[ColumnElement[bool]],
    *,
    order: Sequence[ColumnElement[Any]] = NEWEST,
    limit: int | None = None,
) -> list[Summary]:
    """Incidents as they stand in lists: one query for them, one for their channels."""
    rows = (await connection.execute(select(*SUMMARY).where(*where).order_by(*order).limit(limit))).mappings().all()
    refs = await channel_refs(connection, [row["number"] for row in rows])
    return [summary(row, refs.get(row["number"], {})) for row in rows]
