"""The generic table: our own shape, whole and by other names, down to a title."""

from datetime import UTC, datetime

from adapters.generic.source import Generic
from bot.alerts.alert import AlertState, Measure
from tests.support.sources import Sample, Table

FIRING, TAKEN, CLEARED = AlertState.FIRING, AlertState.ACKNOWLEDGED, AlertState.CLEARED
KEY = "generic:orders"
PAGE = "https://monitor.example.com/orders"

TABLE = Table(
    source=Generic(),
    reads_all=True,
    samples=(
        Sample(
            file="firing.json",
            tells={
                "key": KEY,
                "state": FIRING,
                "title": "Orders pile up",
                "text": "Nothing has been taken out for ten minutes.",
                "severity": "critical",
                "component": "checkout",
                "link": PAGE,
                "links": {"dashboard": "https://monitor.example.com/d/1"},
                "runbook": "https://runbooks.example.com/orders",
                "labels": {"source": "cron", "env": "production", "zone": "3"},
                "started_at": datetime(2026, 11, 26, 3, 10, 38, tzinfo=UTC),
                "ended_at": None,
                "measures": {Measure.QUEUE: 1204, Measure.ERRORS: 7.5},
                "delivery": "generic:m-1",
            },
        ),
        Sample(
            file="resolved.json",
            tells={
                "key": KEY,
                "state": CLEARED,
                "title": "Orders flow again",
                "ended_at": datetime(2026, 11, 26, 3, 20, 38, tzinfo=UTC),
                "delivery": "",
            },
        ),
        Sample(
            file="named-otherwise.json",
            tells={
                "key": KEY,
                "state": FIRING,
                "title": "Orders pile up",
                "text": "Error rate: 7.5 %",
                "severity": "P2",
                "component": "checkout",
                "link": PAGE,
                "started_at": datetime(2026, 11, 26, 3, 10, 38, 546000, tzinfo=UTC),
                "measures": {Measure.ERRORS: 7.5},
            },
        ),
        Sample(file="acknowledged.json", tells={"key": KEY, "state": TAKEN}),
        Sample(
            file="only-a-title.json",
            tells={"key": "generic:orders pile up", "state": FIRING, "severity": "", "component": "", "link": ""},
        ),
    ),
    one=(("firing.json", "resolved.json", "named-otherwise.json", "acknowledged.json"),),
    apart=(("firing.json", "only-a-title.json"),),
)
