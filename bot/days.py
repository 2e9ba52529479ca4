"""Days in words, as people write them; a word that may mean two days is asked back. Pure; reads no clock."""

import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from bot.calendar import DAY, WEEKDAYS, WorkingTime
from bot.errors import Mistake

FAR = timedelta(days=270)
"""A day without a year that lies further ahead was rather meant to be past: its year is asked for."""
WEEK = timedelta(days=7)
YEARS = range(1900, 9000)
"""Years in which a day may lie: far enough from where the calendar ends that no zone and no working day leaves it."""
HOW = "Write it like `friday`, `2026-12-04`, `4 december 15:00` or `in 3 days`"

WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun|tues|weds|thur|thurs|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {"a": 1, "an": 1} | {
    word: count
    for count, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
COUNT = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
LATER = re.compile(rf"^(?:in|within)\s+(?P<count>{COUNT})\s+(?P<unit>minute|min|hour|day|week|month)s?$")
_WRITTEN = re.compile(
    rf"^(?:(?P<weekday>{WEEKDAY}),?\s+)?(?:the\s+)?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{MONTH})"
    rf"|(?P<month2>{MONTH})\.?\s+(?:the\s+)?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?),?(?:\s+(?P<year>\d{{4}}))?$"
)
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
DOTTED = re.compile(r"(?:^|(?<=\s))(\d{1,2})\.(\d{1,2})\.(\d{4})?$")
_SLASHED = re.compile(r"^(\d{1,2})/(\d{1,2})(?:/(\d{4}))?$")
_ORDINAL = re.compile(r"^(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)$")
_END_OF = re.compile(r"^(?:the\s+)?(?:end\s+of\s+(?:the\s+)?)?(?P<which>this\s+|next\s+)?(?P<what>week|month)$")
_NAMED_END = {"eow": "end of week", "eom": "end of month"}


class Unread(Mistake):
    """Nothing is known of these words; all other mistakes say what is doubtful in them."""

    def __init__(self, words: str) -> None:
        super().__init__(f"I cannot read “{words[:60]}” as a date. {HOW}.")


class Either(Mistake):
    """Words that may mean several things: ``said`` are those words, ``readings`` what may be written in their place."""

    def __init__(self, sentence: str, *, said: str, readings: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self._said, self._readings = said, readings

    def of(self, words: str) -> tuple[str, ...]:
        """All that was typed as a date, once for each reading."""
        said = re.compile(re.escape(self._said), re.IGNORECASE)
        return tuple(said.sub(reading, words, count=1) for reading in self._readings)


class Days:
    """Reads what names a day, where it is ``today``; ``words`` are all that was written, for the sentence that asks."""

    def __init__(self, words: str, *, today: date, here: WorkingTime) -> None:
        self._words, self._today, self._here = words, today, here

    def read(self, text: str) -> date | None:
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
            sentence = f"“{text}” may mean {_say(coming)} or {_say(coming + WEEK)}."
            raise Either(
                f"{sentence} Write `{coming}` or `{coming + WEEK}`.",
                said=text,
                readings=(f"{coming}", f"{coming + WEEK}"),
            )
        if found["which"] == "this" and coming.isocalendar()[:2] != self._today.isocalendar()[:2]:
            sentence = f"“{text}” is not ahead in this week. Write the date, like `{coming}`."
            raise Either(sentence, said=text, readings=(f"{coming}",))
        return coming

    def _later(self, text: str) -> date | None:
        found = LATER.fullmatch(text)
        if found is None or found["unit"] in ("minute", "min", "hour"):
            return None
        count = count_of(found["count"])
        if found["unit"] != "month":
            return self._today + count * (WEEK if found["unit"] == "week" else DAY)
        months = self._today.month - 1 + count
        year, month = self._today.year + months // 12, months % 12 + 1
        return self._date(year, month, min(self._today.day, monthrange(year, month)[1]))

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
        if (found := DOTTED.fullmatch(text)) is not None:
            return self._in_year(int(found[1]), int(found[2]), found[3])
        found = _SLASHED.fullmatch(text)
        if found is None:
            return None
        one, two = int(found[1]), int(found[2])
        if one <= 12 and two <= 12 and one != two:
            sentence = f"“{text}” may be day and month, or month and day. Write it like `2026-12-04`."
            raise Either(sentence, said=text, readings=tuple(self._ways(one, two, found[3])))
        day, month = (one, two) if one > 12 or one == two else (two, one)
        return self._in_year(day, month, found[3])

    def _ways(self, one: int, two: int, year: str | None) -> Iterator[str]:
        """The days that two numbers may name, but for one that would be past and far."""
        for day, month in ((one, two), (two, one)):
            with suppress(Mistake):
                yield f"{self._in_year(day, month, year)}"

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
        month = MONTHS.index((found["month"] or found["month2"])[:3]) + 1
        made = self._in_year(day, month, found["year"])
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
        if year not in YEARS:
            raise Mistake(f"The year {year} is too far away. {HOW}.")
        try:
            return date(year, month, day)
        except ValueError as error:
            raise Mistake(f"There is no such day as “{self._words[:60]}”. {HOW}.") from error


def count_of(word: str) -> int:
    """``3``, ``three``, ``a``."""
    return _NUMBERS[word] if word in _NUMBERS else int(word)


def _say(day: date) -> str:
    """``Friday, 4 December``."""
    return f"{day:%A}, {day.day} {day:%B}"
