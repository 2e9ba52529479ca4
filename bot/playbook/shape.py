"""A playbook that is right: all that was written, nothing in it contradicts the rest, and each name finds its part."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, Self

from pydantic import ValidationInfo, model_validator
from pydantic_core import InitErrorDetails, ValidationError

from bot.people import Group, Person
from bot.playbook.clocks import DeadlineRule, Meets, Starts
from bot.playbook.escalation import Flag
from bot.playbook.part import Names, fold, named
from bot.playbook.process import Cadence, Checklist, Need, Role, Rung, Severity, Stage, Status
from bot.playbook.reading import PLAIN
from bot.playbook.rules import misfits
from bot.playbook.written import Written
from bot.terms import Term, Unit

MAIL = "email"
"""Names the draft of the e-mail to customers after the incident, and the deadline for it."""


class Playbook(Written):
    """A team's process."""

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        """A playbook that exists is a right one; each misfit is told at its own place."""
        reading = info.context or PLAIN
        found = [] if reading.kept else [*misfits(self, reading)]
        if found:
            errors = [InitErrorDetails(type=one.error("unfit"), loc=one.at, input=one.found) for one in found]
            raise ValidationError.from_exception_data("Playbook", errors)
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that finds its own parts: pydantic would copy what the original has looked up, too."""
        made = super().model_copy(update=update, deep=deep)
        for name in made.__dict__.keys() - Playbook.model_fields.keys():
            del made.__dict__[name]
        return made

    @cached_property
    def version(self) -> str:
        """Names this content: the first 16 hex digits of its SHA-256."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @cached_property
    def _severities(self) -> dict[str, Severity]:
        return {fold(name): s for s in self.severities for name in (s.name, *s.aliases)}

    @cached_property
    def _statuses(self) -> dict[str, Status]:
        return {fold(name): s for s in self.statuses for name in (s.name, *s.aliases)}

    @cached_property
    def _roles(self) -> dict[str, Role]:
        return {fold(name): r for r in self.roles for name in (r.name, *r.aliases)}

    @cached_property
    def _handles(self) -> dict[tuple[str, str], Person]:
        return {handle: person for person in self.people for handle in person.handles.items()}

    def severity(self, word: str) -> Severity | None:
        """The severity that this word names, by its name or an alias, however it is spelled."""
        return self._severities.get(fold(word))

    def status(self, word: str) -> Status | None:
        """The status that this word names."""
        return self._statuses.get(fold(word))

    def role(self, word: str) -> Role | None:
        """The role that this word names."""
        return self._roles.get(fold(word))

    def first_status(self, stage: Stage) -> Status:
        """The first status of a stage: where an incident stands when it enters that stage."""
        return next(status for status in self.statuses if status.stage is stage)

    def rank(self, severity: str) -> int:
        """0 for the most severe."""
        return next((place for place, s in enumerate(self.severities) if s.name == severity), len(self.severities))

    def rungs(self, severity: str) -> tuple[Rung, ...]:
        """The reminder ladder of a severity."""
        known = self.severity(severity)
        return known.ladder if known is not None and known.ladder else self.ladder

    def cadences(self, severity: str) -> tuple[Cadence, ...]:
        """The audiences that are told at a severity, beside the status updates."""
        known = self.severity(severity)
        return known.cadences if known is not None else ()

    def cadence(self, name: str, severity: str) -> Cadence | None:
        """The cadence of this name: the severity's own, else the first that any severity has."""
        everywhere = (cadence for one in self.severities for cadence in one.cadences)
        return next((cadence for cadence in (*self.cadences(severity), *everywhere) if cadence.name == name), None)

    def lives_on(self, platforms: Sequence[str]) -> tuple[str, ...]:
        """The platforms of those switched on that an incident lives on; all of them where its own are all off."""
        wanted = tuple(platform for platform in platforms if not self.chats or platform in self.chats)
        return wanted or tuple(platforms)

    def known(self, person: Person) -> Person:
        """The playbook's own record of a person, if it has one for their handle or key."""
        for handle in person.handles.items():
            if handle in self._handles:
                return self._handles[handle]
        return next((p for p in self.people if p.key == person.key), person)

    def group(self, key: str) -> Group | None:
        """The group of this key."""
        return next((group for group in self.groups if group.key == key), None)

    def person(self, key: str) -> Person | None:
        """The person of this key."""
        return next((person for person in self.people if person.key == key), None)

    def flag(self, word: str) -> Flag | None:
        """The flag that this word names, by its name, title or an alias."""
        return next((f for f in self.flags if fold(word) in map(fold, (f.name, f.title, *f.aliases))), None)

    def checklist(self, name: str) -> Checklist | None:
        """The checklist of this name."""
        found: Checklist | None = named(self.checklists, name)
        return found

    def applies(self, severities: Names, severity: str) -> bool:
        """Whether a part meant for these severities (all where none is named) applies at this one."""
        return not severities or fold(severity) in {fold(name) for name in severities}

    @cached_property
    def _deadlines(self) -> dict[str, tuple[DeadlineRule, ...]]:
        return {
            s.name: (
                *self._own_deadlines(s),
                *(rule for rule in self.deadlines if self.applies(rule.severities, s.name)),
            )
            for s in self.severities
        }

    def deadlines_of(self, severity: str) -> tuple[DeadlineRule, ...]:
        """Every deadline that an incident of this severity comes under, or can: its own first."""
        known = self.severity(severity)
        return self._deadlines[known.name] if known is not None else ()

    def _own_deadlines(self, severity: Severity) -> tuple[DeadlineRule, ...]:
        first = severity.first_update
        rules = [
            ("response", "First response", severity.response, Starts.DECLARED, Meets.RESPONSE),
            ("first-update", "First status update", _plain(first), Starts.DECLARED, Meets.UPDATE),
            ("resolution", "Resolution target", severity.resolution, Starts.DECLARED, Meets.RESOLVED),
        ]
        if severity.postmortem.need is Need.REQUIRED:
            within = severity.postmortem.within
            rules.append(("postmortem", "Post-mortem", within, Starts.RESOLVED, Meets.PUBLISHED))
        own = tuple(
            DeadlineRule(name=name, title=title, within=within, starts=starts, met_by=meets)
            for name, title, within, starts, meets in rules
            if within is not None
        )
        return (*own, *self._mail_of(severity))

    def _mail_of(self, severity: Severity) -> tuple[DeadlineRule, ...]:
        """The e-mail to customers afterwards, where it has a term and no deadline of its own."""
        mail, written = self.mail, any(MAIL in (fold(rule.draft), rule.name) for rule in self.deadlines)
        if mail.within is None or written or not self.applies(mail.severities, severity.name):
            return ()
        rule = DeadlineRule(
            name=MAIL, title="E-mail to customers", within=mail.within, starts=Starts.RESOLVED, draft=MAIL
        )
        return (rule,)


def _plain(length: timedelta | None) -> Term | None:
    return Term(Unit.PLAIN, length=length, words=f"{length.total_seconds() // 60:g}m") if length is not None else None
