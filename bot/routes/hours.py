"""Quiet hours: when somebody is not paged for what can wait. Pure; reads no clock."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import Mistake

_SPAN = re.compile(r"^(?P<from>\d{1,2}(?::\d{2})?)\s*(?:-|–|to|until)\s*(?P<to>\d{1,2}(?::\d{2})?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of every day in somebody's own zone; it may go over midnight."""

    person: str
    """Key of the person."""
    begins: time
    ends: time
    zone: str
    """IANA name."""
    excepts: frozenset[str] = frozenset()
    """Severities that page at any hour, besides a process's most severe one, which always does."""

    def until(self, now: datetime, *, severity: str, most_severe: bool) -> datetime | None:
        """When a page of this severity may come again; ``None`` where it may come now. Aware, in UTC where ``now`` is.

        Where clocks change in between, the end is what the person's own clock shows.
        """
        if most_severe or severity in self.excepts:
            return None
        here = now.astimezone(ZoneInfo(self.zone))
        clock = here.time()
        over_midnight = self.begins > self.ends
        within = (clock >= self.begins or clock < self.ends) if over_midnight else self.begins <= clock < self.ends
        if not within:
            return None
        day = here.date() + timedelta(days=1 if over_midnight and clock >= self.begins else 0)
        return datetime.combine(day, self.ends, ZoneInfo(self.zone)).astimezone(now.tzinfo)


def span(words: str) -> tuple[time, time]:
    """``22:00-07:00``; raises :class:`Mistake`."""
    found = _SPAN.match(words.strip())
    try:
        begins, ends = (_clock(found[name]) for name in ("from", "to")) if found else (time(), time())
    except ValueError:
        begins = ends = time()
    if begins == ends:
        raise Mistake("Write your quiet hours like `routes quiet 22:00-07:00`, or `routes quiet off`.")
    return begins, ends


def _clock(words: str) -> time:
    hours, _, minutes = words.partition(":")
    return time(int(hours) % 24 if int(hours) == 24 and not int(minutes or 0) else int(hours), int(minutes or 0))
