"""Files: posting a text as one, and finding the one that an earlier attempt posted.

Slack takes a file in three calls, and only the last, which may be made once, shows it to anybody. Why it is known again
by a block's id: ``docs/decisions/0026-files-once.md``.
"""

import asyncio
import hashlib
import json
from typing import Any

from adapters.slack import limits
from adapters.slack.api import Api, ref
from adapters.slack.history import said_since
from adapters.slack.posts import NOT_THERE, Posts
from adapters.slack.rooms import Rooms
from bot.errors import Refused, TryLater
from bot.files import file_bytes, file_name
from bot.intents import CHANNEL, Attach
from bot.ports import Job

MARK = "tocsin:"
"""Begins the ``block_id`` of what is said beside a file; a hash of the job's key follows."""


class Files:
    """What the bot posts as files."""

    def __init__(self, api: Api, rooms: Rooms, posts: Posts) -> None:
        self._api, self._rooms, self._posts = api, rooms, posts

    async def attach(self, job: Job, intent: Attach) -> str | None:
        """Post the file; returns the message's reference, or ``None`` where the bot may not read the channel."""
        place = self._posts.destination(job, intent.to)
        channel = place if intent.to == CHANNEL else await self._rooms.join(place)
        content = file_bytes(intent.content, limits.FILE)
        try:
            async with asyncio.timeout(limits.TIMEOUT):
                file = await self._upload(file_name(intent.name), content)
        except TimeoutError as error:
            raise TryLater("timeout") from error
        await self._share(job, intent, channel=channel, file=file)
        return await self._shown(job, intent, channel)

    async def find_attached(self, job: Job, intent: Attach) -> str | None:
        """The message with the file that an earlier attempt of this job posted, if it did."""
        channel = await self._rooms.id_of(self._posts.destination(job, intent.to))
        if channel is None:
            return None
        try:
            return await self._search(job, intent, channel)
        except Refused as no:
            if no.why in NOT_THERE:
                return None
            raise

    async def _upload(self, name: str, content: bytes) -> dict[str, str]:
        """Bring the bytes to Slack, where nobody sees them yet."""
        ask = self._api.client.files_getUploadURLExternal
        given = await self._api.call(ask, filename=name, length=len(content))
        await self._api.upload(str(given["upload_url"]), content)
        return {"id": str(given["file_id"]), "title": name}

    async def _share(self, job: Job, intent: Attach, *, channel: str, file: dict[str, str]) -> None:
        complete, beside = self._api.client.files_completeUploadExternal, json.dumps([_beside(job, intent)])
        try:
            await self._api.call(complete, files=[file], channel_id=channel, blocks=beside)
        except TryLater as later:
            if later.maybe_done:
                raise _unsure(later) from later
            raise

    async def _shown(self, job: Job, intent: Attach, channel: str) -> str | None:
        """The reference of the message, which Slack posts a moment after it said yes. ``TryLater`` if it does not."""
        for wait in limits.SHARED_AFTER:
            await asyncio.sleep(wait)
            try:
                found = await self._search(job, intent, channel)
            except Refused:
                return None
            except TryLater as later:
                raise _unsure(later) from later
            if found is not None:
                return found
        raise _unsure(TryLater("file_not_shown_yet"))

    async def _search(self, job: Job, intent: Attach, channel: str) -> str | None:
        me = (await self._api.who()).user
        async for said in said_since(self._api, channel, job.since):
            if said.get("user") == me and left_by(said, job, intent):
                return ref(channel, str(said["ts"]))
        return None


def _unsure(later: TryLater) -> TryLater:
    """The same for a file that Slack may have taken: looked for first, and not before Slack has had time to show it."""
    return TryLater(later.why, after=later.after, shows=limits.SHARING, maybe_done=True, unreachable=later.unreachable)


def _beside(job: Job, intent: Attach) -> dict[str, Any]:
    """The line beside the file: plain text, in which nothing acts."""
    line = " ".join(intent.title.split()) or file_name(intent.name)
    text = {"type": "plain_text", "text": line[: limits.BESIDE], "emoji": False}
    return {"type": "section", "block_id": _mark(job), "text": text}


def _mark(job: Job) -> str:
    return MARK + hashlib.sha256(job.key.encode()).hexdigest()[:32]


def left_by(said: dict[str, Any], job: Job, intent: Attach) -> bool:
    """Whether a message of ours is this job's: by its mark, or by the file itself where Slack kept no mark."""
    marks = [mark for block in said.get("blocks") or () if (mark := str(block.get("block_id"))).startswith(MARK)]
    if marks:
        return _mark(job) in marks
    wanted = (file_name(intent.name), len(file_bytes(intent.content, limits.FILE)))
    return any((file.get("name"), file.get("size")) == wanted for file in said.get("files") or ())
