"""Slack's rate limits, counted by the sandbox's clock: a tier for each method, and one post a second per channel."""

import math
from collections import defaultdict, deque

from adapters.sandbox.slack import limits
from adapters.sandbox.slack.world import World


class Budget:
    """How often each method was called lately."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lately: defaultdict[str, deque[float]] = defaultdict(deque)

    def wait(self, method: str, tier: int | None, *, channel: str = "") -> int:
        """Whole seconds after which the call may be made, 0 for now; a call that may be made is counted."""
        if not self._world.enforce_limits:
            return 0
        if method == "chat.postMessage":
            return self._take(f"{method} {channel}", 1, limits.POST_SECONDS)
        return self._take(method, limits.TIERS[tier], limits.WINDOW) if tier else 0

    def _take(self, key: str, most: int, window: float) -> int:
        now = self._world.now().timestamp()
        calls = self._lately[key]
        while calls and not 0 <= now - calls[0] < window:
            calls.popleft()
        if len(calls) >= most:
            return max(1, math.ceil(calls[0] + window - now))
        calls.append(now)
        return 0
