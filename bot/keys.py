"""Keys: what is stored sealed, and links that prove themselves; a port, so that no cryptography stands in the core.

Every use has a purpose of its own, under which nothing of another purpose opens. Nothing here is ever shown: not in a
log, an error, a ``repr``, an export, a metric.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.errors import TocsinError


class Purpose(StrEnum):
    """What for something is sealed or signed."""

    ROUTE = "route"
    """Where somebody is reached."""
    CODE = "code"
    """What proves that they are reached there."""
    PAGE = "page"
    """A link by which a page is answered."""
    CALENDAR = "calendar"
    """The address of a calendar."""
    SUBSCRIPTION = "subscription"
    """Where what customers are told is sent, and what that is signed with."""


class Unsealable(TocsinError):
    """It was sealed with another key, for another purpose or owner, or was changed since."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a token of ours says."""

    said: str
    until: datetime
    """When it runs out; whoever reads it compares that with now."""


class Keys(Protocol):
    """Seals and signs with SECRET_KEY."""

    def seal(self, purpose: Purpose, plain: str, *, owner: str) -> str:
        """A text that only :meth:`unseal` can read, and only for this purpose and owner."""
        ...

    def unseal(self, purpose: Purpose, sealed: str, *, owner: str) -> str:
        """What was sealed; raises :class:`Unsealable`."""
        ...

    def sign(self, purpose: Purpose, said: str, *, until: datetime) -> str:
        """A token that everybody can read and nobody can make; letters that need no escape in an address."""
        ...

    def read(self, purpose: Purpose, token: str) -> Signed | None:
        """What a token says, one that has run out too; ``None`` for one that is none of ours."""
        ...
