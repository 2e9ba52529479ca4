"""Channels: making the incident's, bringing people in, and finding one by its name."""

import re
from collections.abc import AsyncIterator
from typing import Any

from adapters.slack import limits
from adapters.slack.api import Api
from adapters.slack.spans import PLATFORM
from adapters.slack.words import channel_name
from bot.errors import Refused
from bot.intents import Invite, OpenChannel
from bot.people import Person
from bot.ports import Job

TAKEN = "name_taken"
BAD = "invalid_name"
UNKNOWN = "channel_not_found"
_ID = re.compile(r"[CGD][A-Z0-9]{6,}")
_JOINED_ALREADY = ("already_in_channel", "method_not_supported_for_channel_type")
"""The second is what Slack says of a private channel, which the bot can only see as its member."""
_MEMBERS_ALREADY = ("already_in_channel", "cant_invite_self")


class Rooms:
    """The workspace's channels, as far as the bot deals with them."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._ids: dict[str, str] = {}
        """Ids of channels by name, once learnt."""
        self._given: dict[str, str] = {}
        """Keys of the jobs that this process gave a channel to, by the channel's id."""

    async def open(self, job: Job, intent: OpenChannel) -> str:
        """Make the channel under the first name that is free; returns its id."""
        create, why = self._api.client.conversations_create, TAKEN
        for name in _names(intent):
            try:
                made = await self._api.call(create, name=name, is_private=intent.private)
            except Refused as no:
                if no.why != TAKEN and not no.why.startswith(BAD):
                    raise
                why = no.why
                continue
            return self._give(job, str(made["channel"]["id"]))
        raise Refused(why)

    async def find_opened(self, job: Job, intent: OpenChannel) -> str | None:
        """The channel that an earlier attempt of this job made, if it did.

        It bears one of the names, we made it, not before the first attempt, it was given to no other job, and nothing
        was said or set in it yet: whoever's channel is in use knows it already and does not look for it.
        """
        wanted = _names(intent)
        since = (job.since - limits.SLACK_IN_CLOCKS).timestamp()
        me = (await self._api.who()).user
        ours = [room async for room in self._all() if room["name"] in wanted and _made_by(room, me, since)]
        for room in sorted(ours, key=lambda room: wanted.index(room["name"])):
            free = self._given.get(room["id"], job.key) == job.key
            if free and not await self._in_use(room):
                return self._give(job, str(room["id"]))
        return None

    async def invite(self, channel: str, intent: Invite) -> None:
        """Bring people in with one call, and one by one where that call is refused for one of them."""
        me = (await self._api.who()).user
        people = [handle for person in intent.people if (handle := _handle(person)) and handle != me]
        wanted = list(dict.fromkeys(people))
        for start in range(0, len(wanted), limits.INVITED):
            await self._invite(channel, wanted[start : start + limits.INVITED])

    async def _invite(self, channel: str, people: list[str]) -> None:
        invite = self._api.client.conversations_invite
        if len(people) == 1:
            await self._api.settle(invite, *_MEMBERS_ALREADY, channel=channel, users=people)
            return
        try:
            await self._api.call(invite, channel=channel, users=people)
        except Refused as no:
            if no.why == UNKNOWN:
                raise
            await self._one_by_one(channel, people)

    async def _one_by_one(self, channel: str, people: list[str]) -> None:
        refusals = []
        for person in people:
            try:
                await self._invite(channel, [person])
            except Refused as no:
                refusals.append(f"{no.why} ({person})")
        if refusals:
            raise Refused(", ".join(refusals))

    async def id_of(self, name: str) -> str | None:
        """The id of a channel named by its id or its name; ``None`` where there is none."""
        bare = name.removeprefix("#")
        if _ID.fullmatch(bare):
            return bare
        if bare not in self._ids:
            async for room in self._all():
                self._ids[str(room["name"])] = str(room["id"])
        return self._ids.get(bare)

    async def join(self, name: str) -> str:
        """Become a member of a public channel; returns its id."""
        channel = await self.id_of(name)
        if channel is None:
            raise Refused(UNKNOWN)
        await self._api.settle(self._api.client.conversations_join, *_JOINED_ALREADY, channel=channel)
        return channel

    def learn(self, name: str, channel: str) -> None:
        """Keep the id of a channel that Slack told us by the way."""
        self._ids.setdefault(name.removeprefix("#"), channel)

    def forget(self, name: str) -> None:
        """Ask anew which channel has this name: another may have it by now."""
        self._ids.pop(name.removeprefix("#"), None)

    def known(self, name: str) -> str | None:
        """The id of a channel, without asking."""
        bare = name.removeprefix("#")
        return bare if _ID.fullmatch(bare) else self._ids.get(bare)

    def _give(self, job: Job, channel: str) -> str:
        self._given[channel] = job.key
        return channel

    async def _in_use(self, room: dict[str, Any]) -> bool:
        if (room.get("topic") or {}).get("value"):
            return True
        read = self._api.client.conversations_history
        page = await self._api.call(read, channel=room["id"], limit=limits.PAGE, include_all_metadata=True)
        return any("metadata" in said for said in page.get("messages", ()))

    async def was_archived(self, name: str) -> bool:
        """Whether there is an archived channel of this name. Archived incidents are many, so this takes a while."""
        bare = name.removeprefix("#")
        return any([room["name"] == bare and room.get("is_archived") async for room in self._all(archived=True)])

    async def _all(self, *, archived: bool = False) -> AsyncIterator[dict[str, Any]]:
        """Every channel that the bot can see, those that are archived only if asked for."""
        cursor: str | None = None
        while cursor != "":
            page = await self._api.call(
                self._api.client.conversations_list,
                types="public_channel,private_channel",
                exclude_archived=not archived,
                limit=limits.PAGE,
                cursor=cursor,
            )
            for room in page.get("channels", ()):
                yield room
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")


def _names(intent: OpenChannel) -> list[str]:
    """The names to try: as they are wanted first, then without what Slack might refuse in them."""
    return list(dict.fromkeys(channel_name(name, strict=strict) for strict in (False, True) for name in intent.names))


def _handle(person: Person) -> str | None:
    return person.on(PLATFORM)


def _made_by(room: dict[str, Any], me: str, since: float) -> bool:
    return room.get("creator") == me and float(room.get("created") or 0) >= int(since)
