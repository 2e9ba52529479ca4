"""The live card: what anybody who comes in needs to know, edited as the incident goes on.

It is made of pieces. What a new capability shows on it is one more piece in ``PIECES``.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from bot.card import Bold, Button, ButtonStyle, Card, CardField, Code, Link, Span, Style, Text, When, join
from bot.durations import say_duration
from bot.incident import Incident
from bot.messages import (
    action_lists,
    alerts,
    deadlines,
    flags,
    freeze,
    health,
    issues,
    phases,
    publication,
    roles,
    rounds,
)
from bot.messages.lengths import QUOTED, cut
from bot.messages.words import NOBODY, headline, responsible, status, tone, who
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook


def card(incident: Incident, playbook: Playbook, *, now: datetime) -> Card:
    """The live card: what anybody who comes in needs to know."""
    return Card(
        tone=tone(incident, playbook),
        title=headline(incident, playbook),
        text=_story(incident, playbook),
        fields=tuple(field for piece in PIECES for field in piece(incident, playbook, now=now)),
        buttons=_buttons(incident, playbook),
        footer=(
            f"{incident.name} · playbook {playbook.title} · ",
            Code(text="/incident help"),
            " shows what you can do",
        ),
    )


def _story(incident: Incident, playbook: Playbook) -> Text:
    """How it ended, the last update, else who declared it."""
    ended = over(incident)
    if incident.last_update is not None:
        update = incident.last_update
        said: Text = (Bold(text="Last update"), " ", When(at=update.at, style=Style.RELATIVE), " by ", *who(update.by))
        if update.confirmed_at is not None:
            said = (*said, ", nothing new ", When(at=update.confirmed_at, style=Style.RELATIVE))
        return (*ended, *(("\n",) if ended else ()), *said, "\n", cut(update.text, QUOTED))
    if ended:
        return ended
    if incident.by_alert:
        declared: Text = (f"Declared by an alert of {incident.declared_by.name}. ",)
    else:
        declared = ("Declared by ", *who(incident.declared_by, quiet=False), ". ")
    lead: Text = ("You are in the right place: say what you see, and keep it here.",)
    return (*declared, *_called(incident, playbook), *lead, *freeze.notice(incident))


def _called(incident: Incident, playbook: Playbook) -> Text:
    """Whoever is on call and holds a role by that, rung: nobody else tells them that they are needed."""
    text: list[str | Span] = []
    for role in playbook.roles:
        holder = incident.holder(role.name) if role.rotation else None
        if holder is not None and holder.key != incident.declared_by.key:
            text += [*who(holder, quiet=False), f" is {role.title}. "]
    return tuple(text)


def over(incident: Incident) -> Text:
    """When and after how long it ended; nothing while it is open."""
    if incident.stage is Stage.CANCELLED and incident.ended_at is not None:
        return ("It was a false alarm, called off ", When(at=incident.ended_at, style=Style.RELATIVE), ".")
    if incident.open or incident.resolved_at is None:
        return ()
    lasted = say_duration(incident.resolved_at - incident.began_at)
    return (f"Resolved after {lasted}, ", When(at=incident.resolved_at, style=Style.RELATIVE), ".")


def promise(incident: Incident, playbook: Playbook, *, now: datetime) -> Text:
    """When the next update is due, and by whom; or that the clock is paused, or that none is owed."""
    clock = incident.reminding
    if clock.paused_because is not None and clock.ask_at is not None:
        reason = f" ({clock.paused_because})" if clock.paused_because else ""
        return (f"paused{reason}, asked again ", When(at=clock.ask_at, style=Style.RELATIVE))
    if clock.due_at is None:
        return ("none owed" if incident.open else "none: it is over",)
    owes = responsible(incident, playbook)
    owner = NOBODY if incident.by_alert and owes == incident.declared_by else who(owes)
    asked = clock.waiting or clock.ask_at != clock.due_at
    late: Text = (Bold(text="overdue"), " since ") if asked and clock.overdue(now) else ("due ",)
    return (*late, When(at=clock.due_at), ", ", When(at=clock.due_at, style=Style.RELATIVE), ", by ", *owner)


def _status(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield CardField(name="Status", value=(status(incident, playbook),))


def _phase(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield from _known("Phase", phases.phase(incident, playbook, now=now))


def _promise(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield CardField(name="Next update", value=promise(incident, playbook, now=now))


def _deadlines(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield from _known("Deadlines", deadlines.on_card(incident, playbook, now=now))


def _rounds(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterable[CardField]:
    return rounds.field(incident, playbook)


def _roles(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterable[CardField]:
    return roles.on_card(incident, playbook)


def _began(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield CardField(name="Began", value=(When(at=incident.began_at, style=Style.MOMENT),))


def _flags(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield from _known("Flags", flags.on_card(incident, playbook))


def _freeze(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield from _known("Production", freeze.since(incident))


def _facts(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    """What people said of it, by the fields that every incident has and by the playbook's own."""
    said = {
        "Impact": incident.impact,
        "Affected": incident.affected,
        "Component": incident.component,
        "Environment": incident.environment,
        "Fix": incident.fix,
    }
    for name, text in said.items():
        yield from _known(name, (text,) if text else ())
    titles = {fact.name: fact.title for fact in playbook.fields}
    for name, text in incident.fields.items():
        yield CardField(name=titles.get(name, name), value=(text,))


