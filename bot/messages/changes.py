"""What is said about linked changes: whether they are merged."""

from collections.abc import Sequence
from datetime import datetime

from bot.card import Button, Card, Link, Style, Tone, When
from bot.incident import Incident
from bot.messages import terms
from bot.messages.words import stop
from bot.progress import Change, Merge

FILES = 3
"""Files of a change that are named; the rest is counted."""
NO_FORGE = "there is no forge that I could ask any more"
"""Why a change is not known that was to be asked about."""


def kept(shown: Link, *, asked: bool) -> Card:
    """A change was linked that has to be merged."""
    if asked:
        return Card(text=("Kept: ", shown, ". I ask whether it is merged."))
    return Card(text=("Kept: ", shown, ". Your word counts that it is merged: there is no forge that I could ask."))


def state(change: Change) -> str:
    """How it stands, in a few words."""
    match change.merge:
        case Merge.ASKED:
            return "being asked about: the forge has not answered yet"
        case Merge.OPEN:
            return "not merged yet; I look again by myself"
        case Merge.CLOSED:
            return "closed without being merged"
        case Merge.MERGED:
            return f"merged by {change.by}" if change.by else "merged"
    return f"not checked ({change.why})"


def noted(change: Change, files: Sequence[str], *, now: datetime, zone: str) -> str:
    """For the timeline: what the forge says, or that it says nothing."""
    named = f"“{change.label}” {change.url}"
    match change.merge:
        case Merge.MERGED:
            when = f", {terms.moment(change.at, now=now, zone=zone)}" if change.at is not None else ""
            more = f" and {len(files) - FILES} more" if len(files) > FILES else ""
            what = f": {', '.join(files[:FILES])}{more}" if files else ""
            return f"Checked at the forge: {named} is merged{f' by {change.by}' if change.by else ''}{when}{what}"
        case Merge.OPEN:
            return f"Checked at the forge: {named} is not merged yet"
        case Merge.CLOSED:
            return f"Checked at the forge: {named} was closed without being merged"
    return f"Not checked at the forge ({change.why}): the word of whoever linked it counts for {named}"


def told(incident: Incident, change: Change) -> Card:
    """For whoever wants to know."""
    link = Link(url=change.url, label=change.label)
    match change.merge:
        case Merge.MERGED:
            when = (", ", When(at=change.at, style=Style.MOMENT)) if change.at is not None else ()
            return Card(
                tone=Tone.GOOD, text=("✓ ", link, f" is merged{f' by {change.by}' if change.by else ''}", *when, ".")
            )
        case Merge.OPEN:
            return Card(tone=Tone.ASK, text=(link, " is not merged yet. I look again by myself, and say when it is."))
        case Merge.CLOSED:
            return Card(tone=Tone.ASK, text=(link, " was closed without being merged. Link the change that was."))
    return Card(text=("I cannot check whether ", link, f" is merged: {stop(change.why)} Your word counts."))


def merged(incident: Incident, change: Change) -> Card:
    """Told in the channel: what was waited for is there."""
    by = f" by {change.by}" if change.by else ""
    verb, label = ("resolve", "Resolve") if incident.open else ("close", "Close")
    return Card(
        tone=Tone.GOOD,
        text=("Merged", by, ": ", Link(url=change.url, label=change.label), "."),
        buttons=(Button(label=label, does=f"{incident.name} {verb}"),),
    )
