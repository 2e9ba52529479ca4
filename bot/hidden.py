"""Characters that people do not see: of no width, or turning the direction of whatever stands behind them."""

import re
from typing import Annotated

from pydantic import AfterValidator

HIDDEN = "\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"
"""As a regular expression's set holds them. A word that has one among its letters would be found by no search."""
_HIDDEN = re.compile(f"[{HIDDEN}]")
BROKEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
"""Control characters but tabs and line ends, half characters, and what is no character, as a set's inside too."""
_BROKEN = re.compile(f"[{BROKEN}]")
_UNREADABLE = re.compile(f"[{BROKEN}{HIDDEN}]")


def seen(text: str) -> str:
    """As people see it."""
    return _HIDDEN.sub("", text)


def readable(text: str) -> str:
    """What somebody typed, without what no keyboard makes: it could turn our own words around, steer a terminal, or be
    refused by the database or by JSON."""
    return _UNREADABLE.sub("", text)


Readable = Annotated[str, AfterValidator(readable)]
"""What somebody outside wrote, as far as it can be read."""


def spelled(text: str) -> str:
    """Where somebody is shown what is wrong with a text: what nobody can see is written out, as ``U+202E``."""
    return _UNREADABLE.sub(lambda found: f"U+{ord(found[0]):04X}", text)


def broken(text: str) -> str:
    """The first character that no text should hold, spelled; empty where there is none."""
    found = _BROKEN.search(text)
    return spelled(found[0]) if found is not None else ""
