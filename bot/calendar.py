"""Working time: when a term ends that is counted in working hours, working days or sprints. Pure; reads no clock.

A day's working time is the stretch between two wall-clock times in one zone. It is turned into moments in UTC first
and counted there, so hours are real ones also on days that are 23 or 25 hours long, and days keep the wall clock's
time. A moment at closing time belongs to no working time any more: what starts there starts at the next opening.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.playbook.clocks import Calendar
from bot.terms import Term, Unit

Holidays = Callable[[str, str], Container[date] | None]
"""The public holidays of a country and one of its regions (empty: of the whole); ``None`` where it is not known."""
DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As ``date.weekday()`` counts them."""
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """A calendar in its zone, with the holidays of its country."""

    calendar: Calendar
    zone: ZoneInfo
    free: Container[date] = ()
    """Holidays, besides the days that the calendar itself closes."""

    def on(self, day: date) -> bool:
        """Whether it is a working day."""
        weekday = WEEKDAYS[day.weekday()]
        return weekday in self.calendar.days and day not in self.calendar.closed and day not in self.free

    def opens(self, day: date) -> datetime:
        """When work begins that day, in UTC."""
        return at(day, self.calendar.opens, self.zone)

    def closes(self, day: date) -> datetime:
        """When work ends that day, in UTC."""
        return at(day, self.calendar.closes, self.zone)

    def day(self, moment: datetime) -> date:
        """The day that a moment falls on here."""
        return moment.astimezone(self.zone).date()

    def next(self, moment: datetime) -> datetime:
        """The moment itself where it lies in working time, else the next opening; in UTC."""
        for day in self.days(self.day(moment)):
            if moment < self.closes(day):
                return max(moment, self.opens(day)).astimezone(UTC)
        raise AssertionError("days never end")

    def days(self, first: date) -> Iterator[date]:
        """Working days from this one on, without end."""
        day = first
        while True:
            if self.on(day):
                yield day
            day += DAY


def due(term: Term, start: datetime, *, here: WorkingTime) -> datetime:
    """When a term ends that starts at ``start``; aware, in UTC.

    Raises ``ValueError`` for a term in sprints where the calendar has none.
    """
    match term.unit:
        case Unit.PLAIN:
            return start.astimezone(UTC) + term.length
        case Unit.BUSINESS_HOURS:
            return _hours_later(start, term.length, here)
        case Unit.BUSINESS_DAYS:
            return _days_later(start, term.count, here)
        case Unit.NEXT_BUSINESS_DAY:
            return here.closes(next(here.days(here.day(start) + DAY)))
        case Unit.SPRINTS:
            return _end_of_sprint(start, term.count, here)


def _hours_later(start: datetime, length: timedelta, here: WorkingTime) -> datetime:
    """``length`` of working time later, at closing time where it is just used up."""
    now, left = here.next(start), length
    while (closes := here.closes(here.day(now))) - now < left:
        left -= closes - now
        now = here.next(closes)
    return now + left


def _days_later(start: datetime, count: int, here: WorkingTime) -> datetime:
    """``count`` working days later, at the same time of day."""
    begins = here.next(start)
    day = here.day(begins)
    clock = here.calendar.opens if begins > start else _clock(begins, here.zone)
    later = here.days(day + DAY)
    for _ in range(count):
        day = next(later)
    return min(max(at(day, clock, here.zone), here.opens(day)), here.closes(day))


def _end_of_sprint(start: datetime, count: int, here: WorkingTime) -> datetime:
    """The closing time of a sprint's last working day; where that is past already, of the next one's."""
    sprint = here.calendar.sprint
    if sprint is None:
        raise ValueError("a term in sprints needs “calendar.sprint” in the playbook, with its first day and its length")
    running = (here.day(start) - sprint.starts).days // sprint.days
    while True:
        last = sprint.starts + (running + count + 1) * sprint.days * DAY - DAY
        while not here.on(last):
            last -= DAY
        if here.closes(last) > start:
            return here.closes(last)
        running += 1


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment at which the wall clock shows a time, in UTC.

    Where the clock shows it twice it is the first one; where it is skipped, the moment of the skip.
    """
    wall = datetime.combine(day, clock, zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _turn(wall.replace(fold=1).astimezone(UTC), moment, zone)


def _clock(moment: datetime, zone: ZoneInfo) -> time:
    """What the wall clock shows; while it repeats an hour, what it showed at the end of that hour.

    So a later moment never shows an earlier time on the same day.
    """
    local = moment.astimezone(zone)
    if not local.fold:
        return local.time()
    first = local.replace(fold=0).astimezone(UTC)
    turn = _turn(first, moment, zone)
    before = turn + (first.astimezone(zone).utcoffset() or timedelta(0))
    return before.time() if before.date() == local.date() else time.max


def _turn(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between these two at which the zone's offset changes, to the second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
