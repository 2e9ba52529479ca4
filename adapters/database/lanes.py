"""Lanes: in which order the effects that one incident owes one platform may be done.

A lane holds everything that is owed and not done, oldest first. What belongs to no incident is in order only within
its stream: each stream is a lane of its own. Pure: rows in, decisions out, so that the database
code only has to load and store.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.intents import CHANNEL
from bot.store import Owed


class Lane(NamedTuple):
    """What is kept in order together."""

    incident: int | None
    platform: str
    stream: str | None = None
    """Only where there is no incident."""


def lane_of(incident: int | None, platform: str, stream: str | None) -> Lane | None:
    """Where an effect has its place; ``None`` for what waits for nothing and nothing waits for."""
    if incident is not None:
        return Lane(incident, platform)
    return None if stream is None else Lane(None, platform, stream)


def generation(key: str) -> int:
    """1 for ``channel``, 2 for ``channel/2``, …; 0 for a key that names no channel of the incident."""
    if key == CHANNEL:
        return 1
    head, _, tail = key.partition("/")
    return int(tail) if head == CHANNEL and tail.isdecimal() else 0


@dataclass(slots=True, eq=False)
class Waiting:
    """An effect that is owed and not done."""

    key: str
    kind: str
    stream: str | None
    needs: frozenset[str]
    after: frozenset[str]
    begun: bool = False
    """Somebody holds it, or has tried it."""
    held: bool = False
    ready: bool = False
    id: int | None = None
    """``None`` until it is stored."""
    owed: Owed | None = None


def waiting(owed: Owed) -> Waiting:
    """A new effect, about to be stored."""
    return Waiting(owed.key, owed.intent.kind, owed.stream, owed.intent.needs(), owed.after, owed=owed)


@dataclass(slots=True)
class Plan:
    """What becomes of a lane when more is owed."""

    lane: list[Waiting]
    """Everything that stands afterwards, oldest first, the new included."""
    dropped: list[Waiting] = field(default_factory=list)


def plan(standing: Sequence[Waiting], new: Iterable[Owed]) -> Plan:
    """Take in what is newly owed: drop what it replaces, and what needs a dropped key that nobody owes any more."""
    result = Plan(list(standing))
    for owed in new:
        _drop(result, [each for each in result.lane if not each.begun and _gives_way(each, owed)])
        if all(each.key != owed.key for each in result.lane):
            result.lane.append(waiting(owed))
    _drop_the_needy(result)
    return result


def _gives_way(old: Waiting, new: Owed) -> bool:
    replaced = new.replaces and new.stream is not None and (old.stream, old.kind) == (new.stream, new.intent.kind)
    return replaced or old.key in new.instead_of


def _drop(result: Plan, falling: list[Waiting]) -> None:
    if falling:
        result.dropped += falling
        result.lane = [each for each in result.lane if each not in falling]


def _drop_the_needy(result: Plan) -> None:
    """Drop what needs a dropped key, and what needs that, and so on; another channel stands in for a dropped one."""
    while result.dropped:
        gone = {each.key for each in result.dropped} - {each.key for each in result.lane}
        if any(generation(each.key) for each in result.lane):
            gone.discard(CHANNEL)
        falling = [each for each in result.lane if not each.begun and each.needs & gone]
        if not falling:
            return
        _drop(result, falling)


def settle(lane: Sequence[Waiting]) -> list[Waiting]:
    """Work out who is ready in a lane (oldest first); returns those for whom that changed.

    Ready is whoever needs no key that is still open, comes after none that was not tried yet, and is first in its
    stream. The channel is every channel of the incident: while a newer one is being opened, what needs ``channel``
    waits for that. Who is held stays so.
    """
    keys = {each.key for each in lane}
    untried = {each.key for each in lane if each.held or not each.begun}
    channels = {key for key in keys if generation(key)}
    streams: set[str] = set()
    changed: list[Waiting] = []
    for each in lane:
        blockers = each.needs & keys | each.after & untried | (channels if CHANNEL in each.needs else set())
        ready = not blockers - {each.key} and each.stream not in streams
        if each.stream is not None:
            streams.add(each.stream)
        if ready != each.ready and not each.held:
            each.ready = ready
            changed.append(each)
    return changed
