"""What is said of the production freeze."""

from collections.abc import Sequence

from bot.card import Bold, Card, Code, Room, Span, Style, Text, Tone, When
from bot.incident import Incident
from bot.messages.words import reason, tone
from bot.playbook.shape import Playbook
from bot.store import Frozen

ONLY = "only changes that mitigate this or prevent its return"


def notice(incident: Incident) -> Text:
    """What it means for whoever comes in; nothing where production is not frozen."""
    if incident.progress.frozen_at is None:
        return ()
    if incident.drill:
        return (f" In earnest production would be frozen now: {ONLY}.",)
    return (f" Production is frozen: {ONLY}. Note each with ", Code(text="/incident change …"), ".")


def since(incident: Incident) -> Text:
    """For the card and the announcement; nothing where production is not frozen."""
    at = incident.progress.frozen_at
    if at is None:
        return ()
    return ("would be frozen: a drill",) if incident.drill else ("frozen since ", When(at=at))


def lifted(incident: Incident) -> str:
    """For the message that ends an incident which froze production until now."""
    frozen = incident.progress.frozen_at is not None and not incident.drill
    return f" {incident.name} no longer freezes production." if frozen else ""


def begun(incident: Incident, playbook: Playbook, *, by: str, because: str) -> Card:
    """Somebody froze it by hand."""
    title = "Production would be frozen" if incident.drill else "Production is frozen"
    text: Text = (f"{by} froze it: {ONLY}.{reason(because)} Note each with ", Code(text="/incident change …"), ".")
    return Card(tone=tone(incident, playbook), title=title, text=text)


def ended(*, by: str, because: str, others: Sequence[Frozen]) -> Card:
    """Somebody lifted it early; ``others`` are the incidents that still freeze production."""
    if others:
        still = f" {', '.join(name(one) for one in others)} still freezes production."
        return Card(title="One freeze less", text=(f"{by} lifted this incident's.{reason(because)}{still}",))
    return Card(tone=Tone.GOOD, title="Production is no longer frozen", text=(f"{by} lifted it.{reason(because)}",))


def name(one: Frozen) -> str:
    """``#42``; a private incident has no number for others."""
    return f"#{one.summary.number}" if one.summary is not None else "a private incident"


def state(found: Sequence[Frozen]) -> Card:
    """Whether production is frozen, since when, and by which incidents; for one person."""
    if not found:
        return Card(tone=Tone.GOOD, text=("Production is not frozen.",))
    first = min(one.at for one in found)
    text: list[str | Span] = ["Since ", When(at=first, style=Style.MOMENT), ", by:"]
    for one in found:
        text.append("\n")
        text += _row(one)
    return Card(tone=Tone.CRITICAL, title="Production is frozen", text=tuple(text))


def _row(one: Frozen) -> Text:
    at: Text = (" · ", When(at=one.at, style=Style.RELATIVE))
    if one.summary is None:
        return ("a private incident", *at)
    found = one.summary
    label = f" {found.severity.upper()} · {found.title[:80]}"
    return (Bold(text=f"#{found.number}"), label, *at, " · ", Room(name=found.channel_name, refs=found.refs))
