"""Asking health checks."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from bot.intents.chat import Whisper
from bot.intents.intent import BaseIntent
from bot.people import Person
from bot.playbook.help import HealthCheck

HEALTH = "health"
"""Lane of the health checks: what is owed there is asked over HTTP, not said in chat."""


class Asking(StrEnum):
    """What for health checks are asked."""

    CHECK = "check"
    """Somebody wants to see them."""
    WATCH = "watch"
    """They are watched: people hear of a change only."""
    RESOLVE = "resolve"
    """Somebody wants to resolve, and they have to be green for that."""


class Probe(BaseIntent):
    """Ask health checks, side by side. What they answer comes back as ``Probed`` (``bot/learned.py``)."""

    kind: Literal["probe"] = "probe"
    run: int
    """Counts the runs of its incident."""
    checks: tuple[HealthCheck, ...]
    allowed_hosts: tuple[str, ...] = ()
    """Hosts that may have an address that is not public."""
    why: Asking
    asked_at: AwareDatetime
    by: Person | None = None
    platform: str = ""
    """The chat platform on which it was asked for."""
    answer: Whisper | None = None
    """How to tell that person; its card is filled in when there is something to tell."""

    def about(self) -> str:
        return "asking the health checks"
