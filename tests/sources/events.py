"""The table of events in the shape of PagerDuty's Events API v2."""

from datetime import UTC, datetime

from adapters.pagerduty.events import Events
from bot.alerts.alert import AlertState, Measure
from tests.support.sources import Sample, Table

KEY = "events:srv01/mysql"

TABLE = Table(
    source=Events(),
    folder="pagerduty",
    below="events",
    samples=(
        Sample(
            file="trigger.json",
            tells={
                "key": KEY,
                "state": AlertState.FIRING,
                "title": "DISK at 99% on machine prod-datapipe03.example.com",
                "severity": "critical",
                "component": "mysql",
                "link": "https://monitoring.example.com",
                "links": {
                    "An example link.": "http://pagerduty.example.com",
                    "An example link with an image": "https://chart.example.com/chart?chs=600x400",
                },
                "labels": {
                    "source": "prod-datapipe03.example.com",
                    "component": "mysql",
                    "group": "prod-datapipe",
                    "class": "disk",
                    "free space": "1%",
                    "ping time": "1500ms",
                    "load avg": "0.75",
                    "runbook_url": "https://runbooks.example.com/disk",
                    "client": "Sample Monitoring Service",
                },
                "runbook": "https://runbooks.example.com/disk",
                "started_at": datetime(2026, 11, 26, 3, 10, 58, 315000, tzinfo=UTC),
            },
        ),
        Sample(file="acknowledge.json", tells={"key": KEY, "state": AlertState.ACKNOWLEDGED, "title": "srv01/mysql"}),
        Sample(file="resolve.json", tells={"key": KEY, "state": AlertState.CLEARED}),
        Sample(
            file="least.json",
            tells={
                "state": AlertState.FIRING,
                "title": "queue depth 140",
                "text": "Jobs wait.",
                "severity": "warning",
                "component": "",
                "measures": {Measure.QUEUE: 140},
            },
        ),
        Sample(
            file="alertmanager.json",
            tells={
                "state": AlertState.FIRING,
                "title": "InstanceDown (node critical)",
                "severity": "critical",
                "link": "http://alertmanager:9093/#/alerts?receiver=tocsin",
            },
        ),
    ),
    one=(("trigger.json", "acknowledge.json", "resolve.json"),),
    apart=(("trigger.json", "least.json"),),
)
