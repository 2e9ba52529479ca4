"""The shape of Opsgenie's outgoing webhook, which Jira Service Management kept."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.alerts.foreign import Foreign, Pairs, Text, Texts, When
from bot.alerts.foreign import text as plain


def _priority(value: object) -> str:
    """``P3``; older integrations write ``3``."""
    said = plain(value).strip()
    return f"P{said}" if said in {"1", "2", "3", "4", "5"} else said


class Ops(Foreign):
    """The alert within a webhook."""

    id: Text = Field(default="", alias="alertId")
    tiny: Text = Field(default="", alias="tinyId")
    alias: Text = ""
    username: Text = ""
    """Of whoever did it, an e-mail address as a rule."""
    message: Text = ""
    description: Text = ""
    entity: Text = ""
    source: Text = ""
    team: Text = ""
    priority: Annotated[str, BeforeValidator(_priority)] = ""
    tags: Texts = Field(default_factory=list)
    details: Pairs = Field(default_factory=dict)
    created: When = Field(default=None, alias="createdAt")
    """In milliseconds; ``updatedAt`` is in nanoseconds, and not read."""


class Hook(Foreign):
    """What happened to an alert."""

    action: Text = ""
    alert: Ops | None = None
