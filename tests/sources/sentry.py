"""Sentry's table: an issue that fires by three ways and is resolved, and a metric alert, by webhook and in chat."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from adapters.sentry.source import Sentry
from bot.alerts.alert import AlertState
from tests.support.sources import Sample, Table

FIRING, CLEARED = AlertState.FIRING, AlertState.CLEARED
NAMED = "ReferenceError: blooopy is not defined"
PAGE = "https://sentry.io/organizations/acme/issues/1170820242/"
ISSUE = {"key": "sentry:1170820242", "title": NAMED, "severity": "error"}
RULE = "https://sentry.io/organizations/acme/alerts/rules/details/7/?alert=1"
METRIC = {"key": "sentry:metric:7", "title": "Too many errors"}
BEGAN = datetime(2026, 11, 26, 3, 10, 40, tzinfo=UTC)


def hook(resource: str) -> dict[str, str]:
    """The headers of Sentry's requests."""
    return {"sentry-hook-resource": resource, "request-id": "4f1c"}


def sign(body: bytes, secret: str) -> Mapping[str, str]:
    """As Sentry signs."""
    return {"sentry-hook-signature": hmac.new(secret.encode(), body, sha256).hexdigest()}


TABLE = Table(
    source=Sentry(),
    sign=sign,
    samples=(
        Sample(
            file="event-alert.json",
            headers=hook("event_alert"),
            tells={
                **ISSUE,
                "state": FIRING,
                "component": "checkout",
                "text": "blooopy is not defined\n?(runner)\nRule: Any new error",
                "link": f"{PAGE}events/e4874d664c3540c1a32eab185f12c5ab/",
                "started_at": datetime(2026, 11, 26, 3, 10, 38, tzinfo=UTC),
                "delivery": "sentry:4f1c",
                "labels": {
                    "environment": "production",
                    "browser": "Chrome 75.0.3770",
                    "level": "error",
                    "service": "checkout",
                },
            },
        ),
        Sample(file="error.json", headers=hook("error"), tells={**ISSUE, "state": FIRING, "component": "front-end"}),
        Sample(
            file="issue-created.json",
            headers=hook("issue"),
            tells={
                **ISSUE,
                "state": FIRING,
                "component": "front-end",
                "link": PAGE,
                "started_at": datetime(2026, 11, 26, 3, 10, 38, 391000, tzinfo=UTC),
            },
        ),
        Sample(
            file="issue-unresolved.json",
            headers=hook("issue"),
            tells={**ISSUE, "state": FIRING, "started_at": datetime(2026, 11, 26, 3, 12, tzinfo=UTC)},
        ),
        Sample(file="issue-resolved.json", headers=hook("issue"), tells={**ISSUE, "state": CLEARED}),
        Sample(file="issue-archived.json", tells={**ISSUE, "state": CLEARED, "delivery": "", "link": ""}),
        Sample(file="issue-assigned.json", headers=hook("issue")),
        Sample(
            file="metric-critical.json",
            headers=hook("metric_alert"),
            tells={
                **METRIC,
                "state": FIRING,
                "severity": "critical",
                "component": "front-end",
                "text": "1000 events in the last 10 minutes\nFilter: level:error",
                "link": RULE,
                "started_at": BEGAN,
            },
        ),
        Sample(file="metric-warning.json", headers=hook("metric_alert"), tells={**METRIC, "severity": "warning"}),
        Sample(
            file="metric-resolved.json",
            headers=hook("metric_alert"),
            tells={
                **METRIC,
                "state": CLEARED,
                "severity": "",
                "ended_at": datetime(2026, 11, 26, 3, 30, 40, tzinfo=UTC),
            },
        ),
        Sample(file="installation.json", headers=hook("installation")),
        Sample(
            file="plug-in.json",
            tells={**ISSUE, "state": FIRING, "component": "front-end", "link": PAGE, "started_at": None},
        ),
        Sample(
            file="slack-issue.json",
            tells={
                **ISSUE,
                "state": FIRING,
                "component": "front-end",
                "link": f"{PAGE}?referrer=slack&alert_rule_id=11",
            },
        ),
        Sample(file="slack-issue-resolved.json", tells={**ISSUE, "state": CLEARED}),
        Sample(file="slack-assigned.json"),
        Sample(
            file="slack-metric-critical.json",
            tells={**METRIC, "state": FIRING, "severity": "critical", "link": f"{RULE}&referrer=metric_alert_slack"},
        ),
        Sample(file="slack-metric-resolved.json", tells={**METRIC, "state": CLEARED, "severity": ""}),
        Sample(
            file="discord-issue.json",
            tells={**ISSUE, "state": FIRING, "component": "checkout", "link": f"{PAGE}?referrer=discord"},
        ),
        Sample(file="discord-metric-critical.json", tells={**METRIC, "state": FIRING, "severity": "critical"}),
        Sample(file="discord-metric-resolved.json", tells={**METRIC, "state": CLEARED, "severity": ""}),
    ),
    one=(
        (
            "event-alert.json",
            "error.json",
            "issue-created.json",
            "issue-unresolved.json",
            "issue-resolved.json",
            "issue-archived.json",
            "plug-in.json",
            "slack-issue.json",
            "slack-issue-resolved.json",
            "discord-issue.json",
        ),
        (
            "metric-critical.json",
            "metric-warning.json",
            "metric-resolved.json",
            "slack-metric-critical.json",
            "slack-metric-resolved.json",
            "discord-metric-critical.json",
            "discord-metric-resolved.json",
        ),
    ),
    apart=(("event-alert.json", "metric-critical.json"),),
)
