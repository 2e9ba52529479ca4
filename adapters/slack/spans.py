"""Spans as Slack's rich text: whatever acts is an element of its own, and plain words can never act."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.words import escape
from bot.card import (
    Bold,
    Code,
    Everyone,
    GroupMention,
    Link,
    Listing,
    Mention,
    Quote,
    Room,
    Span,
    Style,
    Text,
    When,
    plain,
)

PLATFORM = "slack"
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,}")
_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_GROUP = re.compile(r"S[A-Z0-9]{2,}")
_FORMATS = {
    Style.RELATIVE: "\u200b{ago}",
    Style.TIME: "\u200b{time}",
    Style.MOMENT: "\u200b{date_short_pretty} {time}",
}
"""Slack's date tokens; the zero-width space in front keeps Slack from writing a capital letter in mid-sentence."""
_MARK = 40
"""Room for saying how much was cut."""

Element = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a text is shown."""

    room: str | None = None
    """The channel of the incident that it belongs to."""
    rings: bool = True
    """Whether its mentions ring."""

    def channel(self, room: Room) -> str | None:
        """Slack's id of the channel that a room is there."""
        ref = room.refs.get(PLATFORM) if room.refs else self.room
        return ref if ref and _CHANNEL.fullmatch(ref) else None

    def person(self, mention: Mention) -> str | None:
        """Slack's id of somebody who is to be rung."""
        handle = mention.person.on(PLATFORM)
        rung = self.rings and not mention.quiet and handle and _PERSON.fullmatch(handle)
        return handle if rung else None

    def group(self, mention: GroupMention) -> str | None:
        """Slack's id of a group that is to be rung."""
        handle = mention.group.handles.get(PLATFORM)
        return handle if self.rings and handle and _GROUP.fullmatch(handle) else None


def cut(text: Text, most: int) -> Text:
    """The text within ``most`` characters; where some are cut, it says how many."""
    whole = len(plain(text))
    if whole <= most:
        return text
    kept: list[str | Span] = []
    room = max(0, most - _MARK)
    for part in text:
        size = len(plain((part,)))
        if size > room:
            kept += _begin(part, room)
            break
        kept.append(part)
        room -= size
    rest = whole - len(plain(tuple(kept)))
    return (*kept, f"… (cut: {rest} more characters)")


def _begin(part: str | Span, room: int) -> list[str | Span]:
    if isinstance(part, str):
        return [part[:room]]
    if isinstance(part, Bold | Code | Listing | Quote):
        return [replace(part, text=part.text[:room])]
    return []


def words(text: str, **style: bool) -> list[Element]:
    """Words as they are, whatever they hold."""
    styled = {"style": style} if style else {}
    return [{"type": "text", "text": text, **styled}] if text else []


def element(part: str | Span, setting: Setting) -> list[Element]:
    """One part of a text as rich text; a quote's words, too."""
    match part:
        case str():
            return words(part)
        case Bold():
            return words(part.text, bold=True)
        case Code():
            return words(part.text, code=True)
        case Quote() | Listing():
            return words(part.text)
        case When():
            return [_date(part)]
        case Link():
            return _link(part)
        case _:
            return _mention(part, setting)


def _date(when: When) -> Element:
    return {
        "type": "date",
        "timestamp": int(when.at.timestamp()),
        "format": _FORMATS[when.style],
        "fallback": plain((when,)),
    }


def _link(link: Link) -> list[Element]:
    if not link.url.startswith(("https://", "http://")):
        return words(link.label)
    return [{"type": "link", "url": link.url, "text": link.label or link.url}]


def _mention(part: Mention | GroupMention | Everyone | Room, setting: Setting) -> list[Element]:
    match part:
        case Mention() if (handle := setting.person(part)) is not None:
            return [{"type": "user", "user_id": handle}]
        case GroupMention() if (handle := setting.group(part)) is not None:
            return [{"type": "usergroup", "usergroup_id": handle}]
        case Everyone() if setting.rings:
            return [{"type": "broadcast", "range": "channel"}]
        case Room() if (channel := setting.channel(part)) is not None:
            return [{"type": "channel", "channel_id": channel}]
        case Mention() | GroupMention():
            return words(plain((part,)), bold=True)
    return words(plain((part,)))


def markup(part: str | Span, setting: Setting) -> str:
    """One part of a text in Slack's markup, for the places that take no rich text; plain words are only escaped."""
    match part:
        case When():
            return f"<!date^{int(part.at.timestamp())}^{_FORMATS[part.style]}|{plain((part,))}>"
        case Mention() if (handle := setting.person(part)) is not None:
            return f"<@{handle}>"
        case GroupMention() if (handle := setting.group(part)) is not None:
            return f"<!subteam^{handle}>"
        case Everyone() if setting.rings:
            return "<!channel>"
        case Room() if (channel := setting.channel(part)) is not None:
            return f"<#{channel}>"
    return escape(plain((part,)))


def rich_text(text: Text, setting: Setting) -> list[Element]:
    """A text as one rich text block; no block for an empty text."""
    parts: list[Element] = []
    for group in _groups(text):
        inner = [made for part in group for made in element(part, setting)]
        if inner:
            parts.append({"type": _kind(group[0]), "elements": inner})
    return [{"type": "rich_text", "elements": parts}] if parts else []


def _kind(part: str | Span) -> str:
    if isinstance(part, Quote):
        return "rich_text_quote"
    return "rich_text_preformatted" if _is_listing(part) else "rich_text_section"


def _is_listing(part: str | Span) -> bool:
    return isinstance(part, Listing) or (isinstance(part, Code) and "\n" in part.text)


def _groups(text: Text) -> Iterable[list[str | Span]]:
    """Runs of parts that share a line; what stands on lines of its own (a quote, a listing) is alone.

    Slack begins a new line around those, so one line's end beside them would only make a gap.
    """
    run: list[str | Span] = []
    fresh = False
    for part in text:
        if isinstance(part, Quote) or _is_listing(part):
            if run and isinstance(run[-1], str):
                run[-1] = run[-1].removesuffix("\n")
            if run:
                yield run
            yield [part]
            run, fresh = [], True
        else:
            run.append(part.removeprefix("\n") if fresh and isinstance(part, str) else part)
            fresh = False
    if run:
        yield run
