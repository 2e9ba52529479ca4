"""The messages about deadlines: on the card, in their reminders, in the list."""

from collections.abc import Sequence
from datetime import datetime

from bot import deadlines
from bot.card import (
    Bold,
    Button,
    ButtonStyle,
    Card,
    Code,
    Quote,
    Room,
    Span,
    Style,
    Text,
    Tone,
    When,
    join,
)
from bot.durations import say_duration
from bot.incident import Incident
from bot.messages.words import asked_first, headline, reason, ring_first, stop, who
from bot.people import Group, Person
from bot.playbook.clocks import DeadlineRule, Meets
from bot.playbook.shape import Playbook
from bot.progress import Deadline

ON_THE_CARD = 3
"""Deadlines that the live card shows at most."""
_OPEN = {
    Meets.RESPONSE: "Nobody has said yet that they are on it.",
    Meets.UPDATE: "No status update was given yet.",
    Meets.RESOLVED: "It is not resolved yet.",
    Meets.PUBLISHED: "The post-mortem is not published yet.",
    Meets.DONE: "Nobody has said yet that it is done.",
}
"""What an overdue deadline waits for."""


# Who is asked


def asked(rule: DeadlineRule, incident: Incident, playbook: Playbook) -> Person | Group:
    """The first of those whom the rule names that is there; else whoever leads, or declared it. A post-mortem's owner
    comes before all of them.
    """
    owner = _owner(rule, incident)
    return owner if owner is not None else asked_first(rule.asks, incident, playbook)


def _owner(rule: DeadlineRule, incident: Incident) -> Person | None:
    post = incident.progress.postmortem if rule.met_by is Meets.PUBLISHED else None
    return post.owner if post is not None else None


def _asked(rule: DeadlineRule, incident: Incident, playbook: Playbook) -> Text:
    owner = _owner(rule, incident)
    return who(owner, quiet=False) if owner is not None else ring_first(rule.asks, incident, playbook)


# On the card


def on_card(incident: Incident, playbook: Playbook, *, now: datetime) -> Text:
    """The next deadlines that are near or overdue; empty where none is."""
    running = sorted(incident.progress.deadlines.values(), key=lambda one: one.due_at)
    close = [
        one
        for one in running
        if (rule := deadlines.rule_of(incident, playbook, one.name)) is not None and deadlines.near(one, rule, now=now)
    ]
    return join([_due(one, now=now) for one in close[:ON_THE_CARD]], "\n")


def _due(deadline: Deadline, *, now: datetime) -> Text:
    style = Style.TIME if abs(deadline.due_at - now) < 12 * deadlines.HOUR else Style.MOMENT
    late = now >= deadline.due_at
    says: tuple[str | Span, ...] = (f"{deadline.title} ", Bold(text="overdue"), " since ") if late else (
        f"{deadline.title} due ",)  # fmt: skip
    return (*says, When(at=deadline.due_at, style=style), ", ", When(at=deadline.due_at, style=Style.RELATIVE))


# The posts that ask


def post(incident: Incident, playbook: Playbook, deadline: Deadline, number: int) -> Card:
    """The ``number``-th post of a deadline as it should read now.

    Only the last one asks and tells the end. The earlier ones stay: Discord allows few edits of old messages.
    """
    rule = deadlines.rule_of(incident, playbook, deadline.name)
    if number < deadline.posts and rule is not None:
        since = _from(deadline, rule) if deadline.by_hand else ()
        return Card(title=deadline.title, text=("I asked for it again below.", *since))
    if deadline.met_at is not None:
        return Card(tone=Tone.GOOD, title=deadline.title, text=("✓ Done", *_done(deadline)))
    if rule is None or deadline.dropped_at is not None:
        return Card(title=deadline.title, text=(f"No longer owed.{reason(deadline.dropped_because)}",))
    if deadline.missed_at is None and not deadline.asked:
        text: Text = (*_term(deadline, rule), *_from(deadline, rule))
        return Card(title=f"{deadline.title}: the clock runs", text=text, buttons=_buttons(incident, deadline, rule))
    return _asking(incident, playbook, deadline, rule)


def _asking(incident: Incident, playbook: Playbook, deadline: Deadline, rule: DeadlineRule) -> Card:
    rings = _asked(rule, incident, playbook)
    relative = When(at=deadline.due_at, style=Style.RELATIVE)
    if deadline.missed_at is not None:
        title = f"{deadline.title} is overdue"
        text: Text = (*rings, f": it was due {_to(rule)}", When(at=deadline.due_at, style=Style.MOMENT), ", ", relative,
                      f". {_OPEN[rule.met_by]}")  # fmt: skip
    else:
        title = f"{deadline.title} is due"
        text = (*rings, f": it is due {_to(rule)}", When(at=deadline.due_at, style=Style.MOMENT), ", ", relative, ".")
    again: Text = ("I ask again ", When(at=deadline.ask_at, style=Style.MOMENT)) if deadline.ask_at is not None else ()
    return Card(
        tone=Tone.ASK,
        title=title,
        text=(*text, *(_from(deadline, rule) if deadline.by_hand else ())),
        buttons=_buttons(incident, deadline, rule),
        footer=again if not deadlines.asked_anyway(rule) else (),
    )


def _to(rule: DeadlineRule) -> str:
    return f"to {rule.audience} " if rule.audience else ""


def _term(deadline: Deadline, rule: DeadlineRule) -> Text:
    return (f"Due {_to(rule)}", When(at=deadline.due_at, style=Style.MOMENT), ", ",
            When(at=deadline.due_at, style=Style.RELATIVE), ".")  # fmt: skip


