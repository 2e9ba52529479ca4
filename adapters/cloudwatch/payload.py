"""The shapes in which alarms of CloudWatch come: in an envelope of SNS, as they are, or as an event of EventBridge."""

from datetime import datetime

from pydantic import Field

from bot.alerts.foreign import Foreign, Pairs, Text, When
from bot.alerts.foreign import text as plain

MOST = 30
"""Dimensions that are looked at."""


class Envelope(Foreign):
    """What SNS wraps around a message, and how it asks whether it may send."""

    type: Text = Field(default="", alias="Type")
    id: Text = Field(default="", alias="MessageId")
    topic: Text = Field(default="", alias="TopicArn")
    message: Text = Field(default="", alias="Message")
    subscribe: Text = Field(default="", alias="SubscribeURL")


class Trigger(Foreign):
    """What an alarm watches."""

    metric: Text = Field(default="", alias="MetricName")
    namespace: Text = Field(default="", alias="Namespace")
    listed: object = Field(default=None, alias="Dimensions")

    @property
    def dimensions(self) -> dict[str, str]:
        """By name; SNS writes ``name`` and ``value``, some of AWS's services begin both with a capital."""
        found: dict[str, str] = {}
        for one in (self.listed if isinstance(self.listed, list) else [])[:MOST]:
            if isinstance(one, dict):
                name = plain(one.get("name", one.get("Name")))
                value = plain(one.get("value", one.get("Value")))
                found |= {name: value} if name and value else {}
        return found


class Notice(Foreign):
    """An alarm's change, as CloudWatch gives it to SNS."""

    name: Text = Field(default="", alias="AlarmName")
    description: Text = Field(default="", alias="AlarmDescription")
    account: Text = Field(default="", alias="AWSAccountId")
    state: Text = Field(default="", alias="NewStateValue")
    before: Text = Field(default="", alias="OldStateValue")
    reason: Text = Field(default="", alias="NewStateReason")
    at: When = Field(default=None, alias="StateChangeTime")
    region: Text = Field(default="", alias="Region")
    """As people call it: ``US West (Oregon)``."""
    arn: Text = Field(default="", alias="AlarmArn")
    trigger: Trigger | None = Field(default=None, alias="Trigger")
    contributor: Text = Field(default="", alias="AlarmContributorId")
    """Which of several time series changed, of an alarm that watches many."""
    attributes: Pairs = Field(default_factory=dict, alias="AlarmContributorAttributes")


class Stand(Foreign):
    """How an alarm stood at a moment."""

    value: Text = ""
    reason: Text = ""
    at: When = Field(default=None, alias="timestamp")


class Metric(Foreign):
    """One metric, below two layers that name nothing."""

    name: Text = ""
    namespace: Text = ""
    dimensions: Pairs = Field(default_factory=dict)


class Stat(Foreign):
    """One statistic of a metric."""

    metric: Metric | None = None


class Watched(Foreign):
    """One of what an alarm watches."""

    stat: Stat | None = Field(default=None, alias="metricStat")


class Configuration(Foreign):
    """How an alarm is set up."""

    description: Text = ""
    metrics: list[Watched] = Field(default_factory=list)


class Contributor(Foreign):
    """One of several time series that an alarm watches."""

    id: Text = ""
    attributes: Pairs = Field(default_factory=dict)


class Detail(Foreign):
    """What an event is about."""

    name: Text = Field(default="", alias="alarmName")
    contributor: Contributor | None = Field(default=None, alias="alarmContributor")
    state: Stand | None = None
    before: Stand | None = Field(default=None, alias="previousState")
    configuration: Configuration | None = None


class Event(Foreign):
    """An alarm's change, as EventBridge passes it on."""

    id: Text = ""
    kind: Text = Field(default="", alias="detail-type")
    source: Text = ""
    account: Text = ""
    region: Text = ""
    at: When = Field(default=None, alias="time")
    detail: Detail | None = None


class Alarm(Foreign):
    """An alarm's change, whichever way it came."""

    name: str
    contributor: str
    """Id of the time series that changed, of an alarm that watches several; empty for the alarm itself."""
    attributes: dict[str, str]
    """What names that time series."""
    description: str
    account: str
    region: str
    """As AWS calls it: ``us-west-2``."""
    partition: str
    """``aws``, ``aws-cn`` or ``aws-us-gov``."""
    state: str
    before: str
    reason: str
    at: datetime | None
    labels: dict[str, str]


def of_notice(notice: Notice, *, topic: str = "") -> Alarm:
    """Out of what SNS brings; the region's own name stands in the alarm's ARN, else in the topic's."""
    arn = (notice.arn or topic).split(":")
    trigger = notice.trigger or Trigger()
    watched = {"namespace": trigger.namespace, "metric": trigger.metric, **trigger.dimensions}
    return Alarm(
        name=notice.name,
        contributor=notice.contributor,
        attributes=notice.attributes,
        description=notice.description,
        account=notice.account or _part(arn, 4),
        region=_part(arn, 3),
        partition=_part(arn, 1) or "aws",
        state=notice.state,
        before=notice.before,
        reason=notice.reason,
        at=notice.at,
        labels={name: value for name, value in watched.items() if value},
    )


def of_event(event: Event) -> Alarm:
    """Out of what EventBridge brings."""
    detail = event.detail or Detail()
    state, configuration = detail.state or Stand(), detail.configuration or Configuration()
    contributor = detail.contributor or Contributor()
    metrics = [one.stat.metric for one in configuration.metrics if one.stat is not None and one.stat.metric is not None]
    metric = metrics[0] if metrics else Metric()
    watched = {"namespace": metric.namespace, "metric": metric.name, **metric.dimensions}
    return Alarm(
        name=detail.name,
        contributor=contributor.id,
        attributes=contributor.attributes,
        description=configuration.description,
        account=event.account,
        region=event.region,
        partition=_partition(event.region),
        state=state.value,
        before=detail.before.value if detail.before is not None else "",
        reason=state.reason,
        at=state.at or event.at,
        labels={name: value for name, value in watched.items() if value},
    )


def _part(arn: list[str], place: int) -> str:
    return arn[place] if len(arn) > place else ""


def _partition(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
