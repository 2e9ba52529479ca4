"""Finding the rhythm of single events: at which times of the day turns change, and how long each one's turn is.

Feeds give events without rules. In the right zone, hand-overs come at the same times of the wall clock; they part the
day into stretches, each of which is a layer of its own: one where turns last for days, two where day and night are
covered by different people, one with a gap where only working hours are covered.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.importing import covering, turns
from bot.importing.found import DAY, Event, Layer, Schedule, Somebody, Unfit, Window

STRETCHES = 6
"""Times of the day at which turns change, at most."""
RARE = 8
"""A time of the day at which fewer than every so manieth change happens is an exception: somebody stood in."""
HOUR = 60
"""Minutes: nobody's part of the day is as short."""
EXCEPTIONS = 20
"""Exceptions that are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the day, from one change to the next, in minutes after midnight."""

    begins: int
    length: int


def schedule(title: str, events: Sequence[Event], zones: Sequence[str]) -> Schedule:
    """The rotations that these events follow, in that of these zones in which the least has to be said; raises
    :class:`Unfit`.
    """
    if not events:
        raise Unfit("No event of it falls into the last eight or the next twenty-six weeks.")
    found: list[Schedule] = []
    why: list[Unfit] = []
    for zone in zones:
        try:
            found.append(_in(title, events, zone))
        except Unfit as no:
            why.append(no)
    if not found:
        raise why[0]
    return min(found, key=lambda one: (len(one.layers), len(one.remarks)))


def _in(title: str, events: Sequence[Event], zone: str) -> Schedule:
    layers: list[Layer] = []
    remarks: list[str] = []
    levels = sorted({event.level for event in events}, reverse=True)
    for level in levels:
        mine = _joined([event for event in events if event.level == level])
        named = f"{title} {level}".strip() if len(levels) > 1 else title
        for layer, said in _layers(named, mine, ZoneInfo(zone)):
            layers.append(layer)
            remarks += [f"{named}: {one}" if len(levels) > 1 else one for one in said]
    return Schedule(title, zone, tuple(layers), tuple(remarks))


def _joined(events: Sequence[Event]) -> list[Event]:
    """In order, with what one person has without a break as one; raises :class:`Unfit` where two overlap."""
    joined: list[Event] = []
    for event in sorted(events, key=lambda one: (one.begins, one.ends)):
        last = joined[-1] if joined else None
        if last is not None and last.who.known_by == event.who.known_by and event.begins <= last.ends:
            joined[-1] = replace(last, ends=max(last.ends, event.ends))
        elif last is not None and event.begins < last.ends:
            both = f"{last.who.name} and {event.who.name} are both on call on {event.begins:%Y-%m-%d at %H:%M} UTC"
            raise Unfit(f"{both}: import one schedule, or one layer of it, at a time.")
        else:
            joined.append(event)
    return joined