def _from(deadline: Deadline, rule: DeadlineRule) -> Text:
    """``72h from 14:05, when we became aware. Established by Ana: “it was us”``."""
    when = f", when {rule.moment}" if rule.moment else ""
    said: list[str | Span] = [f"\n{rule.within} from ", When(at=deadline.started_at, style=Style.MOMENT), f"{when}."]
    if deadline.by_hand:
        said.append(f" Established by {deadline.established_by}{':' if deadline.words else '.'}")
    if deadline.words:
        said += ["\n", Quote(text=deadline.words)]
    return tuple(said)


def _buttons(incident: Incident, deadline: Deadline, rule: DeadlineRule) -> tuple[Button, ...]:
    """What meets it, by one tap."""
    label, does = {
        Meets.RESPONSE: ("I'm on it", "ack"),
        Meets.UPDATE: ("Post update", "update"),
        Meets.RESOLVED: ("Resolve", "resolve form"),
        Meets.PUBLISHED: ("Published", "postmortem publish"),
    }.get(rule.met_by, ("Done", f"clock {deadline.name} done"))
    done = Button(label=label, does=f"{incident.name} {does}", style=ButtonStyle.PRIMARY)
    if rule.draft and not incident.drill:
        return (done, Button(label="Show the draft", does=f"{incident.name} draft {rule.draft}"))
    begin = rule.met_by is Meets.PUBLISHED and incident.progress.postmortem is None
    return (done, Button(label="Draft it", does=f"{incident.name} postmortem draft")) if begin else (done,)


def _done(deadline: Deadline) -> Text:
    at = deadline.met_at or deadline.due_at
    by = f" by {deadline.met_by}" if deadline.met_by else ""
    late = f", {say_duration(at - deadline.due_at)} late" if deadline.missed_at is not None else ", in time"
    return (f"{by} ", When(at=at, style=Style.MOMENT), f"{late}.")


def direct(incident: Incident, playbook: Playbook, deadline: Deadline) -> Card:
    """The same question to one person, where an edit in the channel would ring nobody."""
    rule = deadlines.rule_of(incident, playbook, deadline.name)
    late = deadline.missed_at is not None
    text: Text = (f"{deadline.title} {'is overdue: it was due' if late else 'is due'} ",
                  When(at=deadline.due_at, style=Style.MOMENT), ", ", When(at=deadline.due_at, style=Style.RELATIVE),
                  ". It is about ", Room(name=incident.channel_name), ".")  # fmt: skip
    buttons = _buttons(incident, deadline, rule) if rule is not None else ()
    return Card(tone=Tone.ASK, title=headline(incident, playbook), text=text, buttons=buttons)


# What one person is told


def runs(deadline: Deadline, rule: DeadlineRule, *, incident: Incident) -> Card:
    """It runs; whose words established its moment is asked for where that was not said."""
    missing = bool(rule.moment) and not deadline.words
    text: list[str | Span] = [
        f"{deadline.title} runs: due ", When(at=deadline.due_at, style=Style.MOMENT), ", ",
        When(at=deadline.due_at, style=Style.RELATIVE), f", {rule.within} from ",
        When(at=deadline.started_at, style=Style.MOMENT), ".",
    ]  # fmt: skip
    if missing:
        text += [" Please say in whose words it was established: ", Code(text=f"/incident clock {rule.name} because …")]
    words = Button(label="Say it", does=f"{incident.name} clock {rule.name} because", style=ButtonStyle.PRIMARY)
    return Card(text=tuple(text), buttons=(words,) if missing else ())


def listing(incident: Incident, playbook: Playbook, startable: Sequence[DeadlineRule], *, now: datetime) -> Card:
    """Every deadline of an incident with its due time and how it stands, and which could be started."""
    every = sorted(incident.progress.deadlines.values(), key=lambda one: (not one.running, one.due_at))
    rows: list[Text] = [_row(one, now=now) for one in every]
    if startable:
        names: list[Text] = [(Code(text=f"/incident clock {rule.name}"), f" {rule.title} ({rule.within})")
                             for rule in startable]  # fmt: skip
        rows.append(("By hand: ", *join(names)))
    done = [one for one in every if one.running][:5]
    rules = [(one, rule) for one in done if (rule := deadlines.rule_of(incident, playbook, one.name)) is not None]
    buttons = [
        Button(label=f"{button.label}: {one.title}"[:75], does=button.does)
        for one, rule in rules
        for button in _buttons(incident, one, rule)
    ]
    return Card(
        title=f"Deadlines of {incident.name}",
        text=join(rows, "\n") or ("None so far.",),
        buttons=tuple(buttons),
    )


def _row(deadline: Deadline, *, now: datetime) -> Text:
    due = When(at=deadline.due_at, style=Style.MOMENT)
    title = Bold(text=deadline.title)
    if deadline.met_at is not None:
        return ("✓ ", title, " · done", *_done(deadline), " It was due ", due, ".")
    if deadline.dropped_because:
        return ("– ", title, f" · called off: {stop(deadline.dropped_because)}")
    if deadline.dropped_at is not None:
        return ("– ", title, " · no longer applies")
    late = now >= deadline.due_at
    state: Text = ("❗ ", title, " · ", Bold(text="overdue"), ", was due ") if late else ("⏳ ", title, " · due ")
    return (*state, due, ", ", When(at=deadline.due_at, style=Style.RELATIVE), f" · {deadline.term} from ",
            When(at=deadline.started_at, style=Style.MOMENT))  # fmt: skip
