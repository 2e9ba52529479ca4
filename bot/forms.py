"""Forms as data: what is asked, for each platform to show in its own way (a Slack modal, a Discord modal)."""

from enum import StrEnum

from pydantic import ConfigDict, Field

from bot.model import Model


class Ask(StrEnum):
    """What kind of answer a field takes."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    CHOICE = "choice"


class FormField(Model):
    """One question of a form."""

    model_config = ConfigDict(frozen=True)

    name: str
    """The command option that the answer fills."""
    label: str = Field(max_length=45)
    """At most 45 characters: the shorter of the platforms' limits."""
    ask: Ask = Ask.LINE
    hint: str = Field(default="", max_length=100)
    initial: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = Field(default=(), max_length=25)
    """Pairs of value and label; at most 25."""
    longest: int = 3000
    """Longest answer in characters."""


class Form(Model):
    """A form of at most five questions. Sending it is the same as typing its verb with these options."""

    model_config = ConfigDict(frozen=True)

    title: str = Field(max_length=24)
    """At most 24 characters: the shorter of the platforms' limits."""
    does: str = Field(max_length=100)
    """The words whose options the form fills, such as ``#42 update``."""
    submit: str = Field(default="Send", max_length=24)
    fields: tuple[FormField, ...] = Field(max_length=5)
