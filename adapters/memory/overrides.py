"""Overrides in memory: none, for a rehearsal knows only the playbook."""

from collections.abc import Sequence
from datetime import datetime

from bot.rotations import Override


class MemoryOverrides:
    """See :class:`bot.rotations.Overrides`."""

    async def around(self, now: datetime) -> Sequence[Override]:
        """Everybody keeps their turn."""
        return ()

    async def add(self, override: Override) -> Override:
        """Not kept."""
        return override

    async def one(self, id: int) -> Override | None:
        """There is none."""
        return None

    async def take_back(self, id: int, *, by: str, at: datetime) -> None:
        """Nothing to take back."""
