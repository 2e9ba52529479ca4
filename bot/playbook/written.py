"""What may stand in ``playbook.yaml``, key by key.

Unknown keys are refused. Durations are written like ``15m``, terms like ``5 business days``. A field that is left out
has the default that stands here. Its parts have rooms of their own beside this one.
"""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.durations import Duration
from bot.people import Group, Person
from bot.playbook.clocks import Calendar, DeadlineRule, Drills
from bot.playbook.escalation import Contact, Escalation, Flag, Paging, Rotation
from bot.playbook.help import HealthCheck, Runbook
from bot.playbook.misfit import listed, wrong
from bot.playbook.outside import Alerts, Announce, Gate, Mail, Record, Rooms, StatusPage, Tracker
from bot.playbook.part import Name, Names, Part, Zone
from bot.playbook.permissions import Permissions
from bot.playbook.process import STATUSES, Checklist, Phase, Role, Rung, Severity, Status

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
    action: str = "📝"
    """Makes a message an action item; means nothing where another has this emoji and no other is named here."""

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        unsaid = {"action"} - self.model_fields_set
        values = list(self.model_dump(exclude=unsaid).values())
        doubled = sorted({value for value in values if values.count(value) > 1})
        if doubled:
            raise wrong(f"{listed(doubled, last='and')} more than once", "one meaning for each emoji")
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

    They know the incident's plain facts, which :mod:`bot.playbook.facts` lists, and nothing else; what the language
    allows stands in :mod:`bot.playbook.wording`.
    """

    announcement: str = Field(default="", max_length=4000)
    update: str = Field(default="", max_length=4000)
    first_update: str = Field(default="", max_length=4000)
    """What the first status update should say: shown with the first reminder and in the form."""
    resolution: str = Field(default="", max_length=4000)
    topic: str = Field(default="", max_length=400)
    customers: dict[Name, Annotated[str, Field(max_length=4000)]] = Field(default_factory=dict)
    """Drafts for customers, by the status they belong to, ``email`` for the one afterwards, or by the name of the
    deadline that they meet."""


class Written(Part):
    """A team's process as it is written."""

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
    """Template of the channel's name: it knows ``date``, ``slug``, ``number`` and ``severity``."""
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

    permissions: Permissions = Permissions()
    """Who may do what, besides everyone."""
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    contacts: dict[str, Contact] = Field(default_factory=dict)
    """By the key of a person or group."""
    reactions: Reactions = Reactions()
