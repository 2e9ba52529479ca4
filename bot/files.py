"""Files that go into chat: a name that is safe on any machine, and the text within a platform's limit."""

import unicodedata

LONGEST = 100
"""Characters of a file's name. Ours: every platform takes more, and people still read it whole."""
ENDING = 10
"""Characters of an ending such as ``.md`` that a long name keeps."""
NOT_IN_NAMES = frozenset('/\\:*?"<>|')
"""What leads to a folder somewhere, or is no part of a name."""
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that nobody sees: control characters, and those that turn the reading direction."""
JOINERS = "\u200c\u200d"
"""Hidden, too, but letters of some scripts and many emoji are written with them."""
ROOM = 60
"""Bytes for saying how much was cut."""


def file_name(wanted: str) -> str:
    """The name without folders, line ends and hidden characters, at most ``LONGEST`` long; ``file.txt`` for none."""
    line = " ".join(wanted.split())
    seen = (sign for sign in line if sign in JOINERS or unicodedata.category(sign) not in HIDDEN)
    name = "".join("-" if sign in NOT_IN_NAMES else sign for sign in seen).strip(". -" + JOINERS)
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST and stem and len(ending) < ENDING:
        return stem[: LONGEST - len(ending) - 1] + dot + ending
    return name[:LONGEST] or "file.txt"


def file_bytes(text: str, most: int) -> bytes:
    """The text as UTF-8 within ``most`` bytes, never empty; where some is cut, its last line says how much."""
    whole = (text or "\n").encode(errors="replace")
    if len(whole) <= most:
        return whole
    kept = whole[: max(0, most - ROOM)].decode(errors="ignore")
    rest = len(whole.decode()) - len(kept)
    return f"{kept}\n… (cut: {rest} more characters)\n".encode()
