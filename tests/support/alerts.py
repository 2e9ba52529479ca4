"""Alerts for stories: as a webhook brings them, straight into the inbox."""

from datetime import timedelta
from typing import Any

from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.tracked import Tracked
from tests.support.town import Town

FIRES, CLEARS = AlertState.FIRING, AlertState.CLEARED
LATER = timedelta(minutes=45)
"""Longer than an alert that fires again counts as the same one."""


def alert(title: str = "InstanceDown", state: AlertState = FIRES, **more: Any) -> Alert:
    """An alert of Alertmanager's; its key follows from its title."""
    known: dict[str, Any] = {"source": "alertmanager", "key": dedupe("alertmanager", title), "severity": "critical"}
    return Alert(title=title, state=state, **(known | more))


async def arrive(town: Town, *alerts: Alert) -> None:
    """Accept them as one request, and wait for what comes of it."""
    await town.store.inbox.accept(alerts, at=town.clock.now())
    town.bot.intake.wake()
    await town.settle()


async def one(town: Town, title: str = "InstanceDown") -> Tracked:
    """What is known of an alert."""
    [found] = [each for each in await town.store.reader.alerts.latest(limit=100) if each.alert.title == title]
    return found
