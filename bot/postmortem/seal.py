"""The seal under what the bot wrote into a file that people may change: it holds as long as nobody did.

A seal is a comment of Markdown, which no reader of the file sees. It names what it belongs to and holds a digest of
what stands before it. Whether something is still as the bot left it can so be told from the file alone, whatever became
of the commit that brought it: squashed, rebased, or merged by hand.
"""

import hashlib
import re

_SEAL = re.compile(r"[ \t]*<!-- tocsin (?P<name>[0-9/]{1,40}) (?P<digest>[0-9a-f]{12}) -->")


def sealed(text: str, name: str) -> str:
    """The text with its seal behind it; ``name`` is a number, or two with a slash between: ``42/3``."""
    return f"{text}{'' if text.endswith(chr(10)) else ' '}{_mark(text, name)}"


def bare(text: str) -> str:
    """The text without seals."""
    return _SEAL.sub("", text)


def name_of(text: str) -> str:
    """What the first seal in a text names; empty where there is none."""
    found = _SEAL.search(text)
    return found["name"] if found is not None else ""


def holds(text: str) -> bool:
    """Whether a text is as the bot wrote it, however its lines end and wherever it has spaces."""
    found = _SEAL.search(text)
    return found is not None and found["digest"] == digest(bare(text))


def same(one: str, other: str) -> bool:
    """Whether two texts say the same, seals and spaces aside."""
    return digest(bare(one)) == digest(bare(other))


def _mark(text: str, name: str) -> str:
    return f"<!-- tocsin {name} {digest(text)} -->"


def digest(text: str) -> str:
    """Twelve letters that stand for a text, whatever its spaces and line ends."""
    words = " ".join(text.split())  # tools that align tables or trim lines change nothing that anybody wrote
    return hashlib.sha256(words.encode("utf-8", "surrogateescape")).hexdigest()[:12]
