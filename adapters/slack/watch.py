"""The watched channels: what bots, apps and webhooks post there is brought to the ear; people are left alone."""

import asyncio
from collections import OrderedDict

import structlog

from adapters.slack.api import Api, ref
from adapters.slack.flat import flat
from adapters.slack.payloads import moment
from adapters.slack.posted import Event, PostEvent, Renaming, Said
from adapters.slack.spans import PLATFORM
from bot.alerts.alert import Posted
from bot.alerts.post import Post
from bot.errors import Refused, TryLater
from bot.ports import Ear

log = structlog.get_logger(__name__)

REMEMBERED = 5_000
"""Channels whose names are kept in mind."""


class ChannelNames:
    """Names of channels by id, asked for once each, however many posts come at once."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: OrderedDict[str, str] = OrderedDict()
        self._asking: dict[str, asyncio.Task[str]] = {}

    async def of(self, channel: str) -> str:
        """The channel's name; empty where Slack does not tell. Raises :class:`TryLater`."""
        if channel in self._known:
            self._known.move_to_end(channel)
            return self._known[channel]
        if channel not in self._asking:
            task = self._asking[channel] = asyncio.create_task(self._ask(channel))
            task.add_done_callback(lambda done: self._asked(channel, done))
        return await asyncio.shield(self._asking[channel])

    def _asked(self, channel: str, done: asyncio.Task[str]) -> None:
        self._asking.pop(channel, None)
        if not done.cancelled():
            done.exception()  # (those who wait for it raise it; there may be nobody any more)

    async def _ask(self, channel: str) -> str:
        try:
            answer = await self._api.call(self._api.client.conversations_info, channel=channel)
        except Refused as no:
            log.warning("slack does not tell a channel's name", channel=channel, why=no.why)
            return self._keep(channel, "")
        room = answer.get("channel")
        return self._keep(channel, str(room.get("name") or "") if isinstance(room, dict) else "")

    def learn(self, renamed: Renaming) -> None:
        """A channel has another name now."""
        if renamed.id in self._known:
            self._keep(renamed.id, renamed.name)

    def _keep(self, channel: str, name: str) -> str:
        self._known[channel] = name
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return name


class Watch:
    """Brings posts to the ear."""

    def __init__(self, api: Api, ear: Ear) -> None:
        self._api, self._ear = api, ear
        self.names = ChannelNames(api)
        self._turn = asyncio.Lock()

    async def hear(self, body: PostEvent) -> None:
        """Let the ear save what a post tells of, in the order in which posts and their edits came.

        Raises :class:`TryLater` where it cannot be saved now.
        """
        event = body.event
        if not (event.channel and event.ts and event.said.ts and event.said.by_app):
            return
        if self._ours(event.said, body.api_app_id) or _same_words(event):
            return
        place = await self._place(event)
        if place is not None:
            async with self._turn:
                await self._ear.posted(self._post(event, place))

    def _ours(self, said: Said, app: str) -> bool:
        """Whether the bot wrote it itself; our app's id stands on every event."""
        me = self._api.identity
        mine = me is not None and (said.user == me.user or (me.bot != "" and said.bot_id == me.bot))
        return mine or (app != "" and said.app_id == app)

    async def _place(self, event: Event) -> Posted | None:
        """Where it was posted; ``None`` where posts are not read. A channel that is watched by its id needs no name."""
        said = event.said
        place = Posted(platform=PLATFORM, channel=event.channel, message=ref(event.channel, said.ts), reply=said.reply)
        try:
            place = place.model_copy(update={"room": await self.names.of(event.channel)})
        except TryLater:
            if not self._ear.watches(place):
                raise
        return place if self._ear.watches(place) else None

    def _post(self, event: Event, place: Posted) -> Post:
        said, me = event.said, self._api.identity
        parts, addresses = flat(said)
        return Post(
            place=place,
            key=f"slack:post:{place.message}:{event.ts}" if event.changed else f"slack:post:{place.message}",
            author=said.username or said.bot_profile.name,
            app=said.app_id or said.bot_id,
            at=moment(event.ts),
            parts=parts,
            addresses=addresses,
            url=me.permalink(place.message) if me is not None else "",
            edited=event.changed,
        )


def _same_words(event: Event) -> bool:
    """Whether a post changed in what nobody reads: a reply was counted, a link got its preview."""
    before = event.previous_message
    return event.changed and before is not None and flat(before) == flat(event.said)
