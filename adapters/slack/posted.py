"""A post in a channel as Slack tells of it: whatever in it is not as expected counts as not there.

Who posts alerts is anybody: a part that cannot be read must not keep the rest from being read.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from adapters.slack.payloads import LONGEST_ID
from bot.model import Model

BLOCKS = 100
"""Blocks, attachments or elements that are looked at; Slack takes 50 blocks and 100 attachments."""
SPOKEN = frozenset({"", "bot_message", "thread_broadcast", "file_share"})
"""Subtypes of messages that somebody wrote; all others tell of what happened."""
CHANGED = "message_changed"


def _text(value: object) -> str:
    """Words, which blocks hold in an object."""
    said = value.get("text") if isinstance(value, dict) else value
    return said if isinstance(said, str) else ""


def _id(value: object) -> str:
    """What names a channel, a message or an app, where it can be one: it goes into addresses."""
    said = _text(value)
    return said if len(said) <= LONGEST_ID else ""


def _object(value: object) -> object:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[Any]:
    return [one for one in value if isinstance(one, dict)][:BLOCKS] if isinstance(value, list) else []


Words = Annotated[str, BeforeValidator(_text)]
Id = Annotated[str, BeforeValidator(_id)]


class _Lenient(Model):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Node(_Lenient):
    """A block, or an element of one."""

    type: Words = ""
    text: Words = ""
    fields: Annotated[tuple["Words", ...], BeforeValidator(_objects)] = ()
    elements: Annotated[tuple["Node", ...], BeforeValidator(_objects)] = ()
    accessory: Annotated["Node | None", BeforeValidator(lambda value: value if isinstance(value, dict) else None)] = (
        None
    )
    url: Words = ""
    name: Words = ""
    """Of an emoji."""
    user_id: Words = ""
    usergroup_id: Words = ""
    channel_id: Words = ""
    range: Words = ""
    fallback: Words = ""


Nodes = Annotated[tuple[Node, ...], BeforeValidator(_objects)]


class Beside(_Lenient):
    """A name and a value in an attachment."""

    title: Words = ""
    value: Words = ""


class Attachment(_Lenient):
    """One attachment."""

    pretext: Words = ""
    title: Words = ""
    title_link: Words = ""
    text: Words = ""
    fields: Annotated[tuple[Beside, ...], BeforeValidator(_objects)] = ()
    blocks: Nodes = ()
    actions: Nodes = ()
    fallback: Words = ""
    footer: Words = ""
    color: Words = ""
    author_name: Words = ""
    from_url: Words = ""
    """Set where Slack itself adds the attachment, as the preview of a link."""
    app_unfurl_url: Words = ""

    @property
    def preview(self) -> bool:
        """Whether it is Slack's preview of a link, which the author did not write."""
        return bool(self.from_url or self.app_unfurl_url)


class Profile(_Lenient):
    """Which bot wrote it."""

    name: Words = ""


class Said(_Lenient):
    """One message."""

    ts: Id = ""
    thread_ts: Id = ""
    subtype: Words = ""
    text: Words = ""
    username: Words = ""
    user: Id = ""
    bot_id: Id = ""
    app_id: Id = ""
    bot_profile: Annotated[Profile, BeforeValidator(_object)] = Profile()
    attachments: Annotated[tuple[Attachment, ...], BeforeValidator(_objects)] = ()
    blocks: Nodes = ()

    @property
    def by_app(self) -> bool:
        """Whether a bot, an app or a webhook wrote it, and no person."""
        written = self.subtype in SPOKEN
        return written and bool(self.bot_id or self.app_id or self.subtype == "bot_message")

    @property
    def reply(self) -> bool:
        """Whether it stands in a thread, under another."""
        return self.thread_ts not in ("", self.ts)


class Event(Said):
    """What happened to a message: it was posted, or changed."""

    channel: Id = ""
    message: Annotated[Said | None, BeforeValidator(lambda value: value if isinstance(value, dict) else None)] = None
    previous_message: Annotated[
        Said | None, BeforeValidator(lambda value: value if isinstance(value, dict) else None)
    ] = None

    @property
    def changed(self) -> bool:
        """Whether it tells of a message that was changed."""
        return self.subtype == CHANGED and self.message is not None

    @property
    def said(self) -> Said:
        """The message as it stands now."""
        return self.message if self.changed and self.message is not None else self


class PostEvent(_Lenient):
    """The event around it."""

    api_app_id: Words = ""
    """Our own app's id."""
    event: Annotated[Event, BeforeValidator(_object)] = Field(default_factory=Event)


class Renaming(_Lenient):
    """A channel that was renamed."""

    id: Words = ""
    name: Words = ""


class RenamingEvent(_Lenient):
    """A channel, and the name that it has now."""

    class Inner(_Lenient):
        """The event itself."""

        channel: Annotated[Renaming, BeforeValidator(_object)] = Renaming()

    event: Annotated[Inner, BeforeValidator(_object)] = Field(default_factory=Inner)
