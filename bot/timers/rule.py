"""What every timed rule is made of: when it is due, which is pure, and what it then does."""

from datetime import datetime
from typing import Protocol

from bot.incident import Incident
from bot.playbook.shape import Playbook
from bot.scene import Scene


class Rule(Protocol):
    """A timed rule. It is asked again after each change, so a due time is never cancelled, only worked out anew."""

    name: str

    def due(self, incident: Incident, playbook: Playbook) -> datetime | None:
        """When it next has to act on this incident; ``None`` where it has not to. Reads no clock."""
        ...

    def run(self, scene: Scene) -> None:
        """Act. Afterwards ``due`` must lie in the future or be ``None``, else the rule would act for ever."""
        ...
