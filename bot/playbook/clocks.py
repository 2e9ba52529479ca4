"""Clocks with a due time: deadlines, and the calendar of working time that they are counted in."""

from datetime import time
from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.durations import Duration
from bot.playbook.part import Day, Key, Names, Part, TimeOfDay
from bot.terms import TermField

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Sprint(Part):
    """Sprints of one length, end to end."""

    starts: Day
    """First day of any sprint, past or future."""
    days: int = Field(default=14, ge=1, le=90)


class Calendar(Part):
    """Working time in the playbook's zone."""

    opens: TimeOfDay = time(9, 0)
    closes: TimeOfDay = time(17, 0)
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    """ISO 3166 code of the country whose public holidays are free; none where left out."""
    subdivision: str = ""
    """Its state or region, as the holidays library names it (``CA``)."""
    closed: tuple[Day, ...] = ()
    """Further free days."""
    sprint: Sprint | None = None


class Starts(StrEnum):
    """What starts a deadline."""

    BY_HAND = "by hand"
    """``clock NAME [at TIME]``, with who established it and in whose words."""
    DECLARED = "declared"
    RESOLVED = "resolved"
    CLOSED = "closed"
    FLAG = "flag"
    """When its flag is set."""


class Meets(StrEnum):
    """What meets a deadline by itself; ``clock NAME done`` meets any."""

    DONE = "done"
    RESPONSE = "response"
    """Somebody says that they are on it: an acknowledgement, an update, a role taken."""
    UPDATE = "update"
    """A status update, and nothing less."""
    RESOLVED = "resolved"
    PUBLISHED = "published"
    """The post-mortem is published."""


class DeadlineRule(Part):
    """A deadline that an incident may come under.

    Those that follow from a severity (response, first update, resolution, post-mortem) are made from it and need no
    rule of their own; see ``Playbook.deadlines_of``.
    """

    name: Key
    title: str
    aliases: Names = ()
    starts: Starts = Starts.BY_HAND
    flag: str = ""
    within: TermField
    severities: Names = ()
    """For these severities only; for all where left out."""
    met_by: Meets = Meets.DONE
    asks: Names = ()
    """Who is asked: roles, groups, people, in order of preference; the commander where nobody of them is there."""
    before: tuple[Duration, ...] | None = None
    """How long before it is due they are reminded; by its length where left out (see ``bot/deadlines.py``)."""
    after: Duration | None = None
    """How often they are reminded once it is overdue; by its length where left out."""
    moment: str = ""
    """What has happened at the moment it counts from, in words: ``we became aware of the breach``."""
    audience: str = ""
    """Whom it is owed to, in words: ``the supervisory authority``."""
    draft: str = ""
    """Name of the draft for customers that meets it once it is sent: that of a status, ``email``, or of a deadline."""


class Drills(Part):
    """The schedule of drills: a due one is announced and asked for, each week until it was held."""

    first: Day | None = None
    """When the first one is due; where it is left out ``after`` says so, else none is planned yet."""
    every: Literal["month", "quarter", "half-year", "year"] | None = None
    day: str = Field(default="", pattern=r"^((first|second|third|fourth|last) )?(mon|tue|wed|thu|fri|sat|sun)$|^$")
    """On which day of its month (``first fri``), or the next such weekday (``fri``); the next working day where left
    out. A date given as ``first`` stays as it is."""
    after: Day | None = None
    """The first such day after this one is the first drill (a launch, for instance)."""
    asks: Names = ()
    scenario: str = ""
