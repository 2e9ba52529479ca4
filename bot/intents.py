"""What is owed to the outside, as data: each intent is one effect there, nearly always on a chat platform.

Intents name channels and messages of their own incident by *key*; the delivery resolves a key to the platform's
reference once the effect with that key is there, and that is also how one intent depends on another. The key
``channel`` is the incident's channel.
"""

from enum import IntEnum, StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.card import Card, Room
from bot.issue import Draft
from bot.people import Person
from bot.playbook.help import HealthCheck
from bot.postmortem.log import Row

CHANNEL = "channel"
"""Key of the incident's channel."""


HEALTH = "health"
"""Lane of the health checks: what is owed there is asked over HTTP, not said in chat."""
TRACKER = "tracker"
"""Lane of the issue trackers."""
GIT = "git"
"""Lane of the repository in which post-mortems and the log of incidents are kept."""
FORGE = "forge"
"""Lane of the forge: where changes are proposed, and where it is known which of them are merged."""


class Urgency(IntEnum):
    """What goes first when a platform limits the rate; smaller is sooner."""

    SETUP = 0
    ASK = 1
    ANSWER = 2
    POST = 3
    EDIT = 4
    TIDY = 5


class _Intent(BaseModel):
    model_config = ConfigDict(frozen=True)

    def needs(self) -> frozenset[str]:
        """Keys that must have a reference before this can be done."""
        return frozenset()

    def about(self) -> str:
        """What it is, in words for the person who is told that it is late."""
        return type(self).__name__.lower()


def _rooms(card: Card) -> frozenset[str]:
    return frozenset(CHANNEL for span in card.spans() if isinstance(span, Room) and not span.refs)


class OpenChannel(_Intent):
    """Make the incident's channel. The reference is the channel's id.

    ``names`` are tried in order; a taken one gives way to the next. ``people`` are those who must see a private one
    from the start, where the platform takes them with the call.
    """

    kind: Literal["open"] = "open"
    names: tuple[str, ...]
    topic: str
    private: bool = False
    people: tuple[Person, ...] = ()

    def about(self) -> str:
        return "opening the channel"


class Invite(_Intent):
    """Bring people into the incident's channel; those without a handle there are left out."""

    kind: Literal["invite"] = "invite"
    people: tuple[Person, ...]

    def needs(self) -> frozenset[str]:
        return frozenset({CHANNEL})

    def about(self) -> str:
        return "inviting " + ", ".join(person.name for person in self.people)


class SetTopic(_Intent):
    """Set the channel's topic."""

    kind: Literal["topic"] = "topic"
    topic: str

    def needs(self) -> frozenset[str]:
        return frozenset({CHANNEL})

    def about(self) -> str:
        return "the channel's topic"


class Post(_Intent):
    """Post a card. The reference is the message's.

    ``to`` is ``channel`` (the incident's), ``announcements`` (the configured one) or ``#`` and a channel's name or id.
    ``thread`` is the key of the message under which it is posted, and ``about_thread`` the name of that thread where
    the platform gives it one. ``under`` is the platform's own reference of somebody else's message that it answers,
    in place of both (Slack: in that message's thread; Discord: as a reply that rings nobody). ``rings`` says whether
    its mentions ring.
    """

    kind: Literal["post"] = "post"
    card: Card
    to: str = CHANNEL
    thread: str | None = None
    about_thread: str = ""
    under: str = ""
    rings: bool = True

    def needs(self) -> frozenset[str]:
        own = {CHANNEL} if self.to == CHANNEL and not self.under else set()
        return _rooms(self.card) | own | ({self.thread} if self.thread else set())

    def about(self) -> str:
        return f"the message “{self.card.title or 'untitled'}”"


class Attach(_Intent):
    """Post a text as a file (Slack: file; Discord: attachment). The reference is the message's."""

    kind: Literal["attach"] = "attach"
    name: str
    """Of the file: ``postmortem-42.md``."""
    title: str
    """Said beside it, in one line."""
    content: str
    """The text, at most a few hundred thousand characters."""
    to: str = CHANNEL
    """As :class:`Post` names places."""

    def needs(self) -> frozenset[str]:
        return frozenset({CHANNEL}) if self.to == CHANNEL else frozenset()

    def about(self) -> str:
        return f"the file “{self.name}”"


class Edit(_Intent):
    """Put another card in place of a message that stands. An edit never rings."""

    kind: Literal["edit"] = "edit"
    message: str
    card: Card

    def needs(self) -> frozenset[str]:
        return _rooms(self.card) | {self.message}

    def about(self) -> str:
        return f"the edit of “{self.card.title or 'untitled'}”"


class Pin(_Intent):
    """Pin a message in its channel."""

    kind: Literal["pin"] = "pin"
    message: str

    def needs(self) -> frozenset[str]:
        return frozenset({self.message})

    def about(self) -> str:
        return "a pin"


class Bookmark(_Intent):
    """Keep a link at the top of the channel, where the platform has such a place."""

    kind: Literal["bookmark"] = "bookmark"
    title: str
    url: str = ""
    message: str | None = None
    """Key of a message of ours to link to, where there is no address."""

    def needs(self) -> frozenset[str]:
        return frozenset({CHANNEL, self.message} if self.message else {CHANNEL})

    def about(self) -> str:
        return f"the bookmark “{self.title}”"


