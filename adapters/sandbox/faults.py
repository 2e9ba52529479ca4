"""Faults on demand: what the sandbox's servers do wrong when they are told to."""

from enum import StrEnum
from fnmatch import fnmatchcase
from itertools import count

from pydantic import Field

from bot.model import Model


class FaultKind(StrEnum):
    """What goes wrong with a call."""

    RATE_LIMIT = "rate_limit"
    """Answered 429 with ``Retry-After``; no effect."""
    SERVER_ERROR = "server_error"
    """Answered 5xx; no effect."""
    REFUSE = "refuse"
    """Answered with the platform's own error (``error``); no effect."""
    LATENCY = "latency"
    """Answered ``seconds`` late; the effect happens as usual. Adds to whatever else holds."""
    DROP_BEFORE = "drop_before"
    """The connection is closed before the effect: the caller sees no answer, nothing happened."""
    DROP_AFTER = "drop_after"
    """The effect happens, then the connection is closed: the caller sees no answer."""


class Fault(Model):
    """One fault, for the calls it matches."""

    kind: FaultKind
    platform: str = "*"
    """``slack``, ``discord`` or ``*``."""
    method: str = "*"
    """A shell pattern on the call's name: ``chat.postMessage``, ``conversations.*``, ``POST /channels/*/messages``."""
    times: int | None = Field(default=1, ge=1)
    """How many more calls it spoils; ``None`` until it is removed."""
    seconds: float = Field(default=1.0, ge=0)
    """``Retry-After`` of a rate limit, or the length of a latency."""
    status: int = 500
    """HTTP status of a server error."""
    error: str = ""
    """Slack's error word (``channel_not_found``) or Discord's code (``50013``), for ``refuse``."""
    id: int = 0

    def matches(self, platform: str, method: str) -> bool:
        return self.platform in ("*", platform) and fnmatchcase(method, self.method)


class Faults:
    """The faults that are switched on, oldest first."""

    def __init__(self) -> None:
        self._ids = count(1)
        self.active: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Switch a fault on; returns it with its id."""
        numbered = fault.model_copy(update={"id": next(self._ids)})
        self.active.append(numbered)
        return numbered

    def remove(self, fault_id: int) -> None:
        self.active = [fault for fault in self.active if fault.id != fault_id]

    def clear(self) -> None:
        self.active = []

    def take(self, platform: str, method: str) -> list[Fault]:
        """The faults that this call suffers, each used up by one: every latency, and the first of the others."""
        taken: list[Fault] = []
        for fault in list(self.active):
            if not fault.matches(platform, method):
                continue
            if fault.kind is not FaultKind.LATENCY and any(t.kind is not FaultKind.LATENCY for t in taken):
                continue
            taken.append(fault)
            if fault.times is not None:
                fault.times -= 1
                if fault.times < 1:
                    self.remove(fault.id)
        return taken
