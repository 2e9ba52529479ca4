"""Times from one moment to another in words, as people say how long they stand in: ``2h``, ``tonight``,
``until 18:00``, ``on friday``, ``from friday 18:00 until sunday``. What is not certain is asked back.

Pure; reads no clock.

Days and times are those of the wall clock where the person is. A day is all of it; *tonight* is from 18:00 until 09:00
the next morning, and in the small hours (before 06:00) until 09:00 of this one; *next week* is from Monday to Monday.
"""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import calendar
from bot.calendar import DAY, WorkingTime
from bot.dates import read_due
from bot.days import WEEKDAY, Days, Either
from bot.durations import parse_duration, say_duration
from bot.errors import Mistake

EVENING, MORNING = time(18), time(9)
RISING = time(6)
"""Whoever types *tonight* from then on means the night that comes."""
LONGEST = timedelta(days=62)
"""Whoever stands in for longer belongs into the playbook."""
HOW = "Write it like `2h`, `tonight`, `until 18:00`, `on friday` or `from friday 18:00 until sunday 12:00`"
_FROM_UNTIL = re.compile(r"^(?:from\s+)?(?P<begins>.+?)\s+(?:until|till|to|-|–)\s+(?P<ends>.+)$")
_UNTIL = re.compile(r"^(?:now\s+)?(?:until|till|to)\s+(?P<ends>.+)$")
_LENGTH = re.compile(r"^(?:for\s+|the\s+|next\s+|in\s+the\s+)*(?P<length>\d.*|an? hour|half an hour)$")
_WORDS = {"a hour": "1h", "an hour": "1h", "half an hour": "30m"}


def read_span(words: str, *, now: datetime, zone: ZoneInfo, here: WorkingTime) -> tuple[datetime, datetime]:
    """From when until when, in UTC, the end after ``now``; raises ``Mistake`` that says what is doubtful."""
    text = " ".join(words.casefold().strip(" ,;:!?().").split())
    reading = _Reading(words, now=now, zone=zone, here=here)
    begins, ends = reading.span(text)
    begins = max(begins, now)
    if ends <= begins:
        raise Mistake(f"“{words[:60]}” would be over before it begins. {HOW}.")
    if ends - begins > LONGEST:
        raise Mistake(f"That is longer than {say_duration(LONGEST)}. A lasting change belongs into the playbook.")
    return begins, ends


class _Reading:
    """One phrase, read where and when it was written."""

    def __init__(self, words: str, *, now: datetime, zone: ZoneInfo, here: WorkingTime) -> None:
        self._words, self._now, self._zone, self._here = words, now, zone, here
        self._local = now.astimezone(zone)
        self._today = self._local.date()

    def span(self, text: str) -> tuple[datetime, datetime]:
        """The whole of it."""
        length = self._length(text)
        if length is not None:
            return self._now, self._now + length
        day = self._days(text)
        if day is not None:
            return day
        if (found := _UNTIL.match(text)) is not None:
            return self._now, self._moment(found["ends"], after=self._now)
        if (found := _FROM_UNTIL.match(text)) is not None:
            begins = (
                self._now if found["begins"] == "now" else self._moment(found["begins"], after=self._now, first=True)
            )
            ends = self._moment(found["ends"], after=begins)
            return begins, ends
        raise Mistake(f"I cannot read “{self._words[:60]}” as a time. {HOW}.")

    def _length(self, text: str) -> timedelta | None:
        found = _LENGTH.match(text)
        if found is None:
            return None
        try:
            return parse_duration(_WORDS.get(found["length"], found["length"]))
        except ValueError:
            return None

    def _days(self, text: str) -> tuple[datetime, datetime] | None:
        """Tonight, a week, a day, or from a day to another."""
        bare = re.sub(r"^(?:on|all|for|the whole of)\s+", "", text)
        if bare in ("tonight", "the night", "this night", "overnight"):
            early = self._local.time() < RISING
            morning = self._today if early else self._today + DAY
            return self._at(morning - DAY, EVENING), self._at(morning, MORNING)
        if bare in ("this week", "next week", "the week"):
            monday = self._today - self._today.weekday() * DAY + (7 * DAY if bare == "next week" else timedelta(0))
            return self._at(monday), self._at(monday + 7 * DAY)
        if bare in ("the weekend", "this weekend"):
            saturday = self._today + (5 - self._today.weekday()) * DAY
            return self._at(saturday), self._at(saturday + 2 * DAY)
        day = self._day(bare)
        return (self._at(day), self._at(day + DAY)) if day is not None else None

    def _moment(self, text: str, *, after: datetime, first: bool = False) -> datetime:
        """A moment: with a time, that of the next such time; a day alone begins or ends with it."""
        if text in ("midnight", "end of day", "tonight"):
            return self._at(after.astimezone(self._zone).date() + DAY)
        if text in ("morning", "the morning", "tomorrow morning"):
            morning = self._at(after.astimezone(self._zone).date(), MORNING)
            return morning if morning > after else self._at(after.astimezone(self._zone).date() + DAY, MORNING)
        day = self._day(text)
        if day is not None:
            if self._at(day + DAY) <= after and re.fullmatch(WEEKDAY, text):  # the first one after the beginning
                day += 7 * DAY
            return self._at(day if first else day + DAY)
        try:
            return self._due(text, after)
        except Either:
            raise
        except Mistake:
            try:  # a time of the day that is past is tomorrow's
                return self._due(f"tomorrow {text}", after)
            except Mistake:
                pass
            raise

    def _due(self, text: str, after: datetime) -> datetime:
        """As it reads now, where that is ahead (*tomorrow 22:00* is tomorrow's); else counted from there on."""
        with suppress(Mistake):
            found = read_due(text, now=self._now, zone=self._zone, here=self._here)
            if found > after:
                return found
        return read_due(text, now=after, zone=self._zone, here=self._here)

    def _day(self, text: str) -> date | None:
        return Days(self._words, today=self._today, here=self._here).read(text)

    def _at(self, day: date, clock: time = time(0)) -> datetime:
        return calendar.at(day, clock, self._zone).astimezone(UTC)
