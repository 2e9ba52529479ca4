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
MESSAGES = (limits.CHANNEL_MESSAGES, limits.CHANNEL_MESSAGES_SECONDS)
MANY_BUCKETS = 10_000
"""From so many on, all are forgotten: each interaction's token has its own."""
USUAL = (limits.GLOBAL_PER_SECOND, 1.0)


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
        bucket = hashlib.sha256(name.encode()).hexdigest()[:32]
        now = self._clock.now()
        if not self.enforced:
            many, seconds = GENEROUS
            return _headers(bucket, now, many=many, left=many - 1, seconds=seconds)
        self._enforce_everywhere(now, everywhere=everywhere)
        many, seconds = MESSAGES if name == PER_CHANNEL else USUAL
        times = self._times.setdefault((name, *(ids[major] for major in MAJOR if major in ids)), [])
        if len(self._times) > MANY_BUCKETS:
            self._times.clear()
        wait = tries(times, now, many=many, seconds=seconds)
        if wait:
            raise RateLimited(wait, headers=_headers(bucket, now, many=many, left=0, seconds=wait))
        after = seconds - (now - times[0]).total_seconds()
        return _headers(bucket, now, many=many, left=many - len(times), seconds=after)

    def _enforce_everywhere(self, now: datetime, *, everywhere: bool) -> None:
        if not everywhere:
            return
        wait = tries(self._all, now, many=limits.GLOBAL_PER_SECOND, seconds=1.0)
        if wait:
            raise RateLimited(wait, everywhere=True)


def _headers(bucket: str, now: datetime, *, many: int, left: int, seconds: float) -> dict[str, str]:
    return {
        "X-RateLimit-Bucket": bucket,
        "X-RateLimit-Limit": str(many),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": f"{(now + timedelta(seconds=seconds)).timestamp():.3f}",
        "X-RateLimit-Reset-After": f"{seconds:.3f}",
    }
