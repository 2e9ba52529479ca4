"""What counts as found: an exception, a log entry of one, too much time, or an answer that is not clear."""

import asyncio
import logging
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import structlog

ROOT = str(Path(__file__).parents[2])
OURS = tuple(f"{ROOT}/{folder}/" for folder in ("bot", "adapters"))
LONGEST = 5.0
"""Seconds of the processor's time that one input may take; other processes on the machine do not count."""
STUCK = 60.0
"""Seconds that one input may take by the clock, for what waits and computes nothing."""


class Wrong(Exception):
    """An outcome that is not a clear answer: what is wrong with it, and the answer itself."""

    def __init__(self, what: str, said: str = "", *, at: tuple[int, int] | None = None) -> None:
        start, end = at or (len(said), len(said))
        shown = said[max(0, start - 150) : end + 100]
        super().__init__(f"{what}: {shown!r}" if said else what)
        self.sign = f"{what}: {' '.join(said.split()[:3])[:40]}" if said else what


class TooLong(BaseException):
    """The input took too long; no handler of exceptions is to swallow it."""


@dataclass(frozen=True)
class Found:
    """One failing case, told apart from others by where and how it failed."""

    sign: str
    """The same for the same fault: its kind, and the line of ours at which it rose."""
    says: str
    """What happened, whole."""


def from_exception(error: BaseException) -> Found:
    """What an exception tells."""
    if isinstance(error, Wrong):
        return Found(error.sign, str(error))
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(OURS)]
    at = ours[-1] if ours else (frames[-1] if frames else None)
    where = f"{Path(at.filename).as_posix().removeprefix(ROOT + '/')}:{at.name}" if at else "nowhere"
    return Found(f"{type(error).__name__} in {where}", "".join(traceback.format_exception(error))[-6000:])


class Watch:
    """Catches what is logged as an unexpected error, by whichever library, and what asyncio could tell nobody."""

    def __init__(self) -> None:
        self.caught: list[Found] = []

    def structured(self, logger: Any, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        """A processor that keeps errors and drops all else."""
        fault = event.get("exc_info")
        if name in ("error", "critical", "exception") or fault:
            self._keep(str(event.get("event")), fault)
        raise structlog.DropEvent

    def handle(self, record: logging.LogRecord) -> None:
        """One entry of the standard library's logging, at the level of errors."""
        self._keep(record.getMessage(), record.exc_info)

    def loose(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """An exception that nobody waited for."""
        self._keep(str(context.get("message")), context.get("exception"))

    def _keep(self, said: str, fault: Any) -> None:
        error = fault[1] if isinstance(fault, tuple) else fault
        if error is True:
            error = _current()
        if isinstance(error, BaseException):
            found = from_exception(error)
            self.caught.append(Found(f"logged: {found.sign}", f"{said}\n{found.says}"))
        else:
            self.caught.append(Found(f"logged: {said[:60]}", said))

    def taken(self) -> list[Found]:
        """What was caught since this was last asked."""
        found, self.caught = self.caught, []
        return found


def _current() -> BaseException | None:
    import sys  # noqa: PLC0415  # asked for only where a logger was told to look by itself

    return sys.exc_info()[1]


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch the logs of this process, and leave logging as it was."""
    watch, before = Watch(), structlog.get_config()
    handler = logging.Handler(logging.ERROR)
    handler.emit = watch.handle  # type: ignore[method-assign]  # a handler that is one function
    root = logging.getLogger()
    root.addHandler(handler)
    structlog.configure(processors=[watch.structured], cache_logger_on_first_use=False)
    try:
        yield watch
    finally:
        structlog.configure(**before)
        root.removeHandler(handler)


@contextmanager
def within(seconds: float = LONGEST) -> Iterator[None]:
    """Raise :class:`TooLong` where the processor works for longer on what is done here."""

    def ring(_: int, __: FrameType | None) -> None:
        raise TooLong(f"more than {seconds:g} s of the processor's time")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def moment() -> float:
    """The clock by which inputs a second are counted."""
    return time.monotonic()
