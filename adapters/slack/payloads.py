"""What Slack sends, as far as it is read: foreign JSON is checked here and nowhere else."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AliasChoices, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from bot.model import Model

LONGEST_ID = 255
"""Characters of an id, or of a timestamp, which is a message's id; ours, as they go into addresses. Slack's have 17."""
Id = Annotated[str, StringConstraints(max_length=LONGEST_ID)]


class Unreadable(Exception):
    """A payload of another shape than Slack's; the words say where."""


def moment(ts: str) -> datetime:
    """When a message was posted, by its timestamp; raises :class:`Unreadable` where that is none."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError) as wrong:
        raise Unreadable(f"the timestamp {ts[:40]!r}") from wrong


class _Payload(Model):
    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def read(cls, body: Any) -> Self:
        """What was sent; raises :class:`Unreadable`."""
        try:
            return cls.model_validate(body)
        except ValidationError as wrong:
            at = {".".join(map(str, one["loc"])) for one in wrong.errors(include_url=False, include_input=False)}
            raise Unreadable(f"{cls.__name__}: {', '.join(sorted(at))}"[:200]) from wrong


class User(_Payload):
    """Whoever did it."""

    id: Id
    name: str = Field(default="", validation_alias=AliasChoices("username", "name"))


_UNNAMED = frozenset({"directmessage", "privategroup"})
"""What Slack says in place of a name that it keeps to itself."""


def _told(name: object) -> str:
    """A channel's name, where Slack tells it."""
    return name if isinstance(name, str) and name not in _UNNAMED else ""


Room = Annotated[str, BeforeValidator(_told)]


class Place(_Payload):
    """A channel."""

    id: Id
    name: Room = ""


class Command(_Payload):
    """A slash command."""

    command: str
    trigger_id: str
    user_id: Id
    user_name: str = ""
    channel_id: Id
    channel_name: Room = ""
    text: str = ""
    response_url: str | None = None


class Container(_Payload):
    """Where a pressed button stands."""

    type: str = "message"
    message_ts: Id | None = None
    channel_id: Id | None = None
    is_ephemeral: bool = False


class Action(_Payload):
    """One pressed button."""

    action_id: str
    value: str = ""


class Press(_Payload):
    """A pressed button in a message, or on somebody's own page."""

    trigger_id: str
    user: User
    container: Container
    channel: Place | None = None
    response_url: str | None = None
    actions: tuple[Action, ...] = Field(min_length=1)

    @property
    def private(self) -> bool:
        """Whether the message is one that only this person sees."""
        return self.container.is_ephemeral

    @property
    def at_home(self) -> bool:
        """Whether the button stands on the person's own page."""
        return self.container.type == "view"


class BotProfile(_Payload):
    """Which bot wrote a message."""

    name: str = ""


class Message(_Payload):
    """A message that somebody points at."""

    ts: Id
    text: str = ""
    user: Id | None = None
    username: str = ""
    bot_profile: BotProfile | None = None


class Shortcut(_Payload):
    """A shortcut, on a message or anywhere."""

    trigger_id: str
    user: User
    channel: Place | None = None
    message: Message | None = None
    response_url: str | None = None


class Option(_Payload):
    """The chosen option of a select."""

    value: str


class Input(_Payload):
    """One field's answer."""

    value: str | None = None
    selected_option: Option | None = None


class State(_Payload):
    """All answers, by block and action."""

    values: dict[str, dict[str, Input]] = Field(default_factory=dict)


class View(_Payload):
    """A modal that was sent."""

    private_metadata: str = ""
    state: State = Field(default_factory=State)


class Submission(_Payload):
    """A modal, and who sent it."""

    trigger_id: str
    user: User
    view: View


class Item(_Payload):
    """What a reaction stands on."""

    type: str
    channel: Id = ""
    ts: Id = ""


class Reaction(_Payload):
    """A reaction put on something, or taken away."""

    type: str
    user: Id
    reaction: str
    item: Item


class ReactionEvent(_Payload):
    """The event around a reaction."""

    event_id: str
    event: Reaction


class Membership(_Payload):
    """Somebody who joined a channel or left it."""

    type: str
    user: Id
    channel: Id
    inviter: Id | None = None


class MembershipEvent(_Payload):
    """The event around a coming or going."""

    event_id: str
    event: Membership


class Opening(_Payload):
    """Somebody who opened one of the app's pages."""

    user: Id
    tab: str = "home"


class OpeningEvent(_Payload):
    """The event around it."""

    event: Opening
