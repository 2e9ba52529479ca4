"""What Datadog sends by webhook: the body that the README gives to paste, or its own, which says less."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bot.alerts.foreign import Foreign, When, text

_UNSAID = re.compile(r"null|none|\$[A-Z_]{1,60}", re.IGNORECASE)
"""What stands in place of a variable that has no value, or that is none."""


def _text(value: Any) -> str:
    said = text(value).strip()
    return "" if _UNSAID.fullmatch(said) else said


def _epoch(value: Any) -> Any:
    said = text(value).strip()
    return int(said) if said.isdecimal() and len(said) <= 16 else value


Text = Annotated[str, BeforeValidator(_text)]
Epoch = Annotated[When, BeforeValidator(_epoch)]
"""Milliseconds since 1970, as text."""


class Notification(Foreign):
    """One webhook."""

    id: Text = ""
    """Of the event: another for each notification."""
    title: str
    """``[Triggered on {host:a}] CPU is high``."""
    body: Text = ""
    transition: Text = Field(default="", alias="alert_transition")
    kind: Text = Field(default="", alias="alert_type")
    priority: Text = ""
    monitor: Text = Field(default="", alias="monitor_id")
    together: Text = Field(default="", alias="aggreg_key")
    status: Text = Field(default="", alias="alert_status")
    scope: Text = ""
    tags: Text = ""
    url: Text = ""
    snapshot: Text = ""
    date: Epoch = None
    rule: Any = Field(default=None, alias="ruleName")
    """Only Grafana writes it, beside titles that look alike."""
