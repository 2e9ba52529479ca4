"""The pace: a few requests in each round of the event loop, so that whoever else is in it need not wait for a crowd."""

import asyncio
from collections import deque

STEPS = 8
"""In one round. Each takes about a tenth of a millisecond, and a storm brings dozens at the same moment."""


class Pace:
    """Lets so many go on in each round; the others go on in the next, in the order they came."""

    def __init__(self) -> None:
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def step(self) -> None:
        """Go on in this round or in one of the next."""
        if self._taken < STEPS and not self._waiting:
            self._take()
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        await turn

    def _take(self) -> None:
        if not self._taken:
            asyncio.get_running_loop().call_soon(self._renew)
        self._taken += 1

    def _renew(self) -> None:
        self._taken = 0
        while self._waiting and self._taken < STEPS:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._take()
