"""Notices to whoever watches the sandbox: something changed, fetch again."""

import asyncio
from collections.abc import Hashable

from aiohttp import WSMsgType, web

from adapters.sandbox.calls import CallBook
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord.guild import DiscordGuild
from adapters.sandbox.faults import Faults
from adapters.sandbox.slack.workspace import SlackWorkspace

COALESCE = 0.05
"""Seconds between two notices at least, so that a burst of changes is one re-draw."""
GLANCE = 0.5
"""Seconds after which a watcher looks by itself, for what tells nobody: the clock, faults, calls, connections."""


class Live:
    """Tells every watcher, soon after it happened, that something changed."""

    def __init__(
        self, clock: SandboxClock, faults: Faults, calls: CallBook, slack: SlackWorkspace, discord: DiscordGuild
    ) -> None:
        self._clock, self._faults, self._calls, self._slack, self._discord = clock, faults, calls, slack, discord
        self._changes = 0
        self._watchers: dict[web.WebSocketResponse, asyncio.Event] = {}
        slack.on_change.append(self.notice)
        discord.on_change.append(self.notice)

    def notice(self, what: str = "") -> None:
        """Something changed; ``what`` is the platform's own word for it and is not passed on."""
        self._changes += 1
        for event in self._watchers.values():
            event.set()

    async def watch(self, request: web.Request) -> web.WebSocketResponse:
        """``GET /sandbox/live``: a socket that says ``{"changed": N}`` whenever there is something new to fetch."""
        socket = web.WebSocketResponse(heartbeat=20.0)
        await socket.prepare(request)
        self._watchers[socket] = asyncio.Event()
        telling = asyncio.create_task(self._tell(socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            del self._watchers[socket]
            telling.cancel()
        return socket

    async def hang_up(self, app: web.Application) -> None:
        """End every watch, so that the server can stop at once."""
        for socket in list(self._watchers):
            await socket.close()

    async def _tell(self, socket: web.WebSocketResponse) -> None:
        event, told = self._watchers[socket], None
        while not socket.closed:
            event.clear()
            seen = self._print()
            if seen != told:
                told = seen
                try:
                    await socket.send_json({"changed": self._changes})
                except ConnectionError:
                    return
                await asyncio.sleep(COALESCE)
                if event.is_set():
                    continue
            await asyncio.wait({asyncio.ensure_future(event.wait())}, timeout=GLANCE)

    def _print(self) -> Hashable:
        """Differs whenever a watcher would see something else."""
        return (
            self._changes,
            self._clock.offset,
            tuple((fault.id, fault.times) for fault in self._faults.active),
            self._calls.total,
            self._slack.connected,
            self._discord.connected,
        )
