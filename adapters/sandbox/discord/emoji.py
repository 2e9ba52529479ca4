"""What counts as an emoji. The sandbox's guild has none of its own, so all are Unicode's."""

import unicodedata

from adapters.sandbox.discord.errors import refusal

SELECTOR = "\ufe0f"
"""Asks for a picture instead of a letter; Discord takes an emoji with and without it for the same."""
KEYCAP = "\u20e3"
PUNCTUATION = "\u203c\u2049\u3030\u303d\u00a9\u00ae\u2122\u2139"
"""Emoji that Unicode counts among letters and punctuation: ‼ ⁉ 〰 〽 © ® ™ ℹ."""
LONGEST = 20
"""Code points; families and flags take several."""


def bare(emoji: str) -> str:
    """The emoji as it is compared and counted."""
    return emoji.replace(SELECTOR, "")


def is_emoji(text: str) -> bool:
    letters = bare(text)
    drawn = KEYCAP in letters or any(_drawn(letter) for letter in letters)
    return drawn and len(letters) <= LONGEST and not any(letter.isascii() and letter.isalpha() for letter in letters)


def _drawn(letter: str) -> bool:
    symbol = unicodedata.category(letter) in ("So", "Sk", "Sm") and not letter.isascii()
    return symbol or letter in PUNCTUATION


def key_of(emoji: str) -> str:
    """The emoji as reactions are counted; raises 10014 if it is none."""
    if not is_emoji(emoji):
        raise refusal(10014)
    return bare(emoji)
