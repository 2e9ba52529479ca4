"""Gathering what a pay report needs, and its lines. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from bot.errors import Mistake
from bot.pay import Earned, duties, month_of, report, stray
from bot.playbook.escalation import Rotation
from bot.playbook.shape import Playbook
from bot.reader import Reader
from bot.rota import BEFORE, overrides, paged

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
