"""The outside: announcements, alerts, the status page, customers, trackers, and the record that is left."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field

from bot.alerts.alert import Measure
from bot.durations import Duration
from bot.playbook.part import Key, Names, Part, TimeOfDay
from bot.terms import TermField

Rooms = dict[str, Names]
"""Names or ids of channels, by platform."""


class Announce(Part):
    """Where and at which severities an incident is announced."""

    channels: dict[str, str] = Field(default_factory=dict)
    """Name or id of the channel by platform; the setting ``ANNOUNCE_CHANNEL`` where left out."""
    severities: Names = ()
    """Announced at these severities only; at all where left out."""

    def place(self, platform: str) -> str:
        """Where it is announced, as a post says it: ``#ops``, or ``announcements`` for the setting's channel."""
        return place(self.channels, platform)


def place(channels: Mapping[str, str], platform: str) -> str:
    """The channel named for a platform, as a post says it: ``#ops``; ``announcements`` is the setting's."""
    named = channels.get(platform, "").strip().removeprefix("#")
    return f"#{named}" if named else "announcements"


class Match(Part):
    """What an alert has to be like: all that is given has to hold; of several words one is enough."""

    sources: Names = ()
    """Senders: ``alertmanager``, ``betterstack``, ``vercel`` …"""
    channels: Names = ()
    """Watched channels it was posted in."""
    severities: Names = ()
    """The sender's own words: ``critical``, ``warning``."""
    components: Names = ()
    labels: dict[str, str] = Field(default_factory=dict)
    words: Names = ()
    measure: Measure | None = None
    above: float | None = None
    """In the measure's unit: percent, seconds, seconds, items."""
    for_: Duration | None = Field(default=None, alias="for")
    """How long it has been so."""


class AlertRule(Part):
    """What follows from an alert; the first rule that matches decides."""

    name: Key
    match: Match = Match()
    does: Literal["declare", "offer", "attach", "ignore"]
    severity: str = ""
    """Declared or offered as this; several may be offered."""
    severities: Names = ()
    together: Names = ()
    """Alerts with equal values of these labels are one incident; ``source``, ``component`` and ``rule`` stand for
    themselves."""
    publish: bool = False
    """Whether the status page opens an incident at once, with the monitor's components and summary."""


class Pattern(Part):
    """How to read posts of a sender that Tocsin does not know: regular expressions with named groups."""

    name: Key
    pattern: str = Field(max_length=500)
    """Groups: ``title``, ``component``, ``severity``, ``key``, ``url``."""
    clears: str = Field(default="", max_length=500)
    """What the post says when it is over."""


class QuietHours(Part):
    """A time of the day in which milder alerts wait: they are offered when it is over, if they still fire then."""

    from_: TimeOfDay = Field(alias="from")
    until: TimeOfDay
    """On the next day, where it is earlier than ``from``. Both in the playbook's zone."""
    holds: Names = Field(min_length=1)
    """Severities that wait. The most severe never does, nor does an alert whose sender states none."""


class Storm(Part):
    """When many alerts come at once: those that would declare, or be offered, join the newest incident instead."""

    alerts: int = Field(default=5, ge=1, le=100)
    """From so many incidents that alerts made within the time on."""
    within: Duration = timedelta(minutes=5)


class Alerts(Part):
    """Alerts: where they are read and what follows.

    Where no rule takes an alert of a known sender, what always holds does: the most severe declare, others are offered.
    """

    channels: Rooms = Field(default_factory=dict)
    """Watched channels by platform."""
    rules: tuple[AlertRule, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    again: Duration | None = None
    """Firing again within this time reopens the offer; 30 m where left out."""
    quiet: QuietHours | None = None
    storm: Storm = Storm()

    def publishes(self, rule: str) -> bool:
        """Whether the rule of this name opens a public incident at once, also where it only offers one."""
        return any(one.publish for one in self.rules if one.name == rule)


class StatusPage(Part):
    """The public page."""

    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    states: dict[str, str] = Field(default_factory=dict)
    """Status of the incident to the word that customers read."""
    components: dict[str, str] = Field(default_factory=dict)
    """Component of the playbook to its name on the page."""
    approve: bool = True
    """Whether the channel sees a text before customers do."""
    opens: Literal["alert", "declared", "by hand"] = "by hand"
    severities: Names = ()
    """It opens by itself at these severities only; at all where left out."""
    conditions: dict[str, Literal["degraded_performance", "partial_outage", "major_outage"]] = Field(
        default_factory=dict
    )
    """Severity to how its component is on the page; the most severe is a major outage, the next a partial one, and
    others degrade it, where left out."""
    behind: Duration = timedelta(minutes=15)
    """So long a text may wait before somebody is told that the page is behind the incident."""


class Mail(Part):
    """E-mail to customers after an incident."""

    severities: Names = ()
    to: tuple[str, ...] = Field(default=(), max_length=20)
    """Who gets it, where Tocsin sends it: addresses, or names of lists that the operator keeps."""
    subject: str = Field(default="", max_length=200)
    """Its subject, a template."""
    within: TermField | None = None
    """After the resolution: a deadline of its own, unless one of ``deadlines`` has that name or that draft."""
    offers: Names = ()
    """What is offered besides: a call, credits."""


class Tracker(Part):
    """Where incidents and action items are kept besides."""

    kind: Literal["github", "linear", "jira"]
    place: str = Field(default="", max_length=200)
    """Where it files: ``owner/repository``, a team's key, a project's key; the setting of that tracker's where left
    out."""
    incidents: Names = ()
    """Severities whose incidents become an issue there; none where left out."""
    labels: dict[str, Names] = Field(default_factory=dict)
    """Labels by severity."""
    fields: Names = ()
    """What stands on the issue: ``severity``, ``component``, ``date``, ``postmortem``."""
    actions: bool = False
    """Whether action items become issues."""
    action_labels: Names = ()
    """Labels of those."""


class Section(Part):
    """A section of the post-mortem."""

    title: str
    fills: Literal["", "summary", "timeline", "impact", "resolution", "updates", "actions", "responders"] = ""
    """What is filled in from the record."""
    asks: Names = ()
    """Questions that people answer."""


class Record(Part):
    """The post-mortem and where the record goes."""

    blameless: bool = False
    header: Names = ()
    """Fields at the top: ``date``, ``severity``, ``duration``, ``affected``, ``lead``."""
    sections: tuple[Section, ...] = ()
    file: str = ""
    """Path of the report in the repository, a template: ``docs/incidents/{{ date }}-{{ slug }}.md``."""
    log: str = ""
    """Path of the one-line log."""
    wiki: str = ""
    """Where the post-mortem is archived, in words or as an address."""
    five_whys: bool = False
    due: TermField | None = None
    """The one due date of its action items."""


class Gate(Part):
    """What has to hold before an incident is resolved, or closed; ``quiet`` and ``checks`` only before *resolved*."""

    quiet: Duration | None = None
    """So long without a red health check, a new alert or a new error."""
    checks: bool = False
    """Whether the health checks must be green."""
    fields: Names = ()
    """What must be said: ``impact``, ``affected``, ``fix``, or a field of the playbook."""
    checklists: Names = ()
    """Checklists whose required steps must be ticked (all steps where none is marked as required)."""
    links: Names = ()
    """A link of one of these kinds must be there: ``test``, ``monitor``, ``fix``, ``doc``."""
    postmortem: bool = False
    """Published, where the severity requires one."""
    actions: bool = False
    """Every action item has an owner and a date."""
    status_page: bool = False
    """The public incident is resolved."""
    severities: Names = ()
    """At these severities only; at all where left out."""
