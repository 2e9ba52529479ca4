"""Templates: an incident in its playbook's own words.

What comes out is text and nothing more: it mentions nobody, links nowhere and formats nothing. Where a playbook words
something not at all, or its template fails, the answer is ``None`` (for customers: empty) and the standard words
stand; no template ever stops an incident.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import structlog

from bot.durations import say_duration
from bot.incident import Incident
from bot.naming import named_by
from bot.people import Person
from bot.playbook import wording
from bot.playbook.facts import FACTS, LASTING
from bot.playbook.part import fold
from bot.playbook.process import Severity
from bot.playbook.shape import MAIL, Playbook
from bot.postmortem.paths import part

EMAIL = MAIL
"""Names the draft of the message after the incident, beside those that belong to a status."""
NOTHING: Mapping[str, str] = MappingProxyType({})
log = structlog.get_logger()


def announcement(incident: Incident, playbook: Playbook) -> str | None:
    """The announcement's own words."""
    return _worded("announcement", playbook.templates.announcement, incident, playbook)


def update(incident: Incident, playbook: Playbook, *, text: str, by: Person) -> str | None:
    """A status update as it is posted: this text, by this person, just now."""
    said = {"update": text, "updated_by": by.name}
    return _worded("update", playbook.templates.update, incident, playbook, said=said)


def first_update(incident: Incident, playbook: Playbook) -> str | None:
    """What the first status update should say."""
    return _worded("first_update", playbook.templates.first_update, incident, playbook)


def resolution(incident: Incident, playbook: Playbook) -> str | None:
    """The resolution message."""
    return _worded("resolution", playbook.templates.resolution, incident, playbook)


def topic(incident: Incident, playbook: Playbook) -> str | None:
    """The channel's topic, on one line."""
    words = _worded("topic", playbook.templates.topic, incident, playbook, known=LASTING)
    return " ".join(words.split()) if words is not None else None


def report(incident: Incident, playbook: Playbook) -> str | None:
    """Path of the incident's report; no fact in it begins a folder."""
    said = {name: _flat(value) for name, value in facts(incident, playbook).items()}
    return _worded("record.file", playbook.record.file, incident, playbook, known=LASTING, said=said)


def _flat(fact: str | int | Mapping[str, str]) -> str | int | Mapping[str, str]:
    if isinstance(fact, Mapping):
        return {name: part(value) for name, value in fact.items()}
    return part(fact) if isinstance(fact, str) else fact


def customers(incident: Incident, playbook: Playbook, status: str) -> str:
    """The draft for customers that belongs to a status (or ``email``); empty where the playbook has none."""
    drafts = {fold(name): (name, source) for name, source in playbook.templates.customers.items()}
    known = playbook.status(status)
    names = (status, *((known.name, *known.aliases, known.stage) if known is not None else ()))
    name, source = next((drafts[fold(name)] for name in names if fold(name) in drafts), ("", ""))
    return _worded(f"customers.{name}", source, incident, playbook) or ""


def subject(incident: Incident, playbook: Playbook) -> str | None:
    """The subject of the e-mail afterwards, on one line."""
    words = _worded("mail.subject", playbook.mail.subject, incident, playbook)
    return " ".join(words.split()) if words is not None else None


def _worded(
    slot: str,
    source: str,
    incident: Incident,
    playbook: Playbook,
    *,
    known: Mapping[str, str] = FACTS,
    said: wording.Facts = NOTHING,
) -> str | None:
    if not source.strip():
        return None
    try:
        return wording.render(source, {**facts(incident, playbook), **said}, known=known) or None
    except wording.TemplateFailed as failed:
        _tell(playbook.name, playbook.version, slot, str(failed))
        return None


@lru_cache(256)
def _tell(playbook: str, version: str, template: str, why: str) -> None:
    """Warn operators; remembered, so that each failure is told once and not with every edit of the message."""
    log.warning("template_failed", playbook=playbook, version=version, template=template, why=why)


def facts(incident: Incident, playbook: Playbook) -> wording.Facts:
    """The facts of an incident as plain words, by the names in :mod:`bot.playbook.facts`. Reads no clock."""
    severity = playbook.severity(incident.severity)
    named = {role.name: holder for role in playbook.roles if (holder := incident.holder(role.name)) is not None}
    comms = playbook.role("comms")
    return {
        **named_by(playbook, incident, now=incident.declared_at),
        **_severity(incident.severity, severity),
        **_times(incident, playbook),
        "title": incident.title,
        "status": incident.status,
        "stage": incident.stage.value,
        "public_status": playbook.status_page.states.get(incident.status, incident.stage.value),
        "impact": incident.impact,
        "summary": incident.progress.alerts.summary if incident.progress.alerts is not None else "",
        "affected": incident.affected,
        "component": incident.component or "",
        "environment": incident.environment,
        "lead": _name(incident.holder(playbook.commander)),
        "comms": _name(named.get(comms.name)) if comms is not None else "",
        "roles": ", ".join(f"{r.title}: {named[r.name].name}" for r in playbook.roles if r.name in named),
        "role": {word: _name(named.get(r.name)) for r in playbook.roles for word in (r.name, *r.aliases)},
        "channel": incident.channel_name,
        "declared_by": incident.declared_by.name,
        "fix": incident.fix,
        "cause": incident.fields.get("cause", ""),
        "fields": {fact.name: incident.fields.get(fact.name, "") for fact in playbook.fields},
        "update": incident.last_update.text if incident.last_update is not None else "",
        "updated_by": incident.last_update.by.name if incident.last_update is not None else "",
        "status_page": playbook.status_page.url,
        "playbook": playbook.title,
        "drill": "drill" if incident.drill else "",
    }


def _severity(name: str, severity: Severity | None) -> dict[str, str]:
    review = severity.postmortem if severity is not None else None
    return {
        "severity": severity.name if severity is not None else name,
        "severity_title": name.upper(),
        "meaning": severity.meaning if severity is not None else "",
        "emoji": severity.emoji if severity is not None else "",
        "cadence": say_duration(severity.cadence) if severity is not None and severity.cadence else "",
        "postmortem": review.need.value if review is not None else "none",
        "postmortem_within": str(review.within) if review is not None and review.within is not None else "",
    }


def _times(incident: Incident, playbook: Playbook) -> dict[str, str]:
    last, owed = incident.last_update, incident.progress.deadlines.get("postmortem")
    told_at = (last.confirmed_at or last.at) if last is not None else None
    until = incident.resolved_at or incident.ended_at or told_at
    times = {
        "began": incident.began_at,
        "declared": incident.declared_at,
        "resolved": incident.resolved_at,
        "next_update": incident.reminding.due_at,
        "updated": told_at,
        "postmortem_due": owed.due_at if owed is not None and owed.running else None,
    }
    told = {name: _moment(at, incident, playbook) for name, at in times.items()}
    return told | {"duration": say_duration(until - incident.began_at) if until is not None else ""}


def _moment(at: datetime | None, incident: Incident, playbook: Playbook) -> str:
    """``14:35 PST``; with its date where it is not the day of the declaration."""
    if at is None:
        return ""
    zone = ZoneInfo(playbook.timezone)
    here = at.astimezone(zone)
    mark = here.strftime("%Z")
    clock = f"{here:%H:%M} {mark if mark.isalpha() else f'UTC{mark}'}"  # some zones have no letters: -03
    return clock if here.date() == incident.declared_at.astimezone(zone).date() else f"{here:%Y-%m-%d} {clock}"


def _name(person: Person | None) -> str:
    return person.name if person is not None else ""
