"""Texts within a number of characters, cut visibly."""

from collections.abc import Sequence

from bot.card import Bold, Mention, Span, Text, When, plain

_ESCAPED = frozenset("\\*_~`|<>[]#@+-")
"""Characters that a platform may have to write as two."""
_JOINER = "\u200d"
_TRAILING = frozenset("\u200d\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
"""What belongs to the character before it: half an emoji is another emoji."""
_MENTION, _WHEN = 24, 18
"""Characters of a mention and of a time in the longest notation of the platforms (Discord's)."""
QUOTED = 600
"""Characters of a status update where it is quoted: whole it stands in its own message and on the timeline."""
SHORTEST = 8
"""Characters that are always left of a text."""


def shorten(text: str, most: int) -> str:
    """The text on one line within ``most`` characters; where it is cut, it ends in ``…`` and never within an emoji."""
    return cut(" ".join(text.split()), most)


def cut(text: str, most: int) -> str:
    """As :func:`shorten`, with its lines as they are."""
    if len(text) <= most:
        return text
    end = most - 1
    while end > 0 and (text[end] in _TRAILING or text[end - 1] == _JOINER):
        end -= 1
    return f"{text[:end].rstrip()}…"


def weight(text: Text) -> int:
    """Characters that a text may take on a platform, at the most."""
    return sum(map(_weight, text))


def _weight(part: str | Span) -> int:
    match part:
        case Mention():
            return max(_MENTION, len(part.person.name))
        case When():
            return _WHEN
        case Bold():
            return sum(map(_letter, part.text)) + 4
    return sum(map(_letter, plain((part,)))) + (0 if isinstance(part, str) else 2)


def _letter(letter: str) -> int:
    return 2 if letter in _ESCAPED else 1


def fit(texts: Sequence[str], room: int) -> list[str]:
    """The texts within ``room`` characters together, as :func:`weight` counts: the longest are cut to one length."""
    texts = [" ".join(text.split()) for text in texts]
    left = room
    for place, each in enumerate(sorted(weight((text,)) for text in texts)):
        share = left // (len(texts) - place)
        if each > share:
            return [_within(text, max(share, SHORTEST)) for text in texts]
        left -= each
    return texts


def _within(text: str, cap: int) -> str:
    taken = 0
    for place, letter in enumerate(text):
        taken += _letter(letter)
        if taken > cap:
            return shorten(text, place)
    return text
