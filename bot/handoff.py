"""The hand-over of an on-call rotation as a ritual: its checklist, who confirmed, and what is still asked for.

It belongs to no incident, so it is kept by itself. Every step is a pure change of its state; the message about it is
drawn from the state.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pydantic import AwareDatetime, Field

from bot.card import Text
from bot.model import Model
from bot.people import Person


class Side(StrEnum):
    """Who of the two."""

    OFF = "off"
    """Whoever goes."""
    ON = "on"
    """Whoever comes."""


class Mark(Model):
    """That somebody did something, and when."""

    by: Person
    at: AwareDatetime


class Stands(Model):
    """The message about it on one platform."""

    to: str
    """Where it was posted, as :class:`bot.intents.Post` names places."""
    digest: str = ""
    """Of the card that was owed last."""
    edits: int = 0


class Handoff(Model):
    """One hand-over."""

    id: int = 0
    """Given by the store; buttons carry it."""
    key: str
    """``handover/PLAYBOOK/ROTATION/DAY``: names it for ever."""
    playbook: str
    rotation: str
    """Its name."""
    title: str
    """The rotation's."""
    begins: AwareDatetime
    """When the turn begins."""
    ends: AwareDatetime
    opened_at: AwareDatetime
    off: Person | None = None
    on: Person
    checklist: str
    """Its title."""
    steps: tuple[str, ...]
    brief: Text = ()
    """What was open, due and noisy when it began."""
    backups: tuple[Person, ...] = ()
    wait: timedelta
    """How long whoever comes has to confirm, before they are asked once more; and again as long before others are told.
    """
    ticks: dict[int, Mark] = Field(default_factory=dict)
    """By the number of the step, from 1."""
    gave: Mark | None = None
    took: Mark | None = None
    asked_at: AwareDatetime | None = None
    told_at: AwareDatetime | None = None
    look_at: AwareDatetime | None = None
    """When something has to be done about it next."""
    stands: dict[str, Stands] = Field(default_factory=dict)
    """By platform."""

    @property
    def name(self) -> str:
        """What buttons call it: ``h17``."""
        return f"h{self.id}"

    @property
    def whole(self) -> bool:
        """Whether both have confirmed and every step is ticked."""
        return self.confirmed and len(self.ticks) == len(self.steps)

    @property
    def confirmed(self) -> bool:
        """Whether both have confirmed; where nobody goes off, whoever comes."""
        return self.took is not None and (self.gave is not None or self.off is None)

    def over(self, now: datetime) -> bool:
        """Whether the turn that it began has ended."""
        return now >= self.ends

    def side(self, person: Person) -> Side | None:
        """Which of the two somebody is."""
        if person.keys & self.on.keys:
            return Side.ON
        return Side.OFF if self.off is not None and person.keys & self.off.keys else None


def tick(before: Handoff, step: int, *, by: Person, now: datetime) -> Handoff:
    """With a step ticked; the first tick stays."""
    return before.model_copy(update={"ticks": {step: Mark(by=by, at=now)} | before.ticks})


def untick(before: Handoff, step: int) -> Handoff:
    """With a tick taken back."""
    return before.model_copy(
        update={"ticks": {number: mark for number, mark in before.ticks.items() if number != step}}
    )


def confirm(before: Handoff, side: Side, *, by: Person, now: datetime) -> Handoff:
    """With one of the two having confirmed; once whoever comes has, nothing more is asked for."""
    mark = Mark(by=by, at=now)
    if side is Side.OFF:
        return before.model_copy(update={"gave": before.gave or mark})
    return before.model_copy(update={"took": before.took or mark, "look_at": None})


def asked(before: Handoff, *, now: datetime) -> Handoff:
    """Whoever comes was asked once more."""
    return before.model_copy(update={"asked_at": now, "look_at": now + before.wait})


def told(before: Handoff, *, now: datetime) -> Handoff:
    """The others were told that nobody has confirmed."""
    return before.model_copy(update={"told_at": now, "look_at": None})


class Handoffs(Protocol):
    """Hand-overs within one transaction."""

    async def enter(self, handoff: Handoff) -> bool:
        """Store a new one, which is given its id; ``False`` where there is one of its key already."""
        ...

    async def get(self, id: int) -> Handoff | None:
        """One by its id, locked."""
        ...

    async def due(self, now: datetime, *, limit: int) -> list[Handoff]:
        """Those whose ``look_at`` has come, earliest first, locked; those locked by another are passed over."""
        ...

    async def save(self, handoff: Handoff) -> None:
        """Store one that was locked or entered here."""
        ...


class HandoffReader(Protocol):
    """Answers questions about hand-overs."""

    async def current(self, playbooks: Sequence[str], *, now: datetime) -> list[Handoff]:
        """Those of these playbooks whose turn has not ended, the latest first."""
        ...

    async def next_look(self) -> datetime | None:
        """When something has to be done about any next."""
        ...
