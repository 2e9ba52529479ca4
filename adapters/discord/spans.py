"""The spans of a card in Discord's own markup, and whom they ring."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from urllib.parse import quote

import discord

from adapters.discord import limits
from adapters.discord.escape import clean, code, cut, escape, listing, pieces
from bot.card import (
    Bold,
    Card,
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
from bot.intents import CHANNEL

NAME = "discord"
"""The platform's name, in handles and references."""
LONGEST_SPAN = 1000
"""Ours: characters of one bold or code span or link, which cannot be cut in its middle."""
LONGEST_LISTING = 3500
"""Ours: characters of words to be copied, which leave room for a line or two within an embed's text."""

_STYLES = {Style.RELATIVE: "R", Style.TIME: "t", Style.MOMENT: "f"}
_ADDRESS = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_ID = re.compile(r"\d{1,20}")


def handle(of: Mapping[str, str]) -> str | None:
    """The id on Discord, if it is one."""
    found = of.get(NAME)
    return found if found and _ID.fullmatch(found) else None


def marked(text: Text, refs: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The text in Discord's markup, in pieces for :func:`adapters.discord.escape.shorten`."""
    for part in text:
        if isinstance(part, str):
            yield from pieces(part)
        elif isinstance(part, Quote):
            yield from _quoted(part.text)
        elif shown := span(part, refs):
            yield shown, len(plain((part,)))


def _quoted(text: str) -> Iterator[tuple[str, int]]:
    for place, line in enumerate(clean(text).split("\n")):
        yield ("\n> " if place else "> "), min(place, 1)
        yield from pieces(line)


def span(part: Span, refs: Mapping[str, str]) -> str:
    """One span in Discord's markup."""
    match part:
        case Bold():
            inner = escape(cut(part.text.strip(), LONGEST_SPAN))
            return f"**{inner}**" if inner else ""
        case Code() | Listing():
            return _as_it_is(part)
        case Quote():
            return "".join(shown for shown, _ in _quoted(part.text))
        case Mention():
            known = handle(part.person.handles)
            return f"<@{known}>" if known else escape(part.person.name)
        case GroupMention():
            known = handle(part.group.handles)
            return f"<@&{known}>" if known else escape(part.group.name)
        case Everyone():
            return "@here"
        case When():
            return f"<t:{int(part.at.timestamp())}:{_STYLES[part.style]}>"
        case Link():
            return _link(part)
        case Room():
            return _room(part, refs)


def _as_it_is(part: Code | Listing) -> str:
    return code(cut(part.text, LONGEST_SPAN)) if isinstance(part, Code) else listing(cut(part.text, LONGEST_LISTING))


def _link(part: Link) -> str:
    label, url = escape(cut(part.label.strip(), LONGEST_SPAN)), clean(part.url).strip()
    if not _ADDRESS.fullmatch(url) or len(url) > LONGEST_SPAN:
        return f"{label} {escape(cut(url, LONGEST_SPAN))}".strip()
    safe = quote(url, safe="/:?#@!$&'*+,;=%~-._")
    return f"[{label}]({safe})" if label else safe


def _room(part: Room, refs: Mapping[str, str]) -> str:
    known = handle(part.refs) if part.refs else refs.get(CHANNEL)
    return f"<#{known}>" if known and _ID.fullmatch(known) else escape(f"#{part.name}")


def words(text: Text) -> str:
    """The text for places that show no markup."""
    return clean(plain(text))


def ringing(card: Card) -> tuple[str, discord.AllowedMentions]:
    """Whom the card rings: the mentions themselves, and the list that allows exactly those."""
    people: dict[str, None] = {}
    groups: dict[str, None] = {}
    here = False
    for part in card.spans():
        if isinstance(part, Mention) and not part.quiet and (known := handle(part.person.handles)):
            people[known] = None
        elif isinstance(part, GroupMention) and (known := handle(part.group.handles)):
            groups[known] = None
        elif isinstance(part, Everyone):
            here = True
    people = dict(islice(people.items(), limits.RUNG_PEOPLE))
    groups = dict(islice(groups.items(), limits.RUNG_GROUPS))
    shown = [*(["@here"] if here else []), *(f"<@{p}>" for p in people), *(f"<@&{g}>" for g in groups)]
    return " ".join(shown), discord.AllowedMentions(
        everyone=here, users=_objects(people), roles=_objects(groups), replied_user=False
    )


def _objects(ids: Iterable[str]) -> list[discord.abc.Snowflake]:
    return [discord.Object(id=int(each)) for each in ids]
