"""The guild's channels as far as we know them, and the categories that incident channels live in.

The list is read once at the start and then kept by what the gateway tells and by what we make ourselves, so that
opening an incident's channel needs no listing. Where it is wrong Discord's refusal says so, and it is read again.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord import limits
from adapters.discord.errors import Code
from adapters.discord.overwrites import VIEW, read_only
from adapters.discord.settings import DiscordSettings
from adapters.discord.wire import Wire
from bot.errors import Refused

Json = dict[str, Any]

TEXT = discord.ChannelType.text.value
CATEGORY = discord.ChannelType.category.value
NEWS = discord.ChannelType.news.value
NEWS_THREAD = discord.ChannelType.news_thread.value
PUBLIC_THREAD = discord.ChannelType.public_thread.value
PRIVATE_THREAD = discord.ChannelType.private_thread.value
THREADS = frozenset({NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD})


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of the guild, or a category."""

    id: str
    name: str
    kind: int
    parent: str | None
    private: bool


class Categories:
    """Knows the channels; finds or makes a category with room."""

    def __init__(self, wire: Wire, settings: DiscordSettings) -> None:
        self._wire = wire
        self._settings = settings
        self._known: dict[str, Channel] | None = None
        self._full: set[str] = set()
        self._making = asyncio.Lock()

    @property
    def guild(self) -> int:
        """The guild's id."""
        return self._settings.server

    async def load(self) -> list[Json]:
        """Read the whole list; returned as Discord gave it."""
        listed: list[Json] = await self._wire.ask("GET", "/guilds/{guild_id}/channels", guild_id=self._settings.server)
        self._known = {}
        self._full.clear()
        for channel in listed:
            self.learn(channel)
        return listed

    def learn(self, channel: Json) -> Channel:
        """Note a channel as Discord described it."""
        seen = Channel(
            id=str(channel["id"]),
            name=str(channel.get("name") or ""),
            kind=int(channel["type"]),
            parent=str(channel["parent_id"]) if channel.get("parent_id") else None,
            private=any(self._hides(each) for each in channel.get("permission_overwrites") or ()),
        )
        self.note(seen)
        return seen

    def note(self, channel: Channel) -> None:
        """Note a channel that was made or changed."""
        if self._known is not None:
            self._known[channel.id] = channel

    def forget(self, channel: str) -> None:
        """Note that a channel is gone."""
        if self._known is not None and (gone := self._known.pop(channel, None)) and gone.parent:
            self._full.discard(gone.parent)

    def _hides(self, overwrite: Json) -> bool:
        return str(overwrite["id"]) == str(self._settings.server) and bool(int(overwrite["deny"]) & VIEW)

    async def known(self) -> dict[str, Channel]:
        """The channels by id; read first if they never were."""
        if self._known is None:
            await self.load()
        return self._known or {}

    async def get(self, channel: str) -> Channel:
        """One channel or thread; asked for where it is not known."""
        found = (await self.known()).get(channel)
        return found or self.learn(await self._wire.ask("GET", "/channels/{channel_id}", channel_id=channel))

    async def named(self, name: str) -> str:
        """Id of the text channel with this name or id; ``#`` may stand before it."""
        wanted = name.lstrip("#").strip()
        for fresh in (False, True):
            if fresh:
                await self.load()
            if found := _pick(wanted, (await self.known()).values()):
                return found
        raise Refused(f"{Code.UNKNOWN_CHANNEL} there is no channel #{wanted}")

    @property
    def announces(self) -> str:
        """Name or id of the announcement channel, as it was set."""
        return self._settings.announce_channel

    async def announcements(self) -> str:
        """Id of the announcement channel."""
        return await self.named(self._settings.announce_channel)

    async def for_thread(self, *, private: bool) -> tuple[str, int]:
        """Where a thread may stand in for a channel, and which kind it is there.

        That is the announcement channel; as one of Discord's kind "announcement" takes no private thread, a private
        one goes under the oldest public text channel then.
        """
        place = await self.get(await self.announcements())
        if not private:
            return place.id, NEWS_THREAD if place.kind == NEWS else PUBLIC_THREAD
        if place.kind == NEWS:
            open_ones = (c for c in (await self.known()).values() if c.kind == TEXT and not c.private)
            place = min(open_ones, key=lambda c: int(c.id), default=place)
        return place.id, PRIVATE_THREAD

    async def free_name(self, names: Iterable[str]) -> str:
        """The first of the names that no text channel has; the last where all are taken."""
        taken = {channel.name for channel in (await self.known()).values() if channel.kind == TEXT}
        wanted = list(names)
        return next((name for name in wanted if name not in taken), wanted[-1])

    async def home(self) -> str:
        """Id of the category for the next incident channel, made if there is none with room."""
        return await self._with_room(self._settings.category, [])

    async def archive(self) -> str:
        """Id of the category for the next archived channel, made read-only if there is none with room."""
        me = await self._wire.log_in()
        return await self._with_room(self._settings.archive_category, read_only(self._settings.server, me, []))

    def fill(self, category: str) -> None:
        """Note that Discord takes no more channels into this category."""
        self._full.add(category)

    async def prepare(self) -> None:
        """Have the category of incidents stand, and the next one where it is nearly full."""
        await self.load()
        await self.home()
        await self.keep_spare()

    async def keep_spare(self) -> None:
        """Make the next category of incidents while the last still has a few places."""
        async with self._making:
            standing = _series(self._settings.category, (await self.known()).values())
            if sum(self._room(each.id) for each in standing.values()) <= limits.CATEGORY_SPARE:
                await self._make(self._settings.category, max(standing, default=0) + 1, [])

    async def _with_room(self, name: str, overwrites: list[Json]) -> str:
        async with self._making:
            standing = _series(name, (await self.known()).values())
            for _, category in sorted(standing.items()):
                if self._room(category.id) > 0:
                    return category.id
            return await self._make(name, max(standing, default=0) + 1, overwrites)

    def _room(self, category: str) -> int:
        if category in self._full:
            return 0
        inside = sum(1 for channel in (self._known or {}).values() if channel.parent == category)
        return limits.CATEGORY_CHANNELS - inside

    async def _make(self, name: str, number: int, overwrites: list[Json]) -> str:
        """Make a category. Where another replica made the same at the same time, the older one stays."""
        full_name = name if number == 1 else f"{name} {number}"
        body = {"name": full_name, "type": CATEGORY, "permission_overwrites": overwrites}
        made = await self._wire.ask("POST", "/guilds/{guild_id}/channels", body, guild_id=self._settings.server)
        await self.load()
        same = [c.id for c in (await self.known()).values() if c.kind == CATEGORY and c.name == full_name]
        oldest = min(same, key=int)
        if oldest != str(made["id"]):
            await self._wire.ask("DELETE", "/channels/{channel_id}", channel_id=made["id"])
            self.forget(str(made["id"]))
        return oldest


def _pick(wanted: str, channels: Iterable[Channel]) -> str | None:
    usable = [channel for channel in channels if channel.kind != CATEGORY]
    by_id = next((channel.id for channel in usable if channel.id == wanted), None)
    by_name = (channel.id for channel in usable if channel.name == wanted.lower() and channel.kind not in THREADS)
    return by_id or min(by_name, key=int, default=None)


def _series(name: str, channels: Iterable[Channel]) -> dict[int, Channel]:
    """The categories called ``name``, ``name 2``, ``name 3`` …, by number; of doubled ones the oldest."""
    found: dict[int, Channel] = {}
    for channel in sorted((c for c in channels if c.kind == CATEGORY), key=lambda c: int(c.id)):
        head, _, tail = channel.name.casefold().rpartition(" ")
        if channel.name.casefold() == name.casefold():
            found.setdefault(1, channel)
        elif head == name.casefold() and tail.isdecimal() and int(tail) > 1:
            found.setdefault(int(tail), channel)
    return found
