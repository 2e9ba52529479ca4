"""Stopping: from the moment it is told to, a process has a few seconds for everything that it still has to do.

The time is one, and counted from the signal: each part gets a share of what is left of it, and a part that takes longer
is left as it is. Nothing is lost by that: what was accepted is in the database, and what was in hand is free for the
next process once its lease has run out. Where even leaving hangs, ``bot/pulse.py`` ends the process.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from time import monotonic
from types import FrameType
from typing import Any

import structlog

log = structlog.get_logger()

WITHIN = 4.3
"""Seconds for the whole of a stop, from the signal on."""
LAST = 4.7
"""Seconds after the signal at which a process that still lives is ended; whoever told it to waits for five."""
HANGING_UP = 0.8
"""Seconds for connections to be closed, of them."""
GRACE = 0.1
"""Seconds that a part which is cut short has to let go of what it holds."""


class Stop:
    """Whether the process was told to stop, and how much time is left."""

    def __init__(self, *, within: float = WITHIN, now: Callable[[], float] = monotonic) -> None:
        self.asked = asyncio.Event()
        """Set once it was told to."""
        self.asked_at: float | None = None
        """When that was, on the monotonic clock; also read from another thread."""
        self._within, self._now = within, now

    def heed(self) -> None:
        """Be told by SIGINT and SIGTERM from now on; a second one changes nothing, for the end is near anyway.

        Python's own handlers, not the loop's: they act also while the loop is blocked. They only set a number and wake
        the loop, neither of which waits for anything.
        """
        loop = asyncio.get_running_loop()

        def told(number: int, frame: FrameType | None) -> None:
            self._begin()
            if not loop.is_closed():
                loop.call_soon_threadsafe(self.asked.set)

        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, told)

    def ask(self) -> None:
        """Tell it to stop; the time begins with the first to do so."""
        self._begin()
        self.asked.set()

    def _begin(self) -> None:
        if self.asked_at is None:
            self.asked_at = self._now()

    @property
    def left(self) -> float:
        """Seconds left; all of them until it is told to stop."""
        return self._within if self.asked_at is None else max(0.0, self.asked_at + self._within - self._now())

    async def unless(self, doing: Coroutine[Any, Any, None]) -> bool:
        """Do something, unless it is told to stop before that is done; whether it was done. Raises what that raises."""
        task, told = asyncio.create_task(doing), asyncio.create_task(self.asked.wait())
        await asyncio.wait({task, told}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if not task.done():
            await _cut(task)
            return False
        task.result()
        return True

    async def part(self, share: float, **parts: Awaitable[object]) -> None:
        """Let these end side by side, in at most so many seconds and in none that are not left.

        What is not over by then is cancelled. A fault in one keeps no other from its turn.
        """
        if not parts:
            return
        tasks = {asyncio.ensure_future(part): name for name, part in parts.items()}
        _, late = await asyncio.wait(tasks, timeout=min(share, self.left))
        if late:
            log.warning("stop_cut_short", parts=sorted(tasks[task] for task in late))
            await _cut(*late)
        for task, name in tasks.items():
            if task.done() and not task.cancelled() and (fault := task.exception()) is not None:
                log.error("stop_failed", part=name, exc_info=fault)


async def _cut(*tasks: "asyncio.Future[Any]") -> None:
    """Cancel them, and wait no longer than a moment for it: what does not even let go is not waited for."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=GRACE)
