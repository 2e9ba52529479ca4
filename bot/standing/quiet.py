"""The quiet period before *resolved* stands, and what broke it."""

from collections.abc import Iterator
from datetime import datetime

from bot import checks
from bot.incident import Incident
from bot.messages import calm
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source


class Quiet(Source):
    """The latest quiet period."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """That it runs, and that something broke it."""
        quiet = incident.progress.quiet
        if quiet is None:
            return
        red, watched = checks.red(incident, playbook), len(checks.belonging(incident, playbook))
        yield Standing(f"quiet/{quiet.id}", calm.waiting(quiet, red=red, watched=watched))
        if quiet.broken:
            yield Standing(f"quiet/{quiet.id}/broken", calm.disturbed(quiet))
