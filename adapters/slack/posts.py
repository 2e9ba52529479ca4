"""Messages: posting, editing, whispering, and finding what an earlier attempt posted."""

from typing import Any

from adapters.slack.api import Api, parts, ref
from adapters.slack.history import said_since
from adapters.slack.render import message
from adapters.slack.rooms import UNKNOWN, Rooms
from adapters.slack.spans import PLATFORM
from bot.card import Card
from bot.errors import Refused
from bot.intents import CHANNEL, Edit, Post, Whisper
from bot.ports import Clock, Job

EVENT = "tocsin"
"""``event_type`` of the metadata on everything that the bot posts; its payload holds the job's key."""
ANNOUNCEMENTS = "announcements"
_QUIET = {"unfurl_links": False, "unfurl_media": False}
NOT_THERE = frozenset({UNKNOWN, "not_in_channel", "thread_not_found", "message_not_found"})
"""Why a message is not to be found: then it is not there."""
_NOT_AMONG_THEM = frozenset({UNKNOWN, "not_in_channel", "user_not_in_channel", "is_archived", "restricted_action"})
"""Why somebody cannot be whispered to in a channel."""


class Posts:
    """What the bot says in the workspace."""

    def __init__(self, api: Api, rooms: Rooms, clock: Clock, announce: str) -> None:
        self._api, self._rooms, self._clock, self._announce = api, rooms, clock, announce

    async def post(self, job: Job, intent: Post) -> str:
        """Post a card; returns the message's reference. The bot joins a public channel where it is no member yet."""
        said = message(intent.card, room=job.refs.get(CHANNEL), rings=intent.rings) | _QUIET | _marked(job)
        parent = _parent(job, intent)
        if parent is not None:
            channel, said["thread_ts"] = parts(parent)
        else:
            channel = self.destination(job, intent.to)
        if parent is not None or intent.to == CHANNEL:
            return await self._within(channel, said, joins=bool(intent.under) or intent.to != CHANNEL)
        try:
            return await self._within(channel, said, joins=True)
        except Refused as no:
            self._rooms.forget(name := self._name(intent.to))
            raise Refused(f"{no.why} (#{name})") from no

    async def _within(self, channel: str, said: dict[str, Any], *, joins: bool) -> str:
        """Say it, as a member where the channel is public and the bot may join it."""
        try:
            return await self._say(channel, said)
        except Refused as no:
            if no.why != "not_in_channel" or not joins:
                raise
        return await self._say(await self._rooms.join(channel), said)

    async def find_posted(self, job: Job, intent: Post) -> str | None:
        """The message that an earlier attempt of this job posted, if it did."""
        thread, parent = None, _parent(job, intent)
        if parent is not None:
            channel, thread = parts(parent)
        else:
            found = await self._rooms.id_of(self.destination(job, intent.to))
            if found is None:
                return None
            channel = found
        try:
            return await self._search(job, channel, thread)
        except Refused as no:
            if no.why in NOT_THERE:
                return None
            raise

    async def edit(self, job: Job, intent: Edit) -> None:
        """Put another card in place of a message."""
        channel, ts = parts(job.refs[intent.message])
        said = message(intent.card, room=job.refs.get(CHANNEL))
        await self._api.call(self._api.client.chat_update, channel=channel, ts=ts, parse="none", **said)

    async def whisper(self, job: Job, intent: Whisper) -> str | None:
        """Tell one person something: as an answer while that is possible, else in the channel, else directly.

        Returns the reference of a direct message; the other two have none.
        """
        person = intent.person.on(PLATFORM)
        if person is None:
            raise Refused("no_such_person_here")
        reply = intent.reply if intent.until is None or self._clock.now() < intent.until else None
        said = message(intent.card, room=job.refs.get(CHANNEL))
        return await self.tell(person, said, channel=intent.channel, reply=reply, more=_marked(job))

    async def tell_card(self, person: str, card: Card, *, channel: str | None, reply: str | None) -> None:
        """Tell one person a card that belongs to no job."""
        await self.tell(person, message(card), channel=channel, reply=reply)

    async def tell(
        self,
        person: str,
        said: dict[str, Any],
        *,
        channel: str | None,
        reply: str | None,
        more: dict[str, Any] | None = None,
    ) -> str | None:
        """Tell one person a message; ``more`` goes along where it is a direct message, whose reference is returned."""
        if reply is not None and await self._api.respond(reply, said | _ANSWER):
            return None
        if channel is not None:
            try:
                await self._api.call(self._api.client.chat_postEphemeral, channel=channel, user=person, **said)
                return None
            except Refused as no:
                if no.why not in _NOT_AMONG_THEM:
                    raise
        opened = await self._api.call(self._api.client.conversations_open, users=[person])
        return await self._say(str(opened["channel"]["id"]), said | _QUIET | (more or {}))

    def destination(self, job: Job, to: str) -> str:
        """The channel's id where it is known, else its name."""
        if to == CHANNEL:
            return job.refs[CHANNEL]
        name = self._name(to)
        if not name:
            raise Refused(UNKNOWN)
        return self._rooms.known(name) or name

    def _name(self, to: str) -> str:
        return self._announce if to == ANNOUNCEMENTS else to.removeprefix("#")

    async def _say(self, channel: str, said: dict[str, Any]) -> str:
        answer = await self._api.call(self._api.client.chat_postMessage, channel=channel, mrkdwn=False, **said)
        if channel != answer["channel"]:
            self._rooms.learn(channel, str(answer["channel"]))
        return ref(str(answer["channel"]), str(answer["ts"]))

    async def _search(self, job: Job, channel: str, thread: str | None) -> str | None:
        async for said in said_since(self._api, channel, job.since, thread=thread):
            if _key(said) == job.key:
                return ref(channel, str(said["ts"]))
        return None


_ANSWER = {"response_type": "ephemeral", "replace_original": False}


def _parent(job: Job, intent: Post) -> str | None:
    """Reference of the message in whose thread it is posted."""
    if intent.under:
        return intent.under
    return job.refs[intent.thread] if intent.thread is not None else None


def _marked(job: Job) -> dict[str, Any]:
    return {"metadata": {"event_type": EVENT, "event_payload": {"key": job.key}}}


def _key(said: dict[str, Any]) -> str | None:
    metadata = said.get("metadata") or {}
    if metadata.get("event_type") != EVENT:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return str(key) if key is not None else None