def _layers(title: str, events: list[Event], zone: ZoneInfo) -> Iterator[tuple[Layer, list[str]]]:
    stretches = _stretches(events, zone)
    people = {event.who.known_by: event.who for event in events}
    made = []
    for stretch in stretches:
        days, exceptions = _days(events, stretch, zone)
        if any(days.values()):
            made.append((stretch, days, exceptions))
    for stretch, days, exceptions in made:
        found = turns.turns(list(days.values()), first=next(iter(days)))
        if found is None:
            raise Unfit(f"The turns from {covering.clock(stretch.begins)} in {zone.key} follow no order that repeats.")
        at = time(stretch.begins // 60, stretch.begins % 60)
        named = f"{title} {at:%H:%M}" if len(made) > 1 else title
        order = tuple(people[key] for key in found.keys)
        layer = Layer(named, order, found.turn, found.starts, at, covering.hours(_windows(stretch, days)))
        yield layer, [*_said(found), *_named(exceptions, found, days, people)]


def _changes(events: list[Event]) -> Iterator[datetime]:
    """When turns change; not where the feed begins and ends, which is often in the middle of a turn."""
    for before, after in pairwise(events):
        yield before.ends
        if after.begins != before.ends:
            yield after.begins


def _stretches(events: list[Event], zone: ZoneInfo) -> list[Stretch]:
    """The parts of the day."""
    local = [each.astimezone(zone) for each in _changes(events)] or [
        each.astimezone(zone) for each in (events[0].begins, events[-1].ends)
    ]
    counted = Counter(each.hour * 60 + each.minute for each in local)
    often = sorted(
        minute for minute, count in counted.items() if count * RARE >= len(local) and count > len(local) // 20
    )
    if not often or len(often) > STRETCHES or sum(counted[minute] for minute in often) * 4 < len(local) * 3:
        times = ", ".join(covering.clock(minute) for minute, _ in counted.most_common(STRETCHES))
        raise Unfit(
            f"In {zone.key} the turns change at {times} and more: at no regular time. If they are meant in another "
            "zone, name it with --zone."
        )
    following = [*often[1:], often[0] + DAY]
    if any(end - begin <= HOUR for begin, end in zip(often, following, strict=True)):
        times = " and ".join(covering.clock(minute) for minute in often)
        raise Unfit(f"In {zone.key} the turns change at {times}, as in another zone's summer; name it with --zone.")
    return [Stretch(begin, end - begin) for begin, end in zip(often, following, strict=True)]


def _days(events: list[Event], stretch: Stretch, zone: ZoneInfo) -> tuple[dict[date, str | None], dict[date, str]]:
    """Who has this part of each day, and what was otherwise: somebody else for some of the time, in words."""
    begun, over = events[0].begins.astimezone(zone), events[-1].ends.astimezone(zone)
    days: dict[date, str | None] = {}
    exceptions: dict[date, str] = {}
    day, place = begun.date() - timedelta(days=1), 0
    while day <= over.date():
        begins = _moment(day, stretch.begins, zone)
        ends = _moment(day, stretch.begins + stretch.length, zone)
        while place < len(events) and events[place].ends.astimezone(zone) <= begins:
            place += 1
        if ends > begun and begins < over:
            days[day], said = _whose(events[place : place + STRETCHES * 4], begins, ends)
            if said and begins >= begun and ends <= over:
                exceptions[day] = said
        day += timedelta(days=1)
    return days, exceptions


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    more, minute = divmod(minutes, DAY)
    return datetime.combine(day + timedelta(days=more), time(minute // 60, minute % 60), tzinfo=zone)


def _whose(events: Sequence[Event], begins: datetime, ends: datetime) -> tuple[str | None, str]:
    """Who has most of a time, and who else has some of it."""
    shares = Counter[str]()
    shared: list[tuple[datetime, datetime, Event]] = []
    for event in events:
        since, until = max(event.begins, begins), min(event.ends, ends)
        if until > since:
            shares[event.who.known_by] += int((until - since).total_seconds())
            shared.append((since.astimezone(begins.tzinfo), until.astimezone(begins.tzinfo), event))
    if not shared:
        return None, ""
    mine = shares.most_common(1)[0][0]
    others = [each for each in shared if each[2].who.known_by != mine]
    told = [f"{event.who.name} from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}" for since, until, event in others]
    return mine, ", ".join(told)


def _windows(stretch: Stretch, days: dict[date, str | None]) -> list[Window]:
    """The parts of the week that are covered, as far as the weekdays tell."""
    covered = {weekday: [bool(who) for day, who in days.items() if day.weekday() == weekday] for weekday in range(7)}
    mostly = [weekday for weekday, seen in covered.items() if not seen or sum(seen) * 2 > len(seen)]
    return [Window(weekday * DAY + stretch.begins, stretch.length) for weekday in mostly]


def _said(found: turns.Turns) -> list[str]:
    if found.repeated:
        return []
    return ["The order was seen once only, so whoever comes after its last turn is a guess: the first again."]


def _named(
    exceptions: dict[date, str], found: turns.Turns, days: dict[date, str | None], people: dict[str, Somebody]
) -> list[str]:
    """What is not as the order has it, for somebody to enter by hand."""
    said = [f"Somebody stands in: {words}; enter it by `cover`." for words in exceptions.values()]
    for day, (who, usual) in found.exceptions.items():
        said.append(f"From {day} on {_name(people, who)} has the turn of {_name(people, usual)}.")
    gaps = [day for day, who in days.items() if who is None]
    if gaps and all(any(days[other] for other in days if other.weekday() == day.weekday()) for day in gaps):
        said += [f"On {day} nobody is on call there." for day in gaps]
    if len(said) > EXCEPTIONS:
        said = [*said[:EXCEPTIONS], f"… and {len(said) - EXCEPTIONS} more exceptions."]
    return said


def _name(people: dict[str, Somebody], key: str) -> str:
    return people[key].name if key in people else key
