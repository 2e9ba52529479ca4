"""Notices to whoever watches the sandbox: something changed, fetch again."""

import asyncio
from collections.abc import Hashable
from contextlib import suppress

from aiohttp import WSMsgType, web

from adapters.sandbox.parts import Parts

COALESCE = 0.05
"""Seconds between two notices at least, so that a burst of changes is one re-draw."""
GLANCE = 0.5
"""Seconds after which a watcher looks by itself, for what tells nobody: the clock, faults, calls, connections."""


class Live:
    """Tells every watcher, soon after it happened, that something changed."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._changes = 0
        self._watchers: dict[web.WebSocketResponse, asyncio.Event] = {}
        parts.slack.on_change.append(self.notice)
        parts.discord.on_change.append(self.notice)

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
            with suppress(TimeoutError):
                async with asyncio.timeout(GLANCE):
                    await event.wait()

    def _print(self) -> Hashable:
        """Differs whenever a watcher would see something else."""
        parts = self._parts
        return (
            self._changes,
            parts.clock.offset,
            tuple((fault.id, fault.times) for fault in parts.faults.active),
            parts.calls.total,
            parts.slack.connected,
            parts.discord.connected,
        )
