"""What is found in a schedule kept elsewhere, and what rotations can be made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.errors import TocsinError

WEEK = 7 * 24 * 60
"""Minutes of a week."""
DAY = 24 * 60


class Unfit(TocsinError):
    """It follows no rhythm that a rotation can have; ``str()`` is a sentence for whoever imports."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who takes turns there."""

    name: str
    email: str = ""

    @property
    def known_by(self) -> str:
        """Two of one address, or without one of one name, are the same person."""
        return (self.email or self.name).strip().casefold()


@dataclass(frozen=True, slots=True)
class Event:
    """A stretch of time for which somebody is on call, as calendar feeds give it."""

    who: Somebody
    begins: datetime
    """UTC, like ``ends``."""
    ends: datetime
    level: str = ""
    """Whoever stands on one level is on call beside those on others (``L1``)."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of every week; ``begins`` in minutes after Monday's midnight in the schedule's zone."""

    begins: int
    length: int
    """Minutes."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """People in turn for a fixed length of time, as PagerDuty keeps a layer."""

    title: str
    people: Sequence[Somebody]
    turn: timedelta
    counted_from: datetime
    """Aware: when the first one's turn begins, or would have begun."""
    begins: datetime
    ends: datetime | None = None
    windows: tuple[Window, ...] = ()
    """When it covers; always where there is none."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A time of the day on some days of the week, as a rotation's ``hours`` have it."""

    days: tuple[int, ...]
    """On which it begins; Monday is 0."""
    begins: time
    ends: time
    """On the next day where it is not later."""


@dataclass(frozen=True, slots=True)
class Layer:
    """People in turn, as a rotation can have it."""

    title: str
    people: tuple[Somebody, ...]
    turn: int
    """Days of a turn."""
    starts: date
    at: time
    hours: tuple[Hours, ...] = ()
    """Always where there are none."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What becomes of a whole schedule."""

    title: str
    zone: str
    layers: tuple[Layer, ...]
    """What goes before the others first."""
    remarks: tuple[str, ...] = field(default=())
    """What could not be expressed, and what is only likely: a sentence each."""

    @property
    def people(self) -> tuple[Somebody, ...]:
        """Everybody, each once and in order."""
        return tuple({one.known_by: one for layer in self.layers for one in layer.people}.values())
