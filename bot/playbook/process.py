"""How an incident runs: statuses, roles, severities with their clocks, phases and checklists."""

from datetime import timedelta
from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.card import Tone
from bot.durations import Duration, say_duration
from bot.playbook.part import Key, Name, Names, Part, TimeOfDay
from bot.terms import TermField


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


class Status(Part):
    """One status."""

    name: Name
    stage: Stage
    emoji: str = ""
    aliases: Names = ()
    says: str = ""
    """What it means here, where the name does not tell."""


STATUSES = (
    Status(name="investigating", stage=Stage.INVESTIGATING, emoji="🔎"),
    Status(name="identified", stage=Stage.IDENTIFIED, emoji="🎯"),
    Status(name="monitoring", stage=Stage.MONITORING, emoji="👁️", aliases=("mitigated", "stable", "fixing")),
    Status(name="resolved", stage=Stage.RESOLVED, emoji="✅"),
    Status(name="closed", stage=Stage.CLOSED, emoji="📁"),
    Status(name="cancelled", stage=Stage.CANCELLED, emoji="🚫"),
)


class Role(Part):
    """What somebody is responsible for in an incident."""

    name: Name
    title: str
    aliases: Names = ()
    duties: str = ""
    required: bool = False
    starts_as: Literal["declarer", "nobody"] = "nobody"
    """Who holds it when the incident is declared, where no rotation fills it."""
    rotation: str = ""
    """Name of the on-call rotation whose person of the hour holds it from the start."""


class Rung(Part):
    """One step of the reminder ladder."""

    after: Duration | Literal[0] = 0
    """How long after the reminder was due, unanswered."""
    rings: Names = Field(min_length=1)
    """Who is rung, in order of preference: a role's name, a group's or a person's key, ``channel``.

    With ``first: true`` only the first of them that somebody holds; otherwise all of them.
    """
    first: bool = False

    @property
    def wait(self) -> timedelta:
        """``after`` as a length of time."""
        return self.after if isinstance(self.after, timedelta) else timedelta(0)


class Audience(StrEnum):
    """Who is told."""

    RESPONDERS = "responders"
    TEAM = "team"
    STAKEHOLDERS = "stakeholders"
    LEADERSHIP = "leadership"
    CUSTOMERS = "customers"


class Cadence(Part):
    """A rhythm in which an audience is told, beside the status updates in the channel.

    Either ``every`` so often, counted from the declaration or from when its flag was set, or ``at`` a time of day in
    the playbook's zone, on working days or all days. With ``at_once`` the first round does not wait for that; alone
    it makes the only one.
    """

    name: Key
    title: str
    audience: Audience
    every: Duration | None = None
    at: TimeOfDay | None = None
    days: Literal["working", "all"] = "working"
    at_once: bool = False
    """Whether the audience is told as soon as it runs."""
    owner: Names = ()
    """Roles, groups or people that owe it, in order of preference; the commander where nobody of them is there."""
    flag: str = ""
    """It runs only while this flag is set (``unavailable``); always where left out."""

    @property
    def once(self) -> bool:
        """Whether there is only one round."""
        return self.every is None and self.at is None

    @property
    def rhythm(self) -> str:
        """When its audience is told, in words: ``every 30m``, ``at 09:30 on working days``, ``at once``."""
        often = f"every {say_duration(self.every)}" if self.every is not None else ""
        if self.at is not None:
            often = f"at {self.at:%H:%M} {'on working days' if self.days == 'working' else 'every day'}"
        return ", then ".join(filter(None, ("at once" if self.at_once else "", often)))


class Need(StrEnum):
    """Whether a post-mortem follows."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    NONE = "none"


class Review(Part):
    """The post-mortem that a severity owes."""

    need: Need = Need.NONE
    within: TermField | None = None
    """From the resolution until it is published."""
    meeting: Duration | None = None
    """Length of the review meeting, where there is one."""
    share: Names = ()
    """Audiences that read it: names of groups, or words such as ``customers on request``."""


class Severity(Part):
    """How bad it is, and what follows from it."""

    name: Name
    aliases: Names = ()
    emoji: str = ""
    tone: Tone = Tone.MINOR
    meaning: str
    examples: Names = ()
    response: TermField | None = None
    """The response SLA: from the declaration until somebody says that they are on it."""
    first_update: Duration | None = None
    """When the first status update is owed; at the cadence where left out. Only an update meets it."""
    cadence: Duration | None = None
    """How often a status update is owed; none where left out."""
    cadences: tuple[Cadence, ...] = ()
    """Other audiences, each with its own rhythm."""
    resolution: TermField | None = None
    """The resolution target, from the declaration."""
    ladder: tuple[Rung, ...] = ()
    """Its own reminder ladder; the playbook's where left out."""
    page: Names = ()
    """Who is paged when it is declared: rotations, groups, people."""
    roles: Names = ()
    """Roles that must be held at this severity, besides those that are always required."""
    postmortem: Review = Review()
    freeze: bool = False
    """Whether production changes are frozen while an incident of this severity is open."""
    report: Literal["required", "optional", "none"] = "none"
    """Whether an incident report or document is started with the incident."""
    says: str = ""
    """What the declarer is told at this severity besides (``handled in business hours``)."""


class Step(Part):
    """One step of a checklist or of a runbook."""

    text: str = Field(min_length=1, max_length=500)
    detail: str = Field(default="", max_length=2000)
    """Shown with the step: commands in backticks, links as they are."""
    required: bool = False
    role: str = ""
    """Whose it is."""
    any_of: str = ""
    """Steps with the same word here stand for each other: one of them ticked is enough."""
    filed: Literal["", "log", "postmortem", "issue"] = ""
    """Ticked by itself once this is filed: the incident's line of the log or its post-mortem in the repository, or its
    issue in the tracker."""


class Checklist(Part):
    """Steps that people tick."""

    name: Key
    title: str
    steps: tuple[Step, ...] = Field(min_length=1, max_length=40)
    ordered: bool = False
    """Whether the steps are ticked in order."""
    severities: Names = ()
    """For these severities only; for all where left out."""
    opens: Literal["declared", "resolved", "closed", "by hand"] = "by hand"
    """When it is posted in the channel by itself."""


class Phase(Part):
    """A stretch of the response with its own checks; the first whose statuses fit is the current one."""

    name: Key
    title: str
    begins: Duration | Literal[0] = 0
    """After the declaration, where the process gives it a window."""
    ends: Duration | None = None
    statuses: Names = ()
    """It is current while the incident has one of these statuses; by its window where left out."""
    checklists: Names = ()
    advice: str = Field(default="", max_length=1000)
