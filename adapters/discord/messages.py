"""Messages: posting, editing, pinning, reacting, and private words to one person.

A message's reference is ``CHANNEL:MESSAGE``. The thread under a message has the message's own id.
"""

from typing import Any
from urllib.parse import quote

import discord

from adapters.discord import limits
from adapters.discord.categories import Categories
from adapters.discord.errors import Code, outside
from adapters.discord.escape import clean, cut
from adapters.discord.marks import marker, nonce, since
from adapters.discord.render import message
from adapters.discord.spans import handle
from adapters.discord.wire import Wire
from bot.card import Card
from bot.errors import Refused
from bot.files import file_bytes, file_name
from bot.intents import CHANNEL, Attach, Edit, Post, React, Whisper
from bot.people import Person
from bot.ports import Job

Json = dict[str, Any]

POSTS = "/channels/{channel_id}/messages"
PAGES = 10
"""Ours: pages of history that are looked through for an earlier attempt's message."""


def parts(ref: str) -> tuple[str, str]:
    """Channel and message of a reference."""
    channel, _, found = ref.partition(":")
    if not (channel.isdecimal() and found.isdecimal()):
        raise Refused(f"{Code.UNKNOWN_MESSAGE} {ref!r} is no message's reference")
    return channel, found


class Messages:
    """Does what is owed as messages."""

    def __init__(self, wire: Wire, categories: Categories) -> None:
        self._wire = wire
        self._categories = categories
        self._threads: set[str] = set()

    async def post(self, job: Job, intent: Post) -> str:
        """Post the card, in its thread if it has one."""
        body = self._body(job, intent)
        if intent.under:
            return await self._reply(intent.under, body)
        if intent.thread is None:
            return await self._send_to(job, intent.to, body)
        parent = job.refs[intent.thread]
        thread = await self._thread(job, intent, parent)
        if thread is not None:
            return await self._send(thread, body)
        return await self._reply(parent, body)

    async def attach(self, job: Job, intent: Attach) -> str:
        """Post the file, with its title in a card of its own that carries the marker."""
        channel, name = await self._place(job, intent.to), file_name(intent.name)
        line = " ".join(intent.title.split()) or name
        body = message(Card(text=(line,)), job.refs, marker=marker(job)) | {"nonce": nonce(job), "enforce_nonce": True}
        content = file_bytes(intent.content, limits.FILE)
        sent = await self._wire.send(POSTS, body, name=name, content=content, channel_id=channel)
        return f"{sent['channel_id']}:{sent['id']}"

    async def _reply(self, to: str, body: Json) -> str:
        """Send it as a reply that does not ring its author; where the message is gone by now, it stands by itself."""
        channel, replied = parts(to)
        reference = {"message_id": replied, "fail_if_not_exists": False}
        quiet = body["allowed_mentions"] | {"replied_user": False}
        return await self._send(channel, body | {"message_reference": reference, "allowed_mentions": quiet})

    def _body(self, job: Job, intent: Post) -> Json:
        body = message(intent.card, job.refs, rings=intent.rings, marker=marker(job))
        return body | {"nonce": nonce(job), "enforce_nonce": True}

    async def _send(self, channel: str, body: Json) -> str:
        sent = await self._wire.ask("POST", POSTS, body, channel_id=channel)
        return f"{sent['channel_id']}:{sent['id']}"

    async def _send_to(self, job: Job, to: str, body: Json) -> str:
        """Send it where a post says; a refusal tells which channel that was, unless it is the incident's own."""
        try:
            return await self._send(await self._place(job, to), body)
        except discord.HTTPException as error:
            if to == CHANNEL or not isinstance(no := outside(error), Refused):
                raise
            name = self._categories.announces if to == "announcements" else to.lstrip("#")
            raise Refused(f"{no.why} (#{name})") from error

    async def _place(self, job: Job, to: str) -> str:
        if to == CHANNEL:
            return job.refs[CHANNEL]
        if to == "announcements":
            return await self._categories.announcements()
        return await self._categories.named(to)

    async def _thread(self, job: Job, intent: Post, parent: str) -> str | None:
        """The thread under a message, begun if need be; ``None`` where there can be none (inside another thread)."""
        channel, thread = parts(parent)
        if thread in self._threads:
            return thread
        name = clean(intent.about_thread or intent.card.title).strip() or f"#{job.incident}"
        body = {"name": cut(name, limits.THREAD_NAME), "auto_archive_duration": limits.THREAD_REST}
        path = f"{POSTS}/{{message_id}}/threads"
        try:
            await self._wire.ask("POST", path, body, channel_id=channel, message_id=thread)
        except discord.HTTPException as error:
            if error.code == Code.WRONG_CHANNEL_TYPE:
                return None
            if error.code != Code.THREAD_EXISTS:
                raise
        self._threads.add(thread)
        return thread

    async def find_attached(self, job: Job, intent: Attach) -> str | None:
        """The message with the file that an earlier attempt of this job left, known by its marker."""
        return await self._mine(job, await self._place(job, intent.to))

    async def find(self, job: Job, intent: Post) -> str | None:
        """The message that an earlier attempt of this job left, known by its marker."""
        if intent.under:
            return await self._mine(job, parts(intent.under)[0])
        if intent.thread is None:
            return await self._mine(job, await self._place(job, intent.to))
        channel, thread = parts(job.refs[intent.thread])
        return await self._mine(job, thread) or await self._mine(job, channel)

    async def _mine(self, job: Job, channel: str) -> str | None:
        me, wanted, after = str(await self._wire.log_in()), marker(job), since(job)
        for _ in range(PAGES):
            query = {"after": after, "limit": limits.HISTORY_PAGE}
            try:
                page: list[Json] = await self._wire.ask("GET", POSTS, query=query, channel_id=channel)
            except discord.NotFound:
                return None
            for each in page:
                if each["author"]["id"] == me and _signed(each, wanted):
                    return f"{channel}:{each['id']}"
            if len(page) < limits.HISTORY_PAGE:
                return None
            after = max(int(each["id"]) for each in page)
        return None

    async def edit(self, job: Job, intent: Edit) -> None:
        """Put another card in a message's place."""
        channel, edited = parts(job.refs[intent.message])
        body = message(intent.card, job.refs)
        await self._wire.ask("PATCH", f"{POSTS}/{{message_id}}", body, channel_id=channel, message_id=edited)

    async def pin(self, ref: str) -> None:
        """Pin a message; pinned already is as good."""
        channel, pinned = parts(ref)
        await self._wire.ask("PUT", f"{POSTS}/pins/{{message_id}}", channel_id=channel, message_id=pinned)

    async def react(self, intent: React) -> None:
        """Put the bot's reaction on a message, or take it away."""
        channel, target = parts(intent.message)
        path = f"{POSTS}/{{message_id}}/reactions/{await self._emoji(intent.emoji)}/@me"
        try:
            await self._wire.ask("PUT" if intent.on else "DELETE", path, channel_id=channel, message_id=target)
        except discord.NotFound:
            if intent.on:
                raise

    async def _emoji(self, emoji: str) -> str:
        """The emoji as an address takes it; one of the guild's own is looked up by its name."""
        if not emoji.isascii():
            return quote(emoji, safe="")
        own = await self._wire.ask("GET", "/guilds/{guild_id}/emojis", guild_id=self._categories.guild)
        found = next((each["id"] for each in own if each["name"] == emoji.strip(":")), None)
        if found is None:
            raise Refused(f"10014 there is no emoji :{emoji.strip(':')}:")
        return quote(f"{emoji.strip(':')}:{found}", safe="")

    async def direct(self, job: Job, intent: Whisper) -> str:
        """Tell the person in a direct message."""
        body = message(intent.card, job.refs, marker=marker(job)) | {"nonce": nonce(job), "enforce_nonce": True}
        return await self._send(await self._dm(intent.person), body)

    async def find_direct(self, job: Job, intent: Whisper) -> str | None:
        """The direct message that an earlier attempt left."""
        return await self._mine(job, await self._dm(intent.person))

    async def _dm(self, person: Person) -> str:
        known = handle(person.handles)
        if known is None:
            raise Refused(f"{Code.CANNOT_DM} {person.name} has no Discord handle")
        opened = await self._wire.ask("POST", "/users/@me/channels", {"recipient_id": known})
        return str(opened["id"])


def _signed(found: Json, wanted: str) -> bool:
    footers = ((embed.get("footer") or {}).get("text", "") for embed in found.get("embeds") or ())
    return any(footer.endswith(wanted) for footer in footers)
