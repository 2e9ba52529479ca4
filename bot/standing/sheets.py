"""What is ticked stands as long as the incident: checklists, and the steps of runbooks that were opened."""

from collections.abc import Iterator
from datetime import datetime

from bot import checklists
from bot.incident import Incident
from bot.messages import lists
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source


class Sheets(Source):
    """What is ticked."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """One message each; those that open with the declaration are pinned, and what somebody asked for by name."""
        for sheet in checklists.leading(incident, playbook):
            checklist = playbook.checklist(sheet.key)
            pinned = checklist is None or checklist.opens == "declared" or incident.revision == 0
            yield Standing(sheet.message, lists.message(incident, playbook, sheet), pinned=pinned)
