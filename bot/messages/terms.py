"""Sentences about deadlines for the timeline, and for what followed from an act.

Everybody reads them, wherever they are, so each time names its zone.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.durations import say_duration
from bot.playbook.clocks import DeadlineRule
from bot.progress import Deadline


def moment(at: datetime, *, now: datetime, zone: str) -> str:
    """``14:15 CET``, with the day where it is another one."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return f"{local:%H:%M %Z}"
    return f"{local:%a %Y-%m-%d %H:%M %Z}"


def is_due(deadline: Deadline, *, now: datetime, zone: str, was: datetime | None = None) -> str:
    """``First response due 14:15 UTC (was 15:00 UTC)``."""
    due = moment(deadline.due_at, now=now, zone=zone)
    before = f" (was {moment(was, now=now, zone=zone)})" if was is not None else ""
    says = "due" if deadline.due_at > now else "overdue since"
    return f"{deadline.title} {says} {due}{before}"


def counted_from(deadline: Deadline, rule: DeadlineRule, *, now: datetime, zone: str) -> str:
    """``, counted from 13:05 UTC, when we became aware (established by Ana: “it was us”)``."""
    when = f", when {rule.moment}" if rule.moment else ""
    words = f": “{deadline.words}”" if deadline.words else ""
    by = f" (established by {deadline.established_by}{words})" if deadline.by_hand else ""
    return f", counted from {moment(deadline.started_at, now=now, zone=zone)}{when}{by}"


def is_met(deadline: Deadline, *, words: str = "") -> str:
    """``First response: done in time, after 4m``, or how late."""
    at = deadline.met_at or deadline.due_at
    after = f"after {say_duration(at - deadline.started_at)}"
    late = (
        f"{say_duration(at - deadline.due_at)} late, {after}" if deadline.missed_at is not None else f"in time, {after}"
    )
    return f"{deadline.title}: done {late}{f': {words}' if words else ''}"


def is_gone(deadline: Deadline) -> str:
    """``Post-mortem no longer applies``."""
    if deadline.dropped_because:
        return f"{deadline.title} called off: {deadline.dropped_because}"
    return f"{deadline.title} no longer applies"
