"""What contradicts itself in who is called: paths that go in a circle or wait for nothing, rotations, people."""

import re
from collections.abc import Iterator
from datetime import date
from typing import get_args

from pydantic import TypeAdapter, ValidationError

from bot.playbook.clocks import Weekday
from bot.playbook.escalation import turn_days
from bot.playbook.misfit import At, Misfit, listed, quoted
from bot.playbook.part import Zone
from bot.playbook.places import places
from bot.playbook.written import Written

DAYS: tuple[str, ...] = get_args(Weekday)
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
    """Rotations of nobody, that start never or on the wrong day, or stand in for themselves."""
    for place, rotation in enumerate(playbook.rotations):
        at: At = ("rotations", place)
        if not rotation.everybody:
            yield Misfit((*at, "people"), "nobody", "“people”, or “layers” with people")
        elif rotation.starts is None and (rotation.people or any(one.starts is None for one in rotation.layers)):
            yield Misfit((*at, "starts"), "nothing", "the day of its first hand-over, such as 2026-01-05")
        yield from _starts(at, rotation.starts, rotation.turn, rotation.day)
        for nth, layer in enumerate(rotation.layers):
            starts, turn = layer.starts or rotation.starts, layer.turn or rotation.turn
            if (layer.starts, layer.turn, layer.day) != (None, None, None):
                yield from _starts((*at, "layers", nth), starts, turn, layer.day or rotation.day)
        if rotation.name in rotation.backup:
            nth = rotation.backup.index(rotation.name)
            yield Misfit((*at, "backup", nth), "the rotation itself", "somebody else to call next")


def _starts(at: At, starts: date | None, turn: str, day: Weekday) -> Iterator[Misfit]:
    """Turns of weeks begin on the weekday of their hand-over."""
    if starts is None or turn_days(turn) % 7 or (found := DAYS[starts.weekday()]) == day:
        return
    yield Misfit((*at, "starts"), f"{starts}, a {found}", f"a {day}, the day of its hand-over, or “day: {found}”")


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
