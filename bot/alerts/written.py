"""Reading posts: what stands beside a name, and the state that a line tells."""

import re
from collections.abc import Mapping

from bot.alerts.alert import AlertState
from bot.alerts.post import Post

_MARKS = re.compile(r"[*_`~]{1,3}")
_ADDRESSED = re.compile(r"\s?\(https?://[^\s()]{1,2000}\)|https?://[^\s()]{1,2000}")
LINES = 60
"""Lines of a post that are looked through."""
WIDEST = 500
"""Characters of each."""


def _bare(text: str) -> str:
    return _ADDRESSED.sub("", _MARKS.sub("", text)).strip()


def lines(post: Post) -> list[str]:
    """What is written in a post, a line each, without marks of emphasis and without addresses."""
    kept = [line[:WIDEST] for line in post.text.splitlines()[:LINES]]
    return [line for line in map(_bare, kept) if line]


def named(post: Post, *names: str) -> str:
    """What stands beside one of these names: in a field, behind a colon, or on the next line; empty where none does."""
    fields = {_bare(name).strip(" :").casefold(): _bare(value[:WIDEST]) for name, value in post.fields.items()}
    written = lines(post)
    for name in (name.casefold() for name in names):
        if fields.get(name):
            return fields[name]
        for line, after in zip(written, [*written[1:], ""], strict=True):
            label, colon, value = line.partition(":")
            if label.strip().casefold() == name and (value.strip() or after):
                return value.strip() if colon and value.strip() else after
    return ""


def state(line: str, words: Mapping[AlertState, re.Pattern[str]]) -> AlertState | None:
    """The state that a line tells: the first of these, in their order, one of whose words stands in it."""
    return next((told for told, pattern in words.items() if pattern.search(line)), None)


def wrote(post: Post, *names: str, address: re.Pattern[str]) -> bool:
    """Whether a sender wrote a post, and not somebody who only mentions what stands there: it posts under one of these
    names, or under none, or the post's title leads to its address."""
    author = post.author.casefold()
    titled = any(part.title and address.match(part.link) for part in post.parts)
    return not author or titled or any(name in author for name in names)
