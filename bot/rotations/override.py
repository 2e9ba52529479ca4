"""Overrides: somebody is on call for a time in place of whoever the rotation says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Override:
    """One override of one rotation. Where two overlap, the newer one counts."""

    rotation: str
    """Its name."""
    person: str
    """Key of whoever is on call by it."""
    begins: datetime
    ends: datetime
    """Both aware; where it was taken back in the middle, when that was."""
    by: str = ""
    """Key of whoever made it."""
    because: str = ""
    id: int = 0
    """Grows with each one that is made."""
    instead_of: str | None = None
    """Key of the one person in whose place it stands: it counts only while they would be on call; else for everybody
    and for gaps."""
    playbook: str = ""
    """Name of the playbook whose rotation it is."""
    made: datetime | None = None
    """When."""
    taken_back: datetime | None = None
    """When; ``ends`` is no later then. One that was taken back before it began never counted."""
    taken_back_by: str = ""
    """Key of whoever did."""

    @property
    def void(self) -> bool:
        """Whether it was taken back before it began."""
        return self.ends <= self.begins

    def covers(self, moment: datetime) -> bool:
        """Whether it is meant for this moment."""
        return self.begins <= moment < self.ends

    def takes_from(self, person: str | None) -> bool:
        """Whether it stands in the place of whoever would be on call."""
        return self.instead_of is None or self.instead_of == person


class Overrides(Protocol):
    """The record of overrides, within one transaction. Nothing in it is changed or deleted: one that is taken back says
    so beside what it was.
    """

    async def around(self, now: datetime) -> Sequence[Override]:
        """Those of every playbook that have not been over for a day, the oldest first; asked once in a transaction."""
        ...

    async def add(self, override: Override) -> Override:
        """Keep one; returns it with its id."""
        ...

    async def one(self, id: int) -> Override | None:
        """One of them, locked."""
        ...

    async def take_back(self, id: int, *, by: str, at: datetime) -> None:
        """End one that was not taken back yet."""
        ...
