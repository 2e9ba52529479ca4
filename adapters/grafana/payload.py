"""What Grafana sends by webhook: the unified alerting's, and that of Grafana 8 and before."""

from typing import Any, Literal

from pydantic import Field

from bot.alerts.foreign import Foreign, Pairs, Text
from bot.alerts.grouped import Group, One


class Fired(One):
    """One alert of a group."""

    silence: Text = Field(default="", alias="silenceURL")
    dashboard: Text = Field(default="", alias="dashboardURL")
    panel: Text = Field(default="", alias="panelURL")
    image: Text = Field(default="", alias="imageURL")
    values: Pairs = Field(default_factory=dict)


class Notification(Group):
    """One webhook of the unified alerting."""

    alerts: list[Fired] = Field(min_length=1)
    org: Any = Field(alias="orgId")
    """Alertmanager, which sends much the same, does not write it."""


class Legacy(Foreign):
    """One webhook of the alerting that a dashboard's panels had, up to Grafana 8."""

    name: str = Field(alias="ruleName", min_length=1)
    state: Literal["alerting", "ok", "no_data", "paused", "pending", "unknown"]
    message: Text = ""
    link: Text = Field(default="", alias="ruleUrl")
    image: Text = Field(default="", alias="imageUrl")
    tags: Pairs = Field(default_factory=dict)


class Either(Foreign):
    """Enough of a body to see which of the two it is."""

    name: Any = Field(default=None, alias="ruleName")
    alerts: Any = None
