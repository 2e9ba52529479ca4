"""Messages that somebody points at, fetched where the core wants them."""

from typing import Any

from adapters.slack import emojis
from adapters.slack.api import Api
from adapters.slack.heard import pointed_at
from adapters.slack.names import Names
from adapters.slack.payloads import Message, Reaction
from adapters.slack.spans import PLATFORM
from bot.errors import Refused
from bot.heard import Original
from bot.ports import Ear


class Originals:
    """Brings a message with its author's name."""

    def __init__(self, api: Api, names: Names) -> None:
        self._api, self.names = api, names

    def author(self, message: Message) -> str:
        """The author's name without asking Slack."""
        profile = message.bot_profile.name if message.bot_profile else ""
        return message.username or profile or (self.names.known(message.user) if message.user else "")

    async def under(self, event: Reaction, ear: Ear) -> Original | None:
        """The message under a new reaction, if the core wants it.

        Where Slack does not answer just now, this raises: the event is not acknowledged, and Slack sends it again.
        """
        channel, ts = event.item.channel, event.item.ts
        if event.type != "reaction_added":
            return None
        if not await ear.wants_original(PLATFORM, channel, emojis.character(event.reaction)):
            return None
        try:
            message = await self._fetch(channel, ts)
        except Refused:
            return None
        if message is None:
            return None
        author = self.author(message)
        if message.user is not None and author == message.user:
            author = (await self.names.meet(message.user)).name
        return pointed_at(message, channel, self._api.identity, author)

    async def _fetch(self, channel: str, ts: str) -> Message | None:
        span: dict[str, Any] = {"channel": channel, "oldest": ts, "latest": ts, "inclusive": True, "limit": 1}
        page = await self._api.call(self._api.client.conversations_history, **span)
        found = _exact(page, ts)
        if found is None:
            page = await self._api.call(self._api.client.conversations_replies, ts=ts, **span)
            found = _exact(page, ts)
        return found


def _exact(page: dict[str, Any], ts: str) -> Message | None:
    messages = [Message.read(said) for said in page.get("messages", ())]
    return next((message for message in messages if message.ts == ts), None)
