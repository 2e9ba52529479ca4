"""The watched channels: what other bots and webhooks post there is brought to the ear; people are left alone."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

import discord
import structlog

from adapters.discord.heard import REMEMBERED
from adapters.discord.posted import flat
from adapters.discord.spans import NAME
from bot.alerts.alert import Posted
from bot.alerts.post import Post
from bot.errors import TryLater
from bot.ports import Ear

log = structlog.get_logger(__name__)

WRITTEN = (
    discord.MessageType.default,
    discord.MessageType.reply,
    discord.MessageType.chat_input_command,
    discord.MessageType.context_menu_command,
)
"""Kinds of messages that somebody wrote; all others tell of what happened. No set: discord.py makes a kind of whatever
a payload holds, which need not be hashable."""
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between two tries to have a post saved: Discord does not send it again."""
WAITING = 2_000
"""Posts that may wait to be saved at once, while the database is away."""

Me = Callable[[], int | None]


class Watch:
    """Brings posts to the ear, one after the other in the order in which they came."""

    def __init__(self, ear: Ear, *, server: int, me: Me) -> None:
        self._ear, self._server, self._me = ear, server, me
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._words: OrderedDict[str, int] = OrderedDict()
        """What the last posts say, by reference: an edit that changes no word is none."""

    async def hear(self, message: discord.Message, *, edited: bool = False) -> None:
        """Let the ear save what a post tells of, however long the database is away.

        An edit without the time of one is Discord's own doing, such as the preview of a link.
        """
        author = getattr(message, "author", None)  # discord.py sets none where a payload names nobody
        if author is None:
            return
        theirs = author.bot or message.webhook_id is not None
        if not theirs or author.id == self._me() or message.type not in WRITTEN:
            return
        if message.guild is None or message.guild.id != self._server or (edited and message.edited_at is None):
            return
        place = _place(message)
        if self._ear.watches(place):
            post = _post(message, place, edited=edited)
            if self._says_more(post):
                await self._save(post)

    def _says_more(self, post: Post) -> bool:
        words, ref = hash(repr(post.parts)), post.place.message
        same = post.edited and self._words.get(ref) == words
        self._words[ref] = words
        self._words.move_to_end(ref)
        if len(self._words) > REMEMBERED:
            self._words.popitem(last=False)
        return not same

    async def _save(self, post: Post) -> None:
        if self._waiting >= WAITING:
            log.error("discord: a post was not read, as too many wait for the database", post=post.key)
            return
        self._waiting += 1
        try:
            async with self._turn:
                await self._patiently(post)
        finally:
            self._waiting -= 1

    async def _patiently(self, post: Post) -> None:
        for wait in WAITS:
            try:
                await self._ear.posted(post)
                return
            except TryLater as gone:
                log.warning("discord: a post is not saved yet", post=post.key, why=gone.why)
                await asyncio.sleep(wait)
        log.error("discord: a post was not read, as the database is away", post=post.key)


def _place(message: discord.Message) -> Posted:
    """Where it was posted. What stands in a thread belongs to the channel that the thread hangs on."""
    channel, ref = message.channel, f"{message.channel.id}:{message.id}"
    reply = message.reference is not None and message.type is discord.MessageType.reply
    if isinstance(channel, discord.Thread):
        reply = reply or message.id != channel.id
        room = channel.parent.name if channel.parent is not None else ""
        return Posted(platform=NAME, channel=str(channel.parent_id), room=room, message=ref, reply=reply)
    room = str(getattr(channel, "name", None) or "")
    return Posted(platform=NAME, channel=str(channel.id), room=room, message=ref, reply=reply)


def _post(message: discord.Message, place: Posted, *, edited: bool) -> Post:
    parts, addresses = flat(
        message.content,
        [dict(embed.to_dict()) for embed in message.embeds],
        [dict(component.to_dict()) for component in message.components],
    )
    changed = message.edited_at if edited else None
    at = changed or message.created_at
    key = f"discord:post:{place.message}"
    return Post(
        place=place,
        key=f"{key}:{at.timestamp():.3f}" if edited else key,
        author=message.author.name,
        app=str(message.application_id or message.webhook_id or message.author.id),
        at=at,
        parts=parts,
        addresses=addresses,
        url=message.jump_url,
        edited=edited,
    )
