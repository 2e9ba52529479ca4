"""What tells that all alerts of an incident have cleared."""

from collections.abc import Iterator
from datetime import datetime

from bot import gates
from bot.durations import say_duration
from bot.incident import Incident
from bot.messages import alerts
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source


class Alerts(Source):
    """One message, edited where alerts fire and clear again soon after."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """The last of them; the earlier ones stay as they are."""
        alerted = incident.progress.alerts
        if alerted is None or not alerted.told:
            return
        span = gates.quiet(gates.applying(playbook.resolve, incident, playbook))
        card = alerts.all_clear(incident, quiet=say_duration(span) if span is not None else "")
        yield Standing(f"clear/{alerted.told}", card)
