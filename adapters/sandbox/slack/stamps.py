"""Identifiers as Slack shapes them, and time stamps that are unique even when the clock stands still."""

from collections import Counter
from hashlib import sha256

from adapters.sandbox.clock import SandboxClock

MICRO = 1_000_000
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Stamps:
    """Mints ids and ``ts``; the same acts in the same order give the same ids."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._last = 0
        self._made: Counter[str] = Counter()

    def ts(self) -> str:
        """A message's id and time: seconds and microseconds, later than every one before."""
        now = round(self._clock.now().timestamp() * MICRO)
        self._last = max(now, self._last + 1)
        return f"{self._last // MICRO}.{self._last % MICRO:06d}"

    def seconds(self) -> int:
        """Unix time in whole seconds."""
        return int(self._clock.now().timestamp())

    def id(self, letter: str) -> str:
        """``C09ABCDEF12``: the kind's letters and nine characters."""
        self._made[letter] += 1
        return f"{letter}0{self._base36(letter, self._made[letter])}"

    def secret(self, kind: str) -> str:
        """24 characters that stand for something nobody could guess."""
        self._made[kind] += 1
        return sha256(f"{kind} {self._made[kind]}".encode()).hexdigest()[:24]

    def _base36(self, letter: str, number: int) -> str:
        """Eight characters that look drawn at random, the last four counting so that none repeats."""
        seed, word = int(sha256(letter.encode()).hexdigest(), 16), ""
        for _ in range(4):
            seed, digit = divmod(seed, 36)
            word += DIGITS[digit]
        tail = ""
        for _ in range(4):
            number, digit = divmod(number, 36)
            tail = DIGITS[digit] + tail
        return word + tail
