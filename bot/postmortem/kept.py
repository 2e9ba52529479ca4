"""What an incident keeps of its post-mortem: how it stands, whose it is, and what people wrote."""

from enum import StrEnum

from pydantic import AwareDatetime, ConfigDict, Field

from bot.model import Model
from bot.people import Person


class State(StrEnum):
    """Where a post-mortem stands."""

    DRAFT = "draft"
    REVIEW = "in review"
    PUBLISHED = "published"
    NOT_NEEDED = "not needed"
    """Somebody said why none is written, where the process only recommends one."""


class _Kept(Model):
    model_config = ConfigDict(frozen=True)


class Written(_Kept):
    """What people wrote in answer to one question."""

    text: str
    at: AwareDatetime
    by: Person
    """Whoever wrote last."""


class Filed(_Kept):
    """How an incident's post-mortem and its line of the log stand in the repository."""

    turn: int = 0
    """Counts the commits that were owed, for their keys."""
    meant: str = ""
    """Path of the document as it was first meant to be: it stays when the title changes."""
    path: str = ""
    """Where it stands; empty as long as it does not."""
    url: str = ""
    revision: str = ""
    """The commit that holds it."""
    branch: str = ""
    """The branch that has to be merged first."""
    pull: str = ""
    """Address of the pull request for it."""
    row: str = ""
    """Digest of the line of the log that was owed last."""
    log_left: bool = False
    """Whether somebody changed the line by hand, which is said once."""


class Postmortem(_Kept):
    """One post-mortem. The facts in it are never kept here: each draft takes them from the incident."""

    state: State = State.DRAFT
    revision: int = 0
    """Counts the drafts, for the keys of their files."""
    drawn_at: AwareDatetime | None = None
    """When the last draft was made."""
    owner: Person | None = None
    """Whoever sees to it; whoever leads the incident where left out."""
    reviewers: tuple[Person, ...] = ()
    fresh: bool = True
    """Whether the last draft holds everything that people wrote."""
    answers: dict[str, Written] = Field(default_factory=dict)
    """By the key of the question."""
    meeting_at: AwareDatetime | None = None
    """When it is talked over."""
    published_at: AwareDatetime | None = None
    published_by: str = ""
    url: str = ""
    """Where it was published, where that was said."""
    because: str = ""
    """Why none is needed."""

    @property
    def over(self) -> bool:
        """Whether nothing is left to do for it."""
        return self.state in (State.PUBLISHED, State.NOT_NEEDED)
