"""Makes a failing input small: whatever can be left out without the fault going away is left out."""

import copy
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

TRIES = 100
"""Attempts after which an input is small enough."""

Fails = Callable[[Any], Awaitable[bool]]


async def shrunk(given: Any, fails: Fails) -> Any:
    """The smallest input that was found to fail in the same way."""
    tries, smaller = 0, True
    while smaller:
        smaller = False
        for one in _smaller(given):
            tries += 1
            if tries > TRIES:
                return given
            if await fails(one):
                given, smaller = one, True
                break
    return given


def _smaller(given: Any) -> Iterator[Any]:
    """Inputs with something less, the boldest first."""
    if isinstance(given, str | bytes):
        yield from _pieces(given)
    elif isinstance(given, list | dict):
        keys = list(given) if isinstance(given, dict) else list(range(len(given)))
        if isinstance(given, list) and len(given) > 4:
            yield from _pieces(given)
        for key in keys:
            less = copy.copy(given)
            del less[key]
            yield less
        for key in keys:
            for inner in _smaller(given[key]):
                changed = copy.copy(given)
                changed[key] = inner
                yield changed


def _pieces(given: Any) -> Iterator[Any]:
    size = len(given) // 2
    while size:
        for at in range(0, len(given), size):
            yield given[:at] + given[at + size :]
        size //= 2
