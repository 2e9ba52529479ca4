"""The book of calls: every API call the sandbox's servers received, and how many round trips they make."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Call:
    """One API call. ``began`` and ``ended`` are places in one common order of events, not times."""

    platform: str
    method: str
    arguments: dict[str, Any]
    at: datetime
    began: int
    ended: int | None = None
    outcome: str = ""
    """``ok``, or the platform's error, or the fault that befell it."""
    result: dict[str, Any] = field(default_factory=dict)


class CallBook:
    """Calls in the order they began; the oldest are forgotten beyond ``keep``."""

    def __init__(self, keep: int = 50_000) -> None:
        self._keep = keep
        self._order = 0
        self.calls: list[Call] = []
        self.total = 0
        """Calls received since the start, forgotten ones included."""

    def begin(self, platform: str, method: str, arguments: dict[str, Any], *, at: datetime) -> Call:
        self._order += 1
        call = Call(platform, method, arguments, at, began=self._order)
        self.calls.append(call)
        self.total += 1
        if len(self.calls) > self._keep * 2:
            self.calls = self.calls[-self._keep :]
        return call

    def end(self, call: Call, outcome: str, result: dict[str, Any] | None = None) -> None:
        self._order += 1
        call.ended, call.outcome, call.result = self._order, outcome, result or {}

    def of(self, platform: str, method: str = "") -> list[Call]:
        """The calls of one platform, of one method if it is named."""
        return [c for c in self.calls if c.platform == platform and (not method or c.method == method)]


def round_trips(calls: Iterable[Call]) -> dict[int, int]:
    """Depth of each call, keyed by its ``began``: 1 + the depth of the deepest call that had ended before it began.

    A client waits for an answer before it makes a call that depends on it, so with a latency much longer than the
    client's own work the greatest depth is the number of round trips that the work takes.
    """
    depths: dict[int, int] = {}
    ordered = sorted(calls, key=lambda call: call.began)
    for call in ordered:
        before = [depths[c.began] for c in ordered if c.ended is not None and c.ended < call.began]
        depths[call.began] = 1 + max(before, default=0)
    return depths
