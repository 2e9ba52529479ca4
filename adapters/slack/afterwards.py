"""What is done only after an event was acknowledged: no call goes to Slack before that."""

from collections.abc import Awaitable, Callable

import structlog

from bot.errors import Outside

KEY = "afterwards"
"""Where Bolt's context of one request keeps them."""
log = structlog.get_logger(__name__)

Deed = Callable[[], Awaitable[None]]


class Afterwards:
    """Deeds in their order. What Slack refuses is logged: nobody waits for it any more."""

    def __init__(self) -> None:
        self._deeds: list[Deed] = []

    def add(self, deed: Deed) -> None:
        """Do this once the event is acknowledged."""
        self._deeds.append(deed)

    async def run(self) -> None:
        """Do them all; one that fails keeps no other from being done."""
        for deed in self._deeds:
            try:
                await deed()
            except Outside as no:
                log.warning("slack answered nobody", why=no.why, later=type(no).__name__)
