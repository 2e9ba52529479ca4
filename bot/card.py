"""Messages as data: what is said, for each chat platform to dress within its own limits.

A plain ``str`` inside a text is always only text: a platform escapes it, so that nothing a person or an alert wrote
can mention, link or format with the bot's rights. Whatever acts (a mention, a link, a time) is a span of its own.

Dozens of these are made for each change of an incident, by our own typed code: they are plain data classes, and are
validated only where they are read back from the ledger.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from bot.people import Group, Person


class Tone(StrEnum):
    """What a card's colour should tell."""

    CALM = "calm"
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    LOW = "low"
    GOOD = "good"
    ASK = "ask"
    DRILL = "drill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bold:
    """Text that stands out."""

    kind: Literal["bold"] = "bold"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Text to be typed or copied as it is."""

    kind: Literal["code"] = "code"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Words to be copied as they are, on lines of their own."""

    kind: Literal["listing"] = "listing"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a person or an alert, set apart; may have many lines."""

    kind: Literal["quote"] = "quote"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person, rung where they have a handle on the platform, named where they have none.

    ``quiet`` names the person without ringing them, where the platform can.
    """

    kind: Literal["mention"] = "mention"
    person: Person
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMention:
    """A group, rung where it has a handle on the platform, named where it has none."""

    kind: Literal["group"] = "group"
    group: Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Everyone:
    """Everybody in the channel, rung (Slack ``<!channel>``, Discord ``@here``)."""

    kind: Literal["everyone"] = "everyone"


class Style(StrEnum):
    """How a time is shown."""

    RELATIVE = "relative"
    """In 5 minutes, 5 minutes ago; ticks by itself where the platform can."""
    TIME = "time"
    """14:35 in the reader's zone."""
    MOMENT = "moment"
    """The date and the time in the reader's zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time, shown in each reader's own zone."""

    kind: Literal["when"] = "when"
    at: AwareDatetime
    style: Style = Style.TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that may be followed."""

    kind: Literal["link"] = "link"
    url: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A link to an incident's channel on the reader's platform; its name where there is no channel there.

    ``refs`` holds the channel's id by platform. Left empty, it means the channel of the incident that the message
    belongs to, and is resolved when the message is delivered.
    """

    kind: Literal["room"] = "room"
    name: str
    refs: dict[str, str] = field(default_factory=dict)


Span = Annotated[
    Bold | Code | Listing | Quote | Mention | GroupMention | Everyone | When | Link | Room, Field(discriminator="kind")
]
Text = tuple[str | Span, ...]
"""Spans and plain words, in order. Lines are parted by ``\\n`` in the plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardField:
    """A name and a short value, shown side by side where the platform can."""

    name: str
    value: Text


MOST_DOES = 100
"""Characters that Discord gives the id of a button (``custom_id``); Slack's are longer."""


class ButtonStyle(StrEnum):
    """How a button looks."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button. Pressing it is the same as typing ``/incident`` and its ``does`` (at most ``MOST_DOES`` characters)."""

    label: str
    does: str = ""
    style: ButtonStyle = ButtonStyle.PLAIN
    url: str | None = None
    """Opens an address instead of doing something."""

    def __post_init__(self) -> None:
        if len(self.does) > MOST_DOES:
            raise ValueError(f"a button does more than {MOST_DOES} characters: {self.does}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One message."""

    tone: Tone = Tone.CALM
    title: str = ""
    text: Text = ()
    fields: tuple[CardField, ...] = ()
    buttons: tuple[Button, ...] = ()
    footer: Text = ()

    def spans(self) -> Iterator[str | Span]:
        """Everything in the card that is text, in reading order."""
        yield from self.text
        for one in self.fields:
            yield from one.value
        yield from self.footer

    def digest(self) -> str:
        """Tells whether a card is another than before: 16 hexadecimal digits, kept in place of the card."""
        return hashlib.blake2b(_CARD.dump_json(self), digest_size=8).hexdigest()


_CARD = TypeAdapter(Card)


def join(parts: Sequence[Text], between: str = ", ") -> Text:
    """Several texts in a row, parted by ``between``."""
    joined: list[str | Span] = []
    for place, part in enumerate(parts):
        if place:
            joined.append(between)
        joined.extend(part)
    return tuple(joined)


def plain(text: Text) -> str:
    """The text without its spans' powers: for logs, the command line, and notifications that hold plain words only."""
    words: list[str] = []
    last: datetime | None = None
    for part in text:
        if isinstance(part, When) and part.style is Style.RELATIVE and part.at == last and words[-1:] == [", "]:
            words.pop()  # in plain words, how long until then is no news beside the time itself
            continue
        last = part.at if isinstance(part, When) else last
        words.append(part if isinstance(part, str) else _plain_span(part))
    return "".join(words)


def _plain_span(span: Span) -> str:
    match span:
        case Bold() | Code() | Listing() | Quote():
            return span.text
        case Mention():
            return span.person.name
        case GroupMention():
            return span.group.name
        case Everyone():
            return "everyone in the channel"
        case When():
            return f"{span.at:%Y-%m-%d %H:%M} UTC"
        case Link():
            return span.url if span.label == span.url else f"{span.label} ({span.url})"
        case Room():
            return f"#{span.name}"
