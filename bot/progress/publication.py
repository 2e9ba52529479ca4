"""What customers were told of an incident on the status pages, and what is about to be told."""

from collections.abc import Iterable
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


class DraftEnd(StrEnum):
    """What became of a draft."""

    TOLD = "told"
    """Somebody let it out."""
    LEFT = "left"
    """Somebody decided that customers are not told this."""
    REPLACED = "replaced"
    """The incident moved on, or somebody wrote other words, before it was let out."""


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
    """Who wrote it; ``None`` where it follows from the incident."""
    end: DraftEnd | None = None
    """``None`` while it waits."""
    ended_at: AwareDatetime | None = None
    ended_by: Person | None = None


class OnPage(Kept):
    """How far a status page outside is."""

    told: int
    """Id of the last text that is there."""
    url: str = ""
    """Where customers read it."""


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
    """The one that waits; customers see nothing of it."""
    drafted: int = 0
    """Counts the drafts."""
    last: Drafted | None = None
    """The draft that was decided last."""
    status: str = ""
    """The incident's own status of which customers were told, or somebody decided what they are told."""
    pages: dict[str, OnPage] = Field(default_factory=dict)
    """By the lane of each page outside that has any of it."""
    resolved_at: AwareDatetime | None = None
    behind_at: AwareDatetime | None = None
    """Since when customers wait for a text that is only drafted; ``None`` where none waits."""
    behind_told_at: AwareDatetime | None = None
    """When somebody was told that the page is behind; ``None`` where nobody was since it fell behind."""
    behind: int = 0
    """Counts how often somebody was told so."""

    @property
    def stage(self) -> PublicStage | None:
        """Where it stands; ``None`` before anything was told."""
        return self.told[-1].stage if self.told else None

    @property
    def seen(self) -> bool:
        """Whether customers see an open incident."""
        return bool(self.told) and self.resolved_at is None


GRAVITY = (Condition.OPERATIONAL, Condition.MAINTENANCE, Condition.DEGRADED, Condition.PARTIAL, Condition.MAJOR)
"""From the best to the worst."""


def worst(conditions: Iterable[Condition]) -> Condition:
    """The worst of several, operational where there is none: where more than one incident is open on a component, that
    is how it is.
    """
    return max(conditions, key=GRAVITY.index, default=Condition.OPERATIONAL)
