"""What Alertmanager sends by webhook: version 4, and what its incident.io receiver sends as version 1."""

from typing import Any

from pydantic import Field

from bot.alerts.grouped import Group, One


class Notification(Group):
    """One webhook."""

    alerts: list[One] = Field(min_length=1)
    key: str = Field(alias="groupKey")
    org: Any = Field(default=None, alias="orgId")
    """Only Grafana writes it."""
