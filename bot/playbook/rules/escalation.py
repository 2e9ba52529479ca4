"""What contradicts itself in who is called: paths that go in a circle or wait for nothing, rotations, people."""

import re
from collections.abc import Iterator
from typing import get_args

from pydantic import TypeAdapter, ValidationError

from bot.playbook.clocks import Weekday
from bot.playbook.misfit import Misfit, listed, quoted
from bot.playbook.part import Zone
from bot.playbook.places import places
from bot.playbook.written import Written

DAYS: tuple[str, ...] = get_args(Weekday)
HOURS = ("nights", "weekends", "nights and weekends", "working hours")
_HOURS = re.compile(r"([01]?\d|2[0-3]):[0-5]\d ?[-–] ?([01]?\d|2[0-4]):[0-5]\d")
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


def paths(playbook: Written) -> Iterator[Misfit]:
    """Rules that are followed by another too soon, never, or for ever."""
    then = {rule.name: rule.then for rule in playbook.escalations}
    walked: set[str] = set()
    for place, rule in enumerate(playbook.escalations):
        if rule.then and rule.wait is None:
            found = f"no “wait” before “then: {rule.then}”"
            yield Misfit(("escalations", place, "wait"), found, "how long an answer is waited for, such as wait: 10m")
        if circle := _circle(rule.name, then, walked):
            at = ("escalations", [rule.name for rule in playbook.escalations].index(circle[-1]), "then")
            yield Misfit(at, f"a circle: {' → '.join((*circle, circle[0]))}", "a path that ends")


def _circle(name: str, then: dict[str, str], walked: set[str]) -> list[str]:
    """The circle that the path from this rule on runs into; empty where it ends, or was walked before."""
    path: dict[str, int] = {}
    while name and name not in walked:
        walked.add(name)
        path[name] = len(path)
        name = then.get(name, "")
    return list(path)[path[name] :] if name in path else []


def severities(playbook: Written) -> Iterator[Misfit]:
    """Rules that call at once at a severity for which they are not meant."""
    for place, rule in enumerate(playbook.escalations):
        for nth, name in enumerate(rule.at_once):
            if rule.severities and name not in rule.severities:
                expected = f"one of this rule's severities: {listed(rule.severities)}"
                yield Misfit(("escalations", place, "at_once", nth), quoted(name), expected)


def rotations(playbook: Written) -> Iterator[Misfit]:
    """Rotations that start on the wrong day, cover hours that nobody understands, or stand in for themselves."""
    for place, rotation in enumerate(playbook.rotations):
        at = ("rotations", place)
        day = DAYS[rotation.starts.weekday()]
        if rotation.turn == "weekly" and day != rotation.day:
            expected = f"a {rotation.day}, the day of its hand-over, or “day: {day}”"
            yield Misfit((*at, "starts"), f"{rotation.starts}, a {day}", expected)
        if rotation.hours and rotation.hours not in HOURS and not _HOURS.fullmatch(rotation.hours):
            yield Misfit((*at, "hours"), quoted(rotation.hours), f"{listed(HOURS)}, or hours like 18:00-08:00")
        if rotation.name in rotation.backup:
            nth = rotation.backup.index(rotation.name)
            yield Misfit((*at, "backup", nth), "the rotation itself", "somebody else to call next")


def people(playbook: Written) -> Iterator[Misfit]:
    """Keys that nobody can type, and zones that are none."""
    for path in ("people.key", "groups.key"):
        for at, key in places(playbook, path):
            if not _KEY.fullmatch(key):
                yield Misfit(at, quoted(key), "small letters, digits and dashes, at most 32")
    zone = TypeAdapter[str](Zone)
    for at, name in places(playbook, "people.timezone"):
        try:
            zone.validate_python(name)
        except ValidationError:
            yield Misfit(at, quoted(name), "a time zone like Europe/Madrid or UTC")
