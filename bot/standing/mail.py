"""The e-mail to customers stands, once somebody approved it."""

from collections.abc import Iterator
from datetime import datetime

from bot.incident import Incident
from bot.messages import mail
from bot.playbook.shape import Playbook
from bot.standing.message import Standing
from bot.standing.source import Source


class Mail(Source):
    """How the sending stands."""

    def messages(self, incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[Standing]:
        """One message, edited while it is sent and when it is over."""
        kept = incident.progress.mail
        if kept is not None and kept.approved:
            yield Standing("mail", mail.standing(incident, kept))
