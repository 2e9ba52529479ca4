"""The audit of a stored timeline: read piece by piece, beside a bot that goes on writing to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from bot.chain import Break, Harm, Tail, Walk, swapped
from bot.reader import Reader
from bot.timeline import BEGINNING, Anchor


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of it."""

    incident: int
    broken: Break | None
    length: int
    """Entries that were walked past."""
    head: str

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.broken is None

    @property
    def says(self) -> str:
        """In words."""
        return self.broken.says if self.broken is not None else Anchor(self.head, self.length).short


class Verdict(TypedDict):
    """An audit for a script."""

    incident: int
    whole: bool
    says: str
    entry: int | None
    """The first broken one."""
    harm: str | None
    """What was done to it: a :class:`bot.chain.Harm`."""
    entries: int
    head: str


def verdict(number: int, found: Audit | None) -> Verdict:
    """An audit as it is printed; ``None`` stands for an incident that is not there."""
    found = found or Audit(number, Break(1, Harm.CUT, "there is no such incident"), 0, BEGINNING)
    broken = found.broken
    return Verdict(
        incident=number,
        whole=found.whole,
        says=found.says,
        entry=broken.seq if broken is not None else None,
        harm=broken.harm.value if broken is not None else None,
        entries=found.length,
        head=found.head,
    )


async def audit(reader: Reader, number: int, anchors: Sequence[Anchor] = ()) -> Audit | None:
    """Walk an incident's chain to its end; ``None`` where neither the incident nor any entry of it is there.

    What the incident says is read after its entries, and what was appended in between is walked, too.
    """
    walk = Walk(number, anchors)
    tail: Tail | None = None
    while tail is None or tail.length > walk.count:
        before = walk.count
        await _go(reader, walk, number)
        tail = await reader.tail(number)
        if tail is None and not walk.count:
            return None
        tail = tail or Tail(0, walk.head)
        if walk.broken is not None or walk.count == before:
            break
    found = walk.end(tail)
    if found is not None:
        found = swapped(found, walk.suspect, most=max(tail.length, walk.count))
    return Audit(number, found, walk.count, walk.head)


async def _go(reader: Reader, walk: Walk, number: int) -> None:
    async for each in reader.rows(number, after=walk.count):
        walk.step(each)
        if walk.broken is not None:
            return
