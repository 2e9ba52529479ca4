"""Dates in words: until when something is to be done, as people write it. What is not certain is asked back.

A day is the calendar's where the person is; a time of the day is their wall clock's. A day without a time means the end
of the playbook's working day on that date. Pure; reads no clock.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot import calendar
from bot.calendar import WorkingTime
from bot.days import DOTTED, LATER, Days, Either, Unread, count_of
from bot.errors import Mistake
from bot.terms import Unit, parse_term

_END_OF_DAY = r"(?:eod|cob|eob|end\s+of\s+(?:the\s+)?(?:working\s+)?day|close\s+of\s+business|end\s+of\s+business)"
_CLOCK = rf"(?:{_END_OF_DAY}|noon|(?P<hour>\d{{1,2}})(?::(?P<minute>\d{{2}}))?(?:\s*(?P<half>[ap])\.?m\b\.?)?)"
_TIME_FIRST = re.compile(rf"^(?:at\s+)?{_CLOCK}(?:$|[\s,]+(?:on\s+)?(?P<rest>\D.*|\d.*[-/.a-z].*)$)")
_TIME_LAST = re.compile(rf"^(?P<rest>.*?\S)[\s,]+(?:at\s+)?{_CLOCK}$")
_ZONE = re.compile(r"\s+(?P<zone>utc|gmt|[a-z_]+/[a-z_]+(?:/[a-z_]+)?)$")
_ZONES = {name.casefold(): name for name in available_timezones() if "/" in name} | {"utc": "UTC", "gmt": "UTC"}


def read_due(words: str, *, now: datetime, zone: ZoneInfo, here: WorkingTime) -> datetime:
    """The moment by which something is due, in UTC and after ``now``; raises ``Mistake`` that says what is doubtful.

    ``zone`` is the person's own, ``here`` the playbook's working time.
    """
    return _Reading(words, now=now, zone=zone, here=here).due()


class _Reading:
    """One phrase, read where and when it was written."""

    def __init__(self, words: str, *, now: datetime, zone: ZoneInfo, here: WorkingTime) -> None:
        self._words = words.strip()
        self._now, self._zone, self._here = now, zone, here
        self._today = now.astimezone(zone).date()

    def due(self) -> datetime:
        """The moment."""
        text = " ".join(self._words.casefold().strip(" ,;:!?()").split())
        text = text if DOTTED.search(text) else text.rstrip(".")
        text = re.sub(r"^(?:(?:due|by|until|on)\s+)+", "", re.sub(r"(?<=\d)t(?=\d)", " ", text))
        exact = self._exact(text)
        if exact is not None:
            return self._ahead(exact)
        if (named := _ZONE.search(text)) is not None:
            text = text[: named.start()]
            if named["zone"] not in _ZONES:
                raise Unread(self._words)
            self._zone = ZoneInfo(_ZONES[named["zone"]])
            self._today = self._now.astimezone(self._zone).date()
        day, clock = self._day_and_clock(text)
        if named is not None and clock is None:
            raise Mistake(
                f"“{self._words[:60]}” names a zone and no time. Write the time too, like `friday 15:00 UTC`."
            )
        return self._ahead(self._here.closes(day) if clock is None else self._at(day, clock))

    def _ahead(self, moment: datetime) -> datetime:
        if moment > self._now:
            return moment
        local = moment.astimezone(self._zone)
        raise Mistake(
            f"“{self._words[:60]}” is past: that was {local:%Y-%m-%d %H:%M} ({self._zone.key}). "
            "Write a later date, or a time with it, like `tomorrow 09:00`."
        )

    def _day_and_clock(self, text: str) -> tuple[date, time | None]:
        """A day with or without a time; a time alone is today's. Without a time: the end of the working day."""
        day = self._day(text)
        if day is not None:
            return day, None
        for pattern in (_TIME_LAST, _TIME_FIRST):
            found = pattern.match(text)
            if found is None:
                continue
            day = self._day(found["rest"]) if found["rest"] else self._today
            if day is not None:
                return day, self._clock(found)
        raise Unread(self._words)

    def _clock(self, found: re.Match[str]) -> time | None:
        """The time of the day; ``None`` for the end of the working day."""
        if found["hour"] is None:
            return time(12) if "noon" in found[0] else None
        hour, minute, half = int(found["hour"]), found["minute"], found["half"]
        if (half is None and minute is None) or int(minute or 0) > 59 or hour > (12 if half else 23):
            raise Unread(self._words)
        if half is not None:
            if not hour:
                raise Unread(self._words)
            return time(hour % 12 + (12 if half == "p" else 0), int(minute or 0))
        if 1 <= hour <= 6 and len(found["hour"]) == 1:
            said, readings = f"{hour}:{minute}", (f"0{hour}:{minute}", f"{hour + 12}:{minute}")
            sentence = f"“{said}” may be morning or afternoon. Write `{readings[0]}` or `{readings[1]}`."
            raise Either(sentence, said=said, readings=readings)
        return time(hour, int(minute))

    def _at(self, day: date, clock: time) -> datetime:
        """The moment at which the person's wall clock shows this; asked back where it shows it twice, or never."""
        wall = datetime.combine(day, clock, self._zone)
        moment, again = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
        if moment.astimezone(self._zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
            raise Mistake(f"The clocks of {self._zone.key} skip {clock:%H:%M} on {day}. Write another time.")
        if moment != again:
            readings = (f"{moment:%Y-%m-%d %H:%M} UTC", f"{again:%Y-%m-%d %H:%M} UTC")
            sentence = f"The clocks of {self._zone.key} show {clock:%H:%M} twice on {day}."
            raise Either(
                f"{sentence} Write it like `{readings[0]}` or `{readings[1]}`.", said=self._words, readings=readings
            )
        return moment

    def _exact(self, text: str) -> datetime | None:
        """A length of time in hours, or a term in working time or sprints, from now."""
        found = LATER.fullmatch(text)
        if found is not None and found["unit"] in ("minute", "min", "hour"):
            hours = found["unit"] == "hour"
            return self._now + count_of(found["count"]) * (timedelta(hours=1) if hours else timedelta(minutes=1))
        try:
            term = parse_term(re.sub(r"^(?:in|within|the)\s+|^end of (?=(?:this|next) sprint)", "", text))
            return None if term.unit is Unit.PLAIN else calendar.due(term, self._now, here=self._here)
        except ValueError as error:
            if "calendar.sprint" in str(error):
                raise Mistake("This playbook has no sprints. Write the date, like `2026-12-04`.") from error
            return None

    def _day(self, text: str) -> date | None:
        return Days(self._words, today=self._today, here=self._here).read(text)
