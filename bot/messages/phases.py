"""Phases, on the card and in full."""

from collections.abc import Iterator
from datetime import datetime

from bot import checklists, phases
from bot.card import Bold, Card, Code, Span, Text, When
from bot.incident import Incident
from bot.messages.lengths import shorten
from bot.messages.words import coded, linked
from bot.playbook.process import Phase
from bot.playbook.shape import Playbook

SHOWN = 5
"""Open steps of a checklist that are shown below its phase."""
WITHIN = 120
"""Characters of one of them."""


def phase(incident: Incident, playbook: Playbook, *, now: datetime) -> Text:
    """``Triage, until 14:05``; nothing where there is no phase."""
    current = phases.current(incident, playbook, now=now)
    if current is None:
        return ()
    _, ends = phases.window(incident, current)
    return (f"{current.title}, until ", When(at=ends)) if ends is not None and ends > now else (current.title,)


def every(incident: Incident, playbook: Playbook, *, now: datetime) -> Card:
    """The phases with their windows, the current one's advice, and what is still to be ticked in each."""
    if not playbook.phases:
        return Card(text=coded("This process has no phases, only statuses: `/incident status` shows where it stands."))
    current = phases.current(incident, playbook, now=now)
    text: list[str | Span] = []
    for one in playbook.phases:
        here = one is current
        text += ["\n\n" if text else "", "▶ " if here else "", Bold(text=one.title), *_window(incident, one)]
        text += ["\n", *linked(one.advice.strip())] if here and one.advice.strip() else []
        text += _still(incident, playbook, one)
    return Card(title=f"Phases of {incident.name}", text=tuple(part for part in text if part))


def _window(incident: Incident, one: Phase) -> Iterator[str | Span]:
    begins, ends = phases.window(incident, one)
    if ends is not None:
        yield from (" · ", When(at=begins), " to ", When(at=ends))
    elif begins > incident.declared_at:
        yield from (" · from ", When(at=begins))


def _still(incident: Incident, playbook: Playbook, one: Phase) -> Iterator[str | Span]:
    """The steps of its checklists that are open."""
    mine = phases.lists(incident, playbook, one)
    for checklist in mine:
        found = checklists.sheet(playbook, checklist.name)
        if found is None:
            continue
        settled = checklists.settled(found, checklists.ticks(incident, found))
        left = [number for number in found.numbers() if number not in settled]
        if left and len(mine) > 1:
            yield f"\n{shorten(found.title, WITHIN)}:"
        for number in left[:SHOWN]:
            yield f"\n☐ {number}. {shorten(found.step(number).text, WITHIN)}"
        if len(left) > SHOWN:
            yield from (f"\n… and {len(left) - SHOWN} more: ", Code(text=f"/incident checklist {found.name}"))
