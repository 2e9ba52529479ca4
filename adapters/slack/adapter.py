"""Slack as one thing to start and stop: the platform that the core speaks to, and the listener that it hears with."""

import asyncio
from collections.abc import Sequence

import structlog
from starlette.routing import Route

from adapters.slack.answers import Answers
from adapters.slack.api import Api
from adapters.slack.files import Files
from adapters.slack.http import Door
from adapters.slack.listener import Listener
from adapters.slack.names import Names
from adapters.slack.originals import Originals
from adapters.slack.platform import SlackPlatform
from adapters.slack.posts import Posts
from adapters.slack.rooms import Rooms
from adapters.slack.settings import Mode, SlackSettings
from adapters.slack.socket import Socket
from bot.errors import Outside
from bot.ports import Clock, Ear

FIRST_WAIT = 0.5
LONGEST_WAIT = 15.0
"""Seconds between two tries to reach Slack at the start, growing from the first to the longest."""
log = structlog.get_logger(__name__)


class SlackAdapter:
    """Slack, as the composition root sees it."""

    address = "https://slack.com/app_redirect?channel={}"
    """Of a channel, by its id; Slack asks who comes for their workspace [docs.slack.dev, deep linking]."""

    def __init__(
        self, settings: SlackSettings, clock: Clock, ear: Ear | None = None, *, announces: Sequence[str] = ("",)
    ) -> None:
        self.settings = settings
        self._announces = tuple(dict.fromkeys(name or settings.announce_channel for name in announces))
        """The channels in which incidents are announced; an empty name stands for the setting's."""
        self._ear = ear
        self._api = Api(settings)
        self._rooms = Rooms(self._api)
        self._posts = Posts(self._api, self._rooms, clock, settings.announce_channel)
        self.platform = SlackPlatform(self._api, self._rooms, self._posts, Files(self._api, self._rooms, self._posts))
        secret = settings.slack_signing_secret
        in_http = settings.mode is Mode.HTTP and secret is not None
        self._door = Door(secret.get_secret_value()) if in_http and secret is not None else None
        self._socket: Socket | None = None
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> list[Route]:
        """What the web adapter mounts: ``POST /slack/events`` in HTTP mode, else nothing."""
        return self._door.routes() if self._door is not None else []

    async def start(self, ear: Ear | None = None) -> None:
        """Begin to connect and return at once; ``platform.ready`` tells when it is done, ``platform.arrival`` waits."""
        ear = ear or self._ear
        if self.settings.mode is Mode.OFF or self._task is not None:
            return
        if ear is None:
            raise RuntimeError("Slack was started without anybody to bring to what is heard")
        await self._api.open()
        answers = Answers(self._api, self._posts)
        listener = Listener(self._api, ear, answers, Originals(self._api, Names(self._api)))
        if self._door is not None:
            self._door.app = listener.app
            self.platform.hold(lambda: self._api.reachable)
        elif self.settings.slack_app_token is not None:
            token = self.settings.slack_app_token.get_secret_value()
            socket = self._socket = Socket(listener.app, token, direct=self._api.direct)
            self.platform.hold(lambda: socket.connected)
        self._task = asyncio.create_task(self._hold(), name="slack")
        self._task.add_done_callback(_tell_fault)

    async def stop(self) -> None:
        """Hang up; harmless when it was not started."""
        if self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            await asyncio.wait([task])
        if self._socket is not None:
            await self._socket.hang_up()
            self._socket = None
        await self._api.close()
        self.platform.hold(lambda: False)

    async def _hold(self) -> None:
        """Reach Slack, however long it takes, and keep the connection in sight."""
        await self._reach()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._join_announcements())
            if self._socket is not None:
                tasks.create_task(self._socket.hold(self.platform.arrival.set))
            else:
                self.platform.arrival.set()

    async def _reach(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                await self._api.identify()
            except Outside as no:
                log.warning("slack cannot be reached", why=no.why, again_in=wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                return

    async def _join_announcements(self) -> None:
        """Learn the announcement channels' ids and become their member, so that no declaration waits for it."""
        for channel in self._announces:
            try:
                await self._rooms.join(channel)
            except Outside as no:
                log.warning("announcement channel not joined", channel=channel, why=no.why)


def _tell_fault(task: asyncio.Task[None]) -> None:
    """A fault of ours that ended the connection's keeper goes to the log whole, and at once."""
    if not task.cancelled() and (fault := task.exception()) is not None:
        log.error("slack is no longer held", exc_info=fault)
