"""The incident's channel: opening it, bringing people in, its topic, its archive."""

import asyncio
import re
from collections.abc import Coroutine, Iterable
from typing import Any

import discord

from adapters.discord import limits
from adapters.discord.categories import TEXT, THREADS, Categories, Channel
from adapters.discord.errors import WIRE_FAILURES, Code, outside
from adapters.discord.escape import clean, pieces, shorten
from adapters.discord.marks import made_at, marker, since
from adapters.discord.overwrites import MEMBER, ROLE, RUN, TAKE_PART, VIEW, overwrite, read_only, writable
from adapters.discord.spans import handle
from adapters.discord.wire import Wire
from bot.errors import Outside, TryLater
from bot.intents import CHANNEL, Invite, OpenChannel
from bot.people import Person
from bot.ports import Job

Json = dict[str, Any]

_ASCII_MARKS = re.compile(r"[\x00-\x2c\x2e\x2f\x3a-\x5e\x60\x7b-\x7f\s]+")
"""What Discord takes out of a text channel's name; letters of any script stay."""


class Channels:
    """Does what is owed to an incident's channel."""

    def __init__(self, wire: Wire, categories: Categories, guild: int) -> None:
        self._wire = wire
        self._categories = categories
        self._guild = guild
        self._opening: set[str] = set()
        self._opened_with: dict[str, str] = {}
        """Channel to the topic it was made with: of two changes in ten minutes none is spent on the same words."""

    async def open(self, job: Job, intent: OpenChannel) -> str:
        """Make the channel in a category with room; where the guild is full, a thread of the announcement channel."""
        names = [name for name in map(channel_name, intent.names) if name not in self._opening]
        name = await self._categories.free_name(names or map(channel_name, intent.names))
        self._opening.add(name)
        try:
            return await self._create(job, intent, name)
        except discord.HTTPException as error:
            if error.code != Code.MAX_GUILD_CHANNELS:
                raise
            return await self._thread(job, intent, name)
        finally:
            self._opening.discard(name)

    async def _create(self, job: Job, intent: OpenChannel, name: str) -> str:
        body: Json = {"name": name, "type": TEXT, "topic": _topic(intent.topic, marker(job))}
        if intent.private:
            body["permission_overwrites"] = await self._private(intent.people)
        for last in (False, False, True):
            body["parent_id"] = await self._categories.home()
            try:
                made = await self._wire.ask("POST", "/guilds/{guild_id}/channels", body, guild_id=self._guild)
                channel = self._categories.learn(made).id
                self._opened_with[channel] = intent.topic
                return channel
            except discord.HTTPException as error:
                if last or not _about_parent(error):
                    raise
            await self._categories.load()
            self._categories.fill(body["parent_id"])
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _private(self, people: Iterable[Person]) -> list[Json]:
        me = await self._wire.log_in()
        known = {found for person in people if (found := handle(person.handles))}
        return [
            overwrite(self._guild, ROLE, deny=VIEW),
            overwrite(me, MEMBER, allow=RUN),
            *(overwrite(each, MEMBER, allow=TAKE_PART) for each in sorted(known)),
        ]

    async def _thread(self, job: Job, intent: OpenChannel, name: str) -> str:
        place, kind = await self._categories.for_thread(private=intent.private)
        tail = f" · {marker(job)}"
        body: Json = {
            "name": name[: limits.THREAD_NAME - len(tail)] + tail,
            "type": kind,
            "auto_archive_duration": limits.THREAD_REST,
        }
        if intent.private:
            body["invitable"] = False
        made = await self._wire.ask("POST", "/channels/{channel_id}/threads", body, channel_id=place)
        channel = self._categories.learn(made)
        if intent.private:
            await self._bring(channel, intent.people)
        return channel.id

    async def find(self, job: Job) -> str | None:
        """The channel or thread that an earlier attempt of this job made."""
        wanted, youngest = marker(job), made_at(str(since(job)))
        listed = await self._categories.load()
        for channel in listed:
            if str(channel.get("topic") or "").endswith(wanted) and made_at(channel["id"]) >= youngest:
                return str(channel["id"])
        if len(listed) < NEARLY_FULL:
            return None
        active = await self._wire.ask("GET", "/guilds/{guild_id}/threads/active", guild_id=self._guild)
        return next((str(t["id"]) for t in active["threads"] if str(t["name"]).endswith(wanted)), None)

    async def invite(self, job: Job, intent: Invite) -> None:
        """Let people in where the channel is closed to others; a public one is open to them already."""
        channel = await self._categories.get(job.refs[CHANNEL])
        await self._bring(channel, intent.people)

    async def _bring(self, channel: Channel, people: Iterable[Person]) -> None:
        known = sorted({found for person in people if (found := handle(person.handles))})
        if channel.kind in THREADS:
            await _all(
                self._wire.ask(
                    "PUT", "/channels/{channel_id}/thread-members/{user_id}", channel_id=channel.id, user_id=each
                )
                for each in known
            )
        elif channel.private:
            body = {"type": MEMBER, "allow": str(TAKE_PART), "deny": "0"}
            await _all(
                self._wire.ask(
                    "PUT", "/channels/{channel_id}/permissions/{target}", body, channel_id=channel.id, target=each
                )
                for each in known
            )

    async def topic(self, channel: str, topic: str) -> None:
        """Set the topic; a thread has none, and a new channel was made with its first."""
        if self._opened_with.pop(channel, None) == topic:
            return
        if (await self._categories.get(channel)).kind not in THREADS:
            await self._change(channel, {"topic": _topic(topic)})

    async def archive(self, channel: str) -> None:
        """Close it for writing and move it to the archive; a thread is archived and locked."""
        now = await self._wire.ask("GET", "/channels/{channel_id}", channel_id=channel)
        if now["type"] in THREADS:
            await self._change(channel, {"archived": True, "locked": True})
            return
        me = await self._wire.log_in()
        closed = read_only(self._guild, me, now.get("permission_overwrites") or ())
        await self._move(channel, closed, archived=True)

    async def unarchive(self, channel: str) -> None:
        """Give writing back to those who see it, and move it among the incidents."""
        now = await self._wire.ask("GET", "/channels/{channel_id}", channel_id=channel)
        if now["type"] in THREADS:
            await self._change(channel, {"archived": False, "locked": False})
            return
        await self._move(channel, writable(self._guild, now.get("permission_overwrites") or ()), archived=False)

    async def _move(self, channel: str, overwrites: list[Json], *, archived: bool) -> None:
        for last in (False, True):
            parent = await (self._categories.archive() if archived else self._categories.home())
            try:
                await self._change(channel, {"parent_id": parent, "permission_overwrites": overwrites})
                return
            except discord.HTTPException as error:
                if last or not _about_parent(error):
                    raise
            await self._categories.load()
            self._categories.fill(parent)

    async def _change(self, channel: str, body: Json) -> None:
        changed = await self._wire.ask("PATCH", "/channels/{channel_id}", body, channel_id=channel)
        self._categories.learn(changed)


