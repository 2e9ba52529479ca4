"""Turns: SQLite has one writer, and here it is settled who is next."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """One at a time. Whoever has somebody waiting for an answer goes first, else they go in the order they came."""

    def __init__(self) -> None:
        self._taken = False
        self._first: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, first: bool) -> AsyncIterator[None]:
        """Hold the turn as long as the block lasts."""
        if self._taken:
            await self._wait(self._first if first else self._others)
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, line: deque[asyncio.Future[None]]) -> None:
        mine = asyncio.get_running_loop().create_future()
        line.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():
                self._pass_on()  # it was ours already
            raise

    def _pass_on(self) -> None:
        """Hand the turn to the next; nobody who comes meanwhile slips in between."""
        for line in (self._first, self._others):
            while line:
                one = line.popleft()
                if not one.done():
                    one.set_result(None)
                    return
        self._taken = False
