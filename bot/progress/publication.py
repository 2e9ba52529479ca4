"""What customers were told of an incident on the status pages, and what is about to be told."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from bot.people import Person
from bot.progress.kept import Kept


class Condition(StrEnum):
    """How a component is: the five states that status pages share (Atlassian's API writes them like this)."""

    OPERATIONAL = "operational"
    DEGRADED = "degraded_performance"
    PARTIAL = "partial_outage"
    MAJOR = "major_outage"
    MAINTENANCE = "under_maintenance"


class PublicStage(StrEnum):
    """Where a public incident stands: the four that status pages share."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Told(Kept):
    """One text that customers see."""

    id: int
    """1, 2, … within its incident."""
    at: AwareDatetime
    """When it was let out."""
    stage: PublicStage
    word: str
    """The process's own word for that stage."""
    text: str
    components: dict[str, Condition] = Field(default_factory=dict)
    """Name on the page to how it is from then on."""
    by: Person | None = None
    """Who let it out; ``None`` where the process did. Customers never see it."""


class Drafted(Kept):
    """A text that waits until somebody lets it out."""

    id: int
    """1, 2, … within its incident: the number of its message in the channel."""
    at: AwareDatetime
    stage: PublicStage
    word: str
    text: str
    components: dict[str, Condition] = Field(default_factory=dict)
    by: Person | None = None


class Publication(Kept):
    """One incident as customers see it. Private incidents and drills never have one."""

    mark: str
    """A UUID: names it in public, where the incident's own number says nothing to anybody."""
    title: str
    """As customers read it."""
    opened_at: AwareDatetime
    told: tuple[Told, ...] = ()
    """Oldest first."""
    draft: Drafted | None = None
    drafted: int = 0
    """Counts the drafts."""
    resolved_at: AwareDatetime | None = None

    @property
    def stage(self) -> PublicStage | None:
        """Where it stands; ``None`` before anything was told."""
        return self.told[-1].stage if self.told else None
