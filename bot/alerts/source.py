"""A source: what the adapter of one sender of alerts does. It translates, and decides nothing.

A sender has one folder under ``adapters/``: its recorded samples, a README that says where to click, and one class
that reads what comes by webhook, and what the sender's own integrations post in chat.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from bot.alerts.alert import Alert
from bot.alerts.post import Post
from bot.errors import Mistake
from bot.hidden import spelled


class NotUnderstood(Mistake):
    """A body that no alert can be read from; the sentence says what was expected, and spells what nobody can see."""

    def __init__(self, says: str) -> None:
        super().__init__(spelled(says))


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


class Fetch(Protocol):
    """Reads what a sender keeps at a public address of its own."""

    async def __call__(self, url: str) -> bytes:
        """The body found there: at most 64 KiB, within five seconds, over HTTPS, at a public address, without following
        redirects. Raises :class:`~bot.errors.TryLater` where nobody answers and :class:`~bot.errors.Refused` for any
        other answer. Whether the host may be asked at all is for the caller to know.
        """
        ...


@runtime_checkable
class Handshake(Protocol):
    """What a source does besides whose sender signs with a certificate, and asks back before it sends (Amazon SNS)."""

    async def certified(self, delivery: Delivery, secret: str, fetch: Fetch) -> bool:
        """Whether the sender's certificate proves that it wrote this, and ``secret`` names whom it wrote it for: a
        certificate alone proves only who carried it. Raises as ``fetch`` does where the certificate cannot be had."""
        ...

    async def greet(self, delivery: Delivery, fetch: Fetch) -> bool:
        """Answer the sender's question whether it may send, where this is one; asked once the request is known to be
        the sender's. Raises as ``fetch`` does, and :class:`NotUnderstood` where it leads elsewhere than to the sender.
        """
        ...


@runtime_checkable
class Events(Source, Protocol):
    """A source whose sender is told in its own words what is wrong, and under which key an event was taken (PagerDuty
    Events v2)."""

    def faults(self, delivery: Delivery) -> list[str]:
        """What keeps this from being an event, one sentence each; empty where nothing does."""
        ...

    def dedup_key(self, delivery: Delivery) -> str:
        """The key of an event without faults: its own, else one that is made up for it."""
        ...
