"""Permission overwrites: who may see an incident's channel, who may write there."""

from collections.abc import Iterable
from typing import Any

import discord

Json = dict[str, Any]

VIEW = discord.Permissions(view_channel=True).value
SPEAK = discord.Permissions(
    send_messages=True, send_messages_in_threads=True, create_public_threads=True, create_private_threads=True
).value
TAKE_PART = VIEW | SPEAK | discord.Permissions(read_message_history=True, add_reactions=True).value
"""What a person is allowed in a private incident's channel."""
RUN = (
    TAKE_PART | discord.Permissions(embed_links=True, attach_files=True, mention_everyone=True, pin_messages=True).value
)
"""What the bot allows itself in channels that are closed to others."""
ROLE, MEMBER = 0, 1
"""Kinds of permission overwrites."""


def overwrite(target: int | str, kind: int, *, allow: int = 0, deny: int = 0) -> Json:
    """A permission overwrite as Discord takes it."""
    return {"id": str(target), "type": kind, "allow": str(allow), "deny": str(deny)}


def read_only(guild: int, me: int, overwrites: Iterable[Json]) -> list[Json]:
    """The same overwrites with nobody but the bot allowed to write."""
    closed = {
        str(each["id"]): overwrite(
            each["id"], int(each["type"]), allow=int(each["allow"]) & ~SPEAK, deny=int(each["deny"])
        )
        for each in overwrites
    }
    everyone = closed.get(str(guild), overwrite(guild, ROLE))
    closed[str(guild)] = everyone | {"deny": str(int(everyone["deny"]) | SPEAK)}
    closed[str(me)] = overwrite(me, MEMBER, allow=RUN)
    return list(closed.values())


def writable(guild: int, overwrites: Iterable[Json]) -> list[Json]:
    """The overwrites of a read-only channel with writing given back to those who may see it."""
    opened = []
    for each in overwrites:
        allow, deny = int(each["allow"]), int(each["deny"]) & ~SPEAK
        allow |= SPEAK if allow & VIEW else 0
        opened.append(overwrite(each["id"], int(each["type"]), allow=allow, deny=deny))
    return [each for each in opened if each["allow"] != "0" or each["deny"] != "0"]
