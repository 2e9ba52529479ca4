"""Hand-overs in memory: a rehearsal has none."""

from collections.abc import Sequence
from datetime import datetime

from bot.handoff import Handoff


class NoHandoffs:
    """See :class:`bot.handoff.Handoffs`, and :class:`bot.handoff.HandoffReader`."""

    async def enter(self, handoff: Handoff) -> bool:
        """Nothing is kept."""
        return False

    async def get(self, id: int) -> Handoff | None:
        """There is none."""
        return None

    async def due(self, now: datetime, *, limit: int) -> list[Handoff]:
        """None is due."""
        return []

    async def save(self, handoff: Handoff) -> None:
        """Nothing is kept."""

    async def current(self, playbooks: Sequence[str], *, now: datetime) -> list[Handoff]:
        """There is none."""
        return []

    async def next_look(self) -> datetime | None:
        """Never."""
        return None
