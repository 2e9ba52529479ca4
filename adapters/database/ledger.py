"""The ledger: hands out what is owed, to one worker at a time, and takes the outcomes back."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Integer,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel.sql.sqltypes import UTCDateTime

from adapters.database import tables as t
from adapters.database.dialect import Dialect
from adapters.database.lanes import Lane, generation, lane_of, settle
from adapters.database.rows import KINDS, claimed, keys_of
from adapters.database.waiting import lock_streams, open_lanes, set_ready
from bot.intents import CHANNEL, LetDeploy, Post
from bot.ledger import Backlog, Claimed, Done, GivenUp, Later, Outcome, Standstill

LEASE = timedelta(seconds=10)
"""How long a claim is safe from other workers, unless renewed."""
LONGEST_WAIT = timedelta(minutes=10)
"""What waits longer than this was written before a clock went back; no ``Later`` waits longer, therefore."""

PATIENT = (LetDeploy.model_fields["kind"].default,)
"""Kinds of effects that wait for people, for days if need be."""

OPEN = t.owed.c.done_at.is_(None)
FREED = {"claimed_by": None, "claimed_until": None}

Connecting = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class SqlLedger:
    """The ledger as one worker sees it; see :class:`bot.ledger.Ledger`.

    Claiming waits for nobody (``SKIP LOCKED``). All else locks incidents first, then the streams of what belongs to
    none, then owed effects, each in ascending order, and changes the readiness only of what nobody holds: no two of
    them can wait for each other.
    """

    def __init__(
        self,
        transaction: Connecting,
        dialect: Dialect,
        *,
        reading: Connecting,
        worker: str,
        now: Callable[[], datetime],
        lease: timedelta = LEASE,
    ) -> None:
        self._now = now
        """The clock that people and platforms see: for ``first_try_at``, which is held against their times."""
        self._transaction = transaction
        self._reading = reading
        self._dialect = dialect
        self._worker = worker
        self._lease = lease
        c = t.owed.c
        ours = c.platform == bindparam("of"), c.ready, c.kind.not_in(bindparam("without", expanding=True))
        self._claim = self._claiming(*ours)
        self._claim_these = self._claiming(c.id.in_(bindparam("these", expanding=True)))

    async def claim(self, platform: str, *, limit: int, without: Iterable[str] = ()) -> list[Claimed]:
        """Take up to ``limit`` effects that can be done now, most urgent first."""
        which = {"of": platform, "without": list(without), "many": limit}
        async with self._transaction() as connection:
            return await self._take(connection, self._claim, which)

    async def _take(
        self, connection: AsyncConnection, statement: ReturningUpdate[Any], which: dict[str, Any]
    ) -> list[Claimed]:
        rows = await connection.execute(statement, which | {"at": self._now()})
        taken = sorted(rows.mappings(), key=lambda row: (row["urgency"], row["id"]))
        needs = {row["id"]: keys_of(row["needs"]) for row in taken}
        lanes = {(row["incident"], row["platform"]) for row in taken if row["incident"] is not None}
        refs = await _refs(connection, lanes, frozenset().union(*needs.values()))
        loose = [(row["platform"], needs[row["id"]]) for row in taken if row["incident"] is None]
        refs.update(await _posted(connection, loose))
        return [claimed(row, _wanted(refs[row["incident"], row["platform"]], needs[row["id"]])) for row in taken]

    def _claiming(self, *which: ColumnElement[bool]) -> ReturningUpdate[Any]:
        """Claims ``many`` of these, in one statement; what only a newer version beside us knows is left to it."""
        c, clock = t.owed.c, self._dialect.clock
        which = (*which, c.kind.in_([literal_column(f"'{kind}'") for kind in sorted(KINDS)]))
        return (
            update(t.owed)
            .where(c.id.in_(select(_picked(self._dialect, self._lease, which).c.id)))
            .values(
                ready=true(),
                claimed_by=self._worker,
                claimed_until=clock(self._lease),
                fence=c.fence + 1,
                attempts=c.attempts + 1,
                first_try_at=func.coalesce(c.first_try_at, bindparam("at", type_=UTCDateTime())),
                look_first=c.unsure,
                unsure=true(),
            )
            .returning(t.owed)
        )

    async def finish(self, outcomes: Sequence[Outcome], *, claim: bool = True) -> list[Claimed]:
        """Note outcomes; returns what became ready by them, claimed already."""
        if not outcomes:
            return []
        async with self._transaction() as connection:
            await self._lock_incidents(connection, outcomes)
            await lock_streams(connection, self._dialect, _lanes(outcomes))
            held = await self._held(connection, outcomes)
            closed = [each for each in held if not isinstance(each, Later)]
            await self._close(connection, closed)
            await self._put_off(connection, [each for each in held if isinstance(each, Later)])
            return await self._open_the_way(connection, held, claim=claim)

    async def _lock_incidents(self, connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
        """Every outcome may open the way for others; the lock keeps them from being owed unseen meanwhile."""
        numbers = {each.claim.incident for each in outcomes if each.claim.incident is not None}
        if numbers and self._dialect.postgres:
            number = t.incident.c.number
            await connection.execute(
                select(number).where(number.in_(numbers)).order_by(number).with_for_update(key_share=True)
            )

    async def _held(self, connection: AsyncConnection, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """The outcomes whose claims are still ours, one each, in order of id, locked."""
        latest = {each.claim.id: each for each in outcomes}
        fences = await self._fences(connection, latest)
        return [latest[id] for id, fence in sorted(fences.items()) if latest[id].claim.fence == fence]

    async def _fences(self, connection: AsyncConnection, ids: Iterable[int]) -> dict[int, int]:
        c = t.owed.c
        rows = await connection.execute(
            select(c.id, c.fence)
            .where(c.id.in_(list(ids)), c.claimed_by == self._worker, OPEN)
            .order_by(c.id)
            .with_for_update()
        )
        return {row[0]: row[1] for row in rows}

    async def _close(self, connection: AsyncConnection, closed: Sequence[Done | GivenUp]) -> None:
        if not closed:
            return
        statement = (
            update(t.owed)
            .where(t.owed.c.id == bindparam("closed"))
            .values(done_at=self._dialect.clock(), gave_up=bindparam("gave_up"), why=bindparam("why"), **FREED)
        )
        rows = [{"closed": each.claim.id, "gave_up": isinstance(each, GivenUp), "why": _why(each)} for each in closed]
        await connection.execute(statement, rows)
        await self._keep_refs(connection, [each for each in closed if isinstance(each, Done)])

    async def _keep_refs(self, connection: AsyncConnection, done: Sequence[Done]) -> None:
        """What stands now, for whatever needs it: of no incident only posts, for nothing else is ever named again."""
        placed, posted = [], []
        for each in done:
            claim = each.claim
            kept = {"platform": claim.platform, "key": claim.key, "ref": each.ref}
            if each.ref is None:
                continue
            if claim.incident is not None:
                placed.append({**kept, "incident": claim.incident, "generation": generation(claim.key)})
            elif isinstance(claim.intent, Post):
                posted.append(kept)
        for table, rows in ((t.placed, placed), (t.posted, posted)):
            if rows:
                await connection.execute(self._dialect.insert(table).on_conflict_do_nothing(), rows)

    async def _put_off(self, connection: AsyncConnection, later: Sequence[Later]) -> None:
        if not later:
            return
        now: datetime = (await connection.execute(select(self._dialect.clock()))).scalar_one()
        c = t.owed.c
        statement = (
            update(t.owed)
            .where(c.id == bindparam("later"))
            .values(
                not_before=bindparam("wait_until"),
                why=bindparam("why"),
                unsure=or_(c.look_first, bindparam("maybe_done", type_=Boolean())),
                **FREED,
            )
        )
        rows = [
            {
                "later": each.claim.id,
                "wait_until": now + min(each.wait, LONGEST_WAIT),
                "why": each.why,
                "maybe_done": each.maybe_done,
            }
            for each in later
        ]
        await connection.execute(statement, rows)

    async def _open_the_way(
        self, connection: AsyncConnection, held: Sequence[Outcome], *, claim: bool
    ) -> list[Claimed]:
        """Make ready what waited for nothing else, and take it."""
        touched = _lanes(held)
        if not touched:
            return []
        lanes = await open_lanes(connection, touched)
        changed = [each for lane in lanes.values() for each in settle(lane)]
        opened = [each.id for each in changed if each.ready]
        taken: list[Claimed] = []
        if opened and claim:
            taken = await self._take(connection, self._claim_these, {"these": opened, "many": len(opened)})
        mine = {each.id for each in taken}
        await set_ready(connection, [each for each in changed if each.id not in mine])
        return taken

    async def renew(self, claims: Iterable[Claimed]) -> set[int]:
        """Extend the leases of these claims; returns the ids still held."""
        async with self._transaction() as connection:
            ids = await self._still_ours(connection, claims)
            if ids:
                until = self._dialect.clock(self._lease)
                await connection.execute(update(t.owed).where(t.owed.c.id.in_(ids)).values(claimed_until=until))
        return ids

    async def release(self, claims: Iterable[Claimed]) -> None:
        """Give claims back untouched; the attempt does not count."""
        c = t.owed.c
        async with self._transaction() as connection:
            ids = await self._still_ours(connection, claims)
            if ids:
                untouched = {"unsure": c.look_first, "attempts": c.attempts - 1}
                await connection.execute(update(t.owed).where(c.id.in_(ids)).values(**untouched, **FREED))

    async def _still_ours(self, connection: AsyncConnection, claims: Iterable[Claimed]) -> set[int]:
        wanted = {claim.id: claim.fence for claim in claims}
        fences = await self._fences(connection, wanted) if wanted else {}
        return {id for id, fence in fences.items() if wanted[id] == fence}

    async def backlog(self) -> list[Backlog]:
        """What is owed and not done, by platform."""
        c = t.owed.c
        statement = select(c.platform, func.count(), func.min(c.owed_at)).where(OPEN).group_by(c.platform)
        async with self._reading() as connection:
            return [Backlog(*row) for row in await connection.execute(statement.order_by(c.platform))]

    async def standstills(self) -> list[Standstill]:
        """What waits longest on each platform, of what is ready; where nothing is, of all, for that is wrong, too."""
        c, able = t.owed.c, case((t.owed.c.ready, t.owed.c.id))
        longest = (
            select(c.platform, func.count().label("depth"), func.coalesce(func.min(able), func.min(c.id)).label("id"))
            .where(OPEN, c.kind.not_in(PATIENT))
            .group_by(c.platform)
            .subquery()
        )
        found = select(c.platform, longest.c.depth, c.id, c.owed_at, self._dialect.clock(), c.why)
        async with self._reading() as connection:
            rows = await connection.execute(found.join(longest, c.id == longest.c.id).order_by(c.platform))
            return [Standstill(of, depth, id, at, now - at, why or "") for of, depth, id, at, now, why in rows]

    async def keys(self, beginning: str) -> set[tuple[str, str]]:
        """Every key of no incident that begins so."""
        c = t.owed.c
        ours = c.incident.is_(None), c.key.startswith(beginning, autoescape=True)
        async with self._reading() as connection:
            return {(row[0], row[1]) for row in await connection.execute(select(c.platform, c.key).where(*ours))}


def _picked(dialect: Dialect, lease: timedelta, which: Sequence[ColumnElement[bool]]) -> CTE:
    """Of these, the most urgent that are open, whose wait is over, and that nobody holds or somebody held too long.

    A time too far ahead was written before a clock went back: it counts as past.
    """
    c, clock = t.owed.c, dialect.clock
    waited = or_(c.not_before.is_(None), c.not_before <= clock(), c.not_before > clock(LONGEST_WAIT))
    left = or_(c.claimed_until.is_(None), c.claimed_until <= clock(), c.claimed_until > clock(2 * lease))
    picked = select(c.id).where(OPEN, *which, waited, left).order_by(c.urgency, c.id)
    return picked.limit(bindparam("many", type_=Integer())).with_for_update(skip_locked=True).cte("picked")


def _lanes(outcomes: Iterable[Outcome]) -> set[Lane]:
    """Where these may open the way for others."""
    lanes = (lane_of(each.claim.incident, each.claim.platform, each.claim.stream) for each in outcomes)
    return {lane for lane in lanes if lane is not None}


def _wanted(refs: dict[str, str], needs: frozenset[str]) -> dict[str, str]:
    return {key: ref for key, ref in refs.items() if key == CHANNEL or key in needs}


def _why(outcome: Done | GivenUp) -> str | None:
    return outcome.why if isinstance(outcome, GivenUp) else None


async def _refs(
    connection: AsyncConnection, lanes: set[tuple[int, str]], keys: frozenset[str]
) -> dict[tuple[int | None, str], dict[str, str]]:
    """References of these incidents on these platforms: of these keys, and of the current channel as ``channel``."""
    refs: dict[tuple[int | None, str], dict[str, str]] = defaultdict(dict)
    if not lanes:
        return refs
    c = t.placed.c
    rows = await connection.execute(
        select(c.incident, c.platform, c.key, c.ref, c.generation)
        .where(
            c.incident.in_({number for number, _ in lanes}),
            c.platform.in_({platform for _, platform in lanes}),
            or_(c.key.in_(keys), c.generation > 0),
        )
        .order_by(c.generation)
    )
    for number, platform, key, ref, channel in rows:
        refs[number, platform][CHANNEL if channel else key] = ref
    return refs


async def _posted(
    connection: AsyncConnection, wanted: Sequence[tuple[str, frozenset[str]]]
) -> dict[tuple[int | None, str], dict[str, str]]:
    """References of messages that belong to no incident, of these keys on these platforms."""
    refs: dict[tuple[int | None, str], dict[str, str]] = defaultdict(dict)
    keys = frozenset().union(*(needs for _, needs in wanted))
    if keys:
        c = t.posted.c
        platforms = {platform for platform, _ in wanted}
        statement = select(c.platform, c.key, c.ref).where(c.platform.in_(platforms), c.key.in_(keys))
        for platform, key, ref in await connection.execute(statement):
            refs[None, platform][key] = ref
    return refs
