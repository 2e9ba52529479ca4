"""Gates: what has to hold before an incident is resolved, or closed."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot import actions, checklists, publications
from bot.incident import Incident
from bot.playbook.outside import Gate
from bot.playbook.part import fold
from bot.playbook.process import Audience, Step
from bot.playbook.shape import Playbook
from bot.postmortem import outline
from bot.progress import Lack, Lacking, PublicState

CHANGES = ("test", "monitor", "fix")
"""Kinds of links that are changes, and so can be merged."""
STATED = ("fix", "impact", "affected")
"""Fields that every incident has."""


def applying(gates: Sequence[Gate], incident: Incident, playbook: Playbook) -> list[Gate]:
    """Those that hold at the incident's severity."""
    return [gate for gate in gates if playbook.applies(gate.severities, incident.severity)]


def quiet(gates: Sequence[Gate]) -> timedelta | None:
    """The longest quiet period that they ask for."""
    return max((gate.quiet for gate in gates if gate.quiet is not None), default=None)


def lacks(incident: Incident, playbook: Playbook, gates: Sequence[Gate]) -> list[Lack]:
    """What they ask for and is not there, as far as the incident itself can tell; each once.

    Health checks and the quiet period need time, so they are seen to by whoever resolves. ``postmortem`` holds where
    none is owed, or it is published.
    """
    return list(dict.fromkeys(lack for gate in gates for lack in _lacks(incident, playbook, gate)))


def _lacks(incident: Incident, playbook: Playbook, gate: Gate) -> Iterator[Lack]:
    for field in gate.fields:
        if not stated(incident, field):
            yield Lack(kind=Lacking.FIELD, names=(field,))
    for name in gate.checklists:
        left = checklists.missing(incident, playbook, name)
        if left:
            yield Lack(kind=Lacking.CHECKLIST, names=(name,), steps=_todo(left))
    yield from _links(incident, gate)
    if gate.postmortem and outline.missing(incident, playbook):
        yield Lack(kind=Lacking.POSTMORTEM)
    if gate.actions:
        yield from _unsettled(incident)
    if gate.status_page and public(incident, playbook):
        yield Lack(kind=Lacking.STATUS_PAGE)


def public(incident: Incident, playbook: Playbook) -> bool:
    """Whether customers see an open incident on the status page: as Tocsin itself told them, where it did; else by
    somebody's word, because they were told of it, or because the process opens one by itself.
    """
    page, said, kept = playbook.status_page, incident.progress.public, incident.progress.publication
    if kept is not None and kept.told:
        return kept.seen
    if said is not None:
        return said.state is PublicState.OPEN
    if kept is not None or not page.url or incident.private or incident.drill:
        return False
    return publications.opens(incident, playbook) or _told(incident, playbook)


def _told(incident: Incident, playbook: Playbook) -> bool:
    """Whether somebody told customers."""
    told = [name for name, one in incident.progress.rounds.items() if one.told_at is not None]
    known = [playbook.cadence(name, incident.severity) for name in told]
    return any(one is not None and one.audience is Audience.CUSTOMERS for one in known)


def _links(incident: Incident, gate: Gate) -> Iterator[Lack]:
    """A link of one of the kinds, which has to be merged as far as the forge can be asked."""
    found = [link for link in incident.links if any(is_of(link.label, kind) for kind in gate.links)]
    if gate.links and not found:
        yield Lack(kind=Lacking.LINK, names=gate.links)
    known = [incident.progress.changes.get(link.url) for link in found]
    if known and all(change is not None and change.holds_up for change in known):
        yield Lack(kind=Lacking.MERGE, names=gate.links, steps=tuple(dict.fromkeys(link.url for link in found)))


def wants_merged(playbook: Playbook, label: str) -> bool:
    """Whether a link of this label is a change that some gate wants merged."""
    kinds = {kind for gate in (*playbook.resolve, *playbook.close) for kind in gate.links if fold(kind) in CHANGES}
    return any(is_of(label, kind) for kind in kinds)


def _unsettled(incident: Incident) -> Iterator[Lack]:
    """Open action items that lack a person or a date."""
    for item in actions.open_ones(incident):
        missing = actions.lacks(item)
        if missing:
            yield Lack(kind=Lacking.ACTION, names=(str(item.number), item.text), steps=missing)


def _todo(left: Sequence[Step]) -> tuple[str, ...]:
    """Steps in words; those that stand for each other are one."""
    groups: dict[str, list[str]] = {}
    for step in left:
        groups.setdefault(step.any_of or step.text, []).append(step.text)
    return tuple(" · ".join(texts) for texts in groups.values())


def stated(incident: Incident, field: str) -> str:
    """What was said of a field; empty where nothing was."""
    if fold(field) in STATED:
        return str(getattr(incident, fold(field)))
    return next((value for name, value in incident.fields.items() if fold(name) == fold(field)), "")


def is_of(label: str, kind: str) -> bool:
    """Whether a link's label says that it is of a kind: ``test``, ``regression test``, ``test, monitor``."""
    return kind.casefold() in re.findall(r"\w+", label.casefold())
