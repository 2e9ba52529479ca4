"""On-call rotations: whose turn it is at a given moment, by plain arithmetic on calendar days.

Turns change at a time of the wall clock in the rotation's zone, so a turn over a change to summer time is an hour
shorter or longer. A hand-over at a time that the clock skips comes as much later; at one that it shows twice, the
first time.
"""

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


def on_call(rotation: Rotation, *, zone: str, now: datetime) -> str | None:
    """The key of whose turn it is; ``None`` before the rotation has begun.

    ``hours`` are not looked at: who covers part of the time only is in turn all the time.
    """
    if now < hands_over_at(rotation, rotation.starts, zone=zone):
        return None
    today = now.astimezone(ZoneInfo(rotation.timezone or zone)).date()
    days = (today - first_day(rotation)).days
    if now < hands_over_at(rotation, today, zone=zone):
        days -= 1
    length = 1 if rotation.turn == "daily" else 7
    return rotation.people[days // length % len(rotation.people)]
