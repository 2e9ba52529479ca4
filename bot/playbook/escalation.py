"""People outside the channel: flags that call for them, escalation rules, on-call rotations and paging."""

import re
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema

from bot.durations import Duration
from bot.playbook.clocks import Weekday
from bot.playbook.misfit import quoted, wrong
from bot.playbook.part import Day, Key, Names, Part, TimeOfDay, Zone
from bot.playbook.process import Checklist


class Flag(Part):
    """A yes-or-no fact about an incident that changes what follows: data loss, security, public communication.

    It is set and taken back by a command or a button, on the record.
    """

    name: Key
    title: str
    aliases: Names = ()
    """Other words that people type for it."""
    severities: Names = ()
    """Set from the start at these severities."""
    asks: str = ""
    """The question on its button: ``Is customer data lost?``"""


class Escalation(Part):
    """When somebody outside the channel is brought in."""

    name: Key
    title: str
    to: Names = Field(min_length=1)
    """Groups, people, roles or rotations, all of whom are called."""
    severities: Names = ()
    """At these severities only; at all where left out."""
    at_once: Names = ()
    """Severities at which it happens with the declaration."""
    after: Duration | None = None
    """So long without an improvement of the status."""
    flags: Names = ()
    """When one of these is set."""
    aliases: Names = ()
    wait: Duration | None = None
    """How long it waits for an answer before ``then`` follows."""
    then: str = ""
    """Name of the next rule on the path."""
    says: str = ""
    """What they are called for, in the process's words."""
    informs: bool = False
    """They are only told: nobody is waited for, and no answer is asked."""


class Pay(Part):
    """What on-call is paid."""

    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    week: float = Field(default=0, ge=0)
    incident: float = Field(default=0, ge=0)
    """Once for each incident that they were paged for."""
    weekend: float = Field(default=1, ge=1)
    """Factor on the hourly rate for work at weekends; rate and hours are entered."""


_TURN = re.compile(r"(?P<every>every +)?(?P<count>[1-9]\d?) *(?P<unit>day|week)s?")
_ONE = {"1 day": "daily", "1 week": "weekly"}


def _turn(value: Any) -> Any:
    """``daily``, ``weekly``, ``2 weeks``, ``every 3 days``: each length written in one way."""
    if value in ("daily", "weekly"):
        return value
    found = _TURN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise wrong(quoted(str(value)), "daily, weekly, or a length like 3 days or 2 weeks")
    many = "" if found["count"] == "1" else "s"
    said = f"{found['count']} {found['unit']}{many}"
    return _ONE.get(said, said)


TurnLength = Annotated[
    str,
    BeforeValidator(_turn),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(daily|weekly|(every +)?[1-9]\d? *(day|week)s?)$",
            "examples": ["daily", "weekly", "2 weeks"],
        }
    ),
]
"""How long a turn lasts: ``daily``, ``weekly``, ``3 days``, ``2 weeks``."""


def turn_days(turn: str) -> int:
    """The days of a turn."""
    if turn in ("daily", "weekly"):
        return 1 if turn == "daily" else 7
    count, unit = turn.split()
    return int(count) * (7 if unit.startswith("week") else 1)


class Hours(Part):
    """A time of the day, on some days of the week, in which somebody is on call at all."""

    days: tuple[Weekday, ...] = Field(default=("mon", "tue", "wed", "thu", "fri", "sat", "sun"), min_length=1)
    """On which it begins."""
    from_: TimeOfDay = Field(default=time(0), alias="from")
    until: TimeOfDay = time(0)
    """On the next day, where it is not later than ``from``; so the whole day, where both are left out."""
    timezone: Zone | None = None
    """That of the people's turns where left out."""


def _hours(value: Any, info: ValidationInfo) -> Any:
    """Words for hours were taken once and never looked at: a kept playbook is still read, a new one is told."""
    if isinstance(value, str):
        if value == "" or getattr(info.context, "kept", False):
            return ()
        raise wrong(quoted(value), "a list of times like { days: [mon, tue], from: 18:00, until: 08:00 }")
    return value


Covers = Annotated[tuple[Hours, ...], BeforeValidator(_hours)]
"""The hours that are covered; all the time where there are none."""


class Layer(Part):
    """People of a rotation who take turns by themselves; over the layers before it, wherever it covers.

    What it leaves out is the rotation's.
    """

    name: Key
    people: Names = Field(min_length=1)
    turn: TurnLength | None = None
    starts: Day | None = None
    day: Weekday | None = None
    at: TimeOfDay | None = None
    timezone: Zone | None = None
    hours: Covers = ()


class Rotation(Part):
    """Who is on call, in turn: one list of people, several layers, or layers over one list."""

    name: Key
    title: str
    people: Names = ()
    turn: TurnLength = "weekly"
    starts: Day | None = None
    """Day of the hand-over that begins the first person's turn."""
    day: Weekday = "mon"
    """Of the hand-over, for turns of weeks."""
    at: TimeOfDay = time(9, 0)
    timezone: Zone | None = None
    """The playbook's where left out."""
    hours: Covers = ()
    """Where it covers part of the time only."""
    layers: tuple[Layer, ...] = Field(default=(), max_length=12)
    """A later one stands over an earlier one, and all of them over ``people``."""
    answer: Duration | None = None
    """Within which a page is answered, before the next route."""
    backup: Names = ()
    """Whom to call next: rotations, groups, people."""
    expects: Names = ()
    """What is expected of whoever is on call."""
    checklist: Checklist | None = None
    """The hand-over's."""
    channels: dict[str, str] = Field(default_factory=dict)
    """Name or id of the channel, by platform, in which its hand-overs are told; where incidents are announced, if left
    out."""
    pay: Pay | None = None

    @property
    def everybody(self) -> Names:
        """Whoever takes turns in it, each once."""
        return tuple(dict.fromkeys((*self.people, *(person for layer in self.layers for person in layer.people))))


class Route(Part):
    """One way to reach people, by name; its address is a setting of the operator, never part of the playbook."""

    name: Key
    title: str = ""
    kind: Literal["pager", "sms", "push", "email", "call"] = "pager"
    wait: Duration | None = None
    """How long it may stay unanswered before the next route."""


class Paging(Part):
    """How people are paged: the routes in order."""

    routes: tuple[Route, ...] = ()
    emergency: Names = ()
    """Whom to call where nobody answers."""


class Contact(Part):
    """How to reach somebody by other means; told in the channel only where every route has failed."""

    phone: str = Field(default="", max_length=40)
    email: str = Field(default="", max_length=200)
