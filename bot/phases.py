"""Phases: which stretch of the response an incident is in, and when that has to be looked at again.

A phase follows from the status; of several that fit, or where the playbook ties it to no status, from its window after
the declaration. Nothing here reads a clock.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.incident import Incident
from bot.playbook.part import fold
from bot.playbook.process import Checklist, Phase, Stage
from bot.playbook.shape import Playbook

BUSY = timedelta(minutes=10)
"""After the declaration, people have enough to read: of the checklists of phases only a first one is posted then."""


def current(incident: Incident, playbook: Playbook, *, now: datetime) -> Phase | None:
    """The phase that an incident is in; ``None`` where the playbook has none for it.

    The first that names the status and whose window is not to come or over; else the first of those that go by the
    clock alone; else the one that began last.
    """
    fitting, age = _fitting(incident, playbook), now - incident.declared_at
    running = [phase for phase in fitting if _begins(phase) <= age and (phase.ends is None or age < phase.ends)]
    begun = [phase for phase in fitting if _begins(phase) <= age]
    begun.sort(key=lambda phase: (bool(phase.statuses), _begins(phase)), reverse=True)
    return next(iter([*running, *begun, *fitting]), None)


def window(incident: Incident, phase: Phase) -> tuple[datetime, datetime | None]:
    """From when until when a phase is planned, as the declaration counts."""
    ends = incident.declared_at + phase.ends if phase.ends is not None else None
    return incident.declared_at + _begins(phase), ends


def again_at(incident: Incident, playbook: Playbook, *, now: datetime) -> datetime | None:
    """When a window begins or ends next, or a checklist that was put off may open; ``None`` where nothing does."""
    moments = [at for phase in _fitting(incident, playbook) for at in window(incident, phase) if at is not None]
    waiting = [incident.declared_at + BUSY] if list(put_off(incident, playbook, now=now)) else []
    return min((at for at in (*moments, *waiting) if at > now), default=None)


def opening(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Checklist]:
    """The checklists that ought to stand by now and do not: by what happened first, then of the phase."""
    wanted = [one for one in _applying(incident, playbook) if _happened(one, incident)]
    wanted += [one for one in _of_phase(incident, playbook, now=now) if one not in wanted]
    put = list(put_off(incident, playbook, now=now))
    for checklist in wanted:
        if checklist not in put and checklist.name not in incident.progress.opened:
            yield checklist


def put_off(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Checklist]:
    """The phase's checklists that wait, because the channel is young and one stands (or is about to)."""
    if now >= incident.declared_at + BUSY:
        return
    opened = set(incident.progress.opened)
    happened = [one.name for one in _applying(incident, playbook) if _happened(one, incident)]
    some = bool(happened) or any(one.name in opened for one in playbook.checklists)
    for checklist in _of_phase(incident, playbook, now=now):
        if checklist.name in opened or checklist.name in happened:
            continue
        if some:
            yield checklist
        some = True


def ahead(incident: Incident, playbook: Playbook, *, now: datetime) -> list[Checklist]:
    """Every checklist for the incident's severity, those of the current phase first, then in the playbook's order."""
    mine = _of_phase(incident, playbook, now=now)
    return mine + [one for one in _applying(incident, playbook) if one not in mine]


def lists(incident: Incident, playbook: Playbook, phase: Phase) -> list[Checklist]:
    """The checklists of a phase that are meant for the incident's severity."""
    found = [playbook.checklist(name) for name in phase.checklists]
    return [one for one in found if one is not None and playbook.applies(one.severities, incident.severity)]


def _fitting(incident: Incident, playbook: Playbook) -> list[Phase]:
    """The phases that name the status; after them, while it is open, those that name none."""
    named = [phase for phase in playbook.phases if fold(incident.status) in _statuses(phase, playbook)]
    return named + [phase for phase in playbook.phases if not phase.statuses and incident.open]


def _statuses(phase: Phase, playbook: Playbook) -> set[str]:
    known = [playbook.status(name) for name in phase.statuses]
    return {fold(status.name) for status in known if status is not None}


def _begins(phase: Phase) -> timedelta:
    return phase.begins if isinstance(phase.begins, timedelta) else timedelta(0)


def _applying(incident: Incident, playbook: Playbook) -> list[Checklist]:
    return [one for one in playbook.checklists if playbook.applies(one.severities, incident.severity)]


def _happened(checklist: Checklist, incident: Incident) -> bool:
    """Whether what opens it has come to pass."""
    match checklist.opens:
        case "declared":
            return incident.open
        case "resolved":
            return incident.stage is Stage.RESOLVED
        case "closed":
            return incident.stage is Stage.CLOSED
    return False


def _of_phase(incident: Incident, playbook: Playbook, *, now: datetime) -> list[Checklist]:
    phase = current(incident, playbook, now=now)
    return lists(incident, playbook, phase) if phase is not None else []
