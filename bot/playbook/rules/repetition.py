"""Finds regular expressions that may take for ever: what repeats itself or branches, repeated without an end.

``(a+)+`` and ``(a|ab)*`` try every way of dividing a text that does not match, twice as many with each letter. Refusing
the shape is coarse (``(a|b)+`` would do no harm) but leaves nothing to chance; a character class says the same. Groups
that call themselves, and counted repetitions within each other, which are written out before anything is read, are told
of here as well: nothing that is refused here may be compiled.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\\. | \[\^?\]?(?:\\.|[^\]\\])*\]                                         # an escaped character, a class
      | \((?:\?(?:P<\w+>|P=\w+\)|[:=!>]|<[=!]|\#[^)]*\)|[aiLmsux-]+[:)]))?     # a group opens, or is complete
      | (?:[*+?]|\{\d*,?\d*\})[?+]?                                           # a repetition
      | .""",
    re.VERBOSE | re.DOTALL,
)
LARGEST = 10_000
"""Characters that a pattern may come to with its counted repetitions written out."""
_COUNTED = re.compile(r"\{(\d*),?(\d*)\}")
_CALLS = re.compile(r"\(\?(?:R|[+-]?\d+|&\w+|P>\w+)\)")
"""A group, or the whole, from within itself."""
_ENDLESS = re.compile(r"[*+]|\{\d*,\}|\{\d*,?\d{2,}\}")
"""A repetition without an end, or with one that is far away."""


@dataclass(slots=True)
class _Group:
    start: int
    risky: bool = False


def blows_up(pattern: str) -> str:
    """The part of a pattern that could take for ever; empty where none could."""
    open_ = [_Group(0)]
    closed: _Group | None = None
    for token in _TOKEN.finditer(pattern):
        word = token.group()
        if word.startswith("(") and not word.endswith(")"):
            open_.append(_Group(token.start()))
        elif word == ")" and len(open_) > 1:
            closed = open_.pop()
            open_[-1].risky = open_[-1].risky or closed.risky
            continue
        elif word == "|":
            open_[-1].risky = True
        elif _ENDLESS.match(word):
            if closed is not None and closed.risky:
                return pattern[closed.start : token.end()]
            open_[-1].risky = True
        closed = None
    return ""


def calls(pattern: str) -> str:
    """The part of a pattern that calls a group, which may call itself; empty where none does."""
    found = _CALLS.search(pattern)
    return found.group() if found is not None else ""


def written_out(pattern: str) -> int:
    """About how many characters a pattern comes to with its counted repetitions written out."""
    open_, last = [0], 0
    for token in _TOKEN.finditer(pattern):
        word = token.group()
        if word.startswith("(") and not word.endswith(")"):
            open_.append(0)
            last = 0
        elif word == ")" and len(open_) > 1:
            last = open_.pop()
            open_[-1] += last
        elif counted := _COUNTED.match(word):
            times = max((int(number) for number in counted.groups() if number), default=1)
            open_[-1] += last * (times - 1)
            last *= times
        else:
            open_[-1] += 1
            last = 1
    return sum(open_)
