"""The announcement stands in the announcement channel, for those outside; where it cannot, the incident's says so."""

from collections.abc import Iterator
from datetime import datetime

from bot import announcing
from bot.acts import announced
from bot.incident import Incident
from bot.messages import announcement
from bot.playbook.shape import Playbook
from bot.standing.message import OUTSIDE, Standing
from bot.standing.source import Source


class Announcement(Source):
    """What those outside are told."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """One post on each platform, where it is announced; what its channel refused is told of inside."""
        if not announced(incident, playbook):
            return
        card = announcement.card(incident, playbook, now=now)
        for platform in incident.rooms:
            if not announcing.waits(incident, platform):
                yield Standing(announcing.key(incident, platform), card, to=OUTSIDE, platform=platform)
            state = incident.progress.announcing.get(platform)
            if state is None:
                continue
            if state.stood and state.back_at is not None:
                yield Standing(state.stood, announcement.moved(incident), to=OUTSIDE, platform=platform, past=True)
            told = announcement.refused(incident, playbook, state, platform=platform)
            yield Standing("unannounced", told, platform=platform, past=state.back_at is not None)
