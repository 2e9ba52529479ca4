"""Dates in words: until when something is to be done, as people write it. What is not certain is asked back.

A day is the calendar's where the person is; a time of the day is their wall clock's. A day without a time means the end
of the playbook's working day on that date. Pure; reads no clock.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import dateparser

from bot import calendar
from bot.calendar import DAY, WEEKDAYS, WorkingTime
from bot.errors import Mistake
from bot.terms import Unit, parse_term

FAR = timedelta(days=270)
"""A day without a year that lies further ahead was rather meant to be past: its year is asked for."""
WEEK = timedelta(days=7)
HOW = "Write it like `friday`, `2026-12-04`, `4 december 15:00` or `in 3 days`"

WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun|tues|weds|thur|thurs|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_NUMBERS = {"a": 1, "an": 1} | {
    word: count
    for count, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
COUNT = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_END_OF_DAY = r"(?:eod|cob|eob|end\s+of\s+(?:the\s+)?(?:working\s+)?day|close\s+of\s+business|end\s+of\s+business)"
_CLOCK = rf"(?:{_END_OF_DAY}|noon|(?P<hour>\d{{1,2}})(?::(?P<minute>\d{{2}}))?(?:\s*(?P<half>[ap])\.?m\b\.?)?)"
_TIME_FIRST = re.compile(rf"^(?:at\s+)?{_CLOCK}(?:$|[\s,]+(?:on\s+)?(?P<rest>\D.*|\d.*[-/.a-z].*)$)")
_TIME_LAST = re.compile(rf"^(?P<rest>.*?\S)[\s,]+(?:at\s+)?{_CLOCK}$")
_ZONE = re.compile(r"\s+(?P<zone>utc|gmt|[a-z_]+/[a-z_]+(?:/[a-z_]+)?)$")
_ZONES = {name.casefold(): name for name in available_timezones() if "/" in name} | {"utc": "UTC", "gmt": "UTC"}
_LATER = re.compile(rf"^(?:in|within)\s+(?P<count>{COUNT})\s+(?P<unit>minute|min|hour|day|week|month)s?$")
_WRITTEN = re.compile(
    rf"^(?:(?P<weekday>{WEEKDAY}),?\s+)?(?:the\s+)?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{MONTH})"
    rf"|(?P<month2>{MONTH})\.?\s+(?:the\s+)?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?),?(?:\s+(?P<year>\d{{4}}))?$"
)
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_DOTTED = re.compile(r"(?:^|(?<=\s))(\d{1,2})\.(\d{1,2})\.(\d{4})?$")
_SLASHED = re.compile(r"^(\d{1,2})/(\d{1,2})(?:/(\d{4}))?$")
_ORDINAL = re.compile(r"^(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)$")
_END_OF = re.compile(r"^(?:the\s+)?(?:end\s+of\s+(?:the\s+)?)?(?P<which>this\s+|next\s+)?(?P<what>week|month)$")
_NAMED_END = {"eow": "end of week", "eom": "end of month"}


class Unread(Mistake):
    """Nothing is known of these words; all other mistakes say what is doubtful in them."""

    def __init__(self, words: str) -> None:
        super().__init__(f"I cannot read “{words[:60]}” as a date. {HOW}.")


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
        text = text if _DOTTED.search(text) else text.rstrip(".")
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
            raise Mistake(
                f"“{found['hour']}:{minute}” may be morning or afternoon. Write `0{hour}:{minute}` or "
                f"`{hour + 12}:{minute}`."
            )
        return time(hour, int(minute))

    def _at(self, day: date, clock: time) -> datetime:
        """The moment at which the person's wall clock shows this; asked back where it shows it twice, or never."""
        wall = datetime.combine(day, clock, self._zone)
        moment, again = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
        if moment.astimezone(self._zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
            raise Mistake(f"The clocks of {self._zone.key} skip {clock:%H:%M} on {day}. Write another time.")
        if moment != again:
            raise Mistake(
                f"The clocks of {self._zone.key} show {clock:%H:%M} twice on {day}. Write it like "
                f"`{moment:%Y-%m-%d %H:%M} UTC` or `{again:%Y-%m-%d %H:%M} UTC`."
            )
        return moment

    def _exact(self, text: str) -> datetime | None:
        """A length of time in hours, or a term in working time or sprints, from now."""
        found = _LATER.fullmatch(text)
        if found is not None and found["unit"] in ("minute", "min", "hour"):
            hours = found["unit"] == "hour"
            return self._now + _count(found["count"]) * (timedelta(hours=1) if hours else timedelta(minutes=1))
        try:
            term = parse_term(re.sub(r"^(?:in|within|the)\s+|^end of (?=(?:this|next) sprint)", "", text))
            return None if term.unit is Unit.PLAIN else calendar.due(term, self._now, here=self._here)
        except ValueError as error:
            if "calendar.sprint" in str(error):
                raise Mistake("This playbook has no sprints. Write the date, like `2026-12-04`.") from error
            return None

    def _day(self, text: str) -> date | None:
        """The day that the words name; ``None`` where they name none. Raises ``Mistake`` where they may mean two."""
        text = re.sub(r"^on\s+", "", text.strip(" ,"))
        near = {"today": 0, "tomorrow": 1, "day after tomorrow": 2, "the day after tomorrow": 2}
        if text in near:
            return self._today + near[text] * DAY
        for read in (self._weekday, self._later, self._end_of, self._numbers, self._ordinal, self._written):
            day = read(text)
            if day is not None:
                return day
        return None

    def _weekday(self, text: str) -> date | None:
        found = re.fullmatch(rf"(?:(?P<which>this|next|coming|the coming)\s+)?(?P<weekday>{WEEKDAY})", text)
        if found is None:
            return None
        coming = self._today + DAY
        coming += (WEEKDAYS.index(found["weekday"][:3]) - coming.weekday()) % 7 * DAY
        if found["which"] == "next":
            raise Mistake(
                f"“{text}” may mean {_say(coming)} or {_say(coming + WEEK)}. Write `{coming}` or `{coming + WEEK}`."
            )
        if found["which"] == "this" and coming.isocalendar()[:2] != self._today.isocalendar()[:2]:
            raise Mistake(f"“{text}” is not ahead in this week. Write the date, like `{coming}`.")
        return coming

    def _later(self, text: str) -> date | None:
        found = _LATER.fullmatch(text)
        if found is None or found["unit"] in ("minute", "min", "hour"):
            return None
        count = _count(found["count"])
        if found["unit"] != "month":
            return self._today + count * (WEEK if found["unit"] == "week" else DAY)
        months = self._today.month - 1 + count
        return self._date(self._today.year + months // 12, months % 12 + 1, self._today.day)

    def _end_of(self, text: str) -> date | None:
        """The last working day of a week or a month."""
        text = _NAMED_END.get(text, text)
        found = _END_OF.fullmatch(text)
        ahead = found is not None and (found["which"] or "").startswith("next")
        if found is None or not (text.removeprefix("the ").startswith("end") or found["which"]):
            return None
        if ahead and "end" not in text:
            raise Mistake(f"“{text}” may mean its first day or its last. Write `end of {text}`, or the date.")
        if found["what"] == "week":
            last = self._today + (6 - self._today.weekday()) * DAY + ahead * WEEK
        else:
            month = self._today.month + ahead
            last = date(self._today.year + month // 12, month % 12 + 1, 1) - DAY
        while not self._here.on(last):
            last -= DAY
        return last

    def _numbers(self, text: str) -> date | None:
        if (found := _ISO.fullmatch(text)) is not None:
            return self._date(int(found[1]), int(found[2]), int(found[3]))
        if (found := _DOTTED.fullmatch(text)) is not None:
            return self._in_year(int(found[1]), int(found[2]), found[3])
        found = _SLASHED.fullmatch(text)
        if found is None:
            return None
        one, two = int(found[1]), int(found[2])
        if one <= 12 and two <= 12 and one != two:
            raise Mistake(f"“{text}” may be day and month, or month and day. Write it like `2026-12-04`.")
        day, month = (one, two) if one > 12 or one == two else (two, one)
        return self._in_year(day, month, found[3])

    def _ordinal(self, text: str) -> date | None:
        """*The 15th*: the next one."""
        found = _ORDINAL.fullmatch(text)
        if found is None:
            return None
        day, month = int(found[1]), self._today.month - (int(found[1]) > self._today.day)
        return self._date(self._today.year + month // 12, month % 12 + 1, day)

    def _written(self, text: str) -> date | None:
        found = _WRITTEN.fullmatch(text)
        if found is None:
            return None
        day = int(found["day"] or found["day2"])
        month = dateparser.parse(f"1 {found['month'] or found['month2']} 2000", languages=["en"])
        if month is None:
            return None
        made = self._in_year(day, month.month, found["year"])
        weekday = found["weekday"]
        if weekday is not None and made.weekday() != WEEKDAYS.index(weekday[:3]):
            raise Mistake(f"{made} is a {made:%A}. Write only the date, or only the weekday.")
        return made

    def _in_year(self, day: int, month: int, year: str | None) -> date:
        """This day in its year, else the next such day; where that is far, its year is asked for."""
        if year is not None:
            return self._date(int(year), month, day)
        made = self._date(self._today.year, month, day)
        if made < self._today:
            made = self._date(self._today.year + 1, month, day)
        if made - self._today > FAR:
            raise Mistake(f"“{self._words[:60]}” was lately. Write the year too, like `{made}`.")
        return made

    def _date(self, year: int, month: int, day: int) -> date:
        try:
            return date(year, month, day)
        except ValueError as error:
            raise Mistake(f"There is no such day as “{self._words[:60]}”. {HOW}.") from error


def _count(word: str) -> int:
    return _NUMBERS[word] if word in _NUMBERS else int(word)


def _say(day: date) -> str:
    """``Friday, 4 December``."""
    return f"{day:%A}, {day.day} {day:%B}"
