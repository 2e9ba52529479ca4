"""The final schedule: layers over each other, and overrides over all of them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from bot.playbook.escalation import Rotation
from bot.rotations.line import Line, Turn, lines
from bot.rotations.override import Override

LOOK_AHEAD = tuple(timedelta(days=days) for days in (8, 32, 128, 400, 800))
"""How far is looked for what begins or ends, step by step: a turn of 99 weeks is no longer."""
_BACK = (timedelta(days=1), timedelta(days=16))
"""How far back is looked for whoever was on call last: mostly a day, for sure two weeks, since hours come each week."""


class Gap(StrEnum):
    """Why nobody is on call."""

    BEFORE = "not begun"
    """Every layer that covers this time begins later."""
    HOURS = "outside its hours"
    """No layer covers this time."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A time in which one person is on call, or nobody."""

    person: str | None
    """Key; ``None`` in a gap."""
    begins: datetime
    ends: datetime
    layer: str = ""
    """Name of the layer that it comes from; empty for the rotation's own list, an override or a gap."""
    turn: Turn | None = None
    """The turn of that layer that it is part of; none for an override or a gap."""
    override: Override | None = None
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """Who is on call at a moment, and by what."""

    person: str | None
    layer: str = ""
    turn: Turn | None = None
    override: Override | None = None
    gap: Gap | None = None


class _Laid:
    """One line over a span, cut into stretches of one person each."""

    def __init__(self, line: Line, since: datetime, until: datetime) -> None:
        self.stretches = list(_stretches(line, since, until))
        self.covered = line.covered(since, until)
        self._begins = [begins for begins, *_ in self.stretches]
        self._name = line.name

    def at(self, moment: datetime) -> _Held | None:
        """Whom it puts on call at this moment of the span."""
        place = bisect_right(self._begins, moment) - 1
        if place < 0 or moment >= self.stretches[place][1]:
            return None
        _, _, person, turn = self.stretches[place]
        return _Held(person, self._name, turn)

    def would(self, moment: datetime) -> bool:
        """Whether its hours cover this moment, begun or not."""
        place = bisect_right(self.covered, moment, key=lambda stretch: stretch[0]) - 1
        return place >= 0 and moment < self.covered[place][1]


def shifts(
    rotation: Rotation, *, zone: str, overrides: Iterable[Override], since: datetime, until: datetime
) -> list[Shift]:
    """The final schedule from one moment to another, without a hole: the first shift begins at ``since``, each at the
    end of the one before, and the last ends at ``until``.

    A shift is never longer than one turn of one layer or one override; two that follow each other may be one person's.
    ``zone`` is the playbook's; overrides of other rotations are passed over. Times come back in UTC.
    """
    ours = _newest_last(rotation, overrides)
    laid = [_Laid(line, since, until) for line in lines(rotation, zone)]
    cuts = {since, until}
    for each in laid:
        cuts |= {moment for begins, ends in each.covered for moment in (begins, ends)}
        cuts |= {moment for begins, ends, *_ in each.stretches for moment in (begins, ends)}
    cuts |= {moment for one in ours for moment in (one.begins, one.ends) if since < moment < until}
    made: list[Shift] = []
    for begins, ends in pairwise(sorted(cuts)):
        held = _held(laid, ours, begins)
        shift = Shift(held.person, begins, ends, held.layer, held.turn, held.override, held.gap)
        if made and replace(made[-1], ends=ends) == replace(shift, begins=made[-1].begins):
            made[-1] = replace(made[-1], ends=ends)
        else:
            made.append(shift)
    return made


def on_call(rotation: Rotation, *, zone: str, overrides: Iterable[Override], now: datetime) -> str | None:
    """The key of whoever is on call; ``None`` in a gap."""
    person: str | None = None
    for line in reversed(lines(rotation, zone)):
        count = line.count(now)
        if count is not None and line.covers(now):
            person = line.person(count)
            break
    for one in _newest_last(rotation, overrides):
        if one.covers(now) and one.takes_from(person):
            person = one.person
    return person


def shift(rotation: Rotation, *, zone: str, overrides: Iterable[Override], now: datetime) -> Shift:
    """The shift of this moment, whole; a gap of many years is cut."""
    ours = _newest_last(rotation, overrides)
    for span in LOOK_AHEAD:
        since, until = now - span, now + span
        around = shifts(rotation, zone=zone, overrides=ours, since=since, until=until)
        mine = next(one for one in around if one.begins <= now < one.ends)
        if mine.begins > since and mine.ends < until:
            break
    return mine


def stint(rotation: Rotation, *, zone: str, overrides: Iterable[Override], now: datetime) -> tuple[Shift, Shift | None]:
    """Until when whoever is on call stays so, over turns and layers, and the shift that follows.

    Nothing follows where that is years away, as where one person is always on call.
    """
    ours = _newest_last(rotation, overrides)
    mine = shift(rotation, zone=zone, overrides=ours, now=now)
    for span in LOOK_AHEAD:
        for one in shifts(rotation, zone=zone, overrides=ours, since=mine.ends, until=mine.ends + span):
            if one.person != mine.person:
                return replace(mine, ends=one.begins), shift(rotation, zone=zone, overrides=ours, now=one.begins)
    return replace(mine, ends=mine.ends + LOOK_AHEAD[-1]), None


def handovers(
    rotation: Rotation, *, zone: str, since: datetime, until: datetime
) -> Iterator[tuple[Shift | None, Shift]]:
    """Each moment of a span, its end left out, at which the rotation hands over from one person to another: the shift
    that was the last before it, and the one that begins. Gaps between two shifts of one person are none, nor are
    overrides.
    """
    last = _before(rotation, zone, since)
    for one in shifts(rotation, zone=zone, overrides=(), since=since, until=until):
        if one.person is None:
            continue
        if last is None or one.person != last.person:
            yield last, one
        last = one


def _before(rotation: Rotation, zone: str, moment: datetime) -> Shift | None:
    """The shift of whoever was on call last before a moment."""
    for back in _BACK:
        for one in reversed(shifts(rotation, zone=zone, overrides=(), since=moment - back, until=moment)):
            if one.person is not None:
                return one
    return None


def _stretches(line: Line, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime, str, Turn]]:
    """Where turns and hours meet."""
    covered = line.covered(since, until)
    place = 0
    for person, turn in line.turns(since, until):
        while place < len(covered) and covered[place][1] <= turn.begins:
            place += 1
        for begins, ends in covered[place:]:
            if begins >= turn.ends:
                break
            yield max(begins, turn.begins), min(ends, turn.ends), person, turn


def _held(laid: Sequence[_Laid], ours: Sequence[Override], moment: datetime) -> _Held:
    """Who is on call at a moment: by the top line that covers it, then by each override in its turn."""
    held = next((found for each in reversed(laid) if (found := each.at(moment)) is not None), None)
    if held is None:
        begins_later = any(each.would(moment) for each in laid)
        held = _Held(None, gap=Gap.BEFORE if begins_later else Gap.HOURS)
    for one in ours:
        if one.covers(moment) and one.takes_from(held.person):
            held = _Held(one.person, override=one)
    return held


def _newest_last(rotation: Rotation, overrides: Iterable[Override]) -> list[Override]:
    return sorted((one for one in overrides if one.rotation == rotation.name), key=lambda one: one.id)
