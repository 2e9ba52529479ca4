"""Slack as the core's chat platform: each intent is one effect there."""

import asyncio
from collections.abc import Callable

from adapters.slack import emojis, limits
from adapters.slack.api import Api, parts
from adapters.slack.files import Files
from adapters.slack.posts import Posts
from adapters.slack.rooms import Rooms
from adapters.slack.spans import PLATFORM
from adapters.slack.words import topic
from bot.intents import (
    CHANNEL,
    Archive,
    Attach,
    Bookmark,
    Edit,
    Invite,
    OpenChannel,
    Pin,
    Post,
    React,
    SetTopic,
    Unarchive,
    Whisper,
)
from bot.ports import Found, Job


class SlackPlatform:
    """Implements :class:`bot.ports.Platform`. A channel's reference is its id, a message's is ``CHANNEL:TS``."""

    name = PLATFORM

    def __init__(self, api: Api, rooms: Rooms, posts: Posts, files: Files) -> None:
        self._api, self._rooms, self._posts, self._files = api, rooms, posts, files
        self._line: Callable[[], bool] = lambda: False
        self.arrival = asyncio.Event()
        """Set once Slack was connected for the first time."""

    @property
    def ready(self) -> bool:
        """Whether Slack was connected at least once since the start."""
        return self.arrival.is_set()

    @property
    def connected(self) -> bool:
        """Whether it is connected now."""
        return self._line()

    def hold(self, line: Callable[[], bool]) -> None:
        """Where to look whether Slack is connected."""
        self._line = line

    async def perform(self, job: Job) -> str | None:
        """Do it; see :meth:`bot.ports.Platform.perform`."""
        match job.intent:
            case OpenChannel():
                return await self._rooms.open(job, job.intent)
            case Post():
                return await self._posts.post(job, job.intent)
            case Attach():
                return await self._files.attach(job, job.intent)
            case Whisper():
                return await self._posts.whisper(job, job.intent)
            case Invite():
                await self._rooms.invite(job.refs[CHANNEL], job.intent)
            case Edit():
                await self._posts.edit(job, job.intent)
            case _:
                await self._dress(job)
        return None

    async def find(self, job: Job) -> Found | None:
        """Look for the effect of an earlier attempt; see :meth:`bot.ports.Platform.find`."""
        ref: str | None = None
        match job.intent:
            case OpenChannel():
                ref = await self._rooms.find_opened(job, job.intent)
            case Post():
                ref = await self._posts.find_posted(job, job.intent)
            case Attach():
                ref = await self._files.find_attached(job, job.intent)
            case Bookmark():
                return Found(None) if await self._has(job, job.intent) else None
        return Found(ref) if ref is not None else None

    async def _dress(self, job: Job) -> None:
        """The intents that change a channel or a message and leave nothing to refer to."""
        client = self._api.client
        match job.intent:
            case SetTopic():
                text = topic(job.intent.topic)
                await self._api.call(client.conversations_setTopic, channel=job.refs[CHANNEL], topic=text)
            case Pin():
                channel, ts = parts(job.refs[job.intent.message])
                await self._api.settle(client.pins_add, "already_pinned", channel=channel, timestamp=ts)
            case Bookmark():
                await self._bookmark(job, job.intent)
            case React():
                await self._react(job.intent)
            case Archive():
                channel = job.refs[CHANNEL]
                await self._api.settle(client.conversations_archive, "already_archived", channel=channel)
            case Unarchive():
                channel = job.refs[CHANNEL]
                await self._api.settle(client.conversations_unarchive, "not_archived", channel=channel)

    async def _react(self, intent: React) -> None:
        channel, ts = parts(intent.message)
        name = emojis.name(intent.emoji)
        change = self._api.client.reactions_add if intent.on else self._api.client.reactions_remove
        done = "already_reacted" if intent.on else "no_reaction"
        await self._api.settle(change, done, channel=channel, timestamp=ts, name=name)

    async def _bookmark(self, job: Job, intent: Bookmark) -> None:
        title = intent.title[: limits.BOOKMARK_TITLE]
        await self._api.call(
            self._api.client.bookmarks_add,
            channel_id=job.refs[CHANNEL],
            title=title,
            type="link",
            link=await self._address(job, intent),
        )

    async def _has(self, job: Job, intent: Bookmark) -> bool:
        channel = job.refs[CHANNEL]
        answer = await self._api.call(self._api.client.bookmarks_list, channel_id=channel)
        wanted = (intent.title[: limits.BOOKMARK_TITLE], await self._address(job, intent))
        return any((kept.get("title"), kept.get("link")) == wanted for kept in answer.get("bookmarks", ()))

    async def _address(self, job: Job, intent: Bookmark) -> str:
        if intent.url or intent.message is None:
            return intent.url
        return (await self._api.who()).permalink(job.refs[intent.message])
