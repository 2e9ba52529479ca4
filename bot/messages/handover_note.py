"""The note at an on-call hand-over: who changes, what is open, what is due, and which alerts came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import actions
from bot.alerts.tracked import Tally, Tracked
from bot.card import Bold, Card, Mention, Room, Span, Style, Text, When, join
from bot.incident import Incident
from bot.messages.alert_lists import counts, mend
from bot.messages.lengths import fit, shorten
from bot.messages.words import NOBODY, coded, who
from bot.people import Person
from bot.playbook.escalation import Rotation
from bot.playbook.shape import Playbook
from bot.reader import Summary, Todo, Todos
from bot.rotations import Turn

LISTED = 6
"""Incidents, and items, that are told; the rest is counted."""
ALERTS = 5
"""Alerts that are told: those that deserve mending come first by themselves."""
TITLES, ALERT_TITLES = 400, 300
"""Characters for all titles of a list, so that the note stays within one message."""
NAME = 30
"""Characters of a name that nothing bounds."""
LATE = timedelta(minutes=5)
"""From so long after the hand-over on, the note says when that was."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who hands over to whom."""

    rotation: Rotation
    turn: Turn
    """The turn that begins."""
    off: Person | None
    """``None`` where the rotation begins."""
    on: Person
    was: Turn | None
    """The turn that ends."""


@dataclass(frozen=True, slots=True)
class Noise:
    """The alerts of a turn."""

    since: datetime
    """From when on they are counted."""
    alerts: Sequence[tuple[Tracked, Tally]]
    """Each with how often in that time, the noisiest first."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What whoever comes on has to know."""

    open: Sequence[tuple[Summary, Incident]]
    """The most severe first."""
    items: Todos
    """Overdue, or due within the turn."""
    noise: Noise | None
    """``None`` where no turn ended."""


def note(change: Change, digest: Digest, playbook: Playbook, *, now: datetime) -> Card:
    """The whole note. It rings whoever comes on, and nobody else."""
    return Card(
        title=f"Hand-over: {change.rotation.title}",
        text=(*_change(change, now=now), "\n", *brief(digest, playbook, now=now)),
        footer=coded("`/incident list`, `/incident actions` and `/incident alerts` show all of it"),
    )


def brief(digest: Digest, playbook: Playbook, *, now: datetime) -> Text:
    """What is open, what is due, and which alerts came."""
    came = digest.noise is not None and digest.noise.alerts
    if not (digest.open or digest.items.open or came):
        return ("All is quiet: no incident is open, no item is due this turn, and no alert came.",)
    parts = [_incidents(digest.open, playbook, now=now), _items(digest.items, now=now), _alerts(digest.noise)]
    return join([part for part in parts if part], "\n")


def _change(change: Change, *, now: datetime) -> Text:
    off: Text = (*who(change.off), " goes off.") if change.off is not None else ("the rotation begins.",)
    when: Text = ()
    if now - change.turn.begins > LATE:
        when = (" That was at ", When(at=change.turn.begins, style=Style.MOMENT), "; this note is late.")
    until: Text = (" Next hand-over ", When(at=change.turn.ends, style=Style.MOMENT), ".")
    return (Mention(person=change.on), " is on call now; ", *off, *when, *until)


def _incidents(open_ones: Sequence[tuple[Summary, Incident]], playbook: Playbook, *, now: datetime) -> Text:
    shown = open_ones[:LISTED]
    lines: list[Text] = [(Bold(text=f"Open incidents: {len(open_ones) or 'none'}"),)]
    titles = fit([one.title for one, _ in shown], TITLES)
    for (listed, incident), title in zip(shown, titles, strict=True):
        lines.append((*_named(listed, title), *_stands(incident, playbook, now=now)))
    return join([*lines, *_more(len(open_ones) - len(shown))], "\n")


def _named(one: Summary, title: str) -> Text:
    """``#42 SEV1 checkout is down · #incident-2026-11-20``."""
    where: Text = (" · ", Room(name=one.channel_name, refs=one.refs)) if one.refs else ()
    return (Bold(text=f"#{one.number}"), f" {one.severity.upper()} {title}", *where)


def _stands(one: Incident, playbook: Playbook, *, now: datetime) -> Text:
    """`` · 3 days ago · Ana Reyes · update due 14:30``."""
    lead = one.holder(playbook.commander)
    led = who(lead) if lead is not None else NOBODY
    return (" · ", When(at=one.declared_at, style=Style.RELATIVE), " · ", *led, " · ", *_update(one, now=now))


def _update(one: Incident, *, now: datetime) -> Text:
    """When its next update is due."""
    clock = one.reminding
    if clock.paused_because is not None:
        return ("updates paused",)
    if clock.due_at is None:
        return ("no update owed",)
    late: Text = (Bold(text="update overdue"), " since ") if clock.overdue(now) else ("update due ",)
    return (*late, When(at=clock.due_at, style=Style.MOMENT))


def _items(found: Todos, *, now: datetime) -> Text:
    counted = f"{found.open}, {found.overdue} overdue" if found.overdue else f"{found.open or 'none'}"
    lines: list[Text] = [(Bold(text=f"Action items due this turn: {counted}"),)]
    texts = fit([one.item.text for one in found.shown], TITLES)
    lines += [_item(one, text, now=now) for one, text in zip(found.shown, texts, strict=True)]
    return join([*lines, *_more(found.open - len(found.shown))], "\n")


def _item(one: Todo, text: str, *, now: datetime) -> Text:
    item = one.item
    owner: Text = NOBODY
    if item.owned_by is not None:
        owner = who(item.owner) if item.owner is not None else (shorten(item.owned_by.name, NAME),)
    due: list[str | Span] = []
    if item.due_at is not None:
        due = [" · ", Bold(text="overdue") if actions.overdue(item, now=now) else "due", " "]
        due.append(When(at=item.due_at, style=Style.MOMENT))
    return (Bold(text=f"#{one.incident.number}/{item.number}"), f" {text} · ", *owner, *due)


def _alerts(noise: Noise | None) -> Text:
    if noise is None:
        return ()
    many = sum(tally.posted for _, tally in noise.alerts)
    since: Text = (" since ", When(at=noise.since, style=Style.MOMENT))
    if not noise.alerts:
        return (Bold(text="Alerts: none"), *since)
    shown = noise.alerts[:ALERTS]
    titles = fit([one.alert.title for one, _ in shown], ALERT_TITLES)
    head: Text = (Bold(text=f"Alerts: {len(noise.alerts)}, arrived {many}×"), *since, ", the noisiest first")
    lines: list[Text] = [head]
    for (one, tally), title in zip(shown, titles, strict=True):
        lines.append((Bold(text=one.name), f" {title} · {counts(tally)}{mend(tally)}"))
    return join([*lines, *_more(len(noise.alerts) - len(shown))], "\n")


def _more(count: int) -> list[Text]:
    return [(f"… and {count} more.",)] if count > 0 else []
