"""Overrides: somebody is on call for a time in place of whoever the rotation says."""

from dataclasses import dataclass
from datetime import datetime


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

    def covers(self, moment: datetime) -> bool:
        """Whether it is meant for this moment."""
        return self.begins <= moment < self.ends

    def takes_from(self, person: str | None) -> bool:
        """Whether it stands in the place of whoever would be on call."""
        return self.instead_of is None or self.instead_of == person
