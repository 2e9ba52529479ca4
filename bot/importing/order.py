"""Who follows whom: the shortest order that a run of turns repeats, be it with an exception here and there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

MOST = 60
"""Turns of an order at most."""
EXCEPTIONS = 5
"""At most every so manieth turn may be somebody else's: somebody stood in."""

LEAST = 3
"""Turns that have to come again where somebody has several stretches in a round: fewer agree by chance."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order that repeats itself."""

    keys: tuple[str, ...]
    exceptions: tuple[int, ...] = ()
    """Places in the run of turns that were somebody else's."""
    repeated: bool = True
    """Whether the run shows that it repeats itself; a run of one round shows nothing of what follows."""


def order(run: Sequence[str | None]) -> Order | None:
    """The order of a run of turns, of which some are not known (``None``); ``None`` where there is none."""
    if not any(run):
        return None
    sizes = range(1, min(len(run), MOST + 1))
    fitting = {size: _misses(run, size) for size in sizes}
    plain = next((size for size, misses in fitting.items() if not misses), None)
    if plain is not None and plain <= len(run) // 2:
        return _of(run, plain)
    near = [size for size in sizes if size <= len(run) // 2 and _likely(run, size, len(fitting[size]))]
    if near:
        return _of(run, min(near, key=lambda size: (len(fitting[size]), size)))
    if plain is not None and (_once(run[:plain]) or len(run) - plain >= max(LEAST, plain // 2)):
        return _of(run, plain)
    if len(run) > MOST or not _once(run):
        return None
    return Order(tuple(_filled(list(run))), repeated=False)


def _likely(run: Sequence[str | None], size: int, misses: int) -> bool:
    """Whether so many exceptions may be exceptions: few, and nobody is left who has no turn of their own."""
    if misses > max(1, len(run) // EXCEPTIONS):
        return False
    mine = set(_usual(run, size))
    strangers = {one for one in run if one is not None} - mine
    return (all(Counter(run)[one] == 1 for one in strangers) and len(mine) > 1) or not strangers


def _of(run: Sequence[str | None], size: int) -> Order:
    return Order(tuple(_filled(_usual(run, size))), tuple(_misses(run, size)), repeated=len(run) >= 2 * size)


def _usual(run: Sequence[str | None], size: int) -> list[str | None]:
    """Whose each turn of a round mostly is."""
    mostly: list[str | None] = []
    for place in range(size):
        counted = Counter(one for one in run[place::size] if one is not None)
        mostly.append(counted.most_common(1)[0][0] if counted else None)
    return mostly


def _misses(run: Sequence[str | None], size: int) -> list[int]:
    usual = _usual(run, size)
    return [place for place, one in enumerate(run) if one is not None and one != usual[place % size]]


def _once(run: Sequence[str | None]) -> bool:
    """Whether everybody has one stretch of turns: a round that was seen once."""
    stretches = [one for place, one in enumerate(run) if one is not None and (not place or one != run[place - 1])]
    return len(stretches) == len(set(stretches)) > 0


def _filled(usual: list[str | None]) -> list[str]:
    """With whose turn nobody knows given to whoever had the one before."""
    known = [one for one in usual if one is not None]
    filled, last = [], known[-1] if usual[0] is None else known[0]
    for one in usual:
        last = one if one is not None else last
        filled.append(last)
    return filled
