"""One alert of every sender's as it stands in chat, on each platform, from its first firing to its end."""

from dataclasses import dataclass

from tests.support.courses import Course


@dataclass(frozen=True, kw_only=True)
class Posting(Course):
    """One that its sender's own integration posts in chat."""

    taken: str = ""
    """Somebody takes it on at the sender; empty where no such post is recorded."""

    @property
    def platform(self) -> str:
        """Where it is posted."""
        return self.fires.partition("-")[0]


POSTS: tuple[Posting, ...] = (
    Posting(
        sender="alertmanager",
        fires="slack-firing.json",
        clears="slack-edited.json",
        severity="sev1",
        declares=True,
        title="InstanceDown (node critical)",
        component=None,
        link=("Alertmanager", "http://alertmanager:9093/#/alerts?receiver=slack"),
    ),
    Posting(
        sender="alertmanager",
        fires="discord-firing.json",
        clears="discord-resolved.json",
        severity="sev1",
        declares=True,
        title="InstanceDown (node critical)",
        component="node",
        link=("Alertmanager", "http://prometheus:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1"),
    ),
    Posting(
        sender="grafana",
        fires="slack-firing.json",
        clears="slack-resolved.json",
        severity="sev1",
        declares=True,
        title="p95 response time of checkout is 12.4 s",
        component="checkout",
        link=("Grafana", "https://grafana.example.com/alerting/grafana/cdeqmlhvflz40f/view?orgId=1"),
    ),
    Posting(
        sender="grafana",
        fires="discord-firing.json",
        clears="discord-resolved.json",
        severity="sev1",
        declares=True,
        title="p95 response time of checkout is 12.4 s",
        component="checkout",
        link=("Grafana", "https://grafana.example.com/alerting/grafana/cdeqmlhvflz40f/view?orgId=1"),
    ),
    Posting(
        sender="betterstack",
        fires="slack-started.json",
        taken="slack-acknowledged.json",
        clears="slack-resolved.json",
        severity="sev2",
        title="Checkout API: Status 500",
        component="Checkout API",
        link=("Better Stack", "https://uptime.betterstack.com/team/123456/incidents/778899"),
    ),
    Posting(
        sender="pagerduty",
        fires="slack-triggered.json",
        taken="slack-acknowledged.json",
        clears="slack-resolved.json",
        severity="sev1",
        declares=True,
        title="The server is on fire.",
        component="My Mail Service",
        link=("PagerDuty", "https://acme.pagerduty.com/incidents/PT4KHLK"),
    ),
    Posting(
        sender="datadog",
        fires="slack-triggered.json",
        clears="slack-recovered.json",
        severity="sev1",
        declares=True,
        title="Error rate is high on host:web-1,service:checkout",
        component="checkout",
        link=(
            "Datadog",
            "https://app.datadoghq.com/monitors/1234?group=host%3Aweb-1%2Cservice%3Acheckout"
            "&from_ts=1795662338000&to_ts=1795662638000",
        ),
    ),
    Posting(
        sender="sentry",
        fires="slack-issue.json",
        clears="slack-issue-resolved.json",
        severity="sev2",
        title="ReferenceError: blooopy is not defined",
        component="front-end",
        link=(
            "Sentry",
            "https://sentry.io/organizations/acme/issues/1170820242/?referrer=slack&alert_rule_id=11",
        ),
    ),
    Posting(
        sender="sentry",
        fires="slack-metric-critical.json",
        clears="slack-metric-resolved.json",
        severity="sev1",
        declares=True,
        title="Too many errors",
        component=None,
        link=(
            "Sentry",
            "https://sentry.io/organizations/acme/alerts/rules/details/7/?alert=1&referrer=metric_alert_slack",
        ),
    ),
    Posting(
        sender="sentry",
        fires="discord-metric-critical.json",
        clears="discord-metric-resolved.json",
        severity="sev1",
        declares=True,
        title="Too many errors",
        component=None,
        link=(
            "Sentry",
            "https://sentry.io/organizations/acme/alerts/rules/details/7/?alert=1&referrer=metric_alert_discord",
        ),
    ),
    Posting(
        sender="cloudwatch",
        fires="slack-alarm.json",
        clears="slack-ok.json",
        severity="sev1",
        declares=True,
        title="checkout-5xx-critical",
        component=None,
        link=(
            "CloudWatch",
            "https://us-west-2.console.aws.amazon.com/cloudwatch/home?region=us-west-2"
            "#alarmsV2:alarm/checkout-5xx-critical",
        ),
    ),
    Posting(
        sender="uptimerobot",
        fires="slack-down.json",
        clears="slack-up.json",
        severity="sev1",
        title="Example Monitor is down",
        component="Example Monitor",
        link=("UptimeRobot", "https://example.com"),
    ),
    Posting(
        sender="uptimerobot",
        fires="discord-down.json",
        clears="discord-up.json",
        severity="sev1",
        title="Example Monitor is down",
        component="Example Monitor",
        link=("UptimeRobot", "https://example.com"),
    ),
    Posting(
        sender="opsgenie",
        fires="slack-create.json",
        clears="slack-closed.json",
        severity="sev2",
        title="Checkout answers slowly",
        component="eu-1",
        link=(
            "Opsgenie",
            "https://acme.app.eu.opsgenie.com/alert/detail/052652ac-5d1c-464a-812a-7dd18bbfba8c/details",
        ),
    ),
)
"""In chat: every sender on each platform on which a post of its is recorded that clears."""
