"""UptimeRobot's table: a monitor that goes down and up, by each way in which its variables can come, and in chat."""

from datetime import UTC, datetime

from adapters.uptimerobot.source import UptimeRobot
from bot.alerts.alert import AlertState, Measure
from tests.support.sources import Sample, Table

KEY = "uptimerobot:example monitor"
NAMED = {"key": KEY, "component": "Example Monitor", "link": "https://example.com", "severity": ""}
BEGAN = datetime(2026, 11, 26, 3, 10, 38, tzinfo=UTC)
DOWN = {**NAMED, "state": AlertState.FIRING, "title": "Example Monitor is down"}
UP = {**NAMED, "state": AlertState.CLEARED, "title": "Example Monitor is up"}
FULL = {
    **DOWN,
    "text": "Connection timeout",
    "started_at": BEGAN,
    "measures": {},
    "labels": {"monitor": "Example Monitor", "monitor_id": "78901234"},
}

TABLE = Table(
    source=UptimeRobot(),
    samples=(
        Sample(file="down.json", tells=FULL),
        Sample(file="down.form", tells=FULL),
        Sample(
            file="by-address.form",
            query={
                "secret": "left out",
                "monitorFriendlyName": "Example Monitor",
                "monitorURL": "https://example.com",
                "monitorID": "78901234",
                "alertType": "1",
                "alertDetails": "Connection timeout",
                "alertDateTime": "1795662638",
            },
            tells=FULL,
        ),
        Sample(file="down-again.json", tells={**DOWN, "started_at": BEGAN, "measures": {Measure.DOWNTIME: 300}}),
        Sample(
            file="up.json",
            tells={
                **UP,
                "started_at": BEGAN,
                "ended_at": datetime(2026, 11, 26, 3, 15, 43, tzinfo=UTC),
                "measures": {Measure.DOWNTIME: 305},
            },
        ),
        Sample(file="up-spelled.json", tells={**UP, "measures": {Measure.DOWNTIME: 305}}),
        Sample(
            file="certificate.json",
            tells={
                **NAMED,
                "key": f"{KEY}:certificate",
                "state": AlertState.FIRING,
                "title": "The certificate of Example Monitor expires in 14 days",
            },
        ),
        Sample(file="paused.json"),
        Sample(file="slack-down.json", tells=DOWN),
        Sample(file="slack-up.json", tells=UP),
        Sample(file="discord-down.json", tells=DOWN),
        Sample(file="discord-up.json", tells=UP),
    ),
    one=(
        (
            "down.json",
            "down.form",
            "by-address.form",
            "down-again.json",
            "up.json",
            "up-spelled.json",
            "slack-down.json",
            "slack-up.json",
            "discord-down.json",
            "discord-up.json",
        ),
    ),
    apart=(("down.json", "certificate.json"),),
)
