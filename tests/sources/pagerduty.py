"""PagerDuty's table: an incident through its life, what else its hooks tell, and its app's card in Slack."""

import hashlib
import hmac
from datetime import UTC, datetime

from adapters.pagerduty.source import PagerDuty
from bot.alerts.alert import AlertState, Measure
from tests.support.sources import Sample, Table

KEY = "pagerduty:pt4khlk"
LINK = "https://acme.pagerduty.com/incidents/PT4KHLK"
CALLED = {"key": KEY, "title": "The server is on fire.", "component": "My Mail Service", "link": LINK}
TOLD = {**CALLED, "severity": "P1", "started_at": datetime(2026, 11, 26, 3, 10, tzinfo=UTC)}
POSTED = {**CALLED, "severity": "P1"}

TABLE = Table(
    source=PagerDuty(),
    samples=(
        Sample(
            file="triggered.json",
            tells={
                **TOLD,
                "state": AlertState.FIRING,
                "delivery": "01BRFEQ1",
                "labels": {
                    "number": "1234",
                    "service": "My Mail Service",
                    "priority": "P1",
                    "urgency": "high",
                    "escalation_policy": "Default",
                },
            },
        ),
        Sample(
            file="no-priority.json",
            tells={
                "key": "pagerduty:pt4khlm",
                "state": AlertState.FIRING,
                "severity": "low",
                "component": "",
                "measures": {Measure.RESPONSE: 12.4},
            },
        ),
        Sample(file="acknowledged.json", tells={**TOLD, "state": AlertState.ACKNOWLEDGED}),
        Sample(file="unacknowledged.json", tells={**TOLD, "state": AlertState.FIRING}),
        Sample(file="priority.json", tells={**TOLD, "state": AlertState.ACKNOWLEDGED, "severity": "P2"}),
        Sample(
            file="resolved.json",
            tells={
                **TOLD,
                "state": AlertState.CLEARED,
                "ended_at": datetime(2026, 11, 26, 3, 40, 0, 100000, tzinfo=UTC),
                "told_at": datetime(2026, 11, 26, 3, 40, 0, 100000, tzinfo=UTC),
            },
        ),
        Sample(file="reopened.json", tells={**TOLD, "state": AlertState.FIRING}),
        Sample(file="annotated.json"),
        Sample(file="ping.json"),
        Sample(file="service.json"),
        Sample(file="slack-triggered.json", tells={**POSTED, "state": AlertState.FIRING}),
        Sample(file="slack-acknowledged.json", tells={**POSTED, "state": AlertState.ACKNOWLEDGED}),
        Sample(file="slack-resolved.json", tells={**POSTED, "state": AlertState.CLEARED}),
        Sample(
            file="slack-words.json",
            tells={
                **POSTED,
                "title": "Unresolved: tickets nobody acknowledged",
                "state": AlertState.FIRING,
            },
        ),
    ),
    one=(
        (
            "triggered.json",
            "acknowledged.json",
            "unacknowledged.json",
            "priority.json",
            "resolved.json",
            "reopened.json",
            "slack-triggered.json",
            "slack-acknowledged.json",
            "slack-resolved.json",
            "slack-words.json",
        ),
    ),
    apart=(("triggered.json", "no-priority.json"),),
    sign=lambda body, secret: {
        "x-pagerduty-signature": "v1="
        + "0" * 64
        + ", v1="
        + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    },
)
