"""The playbook's shape: what a team may write in ``playbook.yaml``, checked strictly.

Unknown keys are refused. Durations are written like ``15m``, terms like ``5 business days``. A field that is left out
has the default that stands here. Its parts have rooms of their own beside this one.
"""

import hashlib
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.durations import Duration
from bot.people import Group, Person
from bot.playbook.clocks import Calendar, DeadlineRule, Drills, Meets, Starts
from bot.playbook.escalation import Contact, Escalation, Flag, Paging, Rotation
from bot.playbook.help import HealthCheck, Runbook
from bot.playbook.outside import Alerts, Announce, Gate, Mail, Record, Rooms, StatusPage, Tracker
from bot.playbook.part import Name, Names, Part, Zone, fold, named
from bot.playbook.process import STATUSES, Cadence, Checklist, Need, Phase, Role, Rung, Severity, Stage, Status
from bot.terms import Term, Unit

SHAPE: Literal[1] = 1
"""Version of this shape: raised when a playbook written for it would be read otherwise."""


class Fact(Part):
    """A fact that people may ``set``."""

    name: Name
    title: str
    choices: Names = ()
    longest: int = Field(default=500, ge=1, le=2000)


class Reactions(Part):
    """What a reaction means. One emoji has one meaning."""

    no_change: str = "✅"
    acknowledge: str = "👀"
    snooze: str = "⏰"
    lead: str = "🙋"
    pause: str = "🔕"
    timeline: str = "📌"

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        values = list(self.model_dump().values())
        doubled = sorted({value for value in values if values.count(value) > 1})
        if doubled:
            raise ValueError(f"one emoji, one meaning: {' '.join(doubled)} stands for more than one")
        return self


class Chosen(Part):
    """When a declaration falls under this playbook, where several are loaded; its name typed first always does."""

    channels: Rooms = Field(default_factory=dict)
    """Typed in one of these channels, by platform."""
    components: Names = ()
    words: Names = ()
    """One of these stands in the title."""


class Templates(Part):
    """The playbook's own words in place of Tocsin's, in Jinja2's sandbox; each may also be a file beside the playbook.

    They know the incident's plain facts (``title``, ``severity``, ``status``, ``impact``, ``lead``, ``began``,
    ``cadence`` …) and nothing else.
    """

    announcement: str = Field(default="", max_length=4000)
    update: str = Field(default="", max_length=4000)
    first_update: str = Field(default="", max_length=4000)
    """What the first status update should say: shown with the first reminder and in the form."""
    resolution: str = Field(default="", max_length=4000)
    topic: str = Field(default="", max_length=400)
    customers: dict[str, Annotated[str, Field(max_length=4000)]] = Field(default_factory=dict)
    """Drafts for customers, by the status they belong to, and ``email`` for the one afterwards."""


