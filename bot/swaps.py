"""Swaps: which turns change hands when two people of a rotation swap, and whether that still is as it was asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import AwareDatetime, ConfigDict

from bot.covering import AHEAD, Rota
from bot.errors import Mistake
from bot.model import Model
from bot.people import Person
from bot.rotations import Override, Shift

Span = tuple[datetime, datetime]
HALF = 0.5
"""A turn belongs to the time in which so much of it lies, or which it fills so much of."""


class Part(Model):
    """One turn that changes hands."""

    model_config = ConfigDict(frozen=True)

    person: str
    instead_of: str
    begins: AwareDatetime
    ends: AwareDatetime


class Asked(Model):
    """A swap that somebody was asked for, as it is put aside until they answer."""

    model_config = ConfigDict(frozen=True)

    playbook: str
    rotation: str
    by: str
    """Key of whoever asks."""
    other: str
    asker: Person
    """Whoever asks, as they are told what became of it."""
    parts: tuple[Part, ...]
    because: str = ""

    def overrides(self) -> list[Override]:
        """What it would make of the rota."""
        return [
            Override(self.rotation, part.person, part.begins, part.ends, because=self.because,
                     instead_of=part.instead_of, playbook=self.playbook)
            for part in self.parts
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Swapping:
    """Two people of one rotation who would swap."""

    rota: Rota
    me: Person
    other: Person
    overrides: Sequence[Override]
    now: datetime

    def parts(self, span: Span | None) -> tuple[Part, ...]:
        """My turn of that time for theirs: where only one of us has one then, it is swapped for the other's next turn.

        Without a time, the next turn of each. Raises ``Mistake`` where there is nothing to swap.
        """
        mine, theirs = self._turns(self.me), self._turns(self.other)
        if span is None:
            ours = (_next(mine, self.now)[:1], _next(theirs, self.now)[:1])
        else:
            then = ([one for one in mine if _within(one, span)], [one for one in theirs if _within(one, span)])
            if not any(then):
                raise Mistake(f"Neither you nor {self.other.name} is on call then: {self.rota.rotation.title}. {_SEE}")
            ours = (
                then[0] or _beside(_next(mine, self.now), then[1]),
                then[1] or _beside(_next(theirs, self.now), then[0]),
            )
        if not all(ours):
            who = "You have" if not ours[0] else f"{self.other.name} has"
            raise Mistake(f"{who} no turn to swap in the next three months: {self.rota.rotation.title}. {_SEE}")
        given = [_part(one, self.other, self.me, self.now) for one in ours[0]]
        taken = [_part(one, self.me, self.other, self.now) for one in ours[1]]
        return tuple(sorted((*given, *taken), key=lambda part: part.begins))

    def _turns(self, person: Person) -> list[Span]:
        """Theirs in the time that is looked at; one that ends later is left alone."""
        until = self.now + AHEAD
        return [one for one in turns(self.rota.turns_of(person.key, self.overrides, self.now, until)) if one[1] < until]


_SEE = "`/incident oncall` shows the rota."


def turns(shifts: Iterable[Shift]) -> list[Span]:
    """Shifts as whole turns: the nights of one week are one."""
    made: dict[object, Span] = {}
    for one in shifts:
        named = (one.layer, one.turn) if one.turn is not None else one.begins
        begins = one.turn.begins if one.turn is not None and named not in made else one.begins
        made[named] = (made[named][0] if named in made else begins, one.ends)
    return list(made.values())


def still(asked: Asked, rota: Rota, overrides: Sequence[Override], *, now: datetime) -> list[Override]:
    """What a swap makes from now on, since nobody swaps what is past; raises ``Mistake`` where the rota is another one
    by now.
    """
    parts = [replace(one, begins=max(one.begins, now)) for one in asked.overrides() if one.ends > now]
    for one in parts:
        if not rota.turns_of(one.instead_of or "", overrides, one.begins, one.ends):
            raise Mistake(f"The rota has changed since you were asked. {_SEE}")
    if len(parts) < len(asked.parts):
        raise Mistake(f"One of these turns is over already. {_SEE}")
    return parts


def _within(turn: Span, span: Span) -> bool:
    both = min(turn[1], span[1]) - max(turn[0], span[0])
    return both > HALF * min(turn[1] - turn[0], span[1] - span[0]) and both > timedelta(0)


def _next(turns: list[Span], now: datetime) -> list[Span]:
    """Those that have not begun; where there is none, the one that has."""
    return [one for one in turns if one[0] > now] or turns


def _beside(mine: Sequence[Span], theirs: Sequence[Span]) -> list[Span]:
    """As many turns of one as the other gives, the first that are none of those."""
    return [one for one in mine if all(one[1] <= two[0] or one[0] >= two[1] for two in theirs)][: max(1, len(theirs))]


def _part(turn: Span, person: Person, instead_of: Person, now: datetime) -> Part:
    return Part(person=person.key, instead_of=instead_of.key, begins=max(turn[0], now), ends=turn[1])
