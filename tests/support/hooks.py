"""One alert of every sender's by webhook, from its first firing to its end."""

from dataclasses import dataclass

from tests.support.courses import Course


@dataclass(frozen=True, kw_only=True)
class Hook(Course):
    """One that comes by webhook."""

    again: str
    """Says the same another time, as its sender would."""
    heard: int
    """How often it was heard once the first sample came twice and ``again`` once: two deliveries to which the sender
    gave one id are one."""


WEBHOOKS: tuple[Hook, ...] = (
    Hook(
        sender="alertmanager",
        fires="firing.json",
        again="repeat.json",
        clears="resolved.json",
        heard=3,
        severity="sev1",
        declares=True,
        title="InstanceDown (node critical)",
        component="node",
        link=("Alertmanager", "http://prometheus:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1"),
    ),
    Hook(
        sender="grafana",
        fires="firing.json",
        again="firing.json",
        clears="resolved.json",
        heard=3,
        severity="sev1",
        declares=True,
        title="p95 response time of checkout is 12.4 s",
        component="checkout",
        link=("Grafana", "https://grafana.example.com/alerting/grafana/cdeqmlhvflz40f/view?orgId=1"),
    ),
    Hook(
        sender="grafana",
        fires="legacy.json",
        again="legacy.json",
        clears="legacy-ok.json",
        heard=3,
        severity="sev3",
        title="Panel Title alert",
        component="checkout",
        link=(
            "Grafana",
            "https://grafana.example.com/d/hZ7BuVbWz/test-dashboard?fullscreen&edit&tab=alert&panelId=2&orgId=1",
        ),
    ),
    Hook(
        sender="betterstack",
        fires="started.json",
        again="reopened.json",
        clears="resolved.json",
        heard=3,
        severity="sev2",
        title="Checkout API: Status 500",
        component="checkout",
        link=("Better Stack", "https://uptime.betterstack.com/team/0/incidents/778899"),
    ),
    Hook(
        sender="pagerduty",
        fires="triggered.json",
        again="unacknowledged.json",
        clears="resolved.json",
        heard=2,
        severity="sev1",
        declares=True,
        title="The server is on fire.",
        component="My Mail Service",
        link=("PagerDuty", "https://acme.pagerduty.com/incidents/PT4KHLK"),
    ),
    Hook(
        sender="datadog",
        fires="triggered.json",
        again="renotify.json",
        clears="recovered.json",
        heard=2,
        severity="sev1",
        declares=True,
        title="Error rate is high",
        component="checkout",
        link=("Datadog", "https://app.datadoghq.com/event/event?id=7001"),
    ),
    Hook(
        sender="sentry",
        fires="event-alert.json",
        again="issue-unresolved.json",
        clears="issue-resolved.json",
        heard=2,
        severity="sev2",
        title="ReferenceError: blooopy is not defined",
        component="checkout",
        link=(
            "Sentry",
            "https://sentry.io/organizations/acme/issues/1170820242/events/e4874d664c3540c1a32eab185f12c5ab/",
        ),
    ),
    Hook(
        sender="sentry",
        fires="metric-critical.json",
        again="metric-warning.json",
        clears="metric-resolved.json",
        heard=2,
        severity="sev1",
        declares=True,
        title="Too many errors",
        component="front-end",
        link=("Sentry", "https://sentry.io/organizations/acme/alerts/rules/details/7/?alert=1"),
    ),
    Hook(
        sender="cloudwatch",
        fires="sns-alarm.json",
        again="event-alarm.json",
        clears="sns-ok.json",
        heard=2,
        severity="sev1",
        declares=True,
        title="checkout-5xx-critical",
        component="checkout",
        link=(
            "CloudWatch",
            "https://us-west-2.console.aws.amazon.com/cloudwatch/home?region=us-west-2"
            "#alarmsV2:alarm/checkout-5xx-critical",
        ),
    ),
    Hook(
        sender="uptimerobot",
        fires="down.json",
        again="down-again.json",
        clears="up.json",
        heard=3,
        severity="sev1",
        title="Example Monitor is down",
        component="Example Monitor",
        link=("UptimeRobot", "https://example.com"),
    ),
    Hook(
        sender="opsgenie",
        fires="create.json",
        again="unacknowledge.json",
        clears="close.json",
        heard=3,
        severity="sev2",
        title="Checkout answers slowly",
        component="checkout",
        link=("Opsgenie", "https://app.opsgenie.com/alert/detail/052652ac-5d1c-464a-812a-7dd18bbfba8c/details"),
    ),
    Hook(
        sender="generic",
        fires="firing.json",
        again="named-otherwise.json",
        clears="resolved.json",
        heard=2,
        severity="sev1",
        declares=True,
        title="Orders pile up",
        component="checkout",
        link=("Generic JSON", "https://monitor.example.com/orders"),
    ),
    Hook(
        sender="events",
        fires="trigger.json",
        again="trigger.json",
        clears="resolve.json",
        heard=3,
        severity="sev1",
        declares=True,
        title="DISK at 99% on machine prod-datapipe03.example.com",
        component="mysql",
        link=("PagerDuty Events", "https://monitoring.example.com"),
    ),
)
"""By webhook: at least one of every sender."""