class Whisper(_Intent):
    """Tell one person something that nobody else sees.

    With ``reply`` (as heard) the platform answers what the person did, as long as it still can (``until``); otherwise,
    or too late, it is an ephemeral message in the channel where the person is a member, else a direct message. Of these
    only the direct message has a reference, and can be edited.
    """

    kind: Literal["whisper"] = "whisper"
    person: Person
    card: Card
    reply: str | None = None
    channel: str | None = None
    """The platform's id of the channel in which to whisper; ``None`` sends a direct message."""
    until: AwareDatetime | None = None

    def needs(self) -> frozenset[str]:
        return _rooms(self.card)

    def about(self) -> str:
        return f"the answer to {self.person.name}"


class React(_Intent):
    """Put the bot's own reaction on a message, named by the platform's reference; ``on`` false takes it away."""

    kind: Literal["react"] = "react"
    message: str
    emoji: str
    on: bool = True

    def about(self) -> str:
        return f"the reaction {self.emoji}"


class Archive(_Intent):
    """Close the channel for writing (Slack: archive; Discord: the read-only archive category)."""

    kind: Literal["archive"] = "archive"

    def needs(self) -> frozenset[str]:
        return frozenset({CHANNEL})

    def about(self) -> str:
        return "archiving the channel"


class Unarchive(_Intent):
    """Bring an archived channel back."""

    kind: Literal["unarchive"] = "unarchive"

    def needs(self) -> frozenset[str]:
        return frozenset({CHANNEL})

    def about(self) -> str:
        return "bringing the channel back"


class Asking(StrEnum):
    """What for health checks are asked."""

    CHECK = "check"
    """Somebody wants to see them."""
    WATCH = "watch"
    """They are watched: people hear of a change only."""
    RESOLVE = "resolve"
    """Somebody wants to resolve, and they have to be green for that."""


class Probe(_Intent):
    """Ask health checks, side by side. What they answer comes back as ``Probed`` (``bot/learned.py``)."""

    kind: Literal["probe"] = "probe"
    run: int
    """Counts the runs of its incident."""
    checks: tuple[HealthCheck, ...]
    allowed_hosts: tuple[str, ...] = ()
    """Hosts that may have an address that is not public."""
    why: Asking
    asked_at: AwareDatetime
    by: Person | None = None
    platform: str = ""
    """The chat platform on which it was asked for."""
    answer: Whisper | None = None
    """How to tell that person; its card is filled in when there is something to tell."""

    def about(self) -> str:
        return "asking the health checks"


class OpenIssue(_Intent):
    """File an issue. The reference is the issue's; what came of it comes back as ``Kept`` (``bot/learned.py``)."""

    kind: Literal["issue"] = "issue"
    tracker: str
    """``github``, ``linear``, ``jira``."""
    place: str
    """Repository, team or project; empty for the one that the settings name."""
    name: str
    """Which of its incident's issues it is: ``incident``, ``action/3``."""
    turn: Literal[0] = 0
    mark: str
    """A UUID made of the incident and that name: the issue bears it, and is found by it."""
    draft: Draft

    def about(self) -> str:
        return f"the issue “{self.draft.title}”"


class ChangeIssue(_Intent):
    """Bring an issue in line with what changed here; whatever else people changed there stays."""

    kind: Literal["issue change"] = "issue change"
    tracker: str
    issue: str
    """Key of the ``OpenIssue``."""
    name: str
    turn: int
    """Counts the changes of its issue."""
    mark: str
    before: Draft
    draft: Draft

    def needs(self) -> frozenset[str]:
        return frozenset({self.issue})

    def about(self) -> str:
        return f"a change of the issue “{self.draft.title}”"


class Commit(_Intent):
    """Keep a post-mortem, and the incident's line of the log, in the repository: one commit, or none where all of it
    stands there already. What came of it comes back as ``Committed`` (``bot/learned.py``).
    """

    kind: Literal["commit"] = "commit"
    turn: int
    """Counts the commits of its incident."""
    incident: int
    revision: int = 0
    """Of the post-mortem."""
    path: str = ""
    """Of the document in the repository; empty where only the line is to be kept."""
    content: str = ""
    log: str = ""
    """Path of the log; empty where the organisation keeps none."""
    row: Row | None = None
    title: str
    """First line of the commit's message."""
    at: AwareDatetime

    def about(self) -> str:
        return f"writing {self.path or self.log} in the repository"


class Propose(_Intent):
    """Ask for a branch to be merged: a pull request, of which there is one at a time. What came of it comes back as
    ``Proposed``.
    """

    kind: Literal["propose"] = "propose"
    page: str
    """The repository's address for people."""
    branch: str
    onto: str
    """The branch that it is to be merged into."""
    title: str
    text: str
    """Markdown in which nobody's words act."""

    def about(self) -> str:
        return f"asking for {self.branch} to be merged"


class Inquire(_Intent):
    """Ask whether a change is merged. The answer comes back as ``Inquired``."""

    kind: Literal["inquire"] = "inquire"
    url: str
    run: int
    """Counts the questions about it."""
    by: Person | None = None
    platform: str = ""
    """The chat platform on which somebody wants to know."""
    answer: Whisper | None = None
    """How to tell that person; its card is filled in when there is something to tell."""

    def about(self) -> str:
        return "asking whether a change is merged"


Intent = Annotated[
    OpenChannel
    | Invite
    | SetTopic
    | Post
    | Attach
    | Edit
    | Pin
    | Bookmark
    | Whisper
    | React
    | Archive
    | Unarchive
    | Probe
    | OpenIssue
    | ChangeIssue
    | Commit
    | Propose
    | Inquire,
    Field(discriminator="kind"),
]
