"""CloudWatch's table: an alarm by SNS, raw and as an event, its end, its blindness, and Amazon Q's posts."""

import math
from datetime import UTC, datetime

from adapters.cloudwatch.source import CloudWatch
from bot.alerts.alert import AlertState, Measure
from tests.support.sources import Sample, Table

FIRING, CLEARED = AlertState.FIRING, AlertState.CLEARED
NAMED = "checkout-5xx-critical"
KEY = f"cloudwatch:123456789012:us-west-2:{NAMED}"
PAGE = f"https://us-west-2.console.aws.amazon.com/cloudwatch/home?region=us-west-2#alarmsV2:alarm/{NAMED}"
ALARM = {"key": KEY, "title": NAMED, "severity": "critical", "link": PAGE}
BEGAN = datetime(2026, 11, 26, 3, 10, 38, 547000, tzinfo=UTC)
OVER = {
    **ALARM,
    "state": CLEARED,
    "started_at": None,
    "ended_at": datetime(2026, 11, 26, 3, 25, 38, 547000, tzinfo=UTC),
    "told_at": datetime(2026, 11, 26, 3, 25, 38, 547000, tzinfo=UTC),
}
FIRES = {
    **ALARM,
    "state": FIRING,
    "component": "checkout",
    "runbook": "https://runbooks.example.com/5xx",
    "started_at": BEGAN,
    "ended_at": None,
    "labels": {
        "region": "us-west-2",
        "account": "123456789012",
        "namespace": "AWS/ApiGateway",
        "metric": "5XXError",
        "ApiName": "checkout",
    },
    "measures": {Measure.ERRORS: math.nextafter(5, 6)},
}
SERIES = {
    "key": "cloudwatch:123456789012:us-west-2:throttled-tables:6d442278dba546f6",
    "title": "throttled-tables (orders)",
    "component": "orders",
    "severity": "",
}

TABLE = Table(
    source=CloudWatch(),
    samples=(
        Sample(
            file="sns-alarm.json",
            headers={"content-type": "text/plain; charset=UTF-8"},
            tells={**FIRES, "delivery": "cloudwatch:7f2c0001"},
        ),
        Sample(file="sns-ok.json", tells={**OVER, "delivery": "cloudwatch:7f2c0002", "measures": {}}),
        Sample(
            file="sns-blind.json",
            tells={
                **ALARM,
                "state": FIRING,
                "started_at": None,
                "text": "No data any more: whether it still fires is not known.\n"
                "Error rate above 5 %. Runbook: https://runbooks.example.com/5xx\n"
                "Threshold Crossed: 1 out of the last 1 datapoints [7.2 (26/11/26 03:09:00)] was greater than the "
                "threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).",
            },
        ),
        Sample(file="sns-no-data.json"),
        Sample(
            file="sns-raw.json",
            headers={"x-amz-sns-message-id": "7f2c0009"},
            tells={**FIRES, "delivery": "cloudwatch:7f2c0009"},
        ),
        Sample(file="sns-subscribe.json"),
        Sample(file="sns-unsubscribe.json"),
        Sample(
            file="event-alarm.json",
            tells={**FIRES, "delivery": "cloudwatch:c4c1c1c9-6542-e61b-6ef0-8c4d36933a92"},
        ),
        Sample(file="event-ok.json", tells=OVER),
        Sample(file="sns-event.json", tells={**FIRES, "delivery": "cloudwatch:7f2c0005"}),
        Sample(file="event-configured.json"),
        Sample(file="event-contributor.json", tells={**SERIES, "state": FIRING}),
        Sample(file="event-contributor-ok.json", tells={**SERIES, "state": CLEARED}),
        Sample(file="event-contributor-other.json", tells={"title": "throttled-tables (carts)", "component": "carts"}),
        Sample(file="sns-contributor-raw.json", tells={**SERIES, "state": FIRING}),
        Sample(file="slack-alarm.json", tells={**ALARM, "state": FIRING}),
        Sample(file="slack-ok.json", tells={**ALARM, "state": CLEARED}),
        Sample(file="slack-words.json", tells={**ALARM, "state": CLEARED}),
    ),
    one=(
        (
            "sns-alarm.json",
            "sns-ok.json",
            "sns-blind.json",
            "sns-raw.json",
            "event-alarm.json",
            "event-ok.json",
            "sns-event.json",
            "slack-alarm.json",
            "slack-ok.json",
            "slack-words.json",
        ),
        ("event-contributor.json", "event-contributor-ok.json", "sns-contributor-raw.json"),
    ),
    apart=(("event-contributor.json", "event-contributor-other.json"),),
)
