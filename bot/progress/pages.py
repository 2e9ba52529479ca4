"""Pages: who is paged, by which way, how far that has come, and who has it."""

from datetime import timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from bot.people import Person
from bot.progress.kept import Kept


class StepState(StrEnum):
    """What became of one step."""

    PLANNED = "planned"
    OWED = "owed"
    """Its time has come; nothing was sent yet."""
    BEGUN = "begun"
    """It may be on its way: noted before anything is sent."""
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Whoever sent it died before they said what came of it. It is not sent again."""
    LEFT = "left"
    """The page was over before it had begun."""

    @property
    def settled(self) -> bool:
        """Whether nothing more comes of it."""
        return self in (StepState.SENT, StepState.FAILED, StepState.UNKNOWN, StepState.LEFT)

    @property
    def reached(self) -> bool:
        """Whether the person counts as paged by it."""
        return self in (StepState.OWED, StepState.BEGUN, StepState.SENT, StepState.FAILED, StepState.UNKNOWN)


class PageStep(Kept):
    """One person by one route, as planned when the page began."""

    person: Person
    route: str
    """Name of the playbook's route."""
    by: str
    """What people call that route."""
    stage: int
    """Steps of one stage go out at the same time; stages one after the other, from 0."""
    wait: timedelta
    """How long it may stay unanswered."""
    state: StepState = StepState.PLANNED
    owed_at: AwareDatetime | None = None
    token: str = ""
    """Of the attempt that may send it: nobody else may."""
    settled_at: AwareDatetime | None = None
    why: str = ""
    """Why it failed."""


class Page(Kept):
    """A chain of steps, which goes on until somebody has it."""

    id: int
    at: AwareDatetime
    made: int
    """Revision of the incident with which it began: only later acts can be an answer to it."""
    ground: str
    """What it follows from: ``severity/NAME``, ``call/3``, ``hand/NAME``."""
    title: str
    """Whom it is for, as people read it: ``On-call``."""
    why: str
    severity: str = ""
    """Of the incident when it began."""
    by: str = ""
    """Name of whoever asked for it; empty where it follows from the process."""
    steps: tuple[PageStep, ...] = ()
    nobody: tuple[str, ...] = ()
    """Titles of rotations and roles that nobody held then."""
    cannot: tuple[Person, ...] = ()
    """Whoever said that they cannot: nothing more is sent to them."""
    stage: int = -1
    """The stage that was reached."""
    next_at: AwareDatetime | None = None
    """When the next stage follows unless somebody answers."""
    alone_at: AwareDatetime | None = None
    """When the channel was told that nobody is left to page."""
    acknowledged_at: AwareDatetime | None = None
    acknowledged_by: Person | None = None
    how: str = ""
    """In which way: ``in chat``."""
    stopped_at: AwareDatetime | None = None
    stopped: str = ""
    """Why it was stopped."""
    called_off: bool = False
    """Whether it was ended at the pagers that can do that."""

    @property
    def running(self) -> bool:
        """Whether it still waits for somebody."""
        return self.acknowledged_at is None and self.stopped_at is None

    @property
    def sent(self) -> bool:
        """Whether any step of it was delivered."""
        return any(step.state is StepState.SENT for step in self.steps)

    @property
    def paged(self) -> tuple[Person, ...]:
        """Everybody who was paged so far, each once."""
        return tuple({step.person.key: step.person for step in self.steps if step.state.reached}.values())

    @property
    def following(self) -> tuple[PageStep, ...]:
        """The steps of the next stage; empty after the last."""
        ahead = [step for step in self.steps if step.stage > self.stage and step.state is StepState.PLANNED]
        return tuple(step for step in ahead if step.stage == ahead[0].stage)
