"""The schedule of drills: on which days one is due, which is next, and when it is asked for. Pure; reads no clock."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.calendar import DAY, WEEKDAYS, WorkingTime
from bot.playbook.clocks import Drills

WEEK = timedelta(days=7)
EARLY = WEEK
"""A drill held so long before its day counts for that day."""
_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_ORDINALS = ("first", "second", "third", "fourth")


def planned(drills: Drills, here: WorkingTime) -> Iterator[date]:
    """The days on which a drill is due, in order and without end; none where nothing is planned yet."""
    first = drills.first
    if first is None and drills.after is not None:
        first = _after(drills.after, drills.day, here)
    if first is None:
        return
    yield first
    months = _MONTHS[drills.every] if drills.every is not None else 0
    ahead = months
    while ahead:
        years, month = divmod(first.month - 1 + ahead, 12)
        year = first.year + years
        day = date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
        yield _in_month(day, drills.day, here)
        ahead += months


def next_day(drills: Drills, here: WorkingTime, *, held: date | None) -> date | None:
    """The day of the first drill that was not held, be it past or to come; ``None`` where none is planned."""
    return next((day for day in planned(drills, here) if held is None or day > held + EARLY), None)


def asked_at(drills: Drills, here: WorkingTime, *, after: datetime) -> datetime | None:
    """When a drill may next have to be asked for: as its day opens, then weekly until the next one's."""
    slot: date | None = None
    for day in planned(drills, here):
        if here.opens(day) > after:
            again = _weekly(slot, here, after=after) if slot is not None else None
            return min(again, here.opens(day)) if again is not None else here.opens(day)
        slot = day
    return _weekly(slot, here, after=after) if slot is not None else None


def asked_last(drills: Drills, here: WorkingTime, *, now: datetime) -> datetime | None:
    """When a drill may last have been asked for; ``None`` where that was more than a week ago."""
    found, at = None, asked_at(drills, here, after=now - WEEK - DAY)
    while at is not None and at <= now:
        found, at = at, asked_at(drills, here, after=at)
    return found


def key(playbook: str, day: date) -> str:
    """Key of the announcement of this day, under the playbook of this name."""
    return f"drill/{playbook}/{day}"


def _weekly(slot: date, here: WorkingTime, *, after: datetime) -> datetime:
    weeks = (here.day(after) - slot) // WEEK
    again = here.opens(slot + weeks * WEEK)
    return again if again > after else here.opens(slot + (weeks + 1) * WEEK)


def _after(start: date, rule: str, here: WorkingTime) -> date:
    """The first day after ``start`` that the rule names."""
    if " " not in rule:
        return _from(start + DAY, rule, here)
    month = start.replace(day=1)
    while (found := _in_month(month, rule, here)) <= start:
        month += timedelta(days=monthrange(month.year, month.month)[1])
    return found


def _in_month(day: date, rule: str, here: WorkingTime) -> date:
    """The day that the rule names in this day's month; with no more than a weekday, the first from this day on."""
    if " " not in rule:
        return _from(day, rule, here)
    which, weekday = rule.split()
    if which == "last":
        end = day.replace(day=monthrange(day.year, day.month)[1])
        return end - (end.weekday() - WEEKDAYS.index(weekday)) % 7 * DAY
    return _from(day.replace(day=1), weekday, here) + _ORDINALS.index(which) * WEEK


def _from(day: date, weekday: str, here: WorkingTime) -> date:
    """The first such weekday from this day on; where none is named, the first working day."""
    if not weekday:
        return next(here.days(day))
    return day + (WEEKDAYS.index(weekday) - day.weekday()) % 7 * DAY
