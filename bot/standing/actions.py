"""An incident's action items stand in its channel, in one list; a group that owns one is asked there who takes it."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.intents import Urgency
from bot.messages import action_lists
from bot.messages import actions as says
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source

ACTIONS = "actions"
"""Key of the list."""


class Actions(Source):
    """The list, and the questions to groups."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """One list, as soon as there is an item; of each item that a group was asked about, the last question."""
        items = incident.progress.actions
        if items:
            yield Standing(ACTIONS, action_lists.standing(incident, now=now))
        for item in items:
            if item.group is not None:
                card = says.who_takes_it(item, item.group, incident, playbook)
                settled = item.owner is not None or not item.open
                yield Standing(f"action/{item.number}/who/{item.turn}", card, urgency=Urgency.ASK, past=settled)
