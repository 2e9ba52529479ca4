"""What Better Stack sends by webhook: an event, and the incident it is about as its API shows it."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bot.alerts.foreign import Foreign, Text, When, text


def _metadata(value: Any) -> dict[str, str]:
    """Names and values; a value is a list of objects that hold one each."""
    if not isinstance(value, dict):
        return {}
    return {text(name).casefold(): ", ".join(_held(held)) for name, held in value.items() if _held(held)}


def _held(value: Any) -> list[str]:
    if isinstance(value, list):
        return [one for each in value for one in _held(each)]
    return [one for one in [text(value.get("value") if isinstance(value, dict) else value)] if one]


class Attributes(Foreign):
    """What is known of an incident."""

    name: Text = ""
    """Of the monitor or heartbeat, or of whatever else made it."""
    url: Text = ""
    """The address that is monitored."""
    cause: Text = ""
    started_at: When = None
    resolved_at: When = None
    team: Text = Field(default="", alias="team_name")
    screenshot: Text = Field(default="", alias="screenshot_url")
    response: Text = Field(default="", alias="response_url")
    metadata: Annotated[dict[str, str], BeforeValidator(_metadata)] = Field(default_factory=dict)


class Data(Foreign):
    """What an event is about."""

    id: Text = ""
    type: str
    attributes: Attributes = Attributes()


class Hook(Foreign):
    """One webhook."""

    event: Text = ""
    data: Data
