"""The pulse: a thread that sees what the event loop cannot see of itself.

A loop that is blocked (a call that does not return, a pattern that backtracks for minutes) rings no clock, hears
nobody, and cannot say so. The thread logs where it is stuck. And where a stop takes longer than it may, whatever the
reason, it ends the process: what was in hand is left to its lease.

A call that never lets go of Python's own lock stops this thread as well. ``/healthz`` then answers nobody, which is
what the liveness probe is for.
"""

import asyncio
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable

import structlog

from bot.stopping import LAST, Stop

log = structlog.get_logger()

BEAT = 0.25
"""Seconds between two beats of the loop, and between two looks of the thread."""
BLOCKED = 5.0
"""Seconds without a beat after which the loop counts as blocked."""
OVERSLEPT = 1.0
"""A look that comes so many seconds late was held up itself: the machine slept, or the process was stopped. It says
nothing of the loop."""
LAST_WORDS = 0.2
"""Seconds that the process lives on to say why it is ended."""
FRAMES = 30
"""How much of the stack is logged, the innermost calls."""


class Pulse:
    """Watches the loop that it was started on; ends with the process."""

    def __init__(
        self,
        stop: Stop,
        *,
        last: float = LAST,
        blocked: float = BLOCKED,
        now: Callable[[], float] = time.monotonic,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        self._stop, self._last, self._blocked, self._now, self._leave = stop, last, blocked, now, leave
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watched = 0
        self._beat_at = self._looked_at = now()
        self._stuck_since: float | None = None

    def start(self) -> None:
        """Watch the running loop from now on."""
        self.hold()
        self._beat()
        threading.Thread(target=self._run, daemon=True, name="pulse").start()

    def hold(self) -> None:
        """This thread's loop is the one that is watched."""
        self._loop, self._watched = asyncio.get_running_loop(), threading.get_ident()
        self._beat_at = self._looked_at = self._now()

    def _beat(self) -> None:
        self._beat_at = self._now()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_later(BEAT, self._beat)

    def _run(self) -> None:
        while True:
            time.sleep(BEAT)
            self.look()

    def look(self) -> None:
        """One look, by the thread."""
        now = self._now()
        overslept, self._looked_at = now - self._looked_at > OVERSLEPT, now
        asked_at = self._stop.asked_at
        if asked_at is not None and now - asked_at >= self._last:
            self._say_last_words()
            self._leave(0)
        elif not overslept:
            self._look_at_the_loop(now)

    def _say_last_words(self) -> None:
        """In a thread of its own: where nobody reads the log any more, writing it may be what hangs."""
        stack = self._stack()
        telling = threading.Thread(
            target=lambda: log.warning("stop_overdue", seconds=self._last, stack=stack), daemon=True, name="last words"
        )
        telling.start()
        telling.join(LAST_WORDS)

    def _look_at_the_loop(self, now: float) -> None:
        blocked = now - self._beat_at >= self._blocked
        if blocked and self._stuck_since is None:
            self._stuck_since = self._beat_at
            log.error("loop_blocked", seconds=round(now - self._beat_at, 1), stack=self._stack())
        elif not blocked and self._stuck_since is not None:
            log.warning("loop_runs_again", seconds=round(self._beat_at - self._stuck_since, 1))
            self._stuck_since = None

    def _stack(self) -> list[str]:
        """Where the watched thread is: file, line and function of each call, the innermost last; no values."""
        frame = sys._current_frames().get(self._watched)
        calls = traceback.extract_stack(frame)[-FRAMES:] if frame is not None else []
        return [f"{call.filename}:{call.lineno} {call.name}" for call in calls]
