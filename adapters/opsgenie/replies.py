"""What Opsgenie, and Jira Service Management after it, tells back of pages that we sent there: ``Acknowledge``.

``alias`` is the one that we gave the alert, ``username`` whoever did it. Source: Opsgenie's “Webhook Integration”.
"""

from adapters.opsgenie.payload import Hook
from adapters.opsgenie.source import EXPECTED, Opsgenie
from bot.alerts.foreign import read
from bot.alerts.source import Delivery, NotUnderstood
from bot.replies import Acknowledged


class OpsgenieReplies:
    """See :class:`bot.replies.Pager`."""

    name = Opsgenie.name
    title = Opsgenie.title

    def read(self, delivery: Delivery) -> list[Acknowledged]:
        """Who has what was sent; other actions tell nothing of that."""
        hook = read(Hook, delivery.body, expected=EXPECTED)
        if not hook.action or hook.alert is None:
            raise NotUnderstood(EXPECTED)
        if hook.action.casefold() != "acknowledge" or not hook.alert.alias:
            return []
        return [
            Acknowledged(mark=hook.alert.alias, by=hook.alert.username, event=f"{hook.alert.id}:{hook.alert.alias}")
        ]

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Opsgenie signs nothing: it gives the secret."""
        return None
