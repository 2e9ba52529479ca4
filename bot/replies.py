"""Answers to a page from outside chat: the signed link in it, and what a pager tells back.

A link is the right to answer one page as one person, and no more. Following it changes nothing, because mail scanners
and previews follow links: only what is posted there does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.alerts.source import Delivery
from bot.incident import Incident
from bot.keys import Keys, Purpose
from bot.people import Person
from bot.ports import Clock
from bot.progress import Page

LIVES = timedelta(hours=24)
"""How long a link answers; later it only tells what happened since."""
PLACE = "/pages/"
"""Where links lead, behind PUBLIC_URL."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a link says: who answers what."""

    incident: int
    page: int
    person: str
    """Key of whoever was paged."""
    until: datetime


class Links:
    """Makes the link by which a page is answered, and reads it."""

    def __init__(self, keys: Keys, clock: Clock, *, url: str) -> None:
        """``url`` is where people reach the bot's web server; without one there are no links."""
        self._keys, self._clock, self._url = keys, clock, url.rstrip("/")

    def lead_to(self, url: str) -> None:
        """From now on links lead there: a demo knows its own port only once it listens."""
        self._url = url.rstrip("/")

    def link(self, incident: int, page: int, person: Person) -> str:
        """Its address; empty where there is none."""
        if not self._url:
            return ""
        said = f"{incident}.{page}.{person.key}"
        return f"{self._url}{PLACE}{self._keys.sign(Purpose.PAGE, said, until=self._clock.now() + LIVES)}"

    def read(self, token: str) -> Reply | None:
        """What a link of ours says, a late one too; ``None`` for any other."""
        signed = self._keys.read(Purpose.PAGE, token)
        if signed is None:
            return None
        incident, page, person = signed.said.split(".", 2)
        return Reply(int(incident), int(page), person, signed.until)

    def late(self, reply: Reply) -> bool:
        """Whether it has run out."""
        return self._clock.now() >= reply.until


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A pager says that somebody has a page that we sent there."""

    mark: str
    """The name under which we sent it; see :func:`bot.pages.mark`."""
    by: str
    """What whoever has it is called there: a name or an e-mail address; empty where it is no person."""
    event: str
    """The pager's own name of this event, so that the same one twice is one."""


class Pager(Protocol):
    """Reads what a pager tells back by webhook."""

    name: str
    """As in its address, ``/pages/pagerduty``."""
    title: str

    def read(self, delivery: Delivery) -> Sequence[Acknowledged]:
        """Who has what; nothing where it says something else. Raises :class:`~bot.alerts.source.NotUnderstood`."""
        ...

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Whether its own signature fits; ``None`` where it signs nothing."""
        ...


def paged(incident: Incident | None, reply: Reply) -> tuple[Page, Person] | None:
    """The page that a link is about, and the person whose link it is; ``None`` where either is no more."""
    if incident is None:
        return None
    page = next((one for one in incident.progress.pages if one.id == reply.page), None)
    person = next((step.person for step in page.steps if step.person.key == reply.person), None) if page else None
    return (page, person) if page is not None and person is not None else None
