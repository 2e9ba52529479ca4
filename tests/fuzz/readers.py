"""Readers of single phrases and of what others keep: dates, spans, durations, calendar feeds."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from adapters.calendar.reading import feed
from bot.calendar import WorkingTime
from bot.dates import read_due
from bot.durations import parse_duration, say_duration
from bot.errors import TocsinError
from bot.playbook.clocks import Calendar, Sprint
from bot.spans import read_span
from bot.terms import parse_term
from tests.fuzz import judge, mutate
from tests.support.town import FRIDAY

HERE = WorkingTime(
    Calendar(closed=(date(2026, 12, 25),), sprint=Sprint(starts=date(2026, 11, 16), days=14)), ZoneInfo("UTC"), ()
)
ZONES = (
    "UTC",
    "Europe/Madrid",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/St_Johns",
    "Asia/Kathmandu",
)
WORDS = (
    "by", "until", "at", "on", "the", "next", "last", "this", "in", "of", "from", "to", "-", "–", "and", "for", "a",
    "an",
    "monday", "tue", "weds", "friday", "week", "month", "year", "day", "days", "hours", "working", "sprint", "end",
    "noon",
    "today", "tonight", "tomorrow", "morning", "january", "feb", "29", "30", "31", "2026", "2027", "99", "1st",
    "22nd", "9am",
    "09:00", "23:59", "5pm", "utc", "gmt", "europe/berlin", "asia/nowhere", "eod", "cob", "fortnight", "two",
    "twelve", ".",
)  # fmt: skip
CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//x//y//EN\r
BEGIN:VTIMEZONE\r
TZID:Europe/Madrid\r
BEGIN:STANDARD\r
DTSTART:19701025T030000\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:1\r
DTSTART;TZID=Europe/Madrid:20261116T090000\r
DTEND;TZID=Europe/Madrid:20261123T090000\r
RRULE:FREQ=WEEKLY;INTERVAL=2\r
SUMMARY:Ana Reyes - On call\r
ATTENDEE;CN=Ana Reyes:mailto:ana@example.com\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2\r
DTSTART:20261123T080000Z\r
DURATION:P7D\r
EXDATE:20261207T080000Z\r
SUMMARY:Bo\r
END:VEVENT\r
END:VCALENDAR\r
"""
PIECES = (
    "RRULE:FREQ=SECONDLY", "RRULE:FREQ=MINUTELY;BYSECOND=1", "DTSTART:99999999T999999Z", "DTSTART;VALUE=DATE:20261116",
    "DTSTART:00010101T000000Z", "DURATION:P99999999999W", "DURATION:-P1D", "TZID=Nowhere/Land", "BEGIN:VEVENT",
    "END:VEVENT",
    "END:VCALENDAR", "COUNT=0", "INTERVAL=0", "INTERVAL=99999999999", "UNTIL=00000000", "RDATE:20261123T080000Z/P1W",
    "TZOFFSETTO:+9999", "BYDAY=9MO", "X" * 3_000, "\\n", ";", ":", ",", "=", "\r\n ", "RECURRENCE-ID:20261116T090000",
)  # fmt: skip


def _read_due(said: str, zone: ZoneInfo) -> object:
    return read_due(said, now=FRIDAY, zone=zone, here=HERE)


def _read_span(said: str, zone: ZoneInfo) -> object:
    return read_span(said, now=FRIDAY, zone=zone, here=HERE)


def _durations(said: str, _: ZoneInfo) -> object:
    return say_duration(parse_duration(said))


def _terms(said: str, _: ZoneInfo) -> object:
    return parse_term(said)


READERS: dict[str, Callable[[str, ZoneInfo], object]] = {
    "due": _read_due, "span": _read_span, "duration": _durations, "term": _terms,
}  # fmt: skip


class Phrases:
    """Dates, spans, durations and terms."""

    block = 1_000

    def make(self, chance: Random) -> dict[str, str]:
        """A phrase for one of the readers."""
        said = (
            mutate.text(chance, WORDS) if chance.random() < 0.7 else mutate.spoilt(chance, chance.choice(mutate.TIMES))
        )
        return {"reader": chance.choice(list(READERS)), "said": said, "zone": chance.choice(ZONES)}

    async def open(self) -> None:
        """Nothing is needed."""

    async def feed(self, given: dict[str, str]) -> str:
        """Read it."""
        try:
            READERS[given["reader"]](given["said"], ZoneInfo(given["zone"]))
        except (TocsinError, ValueError) as no:
            if isinstance(no, ValueError) and type(no) is not ValueError:
                raise
            said = re.sub("|".join(map(re.escape, {given["said"], given["said"].strip()} - {""})) or "$^", "", str(no))
            judge.whole(said, given=given["said"]) if said.isprintable() else None
            return f"{given['reader']} asked back"
        return f"{given['reader']} understood"

    async def settle(self) -> None:
        """Nothing is left to be done."""

    async def close(self) -> None:
        """Nothing is open."""

    def end(self) -> None:
        """Nothing is left behind."""


class Feeds(Phrases):
    """Calendar feeds that come in."""

    block = 200

    def make(self, chance: Random) -> Any:
        """A feed."""
        lines = CALENDAR.splitlines(keepends=True)
        for _ in range(chance.choice((1, 1, 2, 4))):
            at = chance.randrange(len(lines))
            how = chance.random()
            if how < 0.3:
                del lines[at]
            elif how < 0.5:
                lines.insert(at, f"{chance.choice(PIECES)}\r\n")
            elif how < 0.6:
                lines[at : at + 1] = lines[at : at + chance.choice((1, 5))] * 2
            else:
                to = chance.randint(0, len(lines[at]))
                lines[at] = lines[at][:to] + chance.choice((*PIECES, *mutate.WORDS)) + lines[at][to:]
        said = "".join(lines).encode("utf-8", "surrogatepass")
        return mutate.scrambled(chance, said) if chance.random() < 0.1 else said

    async def feed(self, given: Any) -> str:
        """Read it."""
        try:
            feed(given, now=datetime(2026, 11, 20, tzinfo=UTC), title="On call")
        except TocsinError as no:
            judge.sentence(str(no), given=given.decode("utf-8", "replace"))
            return "refused"
        return "read"
