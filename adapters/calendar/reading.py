"""Reading an iCalendar feed: its events within a bounded time, whatever rules it holds (RFC 5545)."""

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component

from bot import zones
from bot.errors import Mistake
from bot.importing.found import Event, Somebody

BEFORE, AFTER = timedelta(weeks=8), timedelta(weeks=26)
"""Events are read from so long before now until so long after."""
EVENTS, RULES = 10_000, 200
"""Events, and events with a rule, that a feed may hold; and how many may come of them."""
OLDEST = 1980
"""Year in which a rule may begin: an older one would be counted through day by day."""
SECONDS = 20
"""For reading all of it."""
BROKEN = (ValueError, TypeError, AttributeError, ArithmeticError, LookupError, AssertionError, OSError)
"""What the libraries raise for what they cannot read: they name no error of their own for most of it. The name of a
time zone that is longer than a file's may be is an ``OSError``."""
OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
_LEVEL = re.compile(r"^\[(?P<level>L\d{1,2})\]\s*")
"""How Grafana OnCall's feeds begin a summary: ``[L1] ana``."""
_EDGE = re.compile(r"\s[-–—:|/]\s|[()\[\]|:]")


@dataclass(frozen=True, slots=True)
class Feed:
    """What was read of a feed."""

    title: str
    events: list[Event]
    zones: tuple[str, ...]
    """Zones that it names, the likeliest first."""


def feed(body: bytes, *, now: datetime, title: str) -> Feed:
    """The events of a feed; ``title`` is for one without a name. Raises :class:`~bot.errors.Mistake`."""
    try:
        with _within(SECONDS):
            return _feed(body, now=now, title=title)
    except TimeoutError as no:
        raise Mistake(f"Its rules could not be worked out within {SECONDS} seconds. Is it an on-call schedule?") from no
    except RecursionError as no:
        raise Mistake("It is nested too deeply to be a calendar.") from no
    except BROKEN as no:
        raise Mistake("A rule or a time in it is not as iCalendar (RFC 5545) has it. Export it anew.") from no


def _feed(body: bytes, *, now: datetime, title: str) -> Feed:
    calendar = _calendar(body)
    found = calendar.walk("VEVENT")
    _sane(found)
    occurring = recurring_ical_events.of(calendar).between(now - BEFORE, now + AFTER)
    if len(occurring) > EVENTS:
        raise Mistake(f"More than {EVENTS} events come of it within 34 weeks, which is no schedule of people.")
    zone = str(calendar.get("X-WR-TIMEZONE", "")).strip()
    named = str(calendar.get("X-WR-CALNAME", "")).strip() or title
    names = dict.fromkeys([*([zone] if zones.known(zone) else []), *_zones(found)])
    return Feed(named, list(_events(occurring, _fallback(names))), tuple(names))


def _calendar(body: bytes) -> Component:
    if b"BEGIN:VCALENDAR" not in body[: 64 * 1024].upper():
        raise Mistake("That is no iCalendar file: it has no BEGIN:VCALENDAR. Give the .ics address or file.")
    try:
        calendar = Calendar.from_ical(body)
    except BROKEN as no:
        raise Mistake("That iCalendar file is broken and cannot be read. Export it anew.") from no
    if not isinstance(calendar, Component) or calendar.name != "VCALENDAR":
        raise Mistake("That holds no calendar, or several. Give one schedule at a time.")
    return calendar


def _sane(events: list[Component]) -> None:
    """Raises :class:`~bot.errors.Mistake` for what would take for ever."""
    if not events:
        raise Mistake("There is no event in it, so nobody is on call. Is it the right schedule?")
    if len(events) > EVENTS:
        raise Mistake(f"There are more than {EVENTS} events in it, which is no schedule of people.")
    ruled = [event for event in events if "RRULE" in event]
    if len(ruled) > RULES:
        raise Mistake(f"More than {RULES} events of it repeat. Give one schedule at a time.")
    for event in ruled:
        _bearable(event)


def _bearable(event: Component) -> None:
    start = _moment_of(event, "DTSTART")
    if start is None or start.year < OLDEST:
        raise Mistake(f"An event that repeats begins before {OLDEST}, or nobody knows when. Mend it in the calendar.")
    rules = event["RRULE"]
    for rule in rules if isinstance(rules, list) else [rules]:
        often = {str(each).upper() for each in _listed(rule, "FREQ")} & OFTEN
        within = [name for name in ("BYHOUR", "BYMINUTE", "BYSECOND") if len(_listed(rule, name)) > 1]
        if often or within:
            raise Mistake("An event of it repeats several times a day, which is no turn of a person.")


def _listed(rule: Any, name: str) -> list[Any]:
    value = rule.get(name, []) if hasattr(rule, "get") else []
    return value if isinstance(value, list) else [value]


def _moment_of(event: Component, name: str) -> date | None:
    value = getattr(event.get(name), "dt", None)
    return value if isinstance(value, date) else None


def _zones(events: list[Component]) -> Iterator[str]:
    """The zones in which its events are written."""
    for event in events[:100]:
        start = _moment_of(event, "DTSTART")
        key = getattr(start.tzinfo, "key", "") if isinstance(start, datetime) else ""
        if key and key != "UTC":
            yield key


def _fallback(names: dict[str, None]) -> ZoneInfo:
    """In which days and times without a zone are read."""
    return ZoneInfo(next(iter(names), "UTC"))


def _events(occurring: list[Component], zone: ZoneInfo) -> Iterator[Event]:
    summaries = [_LEVEL.sub("", " ".join(str(event.get("SUMMARY", "")).split())) for event in occurring]
    names = _names(summaries)
    for event, summary in zip(occurring, summaries, strict=True):
        span = _span(event, zone)
        level = _LEVEL.match(str(event.get("SUMMARY", "")).strip())
        who = _who(event, names[summary])
        if span is not None and who is not None:
            yield Event(who, *span, level["level"] if level is not None else "")


def _span(event: Component, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    begins, ends = _moment_of(event, "DTSTART"), _moment_of(event, "DTEND")
    if begins is None or ends is None:
        return None
    span = _utc(begins, zone), _utc(ends, zone)
    return span if span[1] > span[0] else None


def _utc(moment: date, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=zone)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)


def _names(summaries: list[str]) -> dict[str, str]:
    """The part in which the summaries differ: ``On Call - Ana Reyes - Primary`` names Ana Reyes."""
    different = list(dict.fromkeys(summaries))
    if len(different) < 2:  # one alone differs from nothing
        return {one: one.removeprefix("On Call - ") for one in different}
    before = _shared(different)
    after = _shared([one[::-1] for one in different])
    return {one: one[before : len(one) - after].strip() if len(one) > before + after else one for one in different}


def _shared(texts: list[str]) -> int:
    """Characters with which all of them begin, up to the last mark that parts a name from what stands beside it."""
    first, last = min(texts), max(texts)
    common = next((place for place, letter in enumerate(first) if last[place : place + 1] != letter), len(first))
    edges = [found.end() for found in _EDGE.finditer(first) if found.end() <= common]
    return max(edges, default=0)


def _who(event: Component, name: str) -> Somebody | None:
    """Its only attendee; else whoever its summary names."""
    asked = event.get("ATTENDEE", [])
    asked = asked if isinstance(asked, list) else [asked]
    email = str(asked[0]).removeprefix("mailto:").removeprefix("MAILTO:").strip() if len(asked) == 1 else ""
    email = email if "@" in email else ""
    return Somebody(name[:200] or email[:200], email[:200]) if name or email else None


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Raises ``TimeoutError`` inside the library's loops; only the main thread of a command can be woken so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(_: int, __: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
