"""What PagerDuty sends by webhook: version 3, an event and the incident that it is about."""

from typing import Any

from pydantic import Field, field_validator

from bot.alerts.foreign import Foreign, Text, When


class Named(Foreign):
    """Something that is referred to by its name."""

    summary: Text = ""


class Agent(Named):
    """Whoever caused an event."""

    kind: Text = Field(default="", alias="type")


def _named(value: Any) -> Any:
    return value if isinstance(value, dict) else {}


class Incident(Foreign):
    """An incident, as far as an event shows it; what events of other kinds are about has other fields."""

    id: Text = ""
    number: Text = ""
    key: Text = Field(default="", alias="incident_key")
    """The ``dedup_key`` of the event that it came from."""
    title: Text = ""
    status: Text = ""
    link: Text = Field(default="", alias="html_url")
    created_at: When = None
    service: Named = Named()
    priority: Named = Named()
    urgency: Text = ""
    policy: Named = Field(default=Named(), alias="escalation_policy")

    _objects = field_validator("service", "priority", "policy", mode="before")(_named)


class Event(Foreign):
    """One event."""

    id: str = Field(min_length=1)
    kind: str = Field(alias="event_type", min_length=1)
    at: When = Field(default=None, alias="occurred_at")
    data: Incident
    agent: Agent = Agent()

    _objects = field_validator("agent", mode="before")(_named)


class Hook(Foreign):
    """One webhook."""

    event: Event
