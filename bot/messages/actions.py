"""What is said of one action item: to whoever adds or changes it, to its owner, to a group, on the timeline."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import actions
from bot.card import Bold, Button, ButtonStyle, Card, Link, Span, Style, Text, Tone, When
from bot.forms import Ask, Form, FormField
from bot.incident import Incident
from bot.messages.lengths import shorten
from bot.messages.words import coded, group_of, stop, who
from bot.people import Group, Person
from bot.playbook.shape import Playbook
from bot.progress import ActionItem, ActionKind

SHORT = 120
"""Characters of an item in a list."""
MOST = 100
"""Characters that a button carries."""
LONGEST = 500
"""Characters of an item."""
LINE = 60
"""Characters of a date in words."""


def what_of_it(incident: Incident, parked: int, *, declares: str) -> Card:
    """Somebody points at a message in the incident's channel."""
    makes = Button(label="Action item", does=f"{incident.name} action from {parked}", style=ButtonStyle.PRIMARY)
    return Card(
        tone=Tone.ASK,
        text=(f"What becomes of this message? It can be an action item of {incident.name}, or a new incident.",),
        buttons=(makes, Button(label="New incident", does=declares[:MOST])),
    )


def asked_back(incident: Incident, sentence: str, readings: Sequence[str], *, dated: bool, parked: int) -> Card:
    """A date is doubtful (``dated``), or nobody knows the owner: one tap takes a reading of the date, and a form with
    all that was typed takes anything else.
    """
    does = f"{incident.name} action-date {parked}"
    taps = [Button(label=one, does=f"{does} {one}", style=ButtonStyle.PRIMARY) for one in readings if len(one) <= LINE]
    opens = Button(label="Another date" if dated else "Say who", does=does)
    return Card(tone=Tone.ASK, text=coded(sentence), buttons=(*taps, opens))


def form(incident: Incident, item: ActionItem | None, *, due: str) -> Form:
    """All of an item, with its date as its reader's clock shows it; empty for a new one."""
    does = f"{incident.name} action"
    if item is None:
        return Form(title="Action item", does=does, submit="Add", fields=fields())
    title = shorten(f"Item {item.number} of {incident.name}", 24)
    asked = fields(text=item.text, owner=item.owned_by, due=due, kind=item.kind)
    return Form(title=title, does=f"{does} {item.number}", fields=asked)


def form_again(
    incident: Incident, parked: int, *, text: str, owner: Person | Group | None, due: str, kind: ActionKind | None
) -> Form:
    """What was typed, for its date to be changed."""
    asked = fields(text=text, owner=owner, due=due, kind=kind)
    return Form(title="Action item", does=f"{incident.name} action-date {parked}", fields=asked)


def fields(
    *, text: str = "", owner: Person | Group | None = None, due: str = "", kind: ActionKind | None = None
) -> tuple[FormField, ...]:
    """What an item's form asks."""
    name = owner.key if owner is not None else ""
    return (
        FormField(name="text", label="What is to be done?", ask=Ask.PARAGRAPH, required=True, longest=LONGEST,
                  initial=text),
        FormField(name="owner", label="Who owns it?", hint="A name, like ana, or me", initial=name, longest=100),
        FormField(name="due", label="Until when?", hint="friday, 2026-12-04 15:00, in 3 days", initial=due,
                  longest=LINE),
        FormField(name="kind", label="What is it good for?", ask=Ask.CHOICE,
                  choices=tuple((each.value, each.value) for each in ActionKind), initial=kind or ""),
    )  # fmt: skip


def there(item: ActionItem) -> Card:
    """A message was made an item before."""
    return Card(text=(f"That is item {item.number} already: {stop(shorten(item.text, SHORT))}",))


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


def counts(count: int, late: int) -> str:
    """``3 open, 1 overdue``."""
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
        done_button(item, incident.number, label="Done", style=ButtonStyle.PRIMARY),
        Button(label="Another date", does=f"{incident.name} action {item.number} form"),
    )


def done_button(item: ActionItem, incident: int, *, label: str, style: ButtonStyle = ButtonStyle.PLAIN) -> Button:
    """Says that it is done."""
    return Button(label=label, does=f"#{incident} done {item.number}", style=style)
