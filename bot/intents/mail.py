"""Sending e-mail to customers: one message for each recipient."""

import hashlib
from typing import Literal

from pydantic import AwareDatetime

from bot.intents.intent import BaseIntent

MAIL = "mail"
"""Lane of the mail server."""


class SendMail(BaseIntent):
    """Send one recipient the e-mail that somebody approved. What came of it comes back as ``Mailed``."""

    kind: Literal["mail"] = "mail"
    seed: str
    """A UUID of the whole sending: each message's own id is made of it, and is the same at every attempt."""
    index: int
    """Which of its recipients."""
    to: str
    """An address that stands in the playbook, or the name of the operator's list that holds the recipient."""
    mark: str
    """Tells the recipient's address from the others of its list, which is written down nowhere."""
    subject: str
    text: str
    at: AwareDatetime
    """When it was approved: the message's date."""
    until: AwareDatetime
    """It is not tried for longer than that."""
    again: bool = False
    """Whether the server put this recipient off before."""

    def about(self) -> str:
        return "the e-mail to customers"


def mark_of(seed: str, address: str) -> str:
    """What an address is known by within one sending; it leads back to nobody without the list."""
    return hashlib.blake2b(address.casefold().encode(), key=seed.encode(), digest_size=6).hexdigest()
