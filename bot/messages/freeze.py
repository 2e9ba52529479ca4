"""What is said of the production freeze."""

from collections.abc import Sequence

from bot.card import Bold, Card, Code, Link, Room, Span, Style, Text, Tone, When
from bot.incident import Incident
from bot.messages.words import reason, tone
from bot.playbook.shape import Playbook
from bot.progress import Allowed
from bot.reader import Frozen

SHOWN = 5
"""Changes that may pass which are shown of an incident, the latest."""
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


def ended(incident: str, *, by: str, because: str, others: Sequence[Frozen]) -> Card:
    """Somebody lifted an incident's early; ``others`` are those that still freeze production."""
    until = f" It stays lifted for {incident}, unless its severity gets worse or somebody freezes it again."
    if others:
        still = f" {', '.join(name(one) for one in others)} still freezes production."
        return Card(title="One freeze less", text=(f"{by} lifted this incident's.{reason(because)}{still}{until}",))
    return Card(
        tone=Tone.GOOD, title="Production is no longer frozen", text=(f"{by} lifted it.{reason(because)}{until}",)
    )


def let_pass(one: Allowed) -> Card:
    """Somebody let a change pass."""
    text: Text = (f"{one.by} lets this change pass the freeze: ", Link(url=one.url, label=one.url))
    return Card(text=(*text, f".{reason(one.because)}"))


def held_back(url: str, *, by: str, because: str) -> Card:
    """Somebody took that back."""
    text: Text = (f"{by} holds this change back again: ", Link(url=url, label=url))
    return Card(text=(*text, f".{reason(because)}"))


def cause(one: Frozen, *, told: bool = True) -> str:
    """Why an incident freezes production: ``#42 is SEV1``; ``told`` says whether people's words and names are told."""
    if one.summary is None:
        return name(one)
    if not one.by:
        return f"{name(one)} is {one.summary.severity.upper()}"
    if not told:
        return f"somebody froze it for {name(one)}"
    return _one_line(f"{one.by} froze it for {name(one)}{f': {one.because}' if one.because else ''}")


def _one_line(words: str) -> str:
    """In a pipeline's log a line, or a hidden character, may be a command."""
    return "".join(sign for sign in " ".join(words.split()) if sign.isprintable())


def says(found: Sequence[Frozen], *, told: bool) -> str:
    """Whether production is frozen, since when and why, in a sentence for a script's log."""
    if not found:
        return "Production is not frozen."
    first = min(one.at for one in found)
    return (
        f"Production is frozen since {first:%Y-%m-%d %H:%M} UTC: {'; '.join(cause(one, told=told) for one in found)}."
    )


def passes(*, allowed: bool) -> str:
    """Whether a change that was asked for may pass a freeze."""
    if allowed:
        return "This change may pass."
    return (
        "This change may not pass; “/incident allow LINK because …” in an incident's channel lets it, if it mitigates."
    )


def status(found: Sequence[Frozen], *, allowed: bool, longest: int) -> str:
    """The same for one change, as short as a status beside it has to be; no word that people wrote stands in it."""
    if not found:
        return "Production is not frozen."
    first = min(one.at for one in found)
    why = "; ".join(cause(one, told=False) for one in found)
    held = f"{first:%Y-%m-%d %H:%M} UTC: {why}"
    words = f"May pass the freeze since {held}" if allowed else f"Frozen since {held}. “/incident allow LINK because …”"
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def waits(found: Sequence[Frozen]) -> str:
    """Why a deployment is held, for whoever looks at it where it waits."""
    return f"{says(found, told=False)} {passes(allowed=False)} It waits, and goes by itself once it may."


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
        for change in one.allowed[-SHOWN:] if one.summary is not None else ():
            text += [
                "\n   may pass: ",
                Link(url=change.url, label=change.url),
                f" ({change.by}: {change.because[:200]})",
            ]
    return Card(tone=Tone.CRITICAL, title="Production is frozen", text=tuple(text))


def _row(one: Frozen) -> Text:
    at: Text = (" · ", When(at=one.at, style=Style.RELATIVE))
    if one.summary is None:
        return ("a private incident", *at)
    found = one.summary
    label = f" {found.severity.upper()} · {found.title[:80]}"
    return (Bold(text=f"#{found.number}"), label, *at, " · ", Room(name=found.channel_name, refs=found.refs))
