"""Effects on a chat platform."""

from typing import Literal

from pydantic import AwareDatetime

from bot.card import Card, Room
from bot.intents.intent import CHANNEL, BaseIntent
from bot.people import Person


def _rooms(card: Card) -> frozenset[str]:
    return frozenset(CHANNEL for span in card.spans() if isinstance(span, Room) and not span.refs)


class OpenChannel(BaseIntent):
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


class Invite(BaseIntent):
    """Bring people into the incident's channel; those without a handle there are left out."""

    kind: Literal["invite"] = "invite"
    people: tuple[Person, ...]

    def needs(self) -> frozenset[str]:
        return frozenset({CHANNEL})

    def about(self) -> str:
        return "inviting " + ", ".join(person.name for person in self.people)


class SetTopic(BaseIntent):
    """Set the channel's topic."""

    kind: Literal["topic"] = "topic"
    topic: str

    def needs(self) -> frozenset[str]:
        return frozenset({CHANNEL})

    def about(self) -> str:
        return "the channel's topic"


class Post(BaseIntent):
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


class Attach(BaseIntent):
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


class Edit(BaseIntent):
    """Put another card in place of a message that stands. An edit never rings."""

    kind: Literal["edit"] = "edit"
    message: str
    card: Card

    def needs(self) -> frozenset[str]:
        return _rooms(self.card) | {self.message}

    def about(self) -> str:
        return f"the edit of “{self.card.title or 'untitled'}”"


class Pin(BaseIntent):
    """Pin a message in its channel."""

    kind: Literal["pin"] = "pin"
    message: str

    def needs(self) -> frozenset[str]:
        return frozenset({self.message})

    def about(self) -> str:
        return "a pin"


class Bookmark(BaseIntent):
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


class Whisper(BaseIntent):
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


class React(BaseIntent):
    """Put the bot's own reaction on a message, named by the platform's reference; ``on`` false takes it away."""

    kind: Literal["react"] = "react"
    message: str
    emoji: str
    on: bool = True

    def about(self) -> str:
        return f"the reaction {self.emoji}"


class Archive(BaseIntent):
    """Close the channel for writing (Slack: archive; Discord: the read-only archive category)."""

    kind: Literal["archive"] = "archive"

    def needs(self) -> frozenset[str]:
        return frozenset({CHANNEL})

    def about(self) -> str:
        return "archiving the channel"


class Unarchive(BaseIntent):
    """Bring an archived channel back."""

    kind: Literal["unarchive"] = "unarchive"

    def needs(self) -> frozenset[str]:
        return frozenset({CHANNEL})

    def about(self) -> str:
        return "bringing the channel back"
