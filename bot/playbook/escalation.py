"""People outside the channel: flags that call for them, escalation rules, on-call rotations and paging."""

from datetime import time
from typing import Literal

from pydantic import Field

from bot.durations import Duration
from bot.playbook.clocks import Weekday
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


class Rotation(Part):
    """Who is on call, in turn."""

    name: Key
    title: str
    people: Names = Field(min_length=1)
    turn: Literal["daily", "weekly"] = "weekly"
    starts: Day
    """Day of the hand-over that begins the first person's turn."""
    day: Weekday = "mon"
    at: TimeOfDay = time(9, 0)
    timezone: Zone | None = None
    """The playbook's where left out."""
    hours: str = ""
    """Where it covers part of the time only: ``nights and weekends``, ``09:00-17:00``."""
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
