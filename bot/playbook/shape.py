"""The playbook's shape: what a team may write in ``playbook.yaml``, checked strictly.

Unknown keys are refused. Durations are written like ``15m``. The organisation playbooks extend this shape; a field
that is left out has the default that stands here.
"""

import hashlib
import re
from datetime import timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.card import Tone
from bot.durations import Duration
from bot.people import Group, Person


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"“{name}” is not a time zone; write one like Europe/Madrid or UTC") from error
    return name


@lru_cache(1024)
def fold(word: str) -> str:
    """A name with case, spaces, dashes and underscores ignored: ``SEV-1``, ``sev 1`` and ``Sev1`` are one."""
    return re.sub(r"[\s_-]+", "", word).casefold()


Zone = Annotated[str, AfterValidator(_zone)]
Name = Annotated[str, Field(pattern=r"^\w[\w -]{0,31}$")]
"""A short name: letters, digits, spaces, dashes and underscores, at most 32."""


class Stage(StrEnum):
    """The six statuses that every status of a playbook maps to."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Whether responders are still at work: the clock runs, reminders are sent."""
        return self in (Stage.INVESTIGATING, Stage.IDENTIFIED, Stage.MONITORING)


class Status(_Part):
    """One status."""

    name: Name
    stage: Stage
    emoji: str = ""
    aliases: tuple[str, ...] = ()


STATUSES = (
    Status(name="investigating", stage=Stage.INVESTIGATING, emoji="🔎"),
    Status(name="identified", stage=Stage.IDENTIFIED, emoji="🎯"),
    Status(name="monitoring", stage=Stage.MONITORING, emoji="👁️", aliases=("mitigated", "stable", "fixing")),
    Status(name="resolved", stage=Stage.RESOLVED, emoji="✅"),
    Status(name="closed", stage=Stage.CLOSED, emoji="📁"),
    Status(name="cancelled", stage=Stage.CANCELLED, emoji="🚫"),
)


class Role(_Part):
    """What somebody is responsible for in an incident."""

    name: Name
    title: str
    aliases: tuple[str, ...] = ()
    duties: str = ""
    required: bool = False
    starts_as: Literal["declarer", "nobody"] = "nobody"
    """Who holds it when the incident is declared."""


class Rung(_Part):
    """One step of the reminder ladder."""

    after: Duration | Literal[0] = 0
    """How long after the reminder was due, unanswered."""
    rings: tuple[str, ...] = Field(min_length=1)
    """Who is rung, in order of preference: a role's name, a group's or a person's key, ``channel``.

    With ``first: true`` only the first of them that somebody holds; otherwise all of them.
    """
    first: bool = False

    @property
    def wait(self) -> timedelta:
        """``after`` as a length of time."""
        return self.after if isinstance(self.after, timedelta) else timedelta(0)


class Severity(_Part):
    """How bad it is, and what follows from it."""

    name: Name
    aliases: tuple[str, ...] = ()
    emoji: str = ""
    tone: Tone = Tone.MINOR
    meaning: str
    examples: tuple[str, ...] = ()
    cadence: Duration | None = None
    """How often a status update is owed; none where left out."""
    roles: tuple[str, ...] = ()
    """Roles that must be held at this severity, besides those that are always required."""


class Runbook(_Part):
    """Help for a kind of trouble: a link, or Markdown."""

    title: str = Field(max_length=100)
    url: str | None = Field(default=None, pattern=r"^https?://\S+$", max_length=2000)
    text: str = Field(default="", max_length=3000)
    words: tuple[str, ...] = ()
    """It is matched where one of these stands in the title; with none it always is."""
    components: tuple[str, ...] = ()

    def matches(self, title: str, *, component: str | None = None) -> bool:
        """Whether it helps with an incident of this title and component."""
        if not self.words and not self.components:
            return True
        folded = title.casefold()
        by_word = any(re.search(rf"(?<!\w){re.escape(word.casefold())}", folded) for word in self.words)
        return by_word or (component is not None and component in self.components)


class Fact(_Part):
    """A fact that people may ``set``."""

    name: Name
    title: str
    choices: tuple[str, ...] = ()
    longest: int = Field(default=500, ge=1, le=2000)


class Reactions(_Part):
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


class Playbook(_Part):
    """A team's process."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    title: str
    timezone: Zone = "UTC"
    severities: tuple[Severity, ...] = Field(min_length=1, max_length=20)
    """The most severe first."""
    statuses: tuple[Status, ...] = STATUSES
    roles: tuple[Role, ...] = ()
    commander: str
    """The role that leads."""
    ladder: tuple[Rung, ...] = Field(min_length=1)
    asks: tuple[str, ...] = ()
    """Roles that owe the status update, in order of preference; the commander where left out or nobody holds them."""
    snooze: Duration = timedelta(minutes=10)
    pause: Duration = timedelta(hours=2)
    """How long a pause lasts before the bot asks again."""
    handover: Duration = timedelta(minutes=5)
    """How long an offered role waits for an answer before it stays where it was."""
    duplicates: Duration = timedelta(hours=4)
    """How long after its declaration an open incident with a like title counts as a likely duplicate."""
    channel: str = "incident-{{ date }}"
    """Template of the channel's name: ``date``, ``slug``, ``number``, ``severity`` are known."""
    archive_after: Duration = timedelta(days=7)
    """How long after closing the channel is archived."""
    runbooks: tuple[Runbook, ...] = ()
    components: tuple[str, ...] = ()
    fields: tuple[Fact, ...] = ()
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
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
