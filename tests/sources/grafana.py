"""Grafana's table: a rule whose name holds parentheses, both ways; blind monitoring; the older alerting."""

import hashlib
import hmac
from datetime import UTC, datetime

from adapters.grafana.source import Grafana
from bot.alerts.alert import AlertState, Measure
from tests.support.sources import Sample, Table

KEY = "grafana:high latency (p95) checkout"
HOST = "https://grafana.example.com"
RULE = f"{HOST}/alerting/grafana/cdeqmlhvflz40f/view?orgId=1"
LINKS = {
    "silence": f"{HOST}/alerting/silence/new?alertmanager=grafana&matcher=alertname%3DHigh+latency+%28p95%29&orgId=1",
    "dashboard": f"{HOST}/d/abcd?orgId=1",
    "panel": f"{HOST}/d/abcd?orgId=1&viewPanel=4",
}
TOLD = {
    "key": KEY,
    "title": "p95 response time of checkout is 12.4 s",
    "severity": "critical",
    "component": "checkout",
    "link": RULE,
    "links": LINKS,
    "runbook": "https://runbooks.example.com/latency",
}
FIRES = {**TOLD, "state": AlertState.FIRING, "measures": {Measure.RESPONSE: 12.4}}
CLEARED = {**TOLD, "state": AlertState.CLEARED, "measures": {}}
OLD = {"key": "grafana:panel title alert", "severity": "warning", "component": "checkout"}
BLIND = "The query returned nothing: monitoring is blind here, which says nothing yet about the service."

TABLE = Table(
    source=Grafana(),
    samples=(
        Sample(
            file="firing.json",
            tells={
                **FIRES,
                "text": "Customers wait for the payment page.\nA = 12.4, C = 1",
                "started_at": datetime(2026, 11, 26, 3, 10, 40, tzinfo=UTC),
            },
        ),
        Sample(
            file="resolved.json",
            tells={**CLEARED, "ended_at": datetime(2026, 11, 26, 3, 40, 40, tzinfo=UTC)},
        ),
        Sample(
            file="nodata.json",
            tells={
                "key": "grafana:datasourcenodata checkout",
                "state": AlertState.FIRING,
                "title": "High latency (p95) has no data",
                "text": f"p95 response time of checkout is  s\n{BLIND}",
                "severity": "",
            },
        ),
        Sample(file="test.json"),
        Sample(
            file="legacy.json",
            tells={
                **OLD,
                "state": AlertState.FIRING,
                "title": "Panel Title alert",
                "measures": {Measure.ERRORS: 7.2},
                "link": f"{HOST}/d/hZ7BuVbWz/test-dashboard?fullscreen&edit&tab=alert&panelId=2&orgId=1",
            },
        ),
        Sample(file="legacy-ok.json", tells={**OLD, "state": AlertState.CLEARED}),
        Sample(
            file="legacy-nodata.json",
            tells={**OLD, "state": AlertState.FIRING, "title": "Panel Title alert has no data", "text": BLIND},
        ),
        Sample(file="legacy-paused.json"),
        Sample(file="slack-firing.json", tells=FIRES),
        Sample(file="slack-resolved.json", tells=CLEARED),
        Sample(file="slack-partly.json", tells=FIRES),
        Sample(file="discord-firing.json", tells=FIRES),
        Sample(file="discord-embed.json", tells=FIRES),
        Sample(file="discord-resolved.json", tells=CLEARED),
    ),
    one=(
        (
            "firing.json",
            "resolved.json",
            "slack-firing.json",
            "slack-resolved.json",
            "slack-partly.json",
            "discord-firing.json",
            "discord-embed.json",
            "discord-resolved.json",
        ),
        ("legacy.json", "legacy-ok.json", "legacy-nodata.json"),
    ),
    apart=(("firing.json", "nodata.json"), ("firing.json", "legacy.json")),
    sign=lambda body, secret: {
        "x-grafana-alerting-signature": hmac.new(secret.encode(), b"1795662738:" + body, hashlib.sha256).hexdigest(),
        "x-grafana-alerting-timestamp": "1795662738",
    },
)
