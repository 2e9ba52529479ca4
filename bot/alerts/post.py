"""A post that a bot, an app or a webhook made in chat, in one neutral shape for both platforms."""

from enum import StrEnum

from pydantic import AwareDatetime, ConfigDict, Field

from bot.alerts.alert import Posted
from bot.model import Model


class Colour(StrEnum):
    """What the colour at a post's side says."""

    NONE = ""
    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class Part(Model):
    """One part of a post: a Slack attachment with its blocks, a Discord embed, or the post's own text and blocks."""

    model_config = ConfigDict(frozen=True)

    title: str = ""
    link: str = ""
    """Where the title leads."""
    text: str = ""
    """All that is written in it, one thing a line, in reading order; links as ``label (address)``."""
    fields: dict[str, str] = Field(default_factory=dict)
    """Names and values set side by side."""
    colour: Colour = Colour.NONE
    footer: str = ""


class Post(Model):
    """One post. Words are as people see them: no escapes, no shortcodes; mentions keep the platform's tokens."""

    model_config = ConfigDict(frozen=True)

    place: Posted
    key: str
    """Names this post, or this edit of it, for ever: one that comes twice counts once."""
    author: str = ""
    """The name under which the app or webhook posts."""
    app: str = ""
    """The platform's id of the app or bot."""
    at: AwareDatetime
    parts: tuple[Part, ...] = ()
    """Never empty where anything was written; the post's own text comes first."""
    addresses: tuple[str, ...] = ()
    """Every address in it, in reading order: titles' links, links in texts, buttons'."""
    url: str = ""
    """Permanent link to the post."""
    edited: bool = False

    @property
    def title(self) -> str:
        """The first title, else the first line."""
        titled = next((part.title for part in self.parts if part.title.strip()), "")
        return titled.strip() or next((line.strip() for line in self.text.splitlines() if line.strip()), "")

    @property
    def text(self) -> str:
        """Everything in it, one thing a line."""
        lines: list[str] = []
        for part in self.parts:
            lines += [part.title, part.text, *(f"{name}: {value}" for name, value in part.fields.items()), part.footer]
        return "\n".join(line for line in lines if line.strip())

    @property
    def fields(self) -> dict[str, str]:
        """The fields of all parts."""
        return {name: value for part in self.parts for name, value in part.fields.items()}

    @property
    def colour(self) -> Colour:
        """The first colour that says anything."""
        return next((part.colour for part in self.parts if part.colour), Colour.NONE)
