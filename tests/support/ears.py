"""An ear that hears nothing: what a test of a tool need not say."""

from bot.alerts.alert import Posted
from bot.alerts.post import Post
from bot.heard import Answer, Heard, Suggestion
from bot.learned import Learned


class Deaf:
    """See :class:`bot.ports.Ear`."""

    async def hear(self, heard: Heard) -> Answer:
        raise NotImplementedError

    async def learn(self, learned: Learned) -> None:
        raise NotImplementedError

    async def wants_original(self, platform: str, channel: str, emoji: str) -> bool:
        raise NotImplementedError

    def watches(self, place: Posted) -> bool:
        return False

    async def posted(self, post: Post) -> int:
        raise NotImplementedError

    async def suggest(self, platform: str, channel: str | None, typed: str, *, room: str = "") -> list[Suggestion]:
        raise NotImplementedError

    async def home(self, platform: str, handle: str) -> Answer:
        raise NotImplementedError
