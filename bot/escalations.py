"""When people outside the channel are called in, as pure steps on an incident: grounds, improvement, the path.

A *ground* is what an escalation rule calls for: the severity, a flag, a time without improvement, or a person's word.
Each has a mark. Grounds that hold are kept by their marks, so that each calls once for as long as it holds.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.durations import say_duration
from bot.incident import Incident
from bot.playbook.escalation import Escalation
from bot.playbook.part import named
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.progress import Called, Looked

BY_HAND = "hand"
"""Mark of a call by a person: it holds until the incident is over."""
_TIME, _SEVERITY = "/time", "/severity"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a rule calls people in."""

    rule: Escalation
    mark: str
    """``RULE/severity``, ``RULE/time``, ``RULE/flag/NAME`` or :data:`BY_HAND`."""
    why: str

    @property
    def by_severity(self) -> bool:
        """Whether it follows from the severity alone."""
        return self.mark.endswith(_SEVERITY)

    @property
    def by_time(self) -> bool:
        """Whether nothing but time called."""
        return self.mark.endswith(_TIME)


def rule_of(called: Called, playbook: Playbook) -> Escalation | None:
    """The rule by which people were called."""
    return rule(called.rule, playbook)


def rule(name: str, playbook: Playbook) -> Escalation | None:
    """The rule of this name."""
    found: Escalation | None = named(playbook.escalations, name)
    return found


def standing(incident: Incident, of: Escalation) -> Called | None:
    """The call of this rule that waits for an answer and was not climbed past; there is one at most."""
    waiting = (call for call in incident.progress.calls if call.standing and not call.followed)
    return next((call for call in waiting if call.rule == of.name), None)


def replace(incident: Incident, called: Called, **changes: object) -> Called:
    """Change one call of an incident, whatever else became of it since; returns it as it is now."""
    progress = incident.progress
    now = next(one for one in progress.calls if one.id == called.id)
    new = now.model_copy(update=changes)
    progress.calls = tuple(new if one.id == called.id else one for one in progress.calls)
    return new


# Improvement


def rose(incident: Incident, playbook: Playbook) -> bool:
    """Whether it was just declared, or is more severe than when it was last looked at."""
    looked = incident.progress.looked
    return looked is None or playbook.rank(incident.severity) < playbook.rank(looked.severity)


def note_improvement(incident: Incident, playbook: Playbook, *, now: datetime) -> None:
    """Look at it: its status's stage moved forward, or its severity fell, and the time without one starts over.

    An update is none. A reopened incident starts over, too.
    """
    progress, looked = incident.progress, incident.progress.looked
    progress.looked = Looked(severity=incident.severity, stage=incident.stage)
    if looked is None:
        progress.improved_at = progress.improved_at or incident.declared_at
        return
    stages = list(Stage)
    forward = stages.index(incident.stage) > stages.index(looked.stage)
    milder = playbook.rank(incident.severity) > playbook.rank(looked.severity)
    if forward or milder or (incident.open and not looked.stage.open):
        progress.improved_at = now
        progress.grounds = tuple(mark for mark in progress.grounds if not mark.endswith(_TIME))


# Grounds


def weigh(incident: Incident, playbook: Playbook) -> list[Ground]:
    """Keep which grounds hold now; returns those that did not hold before."""
    before = incident.progress.grounds
    holding: list[Ground] = []
    for one in playbook.escalations:
        holding += [*_severity(one, incident, playbook), *_flags(one, incident, playbook)]
    times = [mark for mark in before if mark.endswith(_TIME)]
    incident.progress.grounds = (*(ground.mark for ground in holding), *times)
    return [ground for ground in holding if ground.mark not in before]


def baseless(incident: Incident) -> list[Called]:
    """Calls that wait for an answer although nothing that they were made for holds any more."""
    holding = {BY_HAND, *incident.progress.grounds}
    return [call for call in incident.progress.calls if call.standing and holding.isdisjoint(call.grounds)]


def _severity(rule: Escalation, incident: Incident, playbook: Playbook) -> list[Ground]:
    if not rule.at_once or not playbook.applies(rule.at_once, incident.severity):
        return []
    return [Ground(rule, f"{rule.name}{_SEVERITY}", f"it is {incident.severity.upper()}")]


def _flags(rule: Escalation, incident: Incident, playbook: Playbook) -> list[Ground]:
    if not playbook.applies(rule.severities, incident.severity):
        return []
    grounds = []
    for name in rule.flags:
        flag = playbook.flag(name)
        raised = incident.progress.flags.get(flag.name) if flag is not None else None
        if flag is not None and raised is not None:
            because = f" ({raised.because})" if raised.because else ""
            grounds.append(Ground(rule, f"{rule.name}/flag/{flag.name}", f"{flag.title}{because}"))
    return grounds


# Time


def without_improvement(incident: Incident, playbook: Playbook) -> list[tuple[datetime, Ground]]:
    """Rules that time will call by, each with when; those that called since the last improvement are left out."""
    if not incident.open:
        return []
    since = incident.progress.improved_at or incident.declared_at
    waiting = []
    for rule in playbook.escalations:
        mark = f"{rule.name}{_TIME}"
        applies = playbook.applies(rule.severities, incident.severity)
        if rule.after is not None and applies and mark not in incident.progress.grounds:
            why = f"{say_duration(rule.after)} without an improvement"
            waiting.append((since + rule.after, Ground(rule, mark, why)))
    return waiting


def following(called: Called, incident: Incident, playbook: Playbook) -> Escalation | None:
    """The next rule on the path that applies at this severity; none that was called on the path before."""
    seen = {*called.path, called.rule}
    found = rule_of(called, playbook)
    while found is not None and found.then:
        found = rule(found.then, playbook)
        if found is None or found.name in seen:
            return None
        seen.add(found.name)
        if playbook.applies(found.severities, incident.severity):
            return found
    return None
