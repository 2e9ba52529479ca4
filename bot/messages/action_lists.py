"""Lists of action items: the one in the channel, an incident's, those of several, the weekly summary."""

from collections.abc import Iterable
from datetime import datetime

from bot import actions
from bot.card import Bold, Button, Card, Code, Span, Style, Text, When
from bot.incident import Incident
from bot.messages import issues
from bot.messages.actions import SHORT, counts, done_button, over
from bot.messages.lengths import shorten
from bot.messages.words import who
from bot.progress import ActionItem
from bot.reader import Todo, Todos

LISTED = 15
"""Items of an incident that are listed; the rest is counted."""


def on_card(incident: Incident, *, now: datetime) -> Text:
    """``3 open, 1 overdue``; nothing where none is open."""
    left = actions.open_ones(incident)
    late = sum(actions.overdue(item, now=now) for item in left)
    return (counts(len(left), late),) if left else ()


def standing(incident: Incident, *, now: datetime) -> Card:
    """The incident's list, with a button for each."""
    left = actions.open_ones(incident)
    shown = left[:LISTED]
    text = [*_lines(shown, now=now), *_more(len(left) - len(shown))]
    settled = len(incident.progress.actions) - len(left)
    text += [*(["\n"] if text else []), f"{settled} done or dropped."] if settled else []
    return Card(
        title=f"Action items: {counts(len(left), 0)}" if left else "Action items: none open",
        text=tuple(text),
        buttons=tuple(done_button(item, incident.number, label=f"✓ {item.number}") for item in shown),
        footer=(Code(text="/incident action @ana add an alert by friday"), " adds one. A ✓ says that it is done."),
    )


def of_incident(incident: Incident, *, now: datetime) -> Card:
    """Every item of the incident, those that are over last."""
    over_ones = [item for item in incident.progress.actions if not item.open]
    if not incident.progress.actions:
        add = Code(text="/incident action @ana add an alert by friday")
        return Card(title=f"Action items of {incident.name}", text=("There is none yet. ", add, " adds one."))
    left = actions.open_ones(incident)
    gone: list[str | Span] = [part for item in over_ones[-LISTED:] for part in ("\n", over(item))]
    text = [*_lines(left[:LISTED], now=now), *_more(len(left) - LISTED), *gone]
    text = text[1:] if text[:1] == ["\n"] else text
    buttons = tuple(done_button(item, incident.number, label=f"✓ {item.number}") for item in left[:LISTED])
    return Card(title=f"Action items of {incident.name}", text=tuple(text), buttons=buttons)


def several(found: Todos, *, mine: bool, now: datetime) -> Card:
    """Items of several incidents, the first due first."""
    title = "Your action items" if mine else "Open action items"
    if not found.open:
        return Card(title=title, text=("None is open.",))
    buttons = tuple(
        done_button(one.item, one.incident.number, label=f"✓ #{one.incident.number}/{one.item.number}")
        for one in found.shown
    )
    title = f"{title}: {counts(found.open, found.overdue)}"
    return Card(
        title=title, text=(*_todos(found.shown, now=now), *_more(found.open - len(found.shown))), buttons=buttons
    )


def weekly(found: Todos, *, now: datetime) -> Card:
    """What is open, each Monday."""
    return Card(
        title=f"Action items this week: {counts(found.open, found.overdue)}",
        text=(*_todos(found.shown, now=now), *_more(found.open - len(found.shown))),
        buttons=(Button(label="Show mine", does="actions mine"),),
        footer=("Told on Mondays while any is open. ", Code(text="/incident actions"), " lists them."),
    )


def _lines(items: Iterable[ActionItem], *, now: datetime) -> list[str | Span]:
    text: list[str | Span] = []
    for item in items:
        text += [*(["\n"] if text else []), Bold(text=str(item.number)), *_line(item, now=now)]
    return text


def _todos(todos: Iterable[Todo], *, now: datetime) -> list[str | Span]:
    text: list[str | Span] = []
    for one in todos:
        marked = "DRILL · " if one.incident.drill else "🔒 " if one.incident.private else ""
        name = Bold(text=f"#{one.incident.number}/{one.item.number}")
        about = f" ({shorten(one.incident.title, 60)})"
        text += [*(["\n"] if text else []), name, f" {marked}".rstrip(), *_line(one.item, now=now), about]
    return text


def _line(item: ActionItem, *, now: datetime) -> Text:
    """`` add a pool alert · Ana · due 27 November 17:00``."""
    kind = f"{item.kind}: " if item.kind is not None else ""
    owner: Text = ("nobody yet",)
    if item.owned_by is not None:
        owner = who(item.owner) if item.owner is not None else (f"{item.owned_by.name} (who?)",)
    due: Text = ("no date yet",)
    if item.due_at is not None:
        late: Text = (Bold(text="overdue"), " since ") if actions.overdue(item, now=now) else ("due ",)
        due = (*late, When(at=item.due_at, style=Style.MOMENT))
    issue = issues.link(item.issue)
    return (f" {kind}{shorten(item.text, SHORT)} · ", *owner, " · ", *due, *((" · ", *issue) if issue else ()))


def _more(count: int) -> list[str | Span]:
    return [f"\n… and {count} more."] if count > 0 else []
