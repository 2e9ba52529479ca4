"""Layers whose turns have a length in seconds, as PagerDuty keeps them, as daily or weekly turns of a rotation."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from math import lcm
from zoneinfo import ZoneInfo

from bot.importing import covering
from bot.importing.found import DAY, Cycle, Layer, Schedule, Somebody, Unfit, Window

ONE_DAY = timedelta(days=1)
MOST = 60
"""People who take turns at most: a longer list is nobody's order."""
PARTS = 4
"""Turns of a day at most: more of them are no rota of people."""


def schedule(title: str, zone: str, cycles: Sequence[Cycle], *, now: datetime) -> Schedule:
    """A schedule of these layers, that which goes before the others first. Raises :class:`Unfit` where none fits."""
    layers: list[Layer] = []
    remarks: list[str] = []
    for cycle in cycles:
        if cycle.ends is not None and cycle.ends <= now:
            remarks.append(f"“{cycle.title}” ended on {cycle.ends:%Y-%m-%d} and is left out.")
            continue
        try:
            layers += _layers(cycle, ZoneInfo(zone), now=now)
        except Unfit as no:
            remarks.append(f"“{cycle.title}” is left out: {no}")
            continue
        if cycle.ends is not None:
            remarks.append(f"“{cycle.title}” ends on {cycle.ends:%Y-%m-%d}; take it out of the playbook then.")
    if not layers:
        raise Unfit(" ".join(["Nothing of it can be a rotation.", *remarks]))
    return Schedule(title, zone, tuple(layers), tuple(remarks))


def _layers(cycle: Cycle, zone: ZoneInfo, *, now: datetime) -> Iterator[Layer]:
    if not cycle.people:
        raise Unfit("nobody takes turns in it.")
    if len(cycle.people) > MOST:
        raise Unfit(f"{len(cycle.people)} people take turns in it, and {MOST} are the most.")
    parts = _parts(cycle.turn)
    for part in range(parts):
        first = cycle.counted_from.astimezone(zone) + part * cycle.turn  # by the wall clock
        yield _layer(cycle, first, part=part, parts=parts, now=now)


def _parts(turn: timedelta) -> int:
    """How many turns a day has: 1 for turns of whole days."""
    if turn >= ONE_DAY and not turn % ONE_DAY:
        return 1
    if timedelta() < turn < ONE_DAY and not ONE_DAY % turn and ONE_DAY // turn <= PARTS:
        return ONE_DAY // turn
    raise Unfit(f"its turns take {turn / timedelta(hours=1):g} hours, which is neither days nor a day in equal parts.")


def _layer(cycle: Cycle, first: datetime, *, part: int, parts: int, now: datetime) -> Layer:
    """The turns that begin at one time of the day."""
    days = max(1, cycle.turn // ONE_DAY)
    at = first.time().replace(second=0, microsecond=0)
    begun = _begun(first, max(now, cycle.begins), days)
    people = _order(cycle.people, part=part, parts=parts)
    turned = (begun - first.date()).days // days % len(people)
    title = cycle.title if parts == 1 else f"{cycle.title} {at:%H:%M}"
    hours = covering.hours(_windows(cycle, at, parts))
    return Layer(title, (*people[turned:], *people[:turned]), days, begun, at, hours)


def _order(people: Sequence[Somebody], *, part: int, parts: int) -> tuple[Somebody, ...]:
    """Who comes after whom at one time of the day."""
    if parts == 1:
        return tuple(people)
    return tuple(people[(part + parts * day) % len(people)] for day in range(lcm(len(people), parts) // parts))


def _begun(first: datetime, after: datetime, length: int) -> date:
    """The day of the last hand-over until then, so that ``starts`` is a day that people remember."""
    there = after.astimezone(first.tzinfo)
    days = (there.date() - first.date()).days - (there.time() < first.time())
    return first.date() + timedelta(days=max(0, days // length * length))


def _windows(cycle: Cycle, at: time, parts: int) -> list[Window]:
    """What is covered of each week at these turns."""
    if parts == 1:
        return list(cycle.windows)
    if not covering.always(cycle.windows):
        raise Unfit("it changes within the day and covers part of the week only.")
    begin, length = at.hour * 60 + at.minute, DAY // parts
    return [Window(day * DAY + begin, length) for day in range(7)]
