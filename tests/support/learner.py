"""An ear that only learns what tools bring back."""

from typing import Any

from bot.alerts.alert import Posted
from bot.alerts.post import Post
from bot.errors import TryLater
from bot.heard import Answer, Heard, Suggestion
from bot.learned import Learned


class Learner:
    """Keeps what it is told, and hears nothing; see :class:`bot.ports.Ear`."""

    def __init__(self) -> None:
        self.learned: list[Any] = []
        """Of the kind that the tool under test brings back."""
        self.gone = False
        """The database does not answer."""

    async def learn(self, learned: Learned) -> None:
        if self.gone:
            raise TryLater("database", unreachable=True)
        self.learned.append(learned)

    async def hear(self, heard: Heard) -> Answer:
        raise NotImplementedError

    async def wants_original(self, platform: str, channel: str, emoji: str) -> bool:
        raise NotImplementedError

    def watches(self, place: Posted) -> bool:
        raise NotImplementedError

    async def posted(self, post: Post) -> int:
        raise NotImplementedError

    async def suggest(self, platform: str, channel: str | None, typed: str, *, room: str = "") -> list[Suggestion]:
        raise NotImplementedError

    async def home(self, platform: str, handle: str) -> Answer:
        raise NotImplementedError
