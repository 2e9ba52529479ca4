"""People outside the channel: flags that were raised, calls for help, and what counts as an improvement."""

from pydantic import AwareDatetime

from bot.people import Person
from bot.playbook.process import Stage
from bot.progress.kept import Kept


class Raised(Kept):
    """A flag that is set."""

    at: AwareDatetime
    by: str
    """Name of the person, ``Tocsin`` where it follows from the severity or a runbook."""
    because: str = ""
    severity: str = ""
    """The severity that it follows from; empty where a person or a runbook set it. Such a flag goes with it."""


class Called(Kept):
    """An escalation rule that called people in."""

    id: int
    rule: str
    at: AwareDatetime
    why: str
    grounds: tuple[str, ...] = ()
    """The marks of what it was called for; see ``bot/escalations.py``."""
    people: tuple[Person, ...] = ()
    """Who was called, as it stood then: whoever is paged for it, too."""
    groups: tuple[str, ...] = ()
    """Keys of the groups that were called; their members stand among the people as far as they are known."""
    nobody: tuple[str, ...] = ()
    """Titles of roles and rotations that nobody held then."""
    told: Person | None = None
    """Who leads, where time alone called: they are told of it."""
    path: tuple[str, ...] = ()
    """Rules that were called on this path before it, first to last, and stayed unanswered."""
    answered_at: AwareDatetime | None = None
    answered_by: str = ""
    then_at: AwareDatetime | None = None
    """When the next rule on the path follows unless somebody answers."""
    followed: str = ""
    """The next rule of the path, once it was called."""
    dropped_at: AwareDatetime | None = None
    """When what it was called for was no longer so."""

    @property
    def standing(self) -> bool:
        """Whether it still waits for somebody."""
        return self.answered_at is None and self.dropped_at is None


class Looked(Kept):
    """How an incident stood when it was last looked at for improvement."""

    severity: str
    stage: Stage
