"""Words of people and alerts made harmless: they read as they were typed and do nothing.

Bare addresses (``https://…``) stay as they are, so that a reader may follow them: what one sees is where one goes.
An address behind other words (``[invoice](https://…)``) is shown with its brackets instead. Everything else that
Discord would act upon (mentions, times, emoji and command references in ``<…>``, bold, headings, lists, quotes,
code, spoilers) gets a backslash, which Discord drops before any character that is no letter, digit or space.
"""

import re
from collections.abc import Iterator

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
"""Control characters, and those that turn the reading direction of what follows: never part of a person's words."""

_PIECE = re.compile(
    r"""
    (?P<url> https?://[A-Za-z0-9.-]+ (?: :\d+ )? (?: [/?\#] [A-Za-z0-9_.,;:/?\#@&=+%$!'~()-]* )? )
    | (?P<bell> @ (?= everyone | here ) )
    | (?P<start> (?: ^ | (?<=\n) ) [ \t]* (?: > | (?: \d+ [.)] | \#{1,3} | -\# | [+-] ) (?= \s ) ) )
    | (?P<mark> [\\*_~`|<\[\]] )
    | (?P<rest> [\s\S] )
    """,
    re.VERBOSE | re.IGNORECASE,
)

_IN_URL = {"~~": "%7E%7E", "__": "%5F%5F", "@everyone": "%40everyone", "@here": "%40here"}


def clean(text: str) -> str:
    """The text without hidden characters, with ``\\n`` for line ends; not escaped (titles of modals, button labels)."""
    return _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def pieces(text: str) -> Iterator[tuple[str, int]]:
    """The text in its smallest harmless pieces, each with the number of characters that it stands for."""
    for match in _PIECE.finditer(clean(text)):
        found = match.group()
        match match.lastgroup:
            case "bell":
                yield "@\u200b", 1
            case "start":
                yield f"{found[:-1]}\\{found[-1]}", len(found)
            case "mark":
                yield f"\\{found}", 1
            case "url":
                yield _url(found), len(found)
            case _:
                yield found, len(found)


def _url(found: str) -> str:
    """The address with what would ring or format inside it percent-encoded, which leads to the same place."""
    for acting, encoded in _IN_URL.items():
        found = re.sub(re.escape(acting), encoded, found, flags=re.IGNORECASE)
    return found


def escape(text: str) -> str:
    """The whole text made harmless."""
    return "".join(piece for piece, _ in pieces(text))


def code(text: str) -> str:
    """The text as it is, to be typed or copied; a backtick, which would end it, becomes its look-alike."""
    inner = clean(text).replace("`", "\u02cb")
    return f"```\n{inner}\n```" if "\n" in inner else f"`{inner}`" if inner.strip() else ""


def listing(text: str) -> str:
    """The text as it is, in a block of its own to be copied from; only a fence, which would end it, is changed."""
    inner = clean(text).replace("```", "\u02cb\u02cb\u02cb").strip("\n")
    return f"```\n{inner}\n```" if inner.strip() else ""


def cut(text: str, limit: int) -> str:
    """Plain text no longer than ``limit``, with what is missing said at its end."""
    return text if len(text) <= limit else shorten(((letter, 1) for letter in text), limit)


def shorten(parts: Iterator[tuple[str, int]], limit: int) -> str:
    """The parts (what is shown, and how many characters that stands for) put together within ``limit``.

    What does not fit is cut visibly: ``… (cut: 1234 more characters)``.
    """
    kept: list[tuple[str, int]] = []
    length = missing = 0
    for shown, stands_for in parts:
        if missing or length + len(shown) > limit:
            missing += stands_for
        else:
            kept.append((shown, stands_for))
            length += len(shown)
    if not missing:
        return "".join(shown for shown, _ in kept)
    while kept and length + len(_told(missing)) > limit:
        shown, stands_for = kept.pop()
        length -= len(shown)
        missing += stands_for
    return "".join(shown for shown, _ in kept) + _told(missing)[:limit]


def _told(missing: int) -> str:
    return f"… (cut: {missing} more characters)"
