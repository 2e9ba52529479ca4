"""An ear for the tests: it keeps what it hears and answers what it was told to."""

import asyncio

from bot.alerts.alert import Posted
from bot.alerts.post import Post
from bot.card import Card
from bot.heard import Answer, Heard, Suggestion
from bot.learned import Learned


class ScriptedEar:
    """Stands where the desk stands."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: list[Answer] = []
        """Given in order; an empty one after the last."""
        self.page = Card(title="Open incidents", text=("None. Good.",))
        self.wanted = {"📌"}
        self.watched = {"alerts"}
        """Names and ids of the channels in which posts are read."""
        self.posts: list[Post] = []
        self.faults: list[Exception] = []
        self.held: asyncio.Event | None = None
        """While it is not set, hearing does not end."""
        self.began = asyncio.Event()
        self._told = asyncio.Event()

    async def hear(self, heard: Heard) -> Answer:
        self.began.set()
        if self.held is not None:
            await self.held.wait()
        if self.faults:
            raise self.faults.pop(0)
        self.heard.append(heard)
        self._told.set()
        return self.answers.pop(0) if self.answers else Answer()

    async def learn(self, learned: Learned) -> None:
        raise NotImplementedError

    async def wants_original(self, platform: str, channel: str, emoji: str) -> bool:
        return emoji in self.wanted

    def watches(self, place: Posted) -> bool:
        return bool({place.room, place.channel} & self.watched)

    async def posted(self, post: Post) -> int:
        if self.faults:
            raise self.faults.pop(0)
        self.posts.append(post)
        self._told.set()
        return 1

    async def suggest(self, platform: str, channel: str | None, typed: str, *, room: str = "") -> list[Suggestion]:
        return []

    async def home(self, platform: str, handle: str) -> Answer:
        return Answer(card=self.page)

    async def until_posted(self, count: int = 1) -> Post:
        """Wait until so many posts were brought; the last of them."""
        async with asyncio.timeout(10):
            while len(self.posts) < count:
                self._told.clear()
                await self._told.wait()
        return self.posts[-1]

    async def until(self, count: int) -> list[Heard]:
        """Wait until so much was heard."""
        async with asyncio.timeout(10):
            while len(self.heard) < count:
                self._told.clear()
                await self._told.wait()
        return self.heard
