"""What is owed to Discord, done: each intent to its calls, each failure to the core's words."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import discord
import structlog

from adapters.discord import limits
from adapters.discord.answers import Answers
from adapters.discord.categories import Categories
from adapters.discord.channels import Channels
from adapters.discord.errors import WIRE_FAILURES, Code, outside
from adapters.discord.link import Link
from adapters.discord.messages import Messages
from adapters.discord.settings import DiscordSettings
from adapters.discord.spans import NAME
from adapters.discord.wire import Wire
from bot.errors import TryLater
from bot.intents import (
    CHANNEL,
    Archive,
    Attach,
    Bookmark,
    Edit,
    Intent,
    Invite,
    OpenChannel,
    Pin,
    Post,
    React,
    SetTopic,
    Unarchive,
    Whisper,
)
from bot.ports import Clock, Found, Job

T = TypeVar("T")
log = structlog.get_logger(__name__)

UNANSWERED = timedelta(seconds=1)
"""How long to wait for the first answer to an interaction before the later one is tried again."""
GIVEN_UP = timedelta(seconds=6)
"""An interaction whose token is still unknown after this was never answered: the person gets a direct message."""
TOKEN_GONE = frozenset({Code.UNKNOWN_WEBHOOK, Code.INVALID_TOKEN, Code.UNKNOWN_INTERACTION})


class DiscordPlatform:
    """The port :class:`bot.ports.Platform` on Discord."""

    name = NAME

    def __init__(self, settings: DiscordSettings, clock: Clock, *, wire: Wire, link: Link) -> None:
        self._clock = clock
        self._link = link
        self._wire = wire
        self.categories = Categories(wire, settings)
        self.answers = Answers(wire)
        self._channels = Channels(wire, self.categories, settings.server)
        self._messages = Messages(wire, self.categories)
        self._spare: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether it was connected at least once since the start."""
        return self._link.ready

    @property
    def connected(self) -> bool:
        """Whether it is connected now."""
        return self._link.connected

    async def perform(self, job: Job) -> str | None:
        """Do it; see :meth:`bot.ports.Platform.perform`."""
        return await self._within(self._perform(job, job.intent))

    async def find(self, job: Job) -> Found | None:
        """Look for an earlier attempt's effect; see :meth:`bot.ports.Platform.find`."""
        return await self._within(self._find(job, job.intent))

    async def _within(self, doing: Coroutine[Any, Any, T]) -> T:
        try:
            async with asyncio.timeout(limits.CALL):
                return await doing
        except WIRE_FAILURES as error:
            raise outside(error) from error

    async def _perform(self, job: Job, intent: Intent) -> str | None:
        match intent:
            case OpenChannel():
                return await self._open(job, intent)
            case Post():
                return await self._messages.post(job, intent)
            case Attach():
                return await self._messages.attach(job, intent)
            case Whisper():
                return await self._whisper(job, intent)
            case Edit() | Pin() | React():
                await self._mend(job, intent)
            case Invite() | SetTopic() | Archive() | Unarchive():
                await self._tend(job, intent)
            case Bookmark():
                pass  # Discord has none; the message that holds the link is pinned
        return None

    async def _mend(self, job: Job, intent: Edit | Pin | React) -> None:
        match intent:
            case Edit():
                await self._messages.edit(job, intent)
            case Pin():
                await self._messages.pin(job.refs[intent.message])
            case React():
                await self._messages.react(intent)

    async def _tend(self, job: Job, intent: Invite | SetTopic | Archive | Unarchive) -> None:
        channel = job.refs[CHANNEL]
        match intent:
            case Invite():
                await self._channels.invite(job, intent)
            case SetTopic():
                await self._channels.topic(channel, intent.topic)
            case Archive():
                await self._channels.archive(channel)
            case Unarchive():
                await self._channels.unarchive(channel)

    async def _find(self, job: Job, intent: Intent) -> Found | None:
        found: str | None = None
        match intent:
            case OpenChannel():
                found = await self._channels.find(job)
            case Post():
                found = await self._messages.find(job, intent)
            case Attach():
                found = await self._messages.find_attached(job, intent)
            case Whisper() if not self._answerable(intent):
                found = await self._messages.find_direct(job, intent)
        return Found(found) if found is not None else None

    async def _open(self, job: Job, intent: OpenChannel) -> str:
        opened = await self._channels.open(job, intent)
        task = asyncio.create_task(self._make_room())
        self._spare.add(task)
        task.add_done_callback(self._spare.discard)
        return opened

    async def _make_room(self) -> None:
        try:
            await self.categories.keep_spare()
        except WIRE_FAILURES as error:
            log.warning("discord: the next category of incidents could not be made yet", why=outside(error).why)

    def _answerable(self, intent: Whisper) -> bool:
        return intent.reply is not None and (intent.until is None or self._clock.now() < intent.until)

    async def _whisper(self, job: Job, intent: Whisper) -> str | None:
        if intent.reply is None or not self._answerable(intent):
            return await self._messages.direct(job, intent)
        try:
            await self.answers.later(intent.reply, intent.card, job.refs)
        except discord.HTTPException as error:
            if error.code not in TOKEN_GONE:
                raise
            if self._clock.now() < job.first_try_at + GIVEN_UP:
                raise TryLater(str(error.code), shows=UNANSWERED) from error
            return await self._messages.direct(job, intent)
        return None

    async def close(self) -> None:
        """Let go of the session."""
        for task in list(self._spare):
            task.cancel()
        await asyncio.gather(*self._spare, return_exceptions=True)
        await self._wire.close()