class Playbook(Part):
    """A team's process."""

    shape: Literal[1] = SHAPE
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    title: str
    about: str = ""
    """Whose process it is and when to use it."""
    chats: tuple[Literal["slack", "discord"], ...] = ()
    """The chat platforms that its organisation uses; every one that is switched on where left out."""
    chosen_by: Chosen = Chosen()
    timezone: Zone = "UTC"
    calendar: Calendar = Calendar()

    severities: tuple[Severity, ...] = Field(min_length=1, max_length=20)
    """The most severe first."""
    statuses: tuple[Status, ...] = STATUSES
    roles: tuple[Role, ...] = ()
    commander: str
    """The role that leads."""
    phases: tuple[Phase, ...] = ()
    checklists: tuple[Checklist, ...] = ()

    ladder: tuple[Rung, ...] = Field(min_length=1)
    asks: Names = ()
    """Roles that owe the status update, in order of preference; the commander where left out or nobody holds them."""
    snooze: Duration = timedelta(minutes=10)
    pause: Duration = timedelta(hours=2)
    """How long a pause lasts before the bot asks again."""
    handover: Duration = timedelta(minutes=5)
    """How long an offered role waits for an answer before it stays where it was."""
    duplicates: Duration = timedelta(hours=4)
    """How long after its declaration an open incident with a like title counts as a likely duplicate."""
    deadlines: tuple[DeadlineRule, ...] = ()

    channel: str = Field(default="incident-{{ date }}", max_length=200)
    """Template of the channel's name: ``date``, ``slug``, ``number``, ``severity`` are known."""
    archive_after: Duration = timedelta(days=7)
    """How long after closing the channel is archived."""
    announce: Announce = Announce()
    templates: Templates = Templates()

    runbooks: tuple[Runbook, ...] = ()
    checks: tuple[HealthCheck, ...] = ()
    allowed_hosts: Names = ()
    """Hosts that health checks may ask, besides public ones that the checks themselves name."""
    components: Names = ()
    environments: Names = ()
    fields: tuple[Fact, ...] = ()
    flags: tuple[Flag, ...] = ()

    escalations: tuple[Escalation, ...] = ()
    rotations: tuple[Rotation, ...] = ()
    paging: Paging = Paging()
    resolve: tuple[Gate, ...] = ()
    """What has to hold before an incident is resolved."""
    close: tuple[Gate, ...] = ()
    """What has to hold before it is closed."""

    alerts: Alerts = Alerts()
    status_page: StatusPage = StatusPage()
    mail: Mail = Mail()
    tracker: Tracker | None = None
    record: Record = Record()
    drills: Drills = Drills()

    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    contacts: dict[str, Contact] = Field(default_factory=dict)
    """By the key of a person or group."""
    reactions: Reactions = Reactions()

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        for what, names in (
            ("severity", [n for s in self.severities for n in (s.name, *s.aliases)]),
            ("status", [n for s in self.statuses for n in (s.name, *s.aliases)]),
            ("role", [n for r in self.roles for n in (r.name, *r.aliases)]),
            ("person or group", [p.key for p in self.people] + [g.key for g in self.groups]),
            ("field", [f.name for f in self.fields]),
        ):
            folded = [fold(name) for name in names]
            doubled = sorted({name for name in names if folded.count(fold(name)) > 1})
            if doubled:
                raise ValueError(f"a {what} name stands for more than one: {', '.join(doubled)}")
        return self

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        roles = {role.name for role in self.roles}
        ringable = roles | {"channel"} | {p.key for p in self.people} | {g.key for g in self.groups}
        wanted = [
            ("commander", {self.commander}, roles),
            ("asks", set(self.asks), roles),
            ("ladder", {ring for rung in self.ladder for ring in rung.rings}, ringable),
            ("severities.roles", {role for s in self.severities for role in s.roles}, roles),
        ]
        for where, names, known in wanted:
            unknown = sorted(names - known)
            if unknown:
                raise ValueError(f"{where}: unknown name {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        missing = [stage for stage in Stage if not any(s.stage is stage for s in self.statuses)]
        if missing:
            raise ValueError(f"statuses: none is mapped to {', '.join(missing)}")
        waits = [rung.wait for rung in self.ladder]
        if waits != sorted(waits):
            raise ValueError("ladder: each rung waits at least as long as the one before")
        return self

    @model_validator(mode="after")
    def _sprints_are_known(self) -> Self:
        if self.calendar.sprint is not None:
            return self
        of_severities = [t for s in self.severities for t in (s.response, s.resolution, s.postmortem.within)]
        for where, terms in (("severities", of_severities), ("deadlines", [rule.within for rule in self.deadlines])):
            counted = next((term for term in terms if term is not None and term.unit is Unit.SPRINTS), None)
            if counted is not None:
                raise ValueError(
                    f"{where}: “{counted}” needs calendar.sprint, with the first day of one and its length"
                )
        return self

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
        """Every deadline that an incident of this severity comes under, or can: its own four first."""
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
        return tuple(
            DeadlineRule(name=name, title=title, within=within, starts=starts, met_by=meets)
            for name, title, within, starts, meets in rules
            if within is not None
        )


def _plain(length: timedelta | None) -> Term | None:
    return Term(Unit.PLAIN, length=length, words=f"{length.total_seconds() // 60:g}m") if length is not None else None
