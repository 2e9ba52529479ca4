"""The pace: a few requests in each round of the event loop, so that whoever else is in it need not wait for a crowd."""

import asyncio

STEPS = 8
"""In one round. Each takes about a tenth of a millisecond, and a storm brings dozens at the same moment."""


class Pace:
    """Lets so many go on in each round; the others come in the next."""

    def __init__(self) -> None:
        self._taken = 0

    async def step(self) -> None:
        """Go on in this round or in one of the next."""
        while self._taken >= STEPS:  # noqa: ASYNC110  # the next round is not an event, and comes at once
            await asyncio.sleep(0)
        if not self._taken:
            asyncio.get_running_loop().call_soon(self._renew)
        self._taken += 1

    def _renew(self) -> None:
        self._taken = 0
