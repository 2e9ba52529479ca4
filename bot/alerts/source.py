"""A source: what the adapter of one sender of alerts does. It translates, and decides nothing.

A sender has one folder under ``adapters/``: its recorded samples, a README that says where to click, and one class
that reads what comes by webhook, and what the sender's own integrations post in chat.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.post import Post
from bot.errors import Mistake


class NotUnderstood(Mistake):
    """A body that no alert can be read from; the sentence says what was expected."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request of a sender's, as it came over HTTP. ``headers`` have small letters."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """A header; empty where it is missing."""
        return self.headers.get(name.lower(), "")


class Source(Protocol):
    """One sender of alerts."""

    name: str
    """What stands behind ``/alerts/``."""
    title: str
    """What people read: ``Alertmanager``."""

    def read(self, delivery: Delivery) -> list[Alert]:
        """The alerts of one request, without their ``posted``. Empty where it is one that tells of no alert (a test, a
        note, an event of another kind). Raises :class:`NotUnderstood` for what cannot be read, and nothing else.
        """
        ...

    def recognise(self, post: Post) -> list[Alert] | None:
        """The alerts that a post in chat tells of; ``None`` where this sender did not write it."""
        ...

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Whether the sender's own signature fits, in constant time; ``None`` where the sender signs nothing."""
        ...
