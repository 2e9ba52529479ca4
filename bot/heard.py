"""What comes in from chat, in one neutral shape: words, filled-in forms, reactions, comings and goings.

Each carries a ``key`` that its adapter names after the platform's own id of the event (Slack ``trigger_id`` or
``event_id``, Discord interaction or message id), so that a redelivered event, or one that several replicas receive,
is acted on once.
"""

from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field

from bot.card import Card
from bot.forms import Form
from bot.hidden import readable
from bot.model import Model
from bot.people import Person


def _readable(said: Any) -> Any:
    return readable(said) if isinstance(said, str) else said


Said = Annotated[str, BeforeValidator(_readable)]
"""A text of somebody's, cleaned where it comes in: nothing behind this door meets characters that nobody can see."""


class _Heard(Model):
    model_config = ConfigDict(frozen=True)

    key: Said
    platform: str
    """``slack``, ``discord`` or ``cli``."""
    actor: Person
    """As the platform names them; the desk looks up whether a playbook knows them."""
    channel: Said | None = None
    """The platform's id of the channel it happened in."""
    room: Said = ""
    """That channel's name, where the platform tells it along with what happened."""
    message: Said | None = None
    """The platform's reference of the message that was pressed or reacted to, as the platform port gave it."""
    reply: Said | None = None
    """Opaque: with it the platform can answer this person privately later (Slack's ``response_url``)."""


class Original(Model):
    """A message that somebody points at."""

    model_config = ConfigDict(frozen=True)

    text: Said
    """As people see it; mentions as the platform's tokens (``<@ID>``), for the core to put names to."""
    author: Said
    """The author's display name."""
    at: AwareDatetime
    url: Said | None = None
    """Permanent link to the message."""


class Spoken(_Heard):
    """Words, typed after ``/incident`` or carried by a button."""

    words: Said
    original: Original | None = None
    """The message from which an incident is declared (Slack message shortcut, Discord message command)."""


class Filled(_Heard):
    """A form that was sent: the form's ``does`` and its answers by field name."""

    words: Said
    values: dict[Said, Said] = Field(default_factory=dict)


class Reacted(_Heard):
    """A reaction put on a message, or taken away. ``message`` is always set."""

    emoji: Said
    """The emoji itself (``✅``), never a platform's name for it; a custom emoji by its bare name."""
    added: bool = True
    original: Original | None = None
    """The message reacted to, where the adapter was asked to bring it (see ``Desk.wants_original``)."""


class Moved(_Heard):
    """Somebody came into a channel or left it. ``channel`` is always set."""

    joined: bool


Heard = Spoken | Filled | Reacted | Moved


class Answer(Model):
    """What the person gets back at once, privately: a message, or a form to fill in, or nothing."""

    model_config = ConfigDict(frozen=True)

    card: Card | None = None
    form: Form | None = None
    replaces: bool = False
    """The answer takes the place of the private message whose button was pressed."""
    elsewhere: bool = False
    """Heard before: whoever heard it first (another replica, perhaps) answers, so the platform is told nothing."""


class Suggestion(Model):
    """One offer while somebody types."""

    model_config = ConfigDict(frozen=True)

    label: str = Field(max_length=100)
    words: str = Field(max_length=100)
