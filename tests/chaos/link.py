"""A line on this machine that can be cut, slowed, stopped and taken away: a bot reaches its platforms and database
through one of each.
"""

import asyncio
import contextlib
from collections.abc import Callable

from tests.support.served import Served

LUMP = 1 << 16
"""Bytes that go over at a time."""


class Link(Served):
    """Passes bytes on to ``port`` of this machine; ``async with``."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._to = port
        self.slow: Callable[[], float] = float
        """Seconds that each lump takes longer."""
        self.gone = False
        """Whoever connects is cut off at once."""
        self._flows = asyncio.Event()
        self._flows.set()

    def take_away(self) -> None:
        """Nobody is there any more."""
        self.gone = True
        self.cut()

    def bring_back(self) -> None:
        """As it was: nothing is slow, nothing stands still."""
        self.gone, self.slow = False, float
        self._flows.set()

    def stall(self) -> None:
        """Connections stay, and nothing comes through; what was sent arrives when it flows again."""
        self._flows.clear()

    def cut(self, chosen: Callable[[], bool] = lambda: True) -> None:
        """Break the connections that are chosen."""
        for writer in [one for one in self._open if chosen()]:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.gone:
            writer.transport.abort()
            return
        try:
            far, beyond = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        ways = [asyncio.create_task(self._pass(reader, beyond)), asyncio.create_task(self._pass(far, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            beyond.transport.abort()
            with contextlib.suppress(OSError):
                await beyond.wait_closed()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while lump := await reader.read(LUMP):
                await asyncio.sleep(self.slow())
                await self._flows.wait()
                writer.write(lump)
                await writer.drain()
