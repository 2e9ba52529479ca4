"""A route of a person's own: sealed, and of use once its code was typed back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.routes.address import Kind

MOST_ROUTES = 10
"""Routes that one person may have."""
CODE_LONG = 6
"""Digits of a code: one of a million, of which somebody may try five in a quarter of an hour."""
CODE_LIVES = timedelta(minutes=15)
MOST_WRONG = 5
"""Wrong codes after which the one that was sent is void."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way to reach somebody."""

    id: int
    """0 for one that is not kept yet."""
    person: str
    """Key of its person, under which it is sealed."""
    place: int
    """Routes are tried in ascending order of it."""
    service: str
    kind: Kind
    tail: str
    """The last characters of its address: all that is ever shown of it."""
    added_at: datetime
    sealed: str = field(repr=False)
    """Its address."""
    code: str = field(default="", repr=False)
    """The code that was sent, sealed; empty once it is of no use."""
    code_until: datetime | None = None
    wrong: int = 0
    """Wrong codes that were typed since."""
    verified_at: datetime | None = None
    """``None`` as long as nobody is paged by it."""

    @property
    def name(self) -> str:
        """``Pushover …7f2a``."""
        return f"{self.service} …{self.tail}"

    def awaits(self, now: datetime) -> bool:
        """Whether a code can still be typed for it."""
        return bool(self.code) and self.code_until is not None and now < self.code_until
