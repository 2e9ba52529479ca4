"""The announcement stands in the announcement channel, for those outside."""

from collections.abc import Iterator
from datetime import datetime

from bot.acts import ANNOUNCEMENT, announced
from bot.incident import Incident
from bot.messages import announcement
from bot.playbook.shape import Playbook
from bot.standing.message import OUTSIDE, Standing
from bot.standing.source import Source


class Announcement(Source):
    """What those outside are told."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """The one post, where the incident is announced."""
        if announced(incident, playbook):
            yield Standing(ANNOUNCEMENT, announcement.card(incident, playbook, now=now), to=OUTSIDE)
