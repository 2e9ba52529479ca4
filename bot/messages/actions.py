"""Action items: the list in the channel, those of several incidents, what their owners are told and reminded of."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import actions
from bot.card import Bold, Button, ButtonStyle, Card, Code, Link, Span, Style, Text, Tone, When
from bot.incident import Incident
from bot.messages.lengths import shorten
from bot.messages.words import group_of, stop, who
from bot.people import Group, Person
from bot.playbook.shape import Playbook
from bot.progress import ActionItem
from bot.store import Todo, Todos

LISTED = 15
"""Items of the list in the channel; the rest is counted."""
SHORT = 120
"""Characters of an item in a list."""
MOST = 100
"""Characters that a button carries."""


def on_card(incident: Incident, *, now: datetime) -> Text:
    """``3 open, 1 overdue``; nothing where none is open."""
    left = actions.open_ones(incident)
    late = sum(actions.overdue(item, now=now) for item in left)
    return (_counts(len(left), late),) if left else ()


def standing(incident: Incident, *, now: datetime) -> Card:
    """The incident's list, with a button for each."""
    left = actions.open_ones(incident)
    shown = left[:LISTED]
    text = [*_lines(shown, now=now), *_more(len(left) - len(shown))]
    settled = len(incident.progress.actions) - len(left)
    text += [*(["\n"] if text else []), f"{settled} done or dropped."] if settled else []
    return Card(
        title=f"Action items: {_counts(len(left), 0)}" if left else "Action items: none open",
        text=tuple(text),
        buttons=tuple(_done(item, incident.number, label=f"✓ {item.number}") for item in shown),
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
    buttons = tuple(_done(item, incident.number, label=f"✓ {item.number}") for item in left[:LISTED])
    return Card(title=f"Action items of {incident.name}", text=tuple(text), buttons=buttons)


def several(found: Todos, *, mine: bool, now: datetime) -> Card:
    """Items of several incidents, the first due first."""
    title = "Your action items" if mine else "Open action items"
    if not found.open:
        return Card(title=title, text=("None is open.",))
    buttons = tuple(
        _done(one.item, one.incident.number, label=f"✓ #{one.incident.number}/{one.item.number}") for one in found.shown
    )
    title = f"{title}: {_counts(found.open, found.overdue)}"
    return Card(
        title=title, text=(*_todos(found.shown, now=now), *_more(found.open - len(found.shown))), buttons=buttons
    )


def weekly(found: Todos, *, now: datetime) -> Card:
    """What is open, each Monday."""
    return Card(
        title=f"Action items this week: {_counts(found.open, found.overdue)}",
        text=(*_todos(found.shown, now=now), *_more(found.open - len(found.shown))),
        buttons=(Button(label="Show mine", does="actions mine"),),
        footer=("Told on Mondays while any is open. ", Code(text="/incident actions"), " lists them."),
    )


def what_of_it(incident: Incident, parked: int, *, declares: str) -> Card:
    """Somebody points at a message in the incident's channel."""
    makes = Button(label="Action item", does=f"{incident.name} action from {parked}", style=ButtonStyle.PRIMARY)
    return Card(
        tone=Tone.ASK,
        text=(f"What becomes of this message? It can be an action item of {incident.name}, or a new incident.",),
        buttons=(makes, Button(label="New incident", does=declares[:MOST])),
    )


def added(item: ActionItem, incident: Incident) -> Card:
    """It is on the list; and what it still lacks."""
    return _answer(f"Item {item.number} is on the list", item, incident)


def changed(item: ActionItem, incident: Incident) -> Card:
    """How it stands now."""
    return _answer(f"Item {item.number}", item, incident)


def unchanged(item: ActionItem, incident: Incident) -> Card:
    """It stood so before."""
    return _answer(f"Item {item.number} stands like that already", item, incident)


def done(item: ActionItem, incident: Incident) -> Card:
    """It is done, and how many are left."""
    left = len(actions.open_ones(incident))
    rest = f"{left} left." if left else "That was the last one."
    return Card(tone=Tone.GOOD, text=(f"✓ Item {item.number} is done: {stop(shorten(item.text, SHORT))} {rest}",))


def dropped(item: ActionItem) -> Card:
    """It will not be done."""
    return Card(text=(over(item),))


def is_over(item: ActionItem) -> Card:
    """It was done or dropped before."""
    return Card(text=(over(item),))


def over(item: ActionItem) -> str:
    """How an item ended, in a sentence."""
    text = shorten(item.text, SHORT)
    if item.done_at is not None:
        return f"✓ Item {item.number}, {text}: done by {item.done_by} on {item.done_at:%Y-%m-%d}."
    return f"✗ Item {item.number}, {text}: dropped, because {stop(item.dropped_because)}"


def given(item: ActionItem, incident: Incident, *, by: Person) -> Card:
    """Somebody was given an item."""
    return Card(
        title=f"{by.name} gave you an action item",
        text=(*_about(item, incident), "\n", *_until(item)),
        buttons=_owners_buttons(item, incident),
    )


def reminder(item: ActionItem, incident: Incident, *, now: datetime) -> Card:
    """It is due soon, or overdue."""
    late = actions.overdue(item, now=now)
    last: Text = (" This is the last reminder.",) if item.asked >= actions.REMINDERS else ()
    return Card(
        tone=Tone.ASK,
        title="An action item of yours is overdue" if late else "An action item of yours is due soon",
        text=(*_about(item, incident), "\n", *_until(item), *last),
        buttons=_owners_buttons(item, incident),
    )


def who_takes_it(item: ActionItem, group: Group, incident: Incident, playbook: Playbook) -> Card:
    """A group owns it: who of them?"""
    about = f"item {item.number}, {stop(shorten(item.text, SHORT))}"
    if not item.open:
        return Card(text=(over(item),))
    if item.owner is not None:
        return Card(text=(*who(item.owner), f" takes {about}"))
    return Card(
        tone=Tone.ASK,
        title="Who takes this action item?",
        text=(*group_of(group, incident, playbook), f": {about} ", *_until(item)),
        buttons=(Button(label="I'll take it", does=f"{incident.name} action {item.number} @me",
                        style=ButtonStyle.PRIMARY),),
    )  # fmt: skip


def entry(item: ActionItem, *, does: str, zone: str) -> str:
    """What became of an item, for the timeline."""
    owner = item.owned_by.name if item.owned_by is not None else "nobody yet"
    due = f"due {item.due_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}" if item.due_at else "no date yet"
    why = f", because {item.dropped_because}" if item.dropped_at is not None else ""
    kind = f"{item.kind}: " if item.kind is not None else ""
    return f"Action item {item.number} {does}{why}: {kind}{item.text} ({owner}, {due})"


def _answer(begins: str, item: ActionItem, incident: Incident) -> Card:
    kind = f"{item.kind}: " if item.kind is not None else ""
    text: list[str | Span] = [f"{begins}: {kind}{stop(shorten(item.text, SHORT))} "]
    if item.owner is not None:
        text += ["For ", *who(item.owner), ". "]
    elif item.group is not None:
        text.append(f"{item.group.name} is asked who takes it. ")
    text += _until(item)
    missing = [what for what in actions.lacks(item) if what != actions.OWNER or item.group is None]
    if not missing:
        return Card(text=tuple(text))
    form = Button(label=f"Set {' and '.join(missing)}", does=f"{incident.name} action {item.number} form")
    take = Button(label="I'll take it", does=f"{incident.name} action {item.number} @me")
    return Card(text=tuple(text), buttons=(form, take) if actions.OWNER in missing else (form,))


def _counts(count: int, late: int) -> str:
    return f"{count} open, {late} overdue" if late else f"{count} open"


def _until(item: ActionItem) -> Text:
    if item.due_at is None:
        return ("It has no date yet.",)
    return ("Due ", When(at=item.due_at, style=Style.MOMENT), ", ", When(at=item.due_at, style=Style.RELATIVE), ".")


def _about(item: ActionItem, incident: Incident) -> Text:
    kind = f"{item.kind}: " if item.kind is not None else ""
    source: Text = ("\n", Link(url=item.url, label="The message it came from")) if item.url else ()
    return (Bold(text=f"{incident.name}/{item.number}"), f" {kind}{item.text}", f"\nOf: {incident.title}", *source)


def _owners_buttons(item: ActionItem, incident: Incident) -> tuple[Button, ...]:
    return (
        _done(item, incident.number, label="Done", style=ButtonStyle.PRIMARY),
        Button(label="Another date", does=f"{incident.name} action {item.number} form"),
    )


def _done(item: ActionItem, incident: int, *, label: str, style: ButtonStyle = ButtonStyle.PLAIN) -> Button:
    return Button(label=label, does=f"#{incident} done {item.number}", style=style)


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
    return (f" {kind}{shorten(item.text, SHORT)} · ", *owner, " · ", *due)


def _more(count: int) -> list[str | Span]:
    return [f"\n… and {count} more."] if count > 0 else []
