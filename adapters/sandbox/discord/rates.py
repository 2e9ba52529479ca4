"""Rate limits: the buckets that answers speak of, and, when they are enforced, the 429s."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord import limits
from adapters.sandbox.discord.errors import RateLimited
from adapters.sandbox.discord.windows import tries

MAJOR = ("channel", "guild", "application", "token")
"""Path parameters that share out a bucket; with the token goes the webhook it belongs to."""
PER_CHANNEL = "POST /channels/*/messages"
GENEROUS = (10_000, 1.0)
"""Announced while nothing is enforced, so that no client holds itself back."""
USUAL = (50, 1.0)


class Rates:
    """Counts calls by bucket, in the sandbox's time."""

    def __init__(self, clock: SandboxClock) -> None:
        self.enforced = False
        self._clock = clock
        self._times: dict[tuple[str, ...], list[datetime]] = {}
        self._all: list[datetime] = []

    def count(self, name: str, ids: Mapping[str, str], *, everywhere: bool) -> dict[str, str]:
        """Count one call and return the headers of its answer; raises 429 when limits are enforced.

        ``everywhere``: it counts towards the bot's global limit, as all calls but those of interactions do.
        """
        now = self._clock.now()
        many, seconds = self._limit(name)
        key = (name, *(ids[major] for major in MAJOR if major in ids))
        times = self._times.setdefault(key, [])
        if self.enforced:
            self._enforce_everywhere(now, everywhere=everywhere)
        wait = tries(times, now, many=many, seconds=seconds)
        if wait and self.enforced:
            raise RateLimited(wait)
        if len(self._times) > 10_000:
            self._times = {key: times}
        return self._headers(name, times, now, many=many, seconds=seconds)

    def _limit(self, name: str) -> tuple[int, float]:
        if not self.enforced:
            return GENEROUS
        return (limits.CHANNEL_MESSAGES, limits.CHANNEL_MESSAGES_SECONDS) if name == PER_CHANNEL else USUAL

    def _enforce_everywhere(self, now: datetime, *, everywhere: bool) -> None:
        if not everywhere:
            return
        wait = tries(self._all, now, many=limits.GLOBAL_PER_SECOND, seconds=1.0)
        if wait:
            raise RateLimited(wait, everywhere=True)

    def _headers(self, name: str, times: list[datetime], now: datetime, *, many: int, seconds: float) -> dict[str, str]:
        after = max(0.0, seconds - (now - times[0]).total_seconds()) if times else seconds
        reset = now + timedelta(seconds=after)
        return {
            "X-RateLimit-Bucket": hashlib.sha256(name.encode()).hexdigest()[:32],
            "X-RateLimit-Limit": str(many),
            "X-RateLimit-Remaining": str(max(0, many - len(times))),
            "X-RateLimit-Reset": f"{reset.timestamp():.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
        }
