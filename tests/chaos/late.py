"""How late effects were: against when they were owed and could be done."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from adapters.database import Database
from adapters.database import tables as t
from bot.incident import Incident
from bot.timeline import Kind, Link
from tests.chaos.outages import Outages

CADENCE = timedelta(seconds=3)
"""As the chaos's process has it: so long after its declaration an incident is asked about first."""
LOST_AFTER = 20.0
"""Seconds for which an incident may stand open beyond its first reminder's time; without one it was lost then."""


@dataclass
class Lateness:
    """Seconds, by what was late: ``slack``, ``discord``, ``pager``, ``statuspage``, ``reminder``."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, what: str, seconds: float) -> None:
        self.seconds[what].append(max(0.0, seconds))

    def figures(self, what: str = "") -> dict[str, float]:
        """Median, 99th percentile and most of one kind, or of all."""
        found = sorted(self.seconds[what] if what else [s for each in self.seconds.values() for s in each])
        return {
            "p50": _part(found, 0.5), "p99": _part(found, 0.99), "most": round(found[-1], 2) if found else 0.0,
        }  # fmt: skip


def _part(found: Sequence[float], part: float) -> float:
    return round(found[min(len(found) - 1, int(part * len(found)))], 2) if found else 0.0


async def effects(late: Lateness, database: Database, outages: Outages) -> None:
    """Every effect that was done: both times are the database's own."""
    c = t.owed.c
    statement = select(c.platform, c.owed_at, c.done_at).where(c.done_at.is_not(None), c.gave_up.is_(False))
    async with database._read() as connection:
        rows = (await connection.execute(statement)).all()
    for place, owed_at, done_at in rows:
        late.add(place, (done_at - owed_at).total_seconds() - outages.waited(place, owed_at, done_at))


def first_reminder(late: Lateness, incident: Incident, links: Sequence[Link], outages: Outages) -> bool:
    """Hold an incident's first reminder against its time; whether it is lost."""
    due = incident.declared_at + CADENCE
    asked = next((one.entry.at for one in links if one.entry.kind is Kind.REMINDER), None)
    ended = next((one.entry.at for one in links if one.entry.kind in (Kind.END, Kind.UPDATE)), None)
    if asked is not None and (ended is None or asked < ended):
        late.add("reminder", _without(outages, due, asked))
        return False
    return ended is not None and _without(outages, due, ended) > LOST_AFTER


def _without(outages: Outages, start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() - outages.waited("reminder", start, end)
