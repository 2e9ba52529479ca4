"""How Discord writes the names of text channels: lower case, dashes for spaces, most punctuation dropped."""

import unicodedata

TEXT_TYPES = (0, 5)
"""Channel types whose names are normalised; categories, voice channels and threads keep theirs."""


def channel_name(name: str) -> str:
    """The name as Discord would store it; ``""`` if nothing of it remains."""
    kept = [_written(letter) for letter in name.strip().lower()]
    words = "".join(kept)
    while "--" in words:
        words = words.replace("--", "-")
    return words.strip("-") or ("-" if "-" in words else "")


def _written(letter: str) -> str:
    if letter in "-_" or letter.isspace():
        return letter if letter == "_" else "-"
    category = unicodedata.category(letter)
    # Letters, digits, marks and symbols such as emoji stay; ASCII symbols and all other punctuation go.
    kept = category[0] in "LNM" or (category[0] == "S" and not letter.isascii()) or letter == "\u200d"
    return letter if kept else ""
