"""Saving: incidents with what happened and what they owe, a batch of hundreds in a handful of statements.

Whoever saves holds the incidents' locks, and so does whoever closes what they owe (``ledger.py``); for what belongs to
no incident both hold the streams' locks. Between the two nobody else changes these lanes, so that readiness is worked
out from what truly stands. What may change meanwhile is only whether a ready effect is *held*; see :func:`_certain`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from sqlalchemy import Text, Update, bindparam, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from adapters.database import tables as t
from adapters.database.dialect import Dialect
from adapters.database.lanes import Lane, Plan, Waiting, lane_of, plan, settle
from adapters.database.rows import SAID, entry_row, incident_row, owed_row, said
from adapters.database.waiting import lock_streams, open_lanes, set_ready
from bot.incident import Incident
from bot.store import Change, Owed
from bot.timeline import Link, append

FRESH = {"attempts": 0, "fence": 0, "unsure": False, "look_first": False, "gave_up": False}
"""How an effect begins that nobody has claimed yet."""
UNTOUCHED = t.owed.c.claimed_by.is_(None), t.owed.c.attempts == 0


def chained(change: Change) -> list[Link]:
    """The change's entries in their place; moves ``entries``, ``head`` and ``revision`` of the incident on."""
    incident = change.incident
    links = append(incident.number, change.entries, length=incident.entries, head=incident.head)
    incident.entries += len(links)
    incident.head = links[-1].hash if links else incident.head
    incident.revision += 1
    return links


async def store_incidents(
    connection: AsyncConnection, dialect: Dialect, changes: Sequence[Change], *, commanders: Mapping[int, str | None]
) -> None:
    """Write the incidents over what stood; only what was said in them is added to what is searched."""
    rows = []
    for change in changes:
        commander = commanders.get(change.incident.number)
        row = incident_row(change.incident, next_due_at=change.next_due_at, commander=commander)
        known = {"saved": change.incident.number, "known": row.pop("search"), "more": said(change.entries)}
        rows.append(known | row)
    await connection.execute(_over(dialect), rows)


@cache
def _over(dialect: Dialect) -> Update:
    """Writes incidents over what stood. Built once: to build it takes longer than to execute it."""
    words = dialect.behind_line(t.incident.c.search) + bindparam("more", type_=Text)
    searched = bindparam("known", type_=Text) + func.substr(words, 1, SAID)
    return update(t.incident).where(t.incident.c.number == bindparam("saved")).values(search=searched)


async def store_entries(connection: AsyncConnection, links: Sequence[Link]) -> None:
    """Append to the timelines."""
    if links:
        await connection.execute(t.entry.insert(), [entry_row(link) for link in links])


async def store_members(connection: AsyncConnection, incidents: Iterable[Incident]) -> None:
    """Keep who may see the private ones: each by every key that they may be known by."""
    wanted = {
        (each.number, key)
        for each in incidents
        if each.private
        for member in each.responders.values()
        for key in member.keys
    }
    numbers = {number for number, _ in wanted} | {each.number for each in incidents if each.private}
    if not numbers:
        return
    stored = await connection.execute(
        select(t.member.c.incident, t.member.c.person).where(t.member.c.incident.in_(numbers))
    )
    known = {(number, person) for number, person in stored}
    if wanted - known:
        new = [{"incident": number, "person": person} for number, person in sorted(wanted - known)]
        await connection.execute(t.member.insert(), new)
    if known - wanted:
        await connection.execute(
            delete(t.member).where(tuple_(t.member.c.incident, t.member.c.person).in_(sorted(known - wanted)))
        )


async def owe(connection: AsyncConnection, dialect: Dialect, changes: Sequence[Change]) -> None:
    """Store what the changes owe, drop what it replaces, and work out who is ready."""
    new: dict[Lane, list[Owed]] = defaultdict(list)
    for change in changes:
        for owed in change.owed:
            new[Lane(change.incident.number, owed.platform)].append(owed)
    await _take_in(connection, dialect, new)


async def owe_loose(connection: AsyncConnection, dialect: Dialect, owed: Sequence[Owed]) -> None:
    """Store effects of no incident: in order within their streams, and ready at once without one."""
    streams: dict[Lane, list[Owed]] = defaultdict(list)
    free = []
    for each in owed:
        lane = lane_of(None, each.platform, each.stream)
        if lane is None:
            free.append(owed_row(each, incident=None, needs=each.intent.needs(), ready=True))
        else:
            streams[lane].append(each)
    if free:
        statement = dialect.insert(t.owed).values(owed_at=dialect.clock(), **FRESH).on_conflict_do_nothing()
        await connection.execute(statement, free)
    await lock_streams(connection, dialect, streams)
    await _take_in(connection, dialect, streams)


async def _take_in(connection: AsyncConnection, dialect: Dialect, new: Mapping[Lane, list[Owed]]) -> None:
    if not new:
        return
    standing = await open_lanes(connection, new)
    plans = {lane: plan(standing[lane], owed) for lane, owed in new.items()}
    await _certain(connection, plans, standing, new)
    await _drop(connection, plans)
    changed = [each for made in plans.values() for each in settle(made.lane) if each.id is not None]
    await set_ready(connection, changed)
    await _insert(connection, dialect, plans)


async def _certain(
    connection: AsyncConnection,
    plans: dict[Lane, Plan],
    standing: Mapping[Lane, list[Waiting]],
    new: Mapping[Lane, list[Owed]],
) -> None:
    """Make sure that what is to be dropped was not claimed since it was read.

    What was claimed stays, and so does what needs it. What is certain is locked: a claim passes over it from here on.
    """
    doubtful = sorted(each.id for made in plans.values() for each in made.dropped if each.id is not None)
    if not doubtful:
        return
    certain = await connection.scalars(
        select(t.owed.c.id).where(t.owed.c.id.in_(doubtful), *UNTOUCHED).order_by(t.owed.c.id).with_for_update()
    )
    begun = set(doubtful) - set(certain)
    for lane, made in plans.items():
        if not any(each.id in begun for each in made.dropped):
            continue
        for each in standing[lane]:
            each.begun = each.begun or each.id in begun
            each.held = each.held or each.id in begun
        plans[lane] = plan(standing[lane], new[lane])


async def _drop(connection: AsyncConnection, plans: Mapping[Lane, Plan]) -> None:
    dropped = [each.id for made in plans.values() for each in made.dropped if each.id is not None]
    if dropped:
        await connection.execute(delete(t.owed).where(t.owed.c.id.in_(dropped)))


async def _insert(connection: AsyncConnection, dialect: Dialect, plans: Mapping[Lane, Plan]) -> None:
    """Store the new ones; a key that was owed before stays what it was."""
    rows = [
        owed_row(each.owed, incident=lane.incident, needs=each.needs, ready=each.ready)
        for lane, made in plans.items()
        for each in made.lane
        if each.owed is not None
    ]
    if not rows:
        return
    stored = (await connection.scalars(_unless_owed(dialect), rows)).all()
    if len(stored) < len(rows):  # a key that is done already blocks nobody
        lanes = await open_lanes(connection, plans)
        await set_ready(connection, [each for lane in lanes.values() for each in settle(lane)])


@cache
def _unless_owed(dialect: Dialect) -> ReturningInsert[tuple[int]]:
    """Stores effects whose keys are not owed yet, and returns their ids."""
    statement = dialect.insert(t.owed).values(owed_at=dialect.clock(), **FRESH)
    return statement.on_conflict_do_nothing().returning(t.owed.c.id)
