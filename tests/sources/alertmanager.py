"""Alertmanager's table: a group of two, as it fires, repeats, clears in part and wholly, by webhook and in chat."""

from datetime import UTC, datetime

from adapters.alertmanager.source import Alertmanager
from bot.alerts.alert import AlertState, Measure
from tests.support.sources import Sample, Table

KEY = "alertmanager:instancedown"
ZONED = "alertmanager:diskfull eu-1"
NAMED = "InstanceDown (node critical)"
PAGE = "http://alertmanager:9093/#/alerts?receiver=chat-bot"
GRAPH = "http://prometheus:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1"
BEGAN = datetime(2026, 11, 26, 3, 10, 38, 326000, tzinfo=UTC)
FIRES = {
    "key": KEY,
    "state": AlertState.FIRING,
    "title": NAMED,
    "severity": "critical",
    "component": "node",
    "link": GRAPH,
    "started_at": BEGAN,
}

TABLE = Table(
    source=Alertmanager(),
    samples=(
        Sample(
            file="firing.json",
            tells={
                **FIRES,
                "runbook": "https://runbooks.example.com/instance-down",
                "text": "localhost:8081 of job node has been down for more than 1 minute.\n"
                "localhost:8082 of job node has been down for more than 1 minute.",
                "labels": {"alertname": "InstanceDown", "job": "node", "severity": "critical"},
                "links": {
                    "alertmanager": PAGE,
                    "silence": "http://alertmanager:9093/#/silences/new?filter=%7Balertname%3D%22InstanceDown%22%2C"
                    "job%3D%22node%22%2Cseverity%3D%22critical%22%7D",
                },
                "ended_at": None,
                "delivery": "",
            },
        ),
        Sample(file="repeat.json", tells=FIRES),
        Sample(
            file="partly.json",
            tells={
                **FIRES,
                "title": "Instance localhost:8081 down",
                "text": "localhost:8081 of job node has been down for more than 1 minute.\n"
                "… and 3 more that are not shown",
            },
        ),
        Sample(
            file="resolved.json",
            tells={
                **FIRES,
                "state": AlertState.CLEARED,
                "ended_at": datetime(2026, 11, 26, 3, 25, 38, 326000, tzinfo=UTC),
            },
        ),
        Sample(file="incidentio.json", tells={**FIRES, "title": "Instance localhost:8081 down"}),
        Sample(
            file="ungrouped.json",
            tells={
                "key": 'alertmanager:{}/{severity="warning"}:{}',
                "title": "Error rate of checkout is 7.2 %",
                "text": "7.2 % of the requests to checkout fail.",
                "component": "checkout",
                "severity": "warning",
                "link": PAGE,
                "measures": {Measure.ERRORS: 7.2},
            },
        ),
        Sample(
            file="two-labels.json",
            tells={
                "key": ZONED,
                "state": AlertState.CLEARED,
                "title": "DiskFull eu-1 (db-1 warning)",
                "link": PAGE,
            },
        ),
        Sample(
            file="slack-two-labels.json",
            tells={"key": ZONED, "state": AlertState.FIRING, "title": "DiskFull eu-1 (db-1 warning)"},
        ),
        Sample(
            file="slack-firing.json",
            tells={
                "key": KEY,
                "state": AlertState.FIRING,
                "title": NAMED,
                "severity": "critical",
                "link": "http://alertmanager:9093/#/alerts?receiver=slack",
            },
        ),
        Sample(file="slack-resolved.json", tells={"key": KEY, "state": AlertState.CLEARED, "title": NAMED}),
        Sample(
            file="slack-edited.json", tells={"key": KEY, "state": AlertState.CLEARED, "delivery": "slack:M1:edited"}
        ),
        Sample(
            file="discord-firing.json",
            tells={
                "key": KEY,
                "state": AlertState.FIRING,
                "title": NAMED,
                "severity": "critical",
                "component": "node",
                "link": GRAPH,
                "runbook": "https://runbooks.example.com/instance-down",
            },
        ),
        Sample(file="discord-resolved.json", tells={"key": KEY, "state": AlertState.CLEARED}),
        Sample(
            file="discord-partly.json",
            tells={
                "key": KEY,
                "state": AlertState.FIRING,
                "title": "Instance localhost:8081 down",
            },
        ),
    ),
    one=(
        (
            "firing.json",
            "repeat.json",
            "partly.json",
            "resolved.json",
            "incidentio.json",
            "slack-firing.json",
            "slack-resolved.json",
            "slack-edited.json",
            "discord-firing.json",
            "discord-resolved.json",
            "discord-partly.json",
        ),
        ("two-labels.json", "slack-two-labels.json"),
    ),
    apart=(("firing.json", "ungrouped.json"),),
)
