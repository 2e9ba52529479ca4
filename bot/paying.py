"""Gathering what a pay report needs: overrides, and who was paged for which incident. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.errors import Mistake
from bot.incident import Incident
from bot.pay import Earned, Paged, duties, month_of, report, stray
from bot.playbook.escalation import Rotation
from bot.playbook.shape import Playbook
from bot.rotations import Override
from bot.store import Reader

BEFORE = timedelta(days=62)
"""So long before a month pages are looked at: an incident is paid for once, in the month of the first."""
AROUND = timedelta(days=9)
"""A week that the month cuts begins before it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be reported."""

    month: str
    """``2026-11``."""
    rotation: str = ""
    """Name of one; all where left out."""
    rate: Decimal | None = None
    """For an hour of weekend work."""
    hours: Mapping[str, Decimal] = field(default_factory=dict)
    """Worked at weekends, by person."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report."""

    playbook: str
    name: str
    """The person's, as people read it."""
    earned: Earned


async def lines(reader: Reader, playbooks: Sequence[Playbook], asked: Asked) -> list[Line]:
    """What everybody earned in the rotations of these playbooks; raises ``Mistake``."""
    month, left = month_of(asked.month), dict(asked.hours)
    names = [one.name for playbook in playbooks for one in playbook.rotations]
    if asked.rotation and asked.rotation not in names:
        known = f"There are {', '.join(names)}." if names else "There is none."
        raise Mistake(f"“{asked.rotation[:40]}” is no rotation. {known}")
    found = []
    for playbook in playbooks:
        wanted = [one for one in playbook.rotations if asked.rotation in ("", one.name)]
        for one in await _earned(reader, playbook, wanted, month, rate=asked.rate, hours=left):
            person = playbook.person(one.person)
            found.append(Line(playbook.name, person.name if person is not None else one.person, one))
    stray(left)
    return found


async def _earned(
    reader: Reader,
    playbook: Playbook,
    rotations: Sequence[Rotation],
    month: date,
    *,
    rate: Decimal | None,
    hours: dict[str, Decimal],
) -> list[Earned]:
    spans = [duty.span for duty in duties(rotations, zone=playbook.timezone, overrides=(), month=month)]
    if not spans:
        return []
    since, until = min(begins for begins, _ in spans), max(ends for _, ends in spans)
    stand = await overrides(reader, playbook, since=since - AROUND, until=until + AROUND)
    paid = duties(rotations, zone=playbook.timezone, overrides=stand, month=month)
    pages = await paged(reader, playbook, since=since - BEFORE, until=until)
    return report(paid, pages, rate=rate, hours=hours)


async def overrides(reader: Reader, playbook: Playbook, *, since: datetime, until: datetime) -> Sequence[Override]:
    """The overrides of a playbook's rotations that touch a span."""
    ask = getattr(reader, "overrides", None)
    return await ask(playbook.name, since=since, until=until) if ask is not None else ()


async def paged(reader: Reader, playbook: Playbook, *, since: datetime, until: datetime) -> list[Paged]:
    """Who was paged for which of a playbook's incidents in a span, drills left out; private ones count."""
    found: list[Paged] = []
    for number in reversed(await reader.numbers()):
        incident = await reader.incident(number)
        if incident is None or incident.drill or incident.playbook != playbook.name:
            continue
        if incident.declared_at < since - BEFORE:
            break
        found += [one for one in _pages(incident) if since <= one.at < until]
    return found


def _pages(incident: Incident) -> Iterator[Paged]:
    """Everybody whom a page of the incident reached, and when it was sent."""
    for page in getattr(incident.progress, "pages", ()):
        for step in getattr(page, "steps", (page,)):
            state = getattr(step, "state", None)
            moment = getattr(step, "owed_at", None) or getattr(step, "at", None)
            if moment is not None and (state is None or state.reached):
                yield Paged(incident.number, step.person.key, moment)
