"""What PagerDuty tells back of pages that we sent there: webhooks version 3, ``incident.acknowledged``.

``incident_key`` is the ``dedup_key`` that we gave the event. Source: PagerDuty's “Webhooks Overview”.
"""

from adapters.pagerduty.payload import Hook
from adapters.pagerduty.source import EXPECTED, PagerDuty
from bot.alerts.foreign import read
from bot.alerts.source import Delivery
from bot.replies import Acknowledged

ACKNOWLEDGED = "incident.acknowledged"
PERSON = "user_reference"
"""The kind of agent that is a person; others are services and automations."""


class PagerDutyReplies:
    """See :class:`bot.replies.Pager`."""

    name = PagerDuty.name
    title = PagerDuty.title

    def read(self, delivery: Delivery) -> list[Acknowledged]:
        """Who has what was sent; other events tell nothing of that."""
        event = read(Hook, delivery.body, expected=EXPECTED).event
        if event.kind != ACKNOWLEDGED or not event.data.key:
            return []
        by = event.agent.summary if event.agent.kind == PERSON else ""
        return [Acknowledged(mark=event.data.key, by=by, event=event.id)]

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """As for its alerts."""
        return PagerDuty().signed(delivery, secret)
