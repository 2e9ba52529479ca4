"""The runbooks that match the incident stand pinned and bookmarked."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.messages.runbooks import pinned
from bot.playbook.shape import Playbook
from bot.runbooks import matching
from bot.standing.message import Standing
from bot.standing.source import Source

RUNBOOKS = "runbooks"
"""Key of the pinned runbooks."""


class Runbooks(Source):
    """What helps with an incident like this one."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """All of them in one message, where any match."""
        books = matching(incident, playbook)
        if books:
            yield Standing(RUNBOOKS, pinned(incident, books), pinned=True, bookmarks=tuple(books))
