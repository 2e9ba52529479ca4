"""Walking along a timeline's chain: where it first breaks, and what was done to it there.

A walk holds nothing but where it is, so that a chain of any length is walked in the same memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.timeline import BEGINNING, Anchor, Link, chain_hash


class Harm(StrEnum):
    """What was done to a chain."""

    CHANGED = "changed"
    MISSING = "missing"
    SWAPPED = "swapped"
    ADDED = "added"
    CUT = "cut"
    """The last entries are gone."""
    RECOMPUTED = "recomputed"
    """It fits together, but is not the chain that once stood there."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain first breaks."""

    seq: int
    """Number of the entry; 1 is the first."""
    harm: Harm
    says: str


@dataclass(frozen=True, slots=True)
class Tail:
    """How an incident says that its chain ends."""

    length: int
    head: str
    strange: str = ""
    """What is wrong with what the incident says, in words; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Illegible:
    """A row that stands in a timeline's place and cannot be read as an entry."""

    seq: int
    why: str


class Walk:
    """One walk along one chain, past the anchors that somebody kept of it."""

    def __init__(self, incident: int, anchors: Sequence[Anchor] = ()) -> None:
        self.count = 0
        """Entries walked past."""
        self.head = BEGINNING
        """Hash of the last of them."""
        self.broken: Break | None = None
        self.suspect: Link | None = None
        """The entry at which it breaks, where its content does not fit its hash."""
        self._incident, self._anchors = incident, sorted(anchors, key=lambda one: one.length)

    def step(self, each: Link | Illegible) -> None:
        """Take the next entry; behind a break nothing is looked at any more."""
        if self.broken is not None:
            return
        self.count += 1
        self.broken = self._illegible(each) if isinstance(each, Illegible) else self._wrong(each)
        if isinstance(each, Link):
            self.head = each.hash
        if self.broken is None:
            self.broken = self._forged()

    def end(self, tail: Tail) -> Break | None:
        """The first break, with what the incident says of the end, and with anchors beyond it."""
        return self.broken or self._cut(tail) or self._replaced(tail) or self._beyond()

    def _illegible(self, each: Illegible) -> Break:
        if each.seq != self.count:
            return self._missing(each.seq)
        return self._break(Harm.CHANGED, f"was changed after it was written: {each.why}")

    def _wrong(self, link: Link) -> Break | None:
        if link.seq != self.count:
            return self._missing(link.seq)
        if link.incident == self._incident and link.hash == _hash(link, before=self.head):
            return None if link.before == self.head else self._break(Harm.CHANGED, "was changed: the hash before it")
        if link.before != self.head and link.hash == _hash(link, before=link.before):
            return self._unbound(link)
        self.suspect = link
        return self._break(Harm.CHANGED, "was changed after it was written")

    def _unbound(self, link: Link) -> Break:
        """The entry is as it was written, but what stands before it is not what it was written after."""
        if self.count == 1:
            return Break(1, Harm.CHANGED, "entry 1 does not begin the chain: it was written after another")
        before = self.count - 1
        says = f"entry {before} was changed and its hash with it: entry {self.count} still follows the old one"
        return Break(before, Harm.RECOMPUTED, says)

    def _missing(self, seq: int) -> Break:
        return self._break(Harm.MISSING, f"is missing; entry {seq} stands in its place")

    def _forged(self) -> Break | None:
        """Whether an anchor of just this entry tells of another one."""
        for anchor in self._anchors:
            if anchor.length == self.count and not anchor.fits(self.head):
                says = f"is not the one of the anchor {anchor.head[:16]}…: it, or some before it, was written anew"
                return self._break(Harm.RECOMPUTED, says)
        return None

    def _cut(self, tail: Tail) -> Break | None:
        if self.count < tail.length:
            last = f"; the last {tail.length - self.count} of {tail.length} were cut off"
            return Break(self.count + 1, Harm.CUT, f"entry {self.count + 1} is missing{last}")
        if self.count > tail.length:
            says = f"entry {tail.length + 1} was added: the incident counts {tail.length} entries"
            return Break(tail.length + 1, Harm.ADDED, f"{says}, but {self.count} are there")
        return None

    def _replaced(self, tail: Tail) -> Break | None:
        if tail.strange:
            return self._break(Harm.CHANGED, f"is the last, but {tail.strange}")
        if self.head != tail.head:
            return self._break(Harm.RECOMPUTED, "is the last, but not the one the incident names: it was written anew")
        return None

    def _beyond(self) -> Break | None:
        longest = self._anchors[-1] if self._anchors else None
        if longest is None or longest.length <= self.count:
            return None
        says = f"entry {self.count + 1} is missing: the anchor knew {longest.length} entries, and {self.count} are left"
        return Break(self.count + 1, Harm.CUT, says)

    def _break(self, harm: Harm, says: str) -> Break:
        return Break(self.count, harm, f"entry {self.count} {says}")


def origin(link: Link, *, most: int) -> int | None:
    """The place in its own incident that an entry was written for, if it is one of the first ``most``."""
    places: Iterator[int] = (seq for seq in range(1, most + 1) if seq != link.seq)
    return next((seq for seq in places if _hash(link, before=link.before, seq=seq) == link.hash), None)


def swapped(found: Break, link: Link | None, *, most: int) -> Break:
    """The same break, told more exactly where the entry belongs to another place of the chain."""
    place = origin(link, most=most) if link is not None else None
    if place is None:
        return found
    return Break(found.seq, Harm.SWAPPED, f"entry {found.seq} was swapped: entry {place} stands in its place")


def verify(links: Iterable[Link | Illegible], *, length: int, head: str, anchors: Sequence[Anchor] = ()) -> str | None:
    """``None`` if the chain is whole and ends as the incident says, else where it breaks, in words."""
    walk: Walk | None = None
    for link in links:
        walk = walk or Walk(link.incident if isinstance(link, Link) else 0, anchors)
        walk.step(link)
    walk = walk or Walk(0, anchors)
    found = walk.end(Tail(length, head))
    return swapped(found, walk.suspect, most=length).says if found is not None else None


def _hash(link: Link, *, before: str, seq: int | None = None) -> str:
    return chain_hash(link.incident, seq or link.seq, link.entry, before=before)
