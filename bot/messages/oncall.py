"""Who is on call: now, next, and when somebody's own turns are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.card import Button, Card, CardField, Mention, Style, Text, When, join
from bot.durations import say_duration
from bot.messages.words import coded
from bot.people import Person
from bot.playbook.escalation import Rotation
from bot.playbook.shape import Playbook
from bot.rotations import Gap, Shift

BUTTONS = 4
"""Rotations that are offered to be covered by a button."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One rotation as it stands."""

    playbook: Playbook
    rotation: Rotation
    now: Shift
    """Until somebody else, or nobody, follows."""
    then: Shift | None
    """What follows."""
    after: Shift | None = None
    """Who is next, where a gap follows."""


def rota(standing: Sequence[Standing], *, several: bool, now: datetime, actor: Person) -> Card:
    """Who is on call in each rotation, until when, and who is next."""
    fields = [CardField(name=_title(one, several=several), value=_value(one, now=now)) for one in standing]
    free = [one for one in standing[:BUTTONS] if one.now.person != actor.key]
    buttons = [
        Button(label=f"I cover {_title(one, several=several)} for 2h"[:75], does=f"cover 2h {_called(one, several)}")
        for one in free
    ]
    footer = "`/incident oncall when` shows your turns, `cover 2h` takes over, `swap @NAME next week` asks for a swap."
    return Card(title="On call", fields=tuple(fields), buttons=tuple(buttons), footer=coded(footer))


def plan(one: Standing, ahead: Sequence[Shift], *, now: datetime) -> Card:
    """One rotation, and its next shifts."""
    lines = [(When(at=shift.begins, style=Style.MOMENT), " · ", *_who(shift, one.playbook)) for shift in ahead]
    fields = (CardField(name="Then", value=join(lines, "\n")),) if lines else ()
    return Card(title=f"On call: {one.rotation.title}", text=_value(one, now=now), fields=fields)


def turns(
    mine: Sequence[tuple[Standing, Sequence[Shift]]], person: Person, *, own: bool, several: bool, now: datetime
) -> Card:
    """When somebody's turns are, the asker's own or another's."""
    fields = []
    for one, shifts in mine:
        lines = [_span(shift, one.playbook, now=now) for shift in shifts]
        value = join(lines, "\n") if lines else ("no turn in the next three months",)
        fields.append(CardField(name=_title(one, several=several), value=value))
    title = "Your turns on call" if own else f"On call: {person.name}"
    return Card(title=title, fields=tuple(fields))


def _called(one: Standing, several: bool) -> str:
    """What a button calls it: of several playbooks, with its own before it."""
    return f"{one.playbook.name}/{one.rotation.name}" if several else one.rotation.name


def _title(one: Standing, *, several: bool) -> str:
    return f"{one.rotation.title} ({one.playbook.title})"[:200] if several else one.rotation.title


def _value(one: Standing, *, now: datetime) -> Text:
    return (*_who(one.now, one.playbook), *_until(one.now, one.then, now=now), *_next(one))


def _until(shift: Shift, then: Shift | None, *, now: datetime) -> Text:
    if then is None:
        return (" · all the time",) if shift.person is not None else ()
    return (" until ", When(at=shift.ends, style=Style.MOMENT), f", {say_duration(shift.ends - now)} from now")


def _next(one: Standing) -> Text:
    if one.then is None:
        return ()
    if one.then.person is not None:
        return ("\nThen ", *_who(one.then, one.playbook))
    if one.after is None:
        return ("\nThen nobody",)
    again: Text = (*_who(one.after, one.playbook), " from ", When(at=one.after.begins, style=Style.MOMENT))
    return ("\nThen nobody, ", *again)


def _who(shift: Shift, playbook: Playbook) -> Text:
    """``Bo Lindqvist, in place of Ana Reyes``; a gap says why."""
    if shift.person is None:
        return (f"Nobody ({'it has not begun' if shift.gap is Gap.BEFORE else 'outside its hours'})",)
    said: list[Text] = [_named(shift.person, playbook)]
    override = shift.override
    if override is not None:
        whose = override.instead_of
        said.append(("in place of ", *_named(whose, playbook)) if whose is not None else ("by a cover",))
    elif shift.layer:
        said.append((shift.layer,))
    return join(said)


def _named(key: str, playbook: Playbook) -> Text:
    person = playbook.person(key)
    return (Mention(person=person, quiet=True),) if person is not None else (key,)


def _span(shift: Shift, playbook: Playbook, *, now: datetime) -> Text:
    by: Text = (", by a cover or a swap",) if shift.override is not None else ()
    if shift.begins <= now:
        return ("Now, until ", When(at=shift.ends, style=Style.MOMENT), *by)
    away = f", {say_duration(shift.begins - now)} from now"
    return (When(at=shift.begins, style=Style.MOMENT), " until ", When(at=shift.ends, style=Style.MOMENT), away, *by)