def _links(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    links: list[Text] = [(Link(url=link.url, label=link.label or link.url),) for link in incident.links[-5:]]
    yield from _known("Links", join(links) if links else ())


def _alerts(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield from _known("Alerts", alerts.on_card(incident))


def _health(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield from _known("Health checks", health.red(incident, playbook) if incident.open else ())


def _actions(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield from _known("Action items", action_lists.on_card(incident, now=now))


def _issue(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield from _known("Issue", issues.link(incident.progress.issue))


def _public(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    yield from _known("Customers see", publication.on_card(incident.progress.publication))


def _without(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    without = incident.progress.closed_without
    yield from _known("Closed without", (without,) if without else ())


def _late(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[CardField]:
    late = "; ".join(sorted(set(incident.late.values())))
    yield from _known("Still to come", (late,) if late else ())


def _known(name: str, value: Text) -> Iterator[CardField]:
    """A field, where there is something to say."""
    if value:
        yield CardField(name=name, value=value)


def _buttons(incident: Incident, playbook: Playbook) -> tuple[Button, ...]:
    name = incident.name
    if incident.stage in (Stage.CLOSED, Stage.CANCELLED):
        return (Button(label="Reopen", does=f"{name} reopen"),)
    if incident.stage is Stage.RESOLVED:
        return (
            Button(label="Close", does=f"{name} close", style=ButtonStyle.PRIMARY),
            Button(label="Reopen", does=f"{name} reopen"),
        )
    missing = [role for role in playbook.roles if role.name in roles.required(incident, playbook)]
    unclaimed = [role for role in missing if incident.holder(role.name) is None]
    return (
        Button(label="Post update", does=f"{name} update", style=ButtonStyle.PRIMARY),
        *alerts.undo(incident),
        *(Button(label=f"Take {role.title}"[:75], does=f"{name} take {role.name}") for role in unclaimed[:3]),
        Button(label="Catch me up", does=f"{name} catchup"),
        Button(label="Resolve", does=f"{name} resolve form", style=ButtonStyle.DANGER),
    )


class Piece(Protocol):
    """A piece of the card."""

    def __call__(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterable[CardField]:
        """Its fields; none where it has nothing to say."""
        ...


PIECES: tuple[Piece, ...] = (
    _status,
    _phase,
    _promise,
    _deadlines,
    _rounds,
    _public,
    _roles,
    _began,
    _flags,
    _freeze,
    _facts,
    _links,
    _alerts,
    _health,
    _actions,
    _issue,
    _without,
    _late,
)
"""Every piece, from top to bottom."""
