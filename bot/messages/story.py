"""An incident told to one person: where it stands, what happened, and what is new to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.card import Bold, Card, CardField, Span, Style, Text, When
from bot.durations import say_duration
from bot.incident import Incident
from bot.messages.live import promise
from bot.messages.words import headline, level, status, tone, who
from bot.playbook.shape import Playbook
from bot.timeline import Link


def state(incident: Incident, playbook: Playbook, *, now: datetime) -> Card:
    """Where it stands, for one person."""
    fields = [
        CardField(name="Status", value=(status(incident, playbook),)),
        CardField(name="Severity", value=(level(playbook.severity(incident.severity), incident.severity),)),
        CardField(name="Running for", value=(say_duration(incident.lasted(now)),)),
        CardField(name="Next update", value=promise(incident, playbook, now=now)),
    ]
    last = incident.last_update
    text: Text = ("No status update yet.",)
    if last is not None:
        when = When(at=last.at, style=Style.RELATIVE)
        text = (Bold(text="Last update"), " ", when, " by ", *who(last.by), ": ", last.text)
    return Card(tone=tone(incident, playbook), title=headline(incident, playbook), text=text, fields=tuple(fields))


def caught_up(incident: Incident, playbook: Playbook, links: Sequence[Link], *, first: bool, now: datetime) -> Card:
    """What happened since the person last looked, below where it stands."""
    stands = state(incident, playbook, now=now)
    heading = "The story so far" if first else "Since you last looked"
    if not links:
        return replace(stands, text=(*stands.text, "\n\nNothing happened since you last looked."))
    told = entries(heading, links)
    return replace(stands, text=(*stands.text, "\n\n", Bold(text=heading), "\n", *told.text))


def entries(title: str, links: Sequence[Link], *, footer: str = "") -> Card:
    """Timeline entries, oldest first; what was taken back is left out, and so is its taking back."""
    text: list[str | Span] = []
    for link in visible(links):
        pinned = "pin" in link.entry.data  # its text names who wrote it, which is not who pinned it
        by = "📌 " if pinned else f"{link.entry.by}: " if link.entry.actor else ""
        text += ["\n" if text else "", When(at=link.entry.at, style=Style.MOMENT), f" · {by}{link.entry.text}"]
    return Card(title=title, text=tuple(part for part in text if part) or ("Nothing yet.",), footer=(footer,))


def visible(links: Sequence[Link]) -> list[Link]:
    """Entries without those that were taken back and the retractions themselves.

    A message stays as long as one of those who pinned it keeps the pin; pinned by several, it is shown once.
    """
    shown: list[Link] = []
    holding: dict[str, set[str]] = {}
    for link in links:
        data, actor = link.entry.data, link.entry.actor
        if "retracts" in data:
            left = holding.setdefault(data["retracts"], set())
            left.discard(actor)
            shown = [one for one in shown if left or one.entry.data.get("pin") != data["retracts"]]
            continue
        if "pin" in data:
            holders = holding.setdefault(data["pin"], set())
            again = bool(holders)
            holders.add(actor)
            if again:
                continue
        shown.append(link)
    return shown
