"""Datadog's table: one group of a monitor through its transitions, another group, and bodies that say less."""

from datetime import UTC, datetime

from adapters.datadog.source import BLIND, Datadog
from bot.alerts.alert import AlertState, Measure
from tests.support.sources import Sample, Table

KEY = "datadog:1234:host:web-1,service:checkout"
AT = datetime(2026, 11, 26, 3, 10, 38, tzinfo=UTC)
TOLD = {"key": KEY, "title": "Error rate is high", "severity": "P1", "component": "checkout"}
FIRES = {**TOLD, "state": AlertState.FIRING, "measures": {Measure.ERRORS: 7.2}}
POSTED = {
    **TOLD,
    "title": "Error rate is high on host:web-1,service:checkout",
    "link": "https://app.datadoghq.com/monitors/1234?group=host%3Aweb-1%2Cservice%3Acheckout&from_ts=1795662338000"
    "&to_ts=1795662638000",
}

TABLE = Table(
    source=Datadog(),
    samples=(
        Sample(
            file="triggered.json",
            tells={
                **FIRES,
                "text": "The error rate of checkout is 7.2 %.",
                "started_at": AT,
                "link": "https://app.datadoghq.com/event/event?id=7001",
                "links": {"snapshot": "https://p.datadoghq.com/snapshot/view/x.png"},
                "labels": {"env": "prod", "host": "web-1", "service": "checkout", "team": "shop"},
                "delivery": "datadog:7001",
            },
        ),
        Sample(file="retriggered.json", tells={**FIRES, "started_at": None}),
        Sample(file="renotify.json", tells={**FIRES, "started_at": None}),
        Sample(file="warn.json", tells={**FIRES, "severity": "warning"}),
        Sample(file="nodata.json", tells=FIRES),
        Sample(file="recovered.json", tells={**TOLD, "state": AlertState.CLEARED, "ended_at": AT, "told_at": AT}),
        Sample(file="muted.json"),
        Sample(file="test.json"),
        Sample(
            file="other-group.json",
            tells={"key": "datadog:1234:host:web-2,service:checkout", "severity": "error", "text": "Slow."},
        ),
        Sample(
            file="simple.json",
            tells={
                "key": "datadog:memory alert",
                "state": AlertState.FIRING,
                "title": "Memory Alert",
                "severity": "P2",
                "text": "Used memory is high.",
            },
        ),
        Sample(file="least.json", tells={"key": "datadog:disk is full", "state": AlertState.CLEARED, "severity": ""}),
        Sample(
            file="unset.json",
            tells={
                "key": "datadog:77",
                "severity": "error",
                "text": "",
                "labels": {},
                "link": "",
                "links": {},
                "delivery": "",
            },
        ),
        Sample(
            file="slack-triggered.json",
            tells={**POSTED, "state": AlertState.FIRING, "measures": {Measure.ERRORS: 7.2}},
        ),
        Sample(file="slack-recovered.json", tells={**POSTED, "state": AlertState.CLEARED}),
        Sample(
            file="slack-nodata.json",
            tells={
                **POSTED,
                "state": AlertState.FIRING,
                "text": f"The error rate of checkout is 7.2 %.\n{BLIND}",
            },
        ),
    ),
    one=(
        (
            "triggered.json",
            "retriggered.json",
            "renotify.json",
            "warn.json",
            "nodata.json",
            "recovered.json",
            "slack-triggered.json",
            "slack-recovered.json",
            "slack-nodata.json",
        ),
    ),
    apart=(("triggered.json", "other-group.json"), ("triggered.json", "simple.json")),
)
