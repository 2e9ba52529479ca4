"""One value that does not fit: where it stands, what was found there, and what was expected."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic_core import PydanticCustomError
from rapidfuzz import fuzz, process

from bot.hidden import spelled

At = tuple[int | str, ...]
"""Path to a value: ``("severities", 0, "cadence")``."""
NEAR = 60.0
"""From this likeness on (0 to 100) a known name is offered for one that is not."""
MADE_UP = "nameless-"
"""Begins what stands in for a name that is missing or wrong; nobody is shown it."""
MOST = 12
"""Names that a sentence lists."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that does not fit."""

    at: At
    found: str
    expected: str
    lacks: str = ""
    """The name that is looked for and is nowhere, or the keys beside it, one of which is needed."""
    among: str = ""
    """The part of the playbook in which it is looked for."""
    line: int = 0
    """The line within the value, from 1 on, where it has several and that is known."""

    def __str__(self) -> str:
        return f"found {self.found}, expected {self.expected}"

    def error(self, kind: str = "misfit", *, key: str = "") -> PydanticCustomError:
        """The same for pydantic, of this type; ``key`` is the one it is about, where the error stands at its part."""
        about: dict[str, object] = {"lacks": self.lacks, "among": self.among, "line": self.line, "key": key}
        told = {"found": self.found, "expected": self.expected, **about}
        return PydanticCustomError(kind, "found {found}, expected {expected}", told)


def wrong(found: str, expected: str, *, key: str = "") -> PydanticCustomError:
    """What a validator of one part raises, about one of its keys or about the whole."""
    return Misfit((), found, expected).error(key=key)


def where(at: At) -> str:
    """A path as people read it: ``severities[0].cadence``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in at).lstrip(".")


def quoted(word: str) -> str:
    """A word as it was written, shortened, on one line."""
    line = spelled(" ".join(word.split()))
    return f"“{line[:60]}…”" if len(line) > 60 else f"“{line}”"


def listed(names: Iterable[str], *, last: str = "or") -> str:
    """``a, b or c``; of many the first few."""
    all_ = [name for name in names if name]
    if len(all_) > MOST:
        return f"{', '.join(all_[:MOST])} … ({len(all_)} in all)"
    return f" {last} ".join(filter(None, (", ".join(all_[:-1]), *all_[-1:])))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that is most like a word; empty where none is."""
    best = process.extractOne(word, list(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=NEAR)
    return str(best[0]) if best is not None else ""
