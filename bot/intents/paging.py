"""Paging somebody. An intent names a person and a route; addresses are the adapter's business and never stand here."""

from typing import Literal

from pydantic import AwareDatetime

from bot.intents.intent import BaseIntent
from bot.people import Person

PAGER = "pager"
"""Lane of what is sent to people's pagers."""


class PagePerson(BaseIntent):
    """Page one person by one route. What came of it comes back as ``Paged`` (``bot/learned.py``)."""

    kind: Literal["page"] = "page"
    page: int
    step: int
    """Its place among the page's steps, from 0."""
    person: Person
    route: str
    turn: int = 0
    """Which of this person's steps it is, from 0."""
    last: bool = True
    """Whether it is the last of them."""
    severity: str
    most_severe: bool = True
    """Whether no severity of the process is worse."""
    title: str
    """Of the incident; empty for a private one, of which a pager says nothing."""
    why: str
    """Empty for a private incident."""
    at: AwareDatetime
    """When the page began."""

    def about(self) -> str:
        return f"the page to {self.person.name}"


class CallOff(BaseIntent):
    """End at the pager what a step began there: it was answered elsewhere, or nobody is needed any more. Services that
    cannot do that are left alone.
    """

    kind: Literal["call off"] = "call off"
    sent: PagePerson

    def about(self) -> str:
        return f"calling off the page to {self.sent.person.name}"
