"""On-call as entries of a calendar: of a rotation, gaps named, or of one person over all rotations. Pure.

An entry keeps its name for ever: by the turn that it is part of and the day on which it begins, so that a hand-over
that moves moves the entry, and none is doubled.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.messages import feeds as says
from bot.playbook.escalation import Rotation
from bot.playbook.shape import Playbook
from bot.rotations import Override, Shift, shift, shifts

BACK, AHEAD = timedelta(weeks=4), timedelta(days=184)
"""How much of on-call a calendar shows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry."""

    name: str
    """Unique, and the same for ever."""
    begins: datetime
    """UTC, like ``ends``."""
    ends: datetime
    title: str
    about: str


class Feeds(Protocol):
    """Where calendars can be subscribed to."""

    def of_person(self, key: str) -> str:
        """The address of somebody's own; whoever has it reads it."""
        ...

    def of_rotation(self, playbook: str, rotation: str) -> str:
        """The address of a rotation's."""
        ...


def of_rotation(playbook: Playbook, rotation: Rotation, overrides: Sequence[Override], *, now: datetime) -> list[Entry]:
    """Every shift of a rotation, and every gap."""
    return list(_entries(playbook, rotation, overrides, now=now))


def of_person(key: str, known: Iterable[tuple[Playbook, Sequence[Override]]], *, now: datetime) -> list[Entry]:
    """Every shift of one person, in order; ``known`` are the playbooks with their overrides."""
    found = [
        entry
        for playbook, overrides in known
        for rotation in playbook.rotations
        for entry in _entries(playbook, rotation, overrides, now=now, only=key)
    ]
    return sorted(found, key=lambda one: (one.begins, one.name))


def _entries(
    playbook: Playbook, rotation: Rotation, overrides: Sequence[Override], *, now: datetime, only: str = ""
) -> Iterator[Entry]:
    zone = ZoneInfo(rotation.timezone or playbook.timezone)
    taken = Counter[str]()
    for one in _shown(playbook, rotation, overrides, now=now):
        name = f"{playbook.name}/{rotation.name}/{_named(one, zone)}"
        taken[name] += 1
        if only and one.person != only:
            continue
        person = playbook.person(one.person) if one.person is not None else None
        yield Entry(
            name=name if taken[name] == 1 else f"{name}/{taken[name]}",
            begins=one.begins,
            ends=one.ends,
            title=says.own(rotation) if only else says.title(rotation, person, one),
            about=says.about(playbook, one),
        )


def _shown(playbook: Playbook, rotation: Rotation, overrides: Sequence[Override], *, now: datetime) -> list[Shift]:
    """The shifts from four weeks ago until half a year from now, the first and the last of them whole."""
    zone = playbook.timezone
    first = shift(rotation, zone=zone, overrides=overrides, now=now - BACK)
    last = shift(rotation, zone=zone, overrides=overrides, now=now + AHEAD)
    since = first.begins if first.person is not None else now - BACK
    until = last.ends if last.person is not None else now + AHEAD
    return shifts(rotation, zone=zone, overrides=overrides, since=since, until=until)


def _named(one: Shift, zone: ZoneInfo) -> str:
    """``2026-11-23`` for a whole turn; with the day on which it begins, for a part of one."""
    day = one.begins.astimezone(zone).date()
    if one.override is not None:
        return f"override-{one.override.id}/{day}"
    if one.turn is None:
        return f"gap/{day}"
    layer = f"{one.layer}/" if one.layer else ""
    return f"{layer}{one.turn.day}" if day == one.turn.day else f"{layer}{one.turn.day}/{day}"
