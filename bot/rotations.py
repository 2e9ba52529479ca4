"""On-call rotations: whose turn it is at a given moment, by plain arithmetic on calendar days.

Turns change at a time of the wall clock in the rotation's zone, so a turn over a change to summer time is an hour
shorter or longer. A hand-over at a time that the clock skips comes as much later; at one that it shows twice, the
first time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from bot.playbook.clocks import Weekday
from bot.playbook.escalation import Rotation

_WEEKDAYS: tuple[str, ...] = get_args(Weekday)


def first_day(rotation: Rotation) -> date:
    """The day from which turns are counted: that of the hand-over on or before ``starts``."""
    if rotation.turn == "daily":
        return rotation.starts
    back = (rotation.starts.weekday() - _WEEKDAYS.index(rotation.day)) % 7
    return rotation.starts - timedelta(days=back)


def hands_over_at(rotation: Rotation, day: date, *, zone: str) -> datetime:
    """The moment of a hand-over on that day, in UTC. ``zone`` is the playbook's, for a rotation without its own."""
    there = ZoneInfo(rotation.timezone or zone)
    return datetime.combine(day, rotation.at, tzinfo=there).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Turn:
    """The time from one hand-over to the next, both in UTC."""

    day: date
    """The day of the hand-over that begins it, in the rotation's zone: names it for ever."""
    begins: datetime
    ends: datetime


def on_call(rotation: Rotation, *, zone: str, now: datetime) -> str | None:
    """The key of whose turn it is; ``None`` before the rotation has begun.

    ``hours`` are not looked at: who covers part of the time only is in turn all the time.
    """
    count = _count(rotation, zone=zone, now=now)
    return rotation.people[count % len(rotation.people)] if count is not None else None


def turn(rotation: Rotation, *, zone: str, now: datetime) -> Turn | None:
    """The turn of this moment; ``None`` before the rotation has begun."""
    count = _count(rotation, zone=zone, now=now)
    if count is None:
        return None
    day, following = _day(rotation, count), _day(rotation, count + 1)
    return Turn(day, hands_over_at(rotation, day, zone=zone), hands_over_at(rotation, following, zone=zone))


def next_handover(rotation: Rotation, *, zone: str, after: datetime) -> datetime:
    """The first hand-over after this moment; the one that begins the rotation counts."""
    current = turn(rotation, zone=zone, now=after)
    return current.ends if current is not None else hands_over_at(rotation, rotation.starts, zone=zone)


def _count(rotation: Rotation, *, zone: str, now: datetime) -> int | None:
    """How many turns are over."""
    if now < hands_over_at(rotation, rotation.starts, zone=zone):
        return None
    today = now.astimezone(ZoneInfo(rotation.timezone or zone)).date()
    days = (today - first_day(rotation)).days
    if now < hands_over_at(rotation, today, zone=zone):
        days -= 1
    return days // _length(rotation)


def _day(rotation: Rotation, count: int) -> date:
    """The day on which the turn after so many begins."""
    return max(first_day(rotation) + timedelta(days=count * _length(rotation)), rotation.starts)


def _length(rotation: Rotation) -> int:
    """Days of a turn."""
    return 1 if rotation.turn == "daily" else 7
