"""People go first: the delivery steps aside while somebody waits for an answer."""

import asyncio
import contextlib


class Courtesy:
    """Knows whether anybody is being heard."""

    def __init__(self, quiet: asyncio.Event | None = None) -> None:
        self._quiet = quiet
        """Set while nobody is being heard who waits for an answer."""

    async def give_way(self, most: float) -> None:
        """Let whoever waits for the process go first, and those being heard for ``most`` seconds."""
        await asyncio.sleep(0)
        if self._quiet is not None and not self._quiet.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(most):
                    await self._quiet.wait()
