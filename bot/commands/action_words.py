"""What people type of an action item: its text, owner, kind and date; what becomes of one that is there."""

import re
from enum import StrEnum
from typing import Self

from bot import due, owners
from bot.commands.verb import reason
from bot.due import Doubtful
from bot.errors import Mistake, Unsaid
from bot.items import read_due
from bot.model import Model
from bot.progress import ActionKind
from bot.scene import Scene

_KIND = re.compile(r"(?:^|(?<=\s))(?P<kind>prevent|detect|mitigat|repair)(?:e|ion|ive)?:\s*", re.IGNORECASE)
DROP = re.compile(r"^(?:drop(?:ped)?|cancel(?:led)?|won't do|wont do)\b[\s:,.]*", re.IGNORECASE)
_AGAIN = re.compile(r"^(?:again|reopen(?:ed)?|undo|not done)[.!]?$", re.IGNORECASE)
_FORM = re.compile(r"^(?:form|edit|change|by|due)?$", re.IGNORECASE)
_TO = re.compile(r"^(?:to|for)\s+(?=[@<])", re.IGNORECASE)


class Does(StrEnum):
    """What becomes of it."""

    SET = "set"
    DROP = "drop"
    AGAIN = "again"


class Asks(Model):
    """A doubtful date, or an owner whom nobody knows, asked back."""

    sentence: str
    words: str = ""
    """The date as it was typed."""
    readings: tuple[str, ...] = ()
    """The date as it may be typed instead."""

    @classmethod
    def of(cls, doubt: Doubtful) -> Self:
        """What is doubtful in a date."""
        return cls(sentence=str(doubt), words=doubt.words, readings=doubt.readings)


def new(text: str, scene: Scene) -> dict[str, object]:
    """A new item's parts. An owner whom nobody knows is asked for, and what was typed beside it is kept."""
    try:
        return parts(text, scene)
    except Mistake as unknown:
        token, _, rest = text.partition(" ")
        given = parts(rest, scene)
        also = given.get("asks")
        asks = Asks(sentence=str(unknown), words=also.words if isinstance(also, Asks) else "")
        return given | {"asks": asks, "text": f"{token} {given['text']}" if given["text"] else ""}


def parts(text: str, scene: Scene) -> dict[str, object]:
    """An item's text, owner, kind and date. Raises ``Mistake`` where words begin with an owner whom nobody knows."""
    text, owner = owners.split_owner(text, scene)
    kind = _KIND.search(text)
    text = _KIND.sub("", text, count=1)
    given: dict[str, object] = {"owner": owner, "kind": _kind(kind["kind"]) if kind else None}
    try:
        text, given["due_at"] = due.split_due(text, lambda words: read_due(words, scene))
    except Doubtful as doubt:
        text, given["asks"] = doubt.text, Asks.of(doubt)
    return given | {"text": scene.readable(" ".join(text.split()))}


def _kind(word: str) -> ActionKind:
    return next(kind for kind in ActionKind if kind.value.startswith(word.casefold()))


def change(tail: str, scene: Scene) -> dict[str, object] | None:
    """What becomes of an item that exists; ``None`` where these are words of a new one: *3 replicas must run*."""
    tail = tail.strip()
    if _FORM.match(tail):
        raise Unsaid("Say what changes, like `/incident action 3 @bo` or `/incident action 3 by monday`.")
    dropped = DROP.match(tail)
    if dropped is not None:
        because = scene.readable(reason(tail[dropped.end() :]))
        if not because:
            raise Unsaid("Say why, like `/incident action 3 drop because the pool is gone`.")
        return {"does": Does.DROP, "because": because}
    if _AGAIN.match(tail):
        return {"does": Does.AGAIN}
    tail = _TO.sub("", tail)
    if not tail.startswith(("@", "<", "by ", "due ", "until ")) and not _KIND.match(tail):
        return None
    given = parts(tail, scene)
    return given if not given["text"] else None
