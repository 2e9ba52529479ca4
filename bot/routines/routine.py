"""What every routine is made of: when it may have to act, which is pure, and what it then does."""

from datetime import datetime
from typing import Protocol

from bot.calendar import WorkingTime
from bot.playbook.shape import Playbook
from bot.scene import Scene


class Routine(Protocol):
    """Something that time does outside of incidents.

    ``due`` names occasions; each is acted on once, by one replica, and at the latest a few days after its moment: of
    several that were slept through only the latest.
    """

    name: str

    def occasion(self, at: datetime) -> str:
        """What the occasion at this moment is called, for ever: its UTC day, unless two may fall on the same one."""
        return f"{at:%Y-%m-%d}"

    def due(self, playbook: Playbook, here: WorkingTime, *, after: datetime) -> datetime | None:
        """The first occasion after this moment; ``None`` where there is none. Reads no clock and asks no database.

        It is never earlier for a later ``after``.
        """
        ...

    async def run(self, scene: Scene, at: datetime) -> None:
        """Act on the occasion ``at``, in a scene without an incident; or find that there is nothing to do."""
        ...
