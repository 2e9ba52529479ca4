"""Text as a person types it and as Slack puts it on the wire: mentions, links, and the three escaped characters."""

import re
from collections.abc import Mapping

TOKEN = re.compile(r"<(?:[@#][A-Z0-9]+(?:\|[^<>]*)?|![a-z]+[^<>]*|(?:https?|mailto|slack):[^<>]+)>")
"""What is already in Slack's own notation: a person, a channel, @here, a link."""
ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")
ADDRESS = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]]")
HANDLE = re.compile(r"(?<![\w<@])@([a-z0-9][a-z0-9._-]*)")
ROOM = re.compile(r"(?<![\w<#&])#([\w-]+)")
EVERYONE = ("here", "channel", "everyone")


def typed(text: str, *, people: Mapping[str, str], rooms: Mapping[str, str], named: bool = False) -> str:
    """What Slack's client sends for what a person typed.

    ``people`` and ``rooms`` give the id of a handle and of a channel's name. ``named`` writes them with their name
    (``<@U1|ana>``) as slash commands do. What is already in Slack's notation stays.
    """
    pieces, at = [], 0
    for token in TOKEN.finditer(text):
        pieces.append(_plain(text[at : token.start()], people, rooms, named))
        pieces.append(token.group())
        at = token.end()
    return "".join([*pieces, _plain(text[at:], people, rooms, named)])


def _plain(text: str, people: Mapping[str, str], rooms: Mapping[str, str], named: bool) -> str:
    def person(match: re.Match[str]) -> str:
        handle = match[1]
        if handle in EVERYONE:
            return f"<!{handle}>"
        known = people.get(handle)
        return match[0] if known is None else f"<@{known}|{handle}>" if named else f"<@{known}>"

    def room(match: re.Match[str]) -> str:
        known = rooms.get(match[1])
        return match[0] if known is None else f"<#{known}|{match[1]}>"

    escaped = ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    linked = escaped if named else ADDRESS.sub(lambda match: f"<{match[0]}>", escaped)
    return ROOM.sub(room, HANDLE.sub(person, linked))
