"""What the delivery holds in its hands on each platform."""

import asyncio
from dataclasses import dataclass, field
from time import monotonic

from bot.ledger import Claimed
from bot.ports import Platform

LEASE = 10.0
"""Seconds a claim holds in the ledger; nothing is sent on one last renewed more than half of that ago."""


@dataclass(slots=True)
class Held:
    """A claim in hand."""

    claim: Claimed
    renewed: float
    """Monotonic time of the claim or its last renewal."""
    lost: bool = False
    begun: bool = False
    """Whether it is being sent: from then on it may have had its effect."""
    attempt: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Lane:
    """One platform's part of the work."""

    platform: Platform
    held: dict[int, Held] = field(default_factory=dict)
    closed_until: float = 0.0
    """Monotonic time until which the platform as a whole is left alone."""
    failures: int = 0
    limited: dict[str, float] = field(default_factory=dict)
    """Kind of intent to the monotonic time until which the platform's rate limit holds it back."""
    more: bool = False
    """Whether the last claim took all it could: only then a place that becomes free is worth another look."""
    done_at: float = float("-inf")
    """Monotonic time at which the platform last took something."""
    looked_at: float = field(default_factory=monotonic)
    """Monotonic time at which this lane last looked for work, or saw that its hands are full."""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
