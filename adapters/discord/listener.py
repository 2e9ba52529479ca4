"""What Discord's gateway tells, brought to the ear: commands, buttons, forms, reactions."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

import discord
import structlog

from adapters.discord import limits
from adapters.discord.categories import Channel
from adapters.discord.commands import Commands
from adapters.discord.emoji import bare
from adapters.discord.errors import WIRE_FAILURES, outside
from adapters.discord.heard import REMEMBERED, Moments, filled, original, person, pressed, reacted
from adapters.discord.link import Link
from adapters.discord.platform import DiscordPlatform
from adapters.discord.responder import Responder
from adapters.discord.settings import DiscordSettings
from adapters.discord.spans import NAME
from adapters.discord.watch import Watch
from adapters.discord.wire import Wire
from bot.heard import Original
from bot.people import Person, stranger
from bot.ports import Clock, Ear

log = structlog.get_logger(__name__)

Event = discord.Interaction[Any]

GREETING = 0.2
"""Seconds of quiet after which discord.py takes the guilds for complete; we keep nothing of them."""


def intents(*, message_content: bool) -> discord.Intents:
    """What we ask the gateway for, and no more; only the content of messages is privileged."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.guild_reactions = True
    wanted.message_content = message_content
    return wanted


class Listener(discord.Client):
    """One connection to the gateway; after it is lost for good the supervisor makes another."""

    def __init__(
        self,
        settings: DiscordSettings,
        clock: Clock,
        *,
        ear: Ear,
        platform: DiscordPlatform,
        wire: Wire,
        link: Link,
        moments: Moments,
    ) -> None:
        super().__init__(
            intents=intents(message_content=settings.message_content and not link.without),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=GREETING,
        )
        self._settings = settings
        self._clock = clock
        self._ear = ear
        self._platform = platform
        self._wire = wire
        self._link = link
        self._moments = moments
        self._people: OrderedDict[int, tuple[Person, bool]] = OrderedDict()
        self._watch = Watch(ear, server=settings.server, me=lambda: self.user.id if self.user else None)
        self._responder = Responder(ear, platform.answers, settings.server)
        self.commands = Commands(self, self._responder, settings.server)

    async def setup_hook(self) -> None:
        """Before the gateway opens: the commands are registered and the categories stand."""
        await self._try("register the commands", lambda: self.commands.sync(guild=self.commands.guild))
        await self._try("make the category of incidents", self._platform.categories.prepare)

    async def _try(self, what: str, do: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """A refusal is for the operator to mend (the doctor says how) and stops nothing; the rest is tried again."""
        try:
            await do()
        except discord.HTTPException as error:
            if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            log.error("discord: not allowed, see tocsin doctor", to=what, why=outside(error).why)

    async def on_connect(self) -> None:
        """A new session was greeted."""
        self._link.up()

    async def on_resumed(self) -> None:
        """The session goes on."""
        self._link.up()

    async def on_disconnect(self) -> None:
        """The connection is lost."""
        self._link.down()

    async def on_interaction(self, event: Event) -> None:
        """Buttons and forms; commands come through the tree."""
        if event.type is discord.InteractionType.component and await self._responder.welcomes(event):
            await self._responder.respond(event, pressed(event))
        elif event.type is discord.InteractionType.modal_submit and await self._responder.welcomes(event):
            await self._responder.respond(event, filled(event))

    async def on_message(self, message: discord.Message) -> None:
        """Somebody posted; only other bots' and webhooks' posts in watched channels matter."""
        await self._watch.hear(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """A message was changed. Discord tells it whole, and discord.py counts on that."""
        await self._watch.hear(event.message, edited=True)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Somebody put a reaction on a message."""
        await self._reacted(event)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Somebody took a reaction away."""
        await self._reacted(event)

    async def _reacted(self, event: discord.RawReactionActionEvent) -> None:
        if event.guild_id != self._settings.server or (self.user and event.user_id == self.user.id):
            return
        emoji = bare(event.emoji.name)
        what = f"{event.message_id}:{event.user_id}:{emoji}"
        moment = self._moments.of(what, self._clock.now())
        added = event.event_type == "REACTION_ADD"
        who, is_bot = await self._who(event)
        if is_bot:
            return
        wanted = added and await self._ear.wants_original(NAME, str(event.channel_id), emoji)
        about = await self._original(event) if wanted else None
        key = f"discord:reaction:{what}:{'on' if added else 'off'}:{moment}"
        await self._ear.hear(reacted(event, who, emoji, key=key, about=about))

    async def _who(self, event: discord.RawReactionActionEvent) -> tuple[Person, bool]:
        """The person, and whether it is a bot. A removal does not say; what is not remembered is asked for."""
        if event.member is not None:
            self._people[event.user_id] = (person(event.member), event.member.bot)
            self._people.move_to_end(event.user_id)
            if len(self._people) > REMEMBERED:
                self._people.popitem(last=False)
        elif event.user_id not in self._people:
            self._people[event.user_id] = await self._member(event.user_id)
        return self._people[event.user_id]

    async def _member(self, user: int) -> tuple[Person, bool]:
        path = "/guilds/{guild_id}/members/{user_id}"
        told = await self._fetch(path, guild_id=self._settings.server, user_id=user)
        account = (told or {}).get("user") or {}
        name = (told or {}).get("nick") or account.get("global_name") or account.get("username") or ""
        return stranger(NAME, str(user), name), bool(account.get("bot"))

    async def _original(self, event: discord.RawReactionActionEvent) -> Original | None:
        path = "/channels/{channel_id}/messages/{message_id}"
        told = await self._fetch(path, channel_id=event.channel_id, message_id=event.message_id)
        return original(told, self._settings.server) if told else None

    async def _fetch(self, path: str, **ids: int) -> dict[str, Any] | None:
        try:
            async with asyncio.timeout(limits.CALL):
                told: dict[str, Any] = await self._wire.ask("GET", path, query=None, **ids)
                return told
        except WIRE_FAILURES as error:
            log.warning("discord: could not look up", what=path, why=outside(error).why)
            return None

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """Somebody made a channel."""
        self._note(channel)

    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, channel: discord.abc.GuildChannel) -> None:
        """Somebody changed a channel."""
        self._note(channel)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Somebody deleted a channel."""
        if channel.guild.id == self._settings.server:
            self._platform.categories.forget(str(channel.id))

    def _note(self, channel: discord.abc.GuildChannel) -> None:
        if channel.guild.id != self._settings.server:
            return
        hidden = channel.overwrites_for(channel.guild.default_role).view_channel is False
        parent = str(channel.category_id) if channel.category_id else None
        self._platform.categories.note(
            Channel(str(channel.id), channel.name, channel.type.value, parent=parent, private=hidden)
        )
