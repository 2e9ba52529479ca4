"""UptimeRobot's variables, where several names hold the same one."""

import json

from adapters.uptimerobot.source import UptimeRobot
from bot.alerts.alert import Alert, AlertState
from bot.alerts.source import Delivery


def read(**variables: object) -> Alert:
    [alert] = UptimeRobot().read(Delivery(body=json.dumps(variables).encode()))
    return alert


def test_a_variable_that_holds_nothing_leaves_its_place_to_its_other_name() -> None:
    for nothing in ("", None, "*monitorFriendlyName*"):
        alert = read(
            monitorFriendlyName=nothing, monitor_friendly_name="Shop", alertType=nothing, alert_type="2",
            monitorURL=nothing, monitor_url="https://shop.example",
        )  # fmt: skip

        assert (alert.key, alert.state) == ("uptimerobot:shop", AlertState.CLEARED)
        assert alert.link == "https://shop.example"
