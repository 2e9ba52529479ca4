"""CloudWatch as a source of alerts."""

import re
from urllib.parse import quote

from adapters.cloudwatch import signature
from adapters.cloudwatch.chat import recognised
from adapters.cloudwatch.payload import Alarm, Envelope, Event, Notice, of_event, of_notice
from bot.alerts import words
from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.foreign import read
from bot.alerts.measures import measures
from bot.alerts.post import Post
from bot.alerts.source import Delivery, Fetch, NotUnderstood

EXPECTED = (
    "An alarm of CloudWatch was expected: a notification of SNS whose “Message” holds “AlarmName” and “NewStateValue”, "
    "or an event of EventBridge with “detail.alarmName” and “detail.state”"
)
CONFIRMATIONS = ("SubscriptionConfirmation", "UnsubscribeConfirmation")
STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")
RECONFIGURED = "CloudWatch Alarm Configuration Change"
"""An event that tells how the alarm stands, too, but not that this changed."""
COMPONENTS = ("ServiceName", "Service", "FunctionName", "DBInstanceIdentifier", "QueueName", "TableName", "ApiName")
"""Dimensions that name what is hit, in this order."""
CONSOLES = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}
BLIND = "No data any more: whether it still fires is not known."
KEPT = 8
"""Certificates of SNS that are kept in mind; it has one for each region, and seldom a new one."""
_RUNBOOK = re.compile(r"runbook\W{1,5}(https?://[^\s<>\"']{1,2000})", re.IGNORECASE)


class CloudWatch:
    """Reads alarms of CloudWatch, by way of SNS or EventBridge, and posts of Amazon Q (once AWS Chatbot)."""

    name = "cloudwatch"
    title = "CloudWatch"

    def __init__(self) -> None:
        self._certificates: dict[str, bytes] = {}

    def read(self, delivery: Delivery) -> list[Alert]:
        """The alert that an alarm's change is; none for a subscription, or where data only began or ceased."""
        envelope = read(Envelope, delivery.body, expected=EXPECTED)
        if envelope.type in CONFIRMATIONS:
            return []
        body = envelope.message.encode() if envelope.type == "Notification" else delivery.body
        alarm, event = _alarm(body, topic=envelope.topic)
        if event.kind == RECONFIGURED or (alarm.state == "INSUFFICIENT_DATA" and alarm.before != "ALARM"):
            return []
        id = envelope.id or delivery.header("x-amz-sns-message-id")[:100] or event.id
        return [_alert(alarm, delivery=f"cloudwatch:{id}" if id else "")]

    def recognise(self, post: Post) -> list[Alert] | None:
        """The alert that a post of Amazon Q tells of."""
        return recognised(post)

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """SNS signs with no secret but with a certificate: see :meth:`certified`."""
        return None

    async def certified(self, delivery: Delivery, secret: str, fetch: Fetch) -> bool:
        """Whether SNS signed it, and for a topic that ``secret`` names: topics' ARNs, separated by commas or spaces."""
        envelope = signature.fields(delivery.body)
        address = signature.signing_address(envelope.get("SigningCertURL", ""))
        topics = {each for each in re.split(r"[,\s]+", secret) if each.startswith("arn:")}
        if address is None or envelope.get("TopicArn") not in topics:
            return False
        known = self._certificates.get(address)
        certificate = known if known is not None else await fetch(address)
        if not signature.fits(delivery.body, certificate):
            return False
        if known is None and len(self._certificates) < KEPT:
            self._certificates[address] = certificate
        return True

    async def greet(self, delivery: Delivery, fetch: Fetch) -> bool:
        """Confirm the subscription that SNS asks about. One that is taken back stays so."""
        envelope = signature.fields(delivery.body)
        if envelope.get("Type") != "SubscriptionConfirmation":
            return False
        address = signature.confirming_address(envelope.get("SubscribeURL", ""))
        if address is None:
            raise NotUnderstood("“SubscribeURL” has to lead to Amazon SNS itself: https://sns.REGION.amazonaws.com/…")
        await fetch(address)
        return True


def _alarm(body: bytes, *, topic: str) -> tuple[Alarm, Event]:
    """The alarm's change that a body holds, and the event, where it is one."""
    notice = read(Notice, body, expected=EXPECTED)
    event = Event() if notice.name else read(Event, body, expected=EXPECTED)
    found = of_notice(notice, topic=topic) if notice.name else of_event(event)
    if not found.name or found.state not in STATES:
        raise NotUnderstood(EXPECTED)
    return found, event


def _alert(alarm: Alarm, *, delivery: str) -> Alert:
    over = alarm.state == "OK"
    lines = [BLIND if alarm.state == "INSUFFICIENT_DATA" else "", alarm.description, alarm.reason]
    runbook = _RUNBOOK.search(alarm.description)
    one = (alarm.contributor,) if alarm.contributor else ()
    labels = {"region": alarm.region, "account": alarm.account, **alarm.labels, **alarm.attributes}
    return Alert(
        source="cloudwatch",
        key=dedupe("cloudwatch", alarm.account, alarm.region, alarm.name, *one),
        state=AlertState.CLEARED if over else AlertState.FIRING,
        title=f"{alarm.name} ({' '.join(alarm.attributes.values())})" if alarm.attributes else alarm.name,
        text="\n".join(line for line in lines if line),
        severity=_severity(alarm),
        component=next((labels[name] for name in COMPONENTS if labels.get(name)), ""),
        labels=labels,
        link=_console(alarm),
        runbook=runbook.group(1) if runbook is not None else "",
        started_at=alarm.at if alarm.state == "ALARM" else None,
        ended_at=alarm.at if over else None,
        told_at=alarm.at,
        measures={} if over else measures(alarm.name, alarm.description),
        delivery=delivery,
    )


def _severity(alarm: Alarm) -> str:
    """By convention: ``severity: high`` in the description, a word in the name, or the description's first."""
    beginning = next(iter(alarm.description.split(maxsplit=1)), "")
    return words.severity(alarm.name, alarm.description[: words.SCANNED]) or words.severity(beginning)


def _console(alarm: Alarm) -> str:
    """The alarm in AWS's console."""
    if not alarm.region:
        return ""
    host = f"{alarm.region}.{CONSOLES.get(alarm.partition, 'console.aws.amazon.com')}"
    return f"https://{host}/cloudwatch/home?region={alarm.region}#alarmsV2:alarm/{quote(alarm.name, safe='')}"
