"""Terms as people write them: ``72h``, ``4 business hours``, ``next business day``, ``next sprint``.

A term is only words and a number here; when it ends is worked out by ``bot/calendar.py``.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from bot import durations
from bot.durations import parse_duration, say_duration


class Unit(StrEnum):
    """What a term is counted in."""

    PLAIN = "plain"
    """Time as it passes, nights and holidays included."""
    BUSINESS_HOURS = "business hours"
    """Time within working hours only."""
    BUSINESS_DAYS = "business days"
    """The same time of day, so many working days later."""
    NEXT_BUSINESS_DAY = "next business day"
    """The end of the next working day."""
    SPRINTS = "sprints"
    """The end of the sprint so many sprints after the running one."""


HOW_TO_WRITE = "write it like 72h, 4 business hours, 5 business days, next business day or next sprint"
_COUNTED = re.compile(r"(?P<count>\d{1,4})\s+(?:business|working)\s+(?P<unit>hours?|days?)")
_SPRINTS = re.compile(r"(?P<count>\d{1,2})\s+sprints?")
_NAMED = {
    "next business day": (1, Unit.NEXT_BUSINESS_DAY),
    "next working day": (1, Unit.NEXT_BUSINESS_DAY),
    "this sprint": (0, Unit.SPRINTS),
    "current sprint": (0, Unit.SPRINTS),
    "next sprint": (1, Unit.SPRINTS),
    "this or next sprint": (1, Unit.SPRINTS),
    "current or next sprint": (1, Unit.SPRINTS),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A length of plain time, or a count of working hours, working days or sprints."""

    unit: Unit
    length: timedelta = timedelta(0)
    """For plain time and business hours."""
    count: int = 0
    """For business days and sprints (0 is the running sprint)."""
    words: str = ""
    """As it was written."""

    def __str__(self) -> str:
        return self.words

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read from words, written as words."""
        return core_schema.no_info_plain_validator_function(
            _read, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )


def parse_term(text: str) -> Term:
    """Understand a term; raises ``ValueError`` with what would be right."""
    folded = " ".join(text.strip().casefold().split())
    if folded in _NAMED:
        count, unit = _NAMED[folded]
        return Term(unit, count=count, words=folded)
    if (found := _SPRINTS.fullmatch(folded)) is not None:
        return Term(Unit.SPRINTS, count=int(found["count"]), words=folded)
    if (found := _COUNTED.fullmatch(folded)) is not None:
        return _counted(int(found["count"]), found["unit"], words=folded)
    try:
        length = parse_duration(folded)
    except ValueError as error:
        raise ValueError(f"“{text[:60]}” is not a term; {HOW_TO_WRITE}") from error
    return Term(Unit.PLAIN, length=length, words=folded)


def _counted(count: int, unit: str, *, words: str) -> Term:
    if count == 0:
        raise ValueError(f"“{words}” is no time at all; {HOW_TO_WRITE}")
    if unit.startswith("hour"):
        return Term(Unit.BUSINESS_HOURS, length=timedelta(hours=count), words=words)
    return Term(Unit.BUSINESS_DAYS, count=count, words=words)


def _read(value: Any) -> Term:
    if isinstance(value, Term):
        return value
    if isinstance(value, timedelta):
        return Term(Unit.PLAIN, length=value, words=say_duration(value))
    if not isinstance(value, str):
        raise ValueError(f"a term needs its unit; {HOW_TO_WRITE}")
    return parse_term(value)


_WRITTEN = "|".join((*_NAMED, r"\d{1,2} sprints?", r"\d{1,4} (business|working) (hours?|days?)", durations.WRITTEN))
TermField = Annotated[
    Term,
    WithJsonSchema(
        {"type": "string", "pattern": f"^({_WRITTEN})$", "examples": ["72h", "4 business hours", "next sprint"]}
    ),
]
"""A term in a playbook."""
