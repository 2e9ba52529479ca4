"""A guild of the sandbox, the real adapter on the real discord.py, and an ear that follows a script."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord  # the one warning that discord.py gives on import under Python 3.11; all others stay errors

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.settings import DiscordSettings
from adapters.sandbox.calls import Call
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord import DiscordGuild, start_discord
from adapters.sandbox.people import PEOPLE
from bot.alerts.alert import Posted
from bot.alerts.post import Post as ChatPost
from bot.card import Card
from bot.heard import Answer, Heard, Suggestion
from bot.intents import Intent, OpenChannel, Post
from bot.learned import Learned
from bot.people import Person
from bot.ports import Job

LIBRARY = discord.__version__
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WAIT = 8.0
"""Seconds until a test gives up waiting for something that should happen at once."""

Answering = Callable[[Heard], Awaitable[Answer]]


@dataclass
class ScriptedEar:
    """Hears everything and answers as the test says."""

    answer: Answer = field(default_factory=Answer)
    answering: Answering | None = None
    originals: frozenset[str] = frozenset()
    offers: list[Suggestion] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    watched: set[str] = field(default_factory=lambda: {"alerts"})
    """Names and ids of the channels in which posts are read."""
    posts: list[ChatPost] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    """Raised, one each, when a post is brought."""
    typed: list[tuple[str, str | None, str]] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, heard: Heard) -> Answer:
        self.heard.append(heard)
        self._changed.set()
        return await self.answering(heard) if self.answering else self.answer

    async def learn(self, learned: Learned) -> None:
        raise NotImplementedError

    async def wants_original(self, platform: str, channel: str, emoji: str) -> bool:
        return emoji in self.originals

    def watches(self, place: Posted) -> bool:
        return bool({place.room, place.channel} & self.watched)

    async def posted(self, post: ChatPost) -> int:
        if self.faults:
            raise self.faults.pop(0)
        self.posts.append(post)
        self._changed.set()
        return 1

    async def until_posted(self, count: int = 1) -> ChatPost:
        """Wait until so many posts were brought; the last of them."""
        async with asyncio.timeout(WAIT):
            while len(self.posts) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.posts[-1]

    async def suggest(self, platform: str, channel: str | None, typed: str, *, room: str = "") -> list[Suggestion]:
        self.typed.append((platform, channel, typed))
        return self.offers

    async def home(self, platform: str, handle: str) -> Answer:
        return Answer()

    async def until(self, count: int) -> Heard:
        """Wait until so much was heard; the last of it."""
        async with asyncio.timeout(WAIT):
            while len(self.heard) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.heard[count - 1]


@dataclass
class Stage:
    """Everything that a test needs, in one hand."""

    guild: DiscordGuild
    clock: SandboxClock
    ear: ScriptedEar
    adapter: DiscordAdapter
    made: list[DiscordAdapter] = field(default_factory=list)

    def another(self, **changes: Any) -> DiscordAdapter:
        """One more client of the same bot, as a second replica has."""
        adapter = DiscordAdapter(settings(self.guild, **changes), self.clock)
        self.made.append(adapter)
        return adapter

    def job(self, intent: Intent, key: str = "42:post", **refs: str) -> Job:
        return Job(key=key, intent=intent, incident=42, first_try_at=self.clock.now(), refs=refs)

    async def do(self, intent: Intent, key: str = "42:post", **refs: str) -> str:
        """Perform a first attempt that gives a reference."""
        ref = await self.adapter.platform.perform(self.job(intent, key, **refs))
        assert ref is not None
        return ref

    async def channel(self, name: str = "incident-2026-11-20", *, private: bool = False, key: str = "42:open") -> str:
        return await self.do(OpenChannel(names=(name,), topic="SEV1 checkout is down", private=private), key)

    async def posted(self, card: Card, channel: str, key: str = "42:card", **how: Any) -> dict[str, Any]:
        """The message that comes of posting a card."""
        ref = await self.do(Post(card=card, **how), key, channel=channel)
        return self.message(ref)

    def message(self, ref: str) -> dict[str, Any]:
        channel, found = ref.split(":")
        return next(m for m in self.guild.messages(channel) if m["id"] == found)

    def named(self, name: str) -> str:
        return str(self.guild.channel_named(name)["id"])

    def calls(self, method: str = "") -> list[Call]:
        return self.guild.calls.of("discord", method)

    async def connected(self) -> None:
        """Wait until the adapter listens."""
        await self.eventually(lambda: self.adapter.platform.connected and self.guild.connected)

    async def eventually(self, holds: Callable[[], bool]) -> None:
        """Look again and again until something holds that no event tells of."""
        async with asyncio.timeout(WAIT * 4):
            while not holds():  # for states that no event tells of
                await asyncio.sleep(0.005)


def settings(of: DiscordGuild, **changes: Any) -> DiscordSettings:
    given: dict[str, Any] = {"token": of.token, "guild": of.guild_id, "api_url": of.api_url} | changes
    return DiscordSettings(_env_file=None, **given)


@pytest.fixture
async def resting() -> AsyncIterator[Stage]:
    """The adapter built but not listening: its platform works all the same."""
    clock = SandboxClock(NOON)
    guild = DiscordGuild(clock)
    runner = await start_discord(guild)
    stage = Stage(guild, clock, ScriptedEar(), DiscordAdapter(settings(guild), clock))
    yield stage
    for adapter in (stage.adapter, *stage.made):
        await adapter.stop()
    await runner.cleanup()


@pytest.fixture
async def stage(resting: Stage) -> Stage:
    """The adapter listening."""
    await resting.adapter.start(resting.ear)
    await resting.connected()
    return resting


@pytest.fixture
def ana() -> Person:
    return Person(key="ana", name=PEOPLE[0].name, handles={"discord": PEOPLE[0].discord_id})


@pytest.fixture
def bo() -> Person:
    return Person(key="bo", name=PEOPLE[1].name, handles={"discord": PEOPLE[1].discord_id})
