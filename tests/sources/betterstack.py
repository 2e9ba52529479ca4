"""Better Stack's table: an incident from its start to its end, what else its hooks tell, and its posts in Slack."""

from datetime import UTC, datetime

from adapters.betterstack.source import BetterStack
from bot.alerts.alert import AlertState, Measure
from tests.support.sources import Sample, Table

KEY = "betterstack:778899"
TOLD = {
    "key": KEY,
    "title": "Checkout API: Status 500",
    "text": "Status 500",
    "severity": "high",
    "component": "checkout",
    "link": "https://uptime.betterstack.com/team/0/incidents/778899",
    "started_at": datetime(2026, 11, 26, 3, 10, 38, 151000, tzinfo=UTC),
}
POSTED = {
    "key": KEY,
    "title": "Checkout API: Status 500",
    "component": "Checkout API",
    "link": "https://uptime.betterstack.com/team/123456/incidents/778899",
}

TABLE = Table(
    source=BetterStack(),
    samples=(
        Sample(
            file="started.json",
            tells={
                **TOLD,
                "state": AlertState.FIRING,
                "links": {
                    "monitored": "https://checkout.example.com/health",
                    "screenshot": "https://uptime-storage.example.com/1.png",
                },
                "labels": {"service": "checkout", "severity": "high", "team": "Shop"},
            },
        ),
        Sample(
            file="plain.json",
            tells={
                "key": "betterstack:1",
                "state": AlertState.FIRING,
                "title": "Tesla.com homepage: Response time exceeded 10 s",
                "severity": "",
                "component": "Tesla.com homepage",
                "measures": {Measure.RESPONSE: 10.000000000000002},
            },
        ),
        Sample(file="acknowledged.json", tells={**TOLD, "state": AlertState.ACKNOWLEDGED}),
        Sample(
            file="resolved.json",
            tells={
                **TOLD,
                "state": AlertState.CLEARED,
                "ended_at": datetime(2026, 11, 26, 3, 40, tzinfo=UTC),
            },
        ),
        Sample(file="reopened.json", tells={**TOLD, "state": AlertState.FIRING}),
        Sample(file="comment.json"),
        Sample(file="monitor.json"),
        Sample(file="oncall.json"),
        Sample(file="slack-started.json", tells={**POSTED, "state": AlertState.FIRING}),
        Sample(file="slack-acknowledged.json", tells={**POSTED, "state": AlertState.ACKNOWLEDGED}),
        Sample(file="slack-resolved.json", tells={**POSTED, "state": AlertState.CLEARED}),
    ),
    one=(
        (
            "started.json",
            "acknowledged.json",
            "resolved.json",
            "reopened.json",
            "slack-started.json",
            "slack-acknowledged.json",
            "slack-resolved.json",
        ),
    ),
    apart=(("started.json", "plain.json"),),
)
