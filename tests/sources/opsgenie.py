"""Opsgenie's table: an alert from its creation to its end, by webhook and in chat."""

from datetime import UTC, datetime

from adapters.opsgenie.source import Opsgenie
from bot.alerts.alert import AlertState, Measure
from tests.support.sources import Sample, Table

FIRING, TAKEN, CLEARED = AlertState.FIRING, AlertState.ACKNOWLEDGED, AlertState.CLEARED
ONE = {"key": "opsgenie:28", "title": "Checkout answers slowly"}
HOOK = {
    **ONE,
    "severity": "P2",
    "component": "checkout",
    "text": "The response time is 12 s.",
    "link": "https://app.opsgenie.com/alert/detail/052652ac-5d1c-464a-812a-7dd18bbfba8c/details",
    "runbook": "https://runbooks.example.com/slow",
    "started_at": datetime(2026, 11, 26, 3, 10, 38, 546000, tzinfo=UTC),
    "labels": {
        "tags": "vip",
        "team": "ops",
        "entity": "eu-1",
        "alias": "checkout-slow",
        "service": "checkout",
        "runbook": "https://runbooks.example.com/slow",
    },
}
CARD = {
    **ONE,
    "severity": "P2",
    "component": "eu-1",
    "link": "https://acme.app.eu.opsgenie.com/alert/detail/052652ac-5d1c-464a-812a-7dd18bbfba8c/details",
}

TABLE = Table(
    source=Opsgenie(),
    samples=(
        Sample(
            file="create.json",
            tells={**HOOK, "state": FIRING, "measures": {Measure.RESPONSE: 12}},
        ),
        Sample(file="create-older.json", tells={**ONE, "state": FIRING, "severity": "P3", "component": "checkout"}),
        Sample(file="acknowledge.json", tells={**HOOK, "state": TAKEN}),
        Sample(file="unacknowledge.json", tells={**HOOK, "state": FIRING}),
        Sample(file="update-priority.json", tells={**HOOK, "state": FIRING, "severity": "P1"}),
        Sample(file="close.json", tells={**HOOK, "state": CLEARED, "measures": {}}),
        Sample(file="delete.json", tells={**HOOK, "state": CLEARED}),
        Sample(file="add-note.json"),
        Sample(file="escalate.json"),
        Sample(
            file="alias-only.json",
            tells={
                "key": "opsgenie:checkout-slow",
                "state": FIRING,
                "severity": "",
                "component": "",
                "started_at": None,
            },
        ),
        Sample(file="slack-create.json", tells={**CARD, "state": FIRING}),
        Sample(file="slack-closed.json", tells={**CARD, "state": CLEARED}),
        Sample(file="slack-acknowledged.json", tells={**ONE, "state": TAKEN, "severity": "", "link": CARD["link"]}),
        Sample(file="slack-note.json"),
    ),
    one=(
        (
            "create.json",
            "create-older.json",
            "acknowledge.json",
            "unacknowledge.json",
            "update-priority.json",
            "close.json",
            "delete.json",
            "slack-create.json",
            "slack-closed.json",
            "slack-acknowledged.json",
        ),
    ),
    apart=(("create.json", "alias-only.json"),),
)
