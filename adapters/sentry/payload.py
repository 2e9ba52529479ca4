"""The shapes of Sentry's webhooks."""

from pydantic import Field

from bot.alerts.foreign import Foreign, Pairs, Text, Texts, When
from bot.alerts.foreign import text as plain

TAGS = 40


class Project(Foreign):
    """The project that an issue belongs to."""

    slug: Text = ""
    name: Text = ""


class Event(Foreign):
    """One error that happened, or what fired an alert about it."""

    title: Text = ""
    message: Text = ""
    culprit: Text = ""
    level: Text = ""
    environment: Text = ""
    issue: Text = Field(default="", alias="issue_id")
    address: Text = Field(default="", alias="url")
    page: Text = Field(default="", alias="web_url")
    metadata: Pairs = Field(default_factory=dict)
    tagged: object = Field(default=None, alias="tags")
    at: When = Field(default=None, alias="datetime")

    @property
    def tags(self) -> dict[str, str]:
        """Sentry sends them as pairs in a list."""
        pairs = self.tagged if isinstance(self.tagged, list) else []
        read = ((plain(pair[0]), plain(pair[1])) for pair in pairs[:TAGS] if isinstance(pair, list) and len(pair) == 2)
        return {name: value for name, value in read if name and value}


class Issue(Foreign):
    """An issue: all errors that are alike."""

    id: Text = ""
    title: Text = ""
    culprit: Text = ""
    level: Text = ""
    page: Text = Field(default="", alias="web_url")
    permalink: Text = ""
    short: Text = Field(default="", alias="shortId")
    metadata: Pairs = Field(default_factory=dict)
    project: Project | None = None
    first_seen: When = Field(default=None, alias="firstSeen")
    last_seen: When = Field(default=None, alias="lastSeen")


class AlertRule(Foreign):
    """The rule of a metric alert."""

    id: Text = ""
    name: Text = ""
    projects: Texts = Field(default_factory=list)


class MetricAlert(Foreign):
    """A metric alert that fired."""

    id: Text = ""
    title: Text = ""
    rule: AlertRule | None = Field(default=None, alias="alert_rule")
    projects: Texts = Field(default_factory=list)
    page: Text = Field(default="", alias="web_url")
    began: When = Field(default=None, alias="date_started")
    closed: When = Field(default=None, alias="date_closed")


class Data(Foreign):
    """What a webhook is about: one of these, by its resource."""

    event: Event | None = None
    error: Event | None = None
    issue: Issue | None = None
    metric: MetricAlert | None = Field(default=None, alias="metric_alert")
    title: Text = Field(default="", alias="description_title")
    text: Text = Field(default="", alias="description_text")
    page: Text = Field(default="", alias="web_url")
    rule: Text = Field(default="", alias="triggered_rule")


class Hook(Foreign):
    """A webhook of the integration platform."""

    action: Text = ""
    data: Data | None = None


class PlugIn(Foreign):
    """What the older plug-in “WebHooks” sends."""

    id: Text = ""
    project: Text = ""
    name: Text = Field(default="", alias="project_name")
    slug: Text = Field(default="", alias="project_slug")
    level: Text = ""
    culprit: Text = ""
    message: Text = ""
    url: Text = ""
    event: Event | None = None
