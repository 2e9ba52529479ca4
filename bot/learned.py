"""What came of effects outside chat, in one neutral shape, as their adapters bring it back through the ear.

Each holds the intent as it was owed, so that nothing has to be remembered about it meanwhile, and a ``key`` made of the
effect's own: an attempt that is repeated after a crash brings the same key and is learned once.
"""

from enum import StrEnum

from pydantic import AwareDatetime, ConfigDict, Field

from bot.addresses import Address
from bot.hidden import Readable
from bot.intents import (
    Commit,
    Inquire,
    LetDeploy,
    Probe,
    Propose,
    SendMail,
    SendToRoute,
    ShowFreeze,
    TellPublic,
)
from bot.issue import Draft, Seen
from bot.model import Model
from bot.postmortem.log import Entered
from bot.progress import End, Merge


class _Learned(Model):
    model_config = ConfigDict(frozen=True)

    key: str
    """``LANE:`` and the key of the job."""
    incident: int
    """Number of the incident that owed it."""


class Met(StrEnum):
    """What a health check met with."""

    ANSWER = "answer"
    SILENCE = "silence"
    """No answer within its time."""
    NO_NAME = "no name"
    """Its host has no address."""
    NO_WAY = "no way"
    """Nobody takes the connection, or it broke off."""
    DISTRUST = "distrust"
    """The certificate does not hold."""
    NONSENSE = "nonsense"
    """Something answered that does not speak HTTP."""
    NOT_ALLOWED = "not allowed"
    """Its host has an address that is not public, and is not on the playbook's list."""


class Reading(Model):
    """What one health check was told. Whether that is good is for the core to say."""

    model_config = ConfigDict(frozen=True)

    met: Met
    status: int = 0
    """Of an answer: its HTTP status."""
    words: bool = True
    """Of an answer: whether the words that the check looks for stand in it."""
    seconds: float = 0.0
    """How long it took."""
    address: str = ""
    """Where it was not allowed: the address."""


class Probed(_Learned):
    """Health checks were asked."""

    probe: Probe
    readings: dict[str, Reading] = Field(default_factory=dict)
    """By the name of the check."""


class Kept(_Learned):
    """An issue was filed or changed in a tracker, as owed."""

    name: str
    """Which of the incident's issues: ``incident``, ``action/3``."""
    turn: int
    """Which of its changes it was; 0 for the filing."""
    sent: Draft
    """How it was to look."""
    label: Readable = ""
    url: Address = ""
    seen: Seen | None = None
    """How it looks now; ``None`` where it was deleted there."""


class Spotted(Model):
    """An issue was found changed in a tracker, perhaps by us, perhaps one of somebody else's: nobody owed that. It may
    be learned again, because only a difference counts."""

    model_config = ConfigDict(frozen=True)

    ref: str
    """The tracker's own name for the issue: its incident is found by it."""
    seen: Seen


class Committed(_Learned):
    """A post-mortem, or a line of the log, stands in the repository."""

    commit: Commit
    path: str = ""
    """Where the document stands: beside the one that was meant, where somebody else wrote that one."""
    revision: str = ""
    """The repository's own name of the commit that holds it, abbreviated."""
    branch: str = ""
    """A branch of its own that has to be merged first; empty where it is in the common one."""
    url: str = ""
    """Address of the document, as far as the repository has one for people."""
    page: str = ""
    """The repository's own address, as far as it is on the forge."""
    onto: str = ""
    """The common branch."""
    log: Entered | None = None
    """What became of the line."""
    wrote: bool = True
    """Whether there was anything to write."""


class Proposed(_Learned):
    """A branch is proposed to be merged."""

    propose: Propose
    url: str = ""
    """Of the pull request; empty where there was nothing to merge."""


class Inquired(_Learned):
    """It is known whether a change is merged, or that this cannot be known."""

    inquire: Inquire
    merge: Merge
    at: AwareDatetime | None = None
    """When it was merged."""
    by: str = ""
    """The forge's own name of whoever merged it."""
    files: tuple[str, ...] = ()
    """Some of the files that it changes, where it is merged."""
    why: str = ""
    """Why it cannot be known."""


class Published(_Learned):
    """A text stands on a status page."""

    tell: TellPublic
    page: str
    """Lane of the page."""
    url: Address = ""
    """Where customers read it."""
    unknown: tuple[str, ...] = ()
    """Components that the page does not have."""


class PageBegun(_Learned):
    """A page is about to be sent. Saved before it is, so that whoever comes after a crash knows that it may have been;
    only the attempt whose token is kept then may send it."""

    page: int
    step: int
    token: str
    again: bool = False
    """It may be sent a second time, since the service drops what it knows already."""


class Received(StrEnum):
    """What came of a page."""

    SENT = "sent"
    """At least one service took it."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """An earlier attempt may have sent it."""


class Paged(_Learned):
    """A page was sent, or could not be."""

    page: int
    step: int
    came: Received
    why: str = ""
    """Why it failed, in plain words without an address."""


class Meant(StrEnum):
    """What somebody answers to a page."""

    HAVE = "have"
    CANNOT = "cannot"


class PageAnswered(_Learned):
    """Somebody answered a page from outside chat. Its key is that of their answer: a second time changes nothing."""

    page: int
    step: int | None = None
    """Where a pager tells of it: the step that was sent there."""
    person: str = ""
    """Where somebody followed their own link: their key."""
    by: str = ""
    """Where a pager tells of it: what whoever has it is called there."""
    meant: Meant
    how: str
    """``by the link``, ``at PagerDuty``."""


class RouteTried(Model):
    """What was sent to somebody's own route for its own sake could not be sent. No incident owed that."""

    model_config = ConfigDict(frozen=True)

    key: str
    """``LANE:`` and the key of the job."""
    sent: SendToRoute
    why: str
    """In plain words, without an address."""


class Mailed(_Learned):
    """What the mail server said to one recipient's message."""

    mail: SendMail
    end: End | None
    """``None`` where it put this recipient off: it is tried once more, after all others."""
    address: str = ""
    why: str = ""


class Wanted(Model):
    """The forge wants to know of the freeze: there is a new head, or a deployment waits for our word."""

    model_config = ConfigDict(frozen=True)

    key: str
    """Names what the forge said; it is owed once."""
    intent: ShowFreeze | LetDeploy


Outcome = Probed | Kept | Committed | Proposed | Inquired | Published | PageBegun | Paged | PageAnswered | Mailed
"""What came of something that was owed."""
Learned = Outcome | Spotted | RouteTried | Wanted
"""Everything that can be learned."""
