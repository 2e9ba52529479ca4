"""Drills: the announcement of one that is due, and the schedule."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from bot import calling
from bot.card import (
    Button,
    ButtonStyle,
    Card,
    CardField,
    Code,
    GroupMention,
    Mention,
    Quote,
    Style,
    Text,
    Tone,
    When,
    join,
)
from bot.incident import Incident
from bot.messages import own
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.reader import Summary
from bot.rotations import Override

LONGEST = 100
"""Characters that a button carries."""
SAMPLE = "drills:\n  first: 2027-01-08\n  every: quarter\n  day: first fri\n  scenario: The database is gone"
"""What a schedule looks like in a playbook."""


def due(playbook: Playbook, *, day: date, last: Summary | None, overrides: Iterable[Override], now: datetime) -> Card:
    """It is time for a drill."""
    asked = _asks(playbook, overrides=overrides, now=now)
    before: Text = (*asked, ": ") if asked else ()
    scenario: Text = ("\nThe scenario:\n", Quote(text=playbook.drills.scenario)) if playbook.drills.scenario else ()
    text: Text = (*before, f"a drill is due, planned for {say_day(day)}. Nobody is paged and nothing leaves the chat.")
    return Card(
        tone=Tone.DRILL,
        title="Time for a drill",
        text=(*text, *scenario, "\nLast drill: ", *_last(last), "."),
        buttons=(start(playbook),),
        footer=("I ask again each week until one was held. ", Code(text="/incident drills"), " shows the schedule."),
    )


def asked_again() -> Card:
    """In place of an announcement that nobody answered."""
    return Card(tone=Tone.DRILL, title="Time for a drill", text=("Nobody answered, so I asked again below.",))


class Drilled(StrEnum):
    """What became of a drill, as the announcement that asked for it tells."""

    DECLARED = "declared"
    HELD = "held"
    CALLED_OFF = "called off"


def drilled(incident: Incident) -> Drilled:
    """What became of it by now."""
    if incident.stage is Stage.CANCELLED:
        return Drilled.CALLED_OFF
    return Drilled.DECLARED if incident.open else Drilled.HELD


def answered(incident: Incident, playbook: Playbook, became: Drilled) -> Card:
    """In place of the announcement once a drill was begun for it. Of a private one only that is told."""
    name = "A private drill" if incident.private else f"{incident.name} “{incident.title}”"
    if became is Drilled.CALLED_OFF:
        text: Text = (f"{name} was called off, so a drill is still owed. I ask for it again each week.",)
        return Card(tone=Tone.DRILL, title="Time for a drill", text=text, buttons=(start(playbook),))
    at = When(at=incident.declared_at, style=Style.MOMENT)
    if became is Drilled.HELD:
        return Card(tone=Tone.GOOD, title="The drill was held", text=(f"✓ {name}, begun ", at, "."))
    joins = () if incident.private else own.joins(incident)
    return Card(tone=Tone.DRILL, title="The drill is under way", text=(f"{name}, begun ", at, "."), buttons=joins)


def start(playbook: Playbook) -> Button:
    """Opens the form of a drill, with the scenario as its title where that fits."""
    scenario = " ".join(playbook.drills.scenario.split())
    words = f"drill {scenario}".strip()
    does = words if len(words) <= LONGEST else "drill"
    return Button(label="Start the drill", does=does, style=ButtonStyle.PRIMARY)


def schedule(playbook: Playbook, *, last: Summary | None, next_day: date | None, today: date) -> Card:
    """When the last drill was, how long ago, and when the next one is."""
    drills = playbook.drills
    unplanned = drills.first is None and drills.after is None
    fields = [CardField(name="Last drill", value=_last(last))]
    if last is not None:
        fields.append(CardField(name="Time since", value=(When(at=last.declared_at, style=Style.RELATIVE),)))
    fields.append(CardField(name="Next drill", value=(_next(next_day, today=today, unplanned=unplanned),)))
    text: Text = ()
    if unplanned:
        text = ("To plan drills, write this in the playbook ", Code(text=playbook.name), ", for instance:\n",
                Code(text=SAMPLE))  # fmt: skip
    elif drills.scenario and next_day is not None:
        text = ("The scenario:\n", Quote(text=drills.scenario))
    return Card(tone=Tone.DRILL, title="Drills", text=text, fields=tuple(fields), buttons=(start(playbook),))


def say_day(day: date) -> str:
    """``Friday, 8 January 2027``."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def _next(day: date | None, *, today: date, unplanned: bool) -> str:
    if unplanned:
        return "not planned yet"
    if day is None:
        return "no further one is planned"
    if day < today:
        return f"overdue since {say_day(day)}; I ask for it each week"
    return f"today, {say_day(day)}" if day == today else say_day(day)


def _last(last: Summary | None) -> Text:
    """A private drill is nobody else's business: only its day is told."""
    if last is None:
        return ("never run yet",)
    when = When(at=last.declared_at, style=Style.MOMENT)
    return (when,) if last.private else (f"#{last.number} “{last.title}”, ", when)


def _asks(playbook: Playbook, *, overrides: Iterable[Override], now: datetime) -> Text:
    """Those whom the schedule names: people, groups and whoever is on call are rung, roles are named."""
    asked: list[Text] = []
    for name in playbook.drills.asks:
        group, role = playbook.group(name), playbook.role(name)
        person = playbook.person(name) or calling.of_the_hour(name, playbook, overrides=overrides, now=now)
        if group is not None:
            asked.append((GroupMention(group=group),))
        elif person is not None:
            asked.append((Mention(person=person),))
        else:
            asked.append((role.title if role is not None else name,))
    return join(asked)
