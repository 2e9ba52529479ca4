"""From whose each day is to turns: weekly ones where everybody has whole weeks, else daily ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, pairwise

from bot.importing.order import Order, order

LEAST = 8
"""Days from which on weeks can be told from days."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Turns that follow each other."""

    turn: int
    """Days of one."""
    starts: date
    keys: tuple[str, ...]
    """In order, from ``starts`` on."""
    repeated: bool
    exceptions: dict[date, tuple[str, str]] = field(default_factory=dict)
    """From this day on the first has a turn, or a day of it, that is the second's."""


def turns(days: Sequence[str | None], *, first: date) -> Turns | None:
    """The turns that explain whose each of these days is, from ``first`` on; ``None`` where none do."""
    weekly = _weekly(days, first) if len(days) >= LEAST else None
    if weekly is not None and not weekly.exceptions and weekly.repeated:
        return weekly
    daily = order(days)
    if daily is not None and daily.repeated and _simpler(daily, weekly):
        return _of(daily, first, days)
    if weekly is not None:
        return weekly
    return _of(daily, first, days) if daily is not None else None


def _simpler(daily: Order, weekly: Turns | None) -> bool:
    """Whether days explain it with fewer exceptions than weeks do."""
    return (
        weekly is None
        or len(daily.exceptions) < len(weekly.exceptions)
        or (not weekly.repeated and len(daily.keys) < 7 * len(weekly.keys) and not daily.exceptions)
    )


def _weekly(days: Sequence[str | None], first: date) -> Turns | None:
    """Weeks from the weekday on which the most changes fall; single days of others are exceptions."""
    changes = Counter((first + timedelta(days=place)).weekday() for place, _ in _changed(days))
    start = changes.most_common(1)[0][0] if changes else first.weekday()
    begins = first - timedelta(days=(first.weekday() - start) % 7)
    weeks: dict[date, list[tuple[date, str]]] = {}
    for place, who in enumerate(days):
        day = first + timedelta(days=place)
        week = day - timedelta(days=(day - begins).days % 7)
        weeks.setdefault(week, [])
        if who is not None:
            weeks[week].append((day, who))
    run = [Counter(who for _, who in week).most_common(1)[0][0] if week else None for week in weeks.values()]
    others = {
        day: (who, mine)
        for (week, mine) in zip(weeks.values(), run, strict=True)
        for day, who in week
        if mine is not None and who != mine
    }
    if len(others) * 7 > len([who for who in days if who is not None]):
        return None
    found = order(run)
    if found is None:
        return None
    exceptions = others | _otherwise(found, list(weeks), run)
    return Turns(7, begins, found.keys, found.repeated, dict(sorted(exceptions.items())))


def _changed(days: Sequence[str | None]) -> list[tuple[int, str]]:
    """Places at which somebody else's days begin."""
    known = [(place, who) for place, who in enumerate(days) if who is not None]
    return [(place, who) for (_, before), (place, who) in pairwise(known) if before != who]


def _of(found: Order, first: date, days: Sequence[str | None]) -> Turns:
    dates = [first + timedelta(days=place) for place in range(len(days))]
    return Turns(1, first, found.keys, found.repeated, _otherwise(found, dates, days))


def _otherwise(found: Order, dates: Sequence[date], run: Sequence[str | None]) -> dict[date, tuple[str, str]]:
    """The first day of each stretch of turns that were somebody else's."""
    size = len(found.keys)
    misses = [(place, (run[place] or "", found.keys[place % size])) for place in found.exceptions]
    named: dict[date, tuple[str, str]] = {}
    for (whose, _), stretch in groupby(misses, key=lambda each: (each[1], each[0] - misses.index(each))):
        place = next(iter(stretch))[0]
        named[dates[place]] = whose
    return named