NEARLY_FULL = limits.GUILD_CHANNELS - 10
"""Channels in a guild from which on an incident may have become a thread."""


def channel_name(name: str) -> str:
    """The name as Discord will show it: lower case, dashes for what it does not take, at most 100 characters."""
    return _ASCII_MARKS.sub("-", clean(name).lower()).strip("-")[: limits.CHANNEL_NAME].strip("-") or "incident"


def _topic(topic: str, mark: str = "") -> str:
    tail = f" · {mark}" if mark else ""
    return shorten(pieces(topic), limits.TOPIC - len(tail)) + tail


def _about_parent(error: discord.HTTPException) -> bool:
    """Whether Discord refused the category: full (CHANNEL_PARENT_MAX_CHANNELS), or gone."""
    return error.code == Code.INVALID_FORM and "parent_id" in error.text


async def _all(calls: Iterable[Coroutine[Any, Any, Any]]) -> None:
    """Make the calls side by side, to the end; then raise what went wrong, first what may work later."""
    wrong: list[Outside] = []
    for outcome in await asyncio.gather(*calls, return_exceptions=True):
        if isinstance(outcome, WIRE_FAILURES):
            wrong.append(outside(outcome))
        elif isinstance(outcome, BaseException):
            raise outcome
    if wrong:
        raise next((error for error in wrong if isinstance(error, TryLater)), wrong[0])
