"""What a rota may say and probably does not mean: times with nobody, one person twice at once, layers that never show.

A year is looked at, from when all layers have begun: so both changes of the clocks are in it. Overrides are people's
business and are not looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import combinations
from zoneinfo import ZoneInfo

from bot.durations import say_duration
from bot.playbook.escalation import Rotation
from bot.playbook.misfit import At, Misfit, listed, quoted
from bot.playbook.shape import Playbook
from bot.rotations import Line, Shift, lines, shifts

YEAR = timedelta(days=366)


class _Rota:
    """One rotation over a year."""

    def __init__(self, place: int, rotation: Rotation, playbook: Playbook, since: datetime) -> None:
        self.at: At = ("rotations", place)
        self.rotation, self._zone, self._since = rotation, playbook.timezone, since
        self.lines: Sequence[Line] = lines(rotation, playbook.timezone)

    @cached_property
    def shifts(self) -> list[Shift]:
        """The final schedule."""
        return self.of(self.rotation)

    def of(self, rotation: Rotation) -> list[Shift]:
        """The schedule of this rotation, or of a part of it, over the same year."""
        return shifts(rotation, zone=self._zone, overrides=(), since=self._since, until=self._since + YEAR)

    @property
    def part_time(self) -> bool:
        """Whether it means to cover part of the time only: one list of people with hours."""
        return len(self.lines) == 1 and bool(self.lines[0].hours)

    def alone(self, line: Line) -> list[Shift]:
        """The schedule of one of its lines, as if there were no other."""
        rotation = self.rotation
        if line.name:
            layers = tuple(layer for layer in rotation.layers if layer.name == line.name)
            return self.of(rotation.model_copy(update={"people": (), "layers": layers}))
        return self.of(rotation.model_copy(update={"layers": ()}))

    def place(self, line: Line) -> At:
        """Where a line stands in the playbook."""
        names = [layer.name for layer in self.rotation.layers]
        return (*self.at, "layers", names.index(line.name)) if line.name else (*self.at, "people")

    def clock(self, moment: datetime) -> str:
        """A moment as its wall clock shows it."""
        zone = self.rotation.timezone or self._zone
        return f"{moment.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M} ({zone})"


@dataclass(frozen=True, slots=True)
class _Twice:
    """One person in two schedules at once."""

    person: str
    begins: datetime
    times: int


def rotas(playbook: Playbook) -> Iterator[Misfit]:
    """Everything about rotations that is worth a look."""
    known = [line for rotation in playbook.rotations for line in lines(rotation, playbook.timezone)]
    if not known:
        return
    since = max(line.begins(0) for line in known)
    found = [_Rota(place, rotation, playbook, since) for place, rotation in enumerate(playbook.rotations)]
    for one in found:
        yield from _gaps(one)
        yield from _layers(one)
    yield from _unpaged(playbook, found)
    yield from _doubled(playbook, found)


def _gaps(one: _Rota) -> Iterator[Misfit]:
    """Times in which nobody is on call, where layers seem to be meant for all of the time."""
    gaps = [shift for shift in one.shifts if shift.person is None]
    if gaps and not one.part_time:
        found = f"nobody on call in {quoted(one.rotation.title)} from {one.clock(gaps[0].begins)} {_for(gaps)}"
        yield Misfit(one.at, found, "hours that meet all year, or “people” of its own under the layers")


def _layers(one: _Rota) -> Iterator[Misfit]:
    """Layers that never show, and those that put somebody over themselves."""
    seen = {shift.layer for shift in one.shifts if shift.person is not None}
    alone = {line.name: one.alone(line) for line in one.lines} if len(one.lines) > 1 else {}
    for line in one.lines:
        what = f"layer {quoted(line.name)}" if line.name else "“people”"
        if line.name not in seen:
            found = f"{what} of {quoted(one.rotation.title)}, which a later layer covers at all times"
            yield Misfit(one.place(line), found, "hours that leave it some time, or a place after that layer")
    for below, above in combinations([line for line in one.lines if line.name in seen], 2):
        twice = _twice(alone[below.name], alone[above.name])
        if twice is not None:
            under = f"layer {quoted(below.name)}" if below.name else "“people”"
            found = (
                f"{twice.person} in layer {quoted(above.name)} and in {under} of {quoted(one.rotation.title)} at once, "
                f"first {one.clock(twice.begins)}"
            )
            yield Misfit(one.place(above), found, "somebody else, or other turns")


def _unpaged(playbook: Playbook, found: Sequence[_Rota]) -> Iterator[Misfit]:
    """Severities that page rotations only, none of which has anybody on call at some time."""
    rotas = {one.rotation.name: one for one in found}
    told: set[tuple[str, ...]] = set()
    for place, severity in enumerate(playbook.severities):
        paged = [rotas[name] for name in severity.page if name in rotas]
        names = tuple(one.rotation.name for one in paged)
        if not paged or len(paged) < len(severity.page) or names in told:
            continue
        told.add(names)
        if len(paged) == 1 and not paged[0].part_time:
            continue  # its gaps are told at the rotation
        gaps = [shift for shift in paged[0].shifts if shift.person is None]
        for other in paged[1:]:
            gaps = [cut for gap in gaps for shift in other.shifts if shift.person is None if (cut := _cut(gap, shift))]
        if gaps:
            whom = listed((one.rotation.title for one in paged), last="and")
            text = f"nobody to page at {severity.name} from {paged[0].clock(gaps[0].begins)} {_for(gaps)}: {whom}"
            yield Misfit(("severities", place, "page"), text, "somebody beside them for that time")


def _doubled(playbook: Playbook, found: Sequence[_Rota]) -> Iterator[Misfit]:
    """One person in two rotations that back each other up."""
    for one, other in combinations(found, 2):
        at = _together(playbook, one.rotation, other.rotation)
        twice = _twice(one.shifts, other.shifts) if at is not None else None
        if at is not None and twice is not None:
            titles = f"{quoted(one.rotation.title)} and {quoted(other.rotation.title)}"
            text = f"{twice.person} in {titles} at once, first {one.clock(twice.begins)}, {_times(twice.times)} a year"
            yield Misfit(at, text, "different people at one time: another order, or another “starts”")


def _together(playbook: Playbook, one: Rotation, other: Rotation) -> At | None:
    """Where the playbook says that one is called where the other does not answer, or both at once."""
    for this, that in ((one, other), (other, one)):
        if that.name in this.backup:
            place = next(nth for nth, each in enumerate(playbook.rotations) if each is this)
            return ("rotations", place, "backup", this.backup.index(that.name))
    for place, severity in enumerate(playbook.severities):
        if {one.name, other.name} <= set(severity.page):
            return ("severities", place, "page")
    return None


def _twice(one: Sequence[Shift], other: Sequence[Shift]) -> _Twice | None:
    """The first time that somebody is in both, and how often it is so."""
    first: _Twice | None = None
    nth, times = 0, 0
    for shift in one:
        while nth < len(other) and other[nth].ends <= shift.begins:
            nth += 1
        for beside in other[nth:]:
            if beside.begins >= shift.ends:
                break
            if shift.person is not None and shift.person == beside.person:
                times += 1
                first = first or _Twice(shift.person, max(shift.begins, beside.begins), 1)
    return _Twice(first.person, first.begins, times) if first is not None else None


def _cut(one: Shift, other: Shift) -> Shift | None:
    """What two gaps share."""
    begins, ends = max(one.begins, other.begins), min(one.ends, other.ends)
    return Shift(None, begins, ends) if begins < ends else None


def _for(gaps: Sequence[Shift]) -> str:
    return f"for {say_duration(gaps[0].ends - gaps[0].begins)}, {_times(len(gaps))} a year"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
