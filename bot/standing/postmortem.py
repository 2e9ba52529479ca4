"""One message tells how the post-mortem stands, once somebody began it."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.messages import postmortem
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source


class PostmortemStands(Source):
    """The post-mortem's state, owner, reviewers, open questions and due time."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """One message, edited as it goes on."""
        post = incident.progress.postmortem
        if post is not None:
            yield Standing("postmortem", postmortem.standing(incident, playbook, post))
