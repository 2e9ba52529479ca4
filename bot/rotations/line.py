"""One list of people in turn: that of a rotation, or of one of its layers, with nothing left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.calendar import DAY, WEEKDAYS, at
from bot.playbook.escalation import Hours, Layer, Rotation, turn_days

Stretch = tuple[datetime, datetime]
"""From a moment to another."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The time from one hand-over to the next, both in UTC."""

    day: date
    """The day of the hand-over that begins it, in the zone of its layer: names it for ever."""
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """People in turn, and when they cover."""

    name: str
    """The layer's; empty for the rotation's own list."""
    people: tuple[str, ...]
    days: int
    """Of a turn."""
    starts: date
    first: date
    """The day from which turns are counted: that of the hand-over on or before ``starts``."""
    clock: time
    """Of the hand-over."""
    zone: ZoneInfo
    hours: tuple[Hours, ...]

    def begins(self, count: int) -> datetime:
        """When the turn after so many begins."""
        return at(self._day(count), self.clock, self.zone)

    def count(self, moment: datetime) -> int | None:
        """How many turns are over; ``None`` before the first."""
        if moment < self.begins(0):
            return None
        count = max(0, (moment.astimezone(self.zone).date() - self.first).days // self.days)
        while self.begins(count) > moment:
            count -= 1
        while self.begins(count + 1) <= moment:
            count += 1
        return count

    def turn(self, count: int) -> Turn:
        """The turn after so many."""
        return Turn(self._day(count), self.begins(count), self.begins(count + 1))

    def person(self, count: int) -> str:
        """Whose turn it is after so many."""
        return self.people[count % len(self.people)]

    def covers(self, moment: datetime) -> bool:
        """Whether its hours cover this moment; without hours, always."""
        near = self._windows(moment, moment)
        return not self.hours or any(begins <= moment < ends for begins, ends in near)

    def covered(self, since: datetime, until: datetime) -> list[Stretch]:
        """Its hours within a span, in order, apart from each other, and cut to the span."""
        if not self.hours:
            return [(since, until)]
        joined: list[Stretch] = []
        for begins, ends in sorted(self._windows(since, until)):
            if joined and begins <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
            else:
                joined.append((begins, ends))
        return [(max(a, since), min(b, until)) for a, b in joined if a < until and b > since]

    def turns(self, since: datetime, until: datetime) -> Iterator[tuple[str, Turn]]:
        """Whose turn it is within a span, one after the other, from the rotation's beginning on."""
        count = self.count(since) or 0
        while (turn := self.turn(count)).begins < until:
            yield self.person(count), turn
            count += 1

    def _day(self, count: int) -> date:
        """The day on which the turn after so many begins."""
        return max(self.first + count * self.days * DAY, self.starts)

    def _windows(self, since: datetime, until: datetime) -> Iterator[Stretch]:
        """Its hours on every day that could touch a span, as moments; those that a skipped hour swallows are none."""
        for hours in self.hours:
            zone = ZoneInfo(hours.timezone) if hours.timezone is not None else self.zone
            day, last = since.astimezone(zone).date() - 2 * DAY, until.astimezone(zone).date() + DAY
            while day <= last:
                if WEEKDAYS[day.weekday()] in hours.days:
                    over = DAY if hours.until <= hours.from_ else timedelta(0)
                    begins, ends = at(day, hours.from_, zone), at(day + over, hours.until, zone)
                    if begins < ends:
                        yield begins, ends
                day += DAY


def lines(rotation: Rotation, zone: str) -> Sequence[Line]:
    """The lines of a rotation, each over those before it. ``zone`` is the playbook's, where it has none of its own."""
    made = [_line(rotation, None, zone)] if rotation.people else []
    return [*made, *(_line(rotation, layer, zone) for layer in rotation.layers)]


def _line(rotation: Rotation, layer: Layer | None, zone: str) -> Line:
    """What a layer leaves out is the rotation's."""
    own = layer or rotation
    starts, days = own.starts or rotation.starts, turn_days(own.turn or rotation.turn)
    if starts is None:
        raise ValueError(f"nothing says when “{rotation.name}” starts")
    back = (starts.weekday() - WEEKDAYS.index(own.day or rotation.day)) % 7 if days % 7 == 0 else 0
    return Line(
        name=layer.name if layer is not None else "",
        people=own.people,
        days=days,
        starts=starts,
        first=starts - back * DAY,
        clock=own.at or rotation.at,
        zone=ZoneInfo(own.timezone or rotation.timezone or zone),
        hours=own.hours or rotation.hours,
    )
