"""What the health checks answered stands in one message."""

from collections.abc import Iterator
from datetime import datetime

from bot import checks
from bot.incident import Incident
from bot.messages import health
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source


class Health(Source):
    """The answers of the health checks."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """The one message, once somebody asked to see them."""
        progress = incident.progress
        if progress.checks_shown and progress.checks:
            yield Standing(checks.CHECKS, health.results(incident, playbook))
