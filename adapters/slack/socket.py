"""Socket Mode: events over a socket that the bot opens. The SDK reconnects; here it is kept from getting stuck."""

import asyncio
import contextlib
import time
from collections.abc import Callable

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.afterwards import KEY, Afterwards
from adapters.slack.dispatch import dispatch
from adapters.slack.errors import translated
from bot.errors import Outside

PING = 5.0
"""Seconds between pings, and between two tries to connect."""
SPENT = 5.0
"""Seconds without a connection after which the address of the last one is forgotten: each is good for one use, and the
SDK would try it for ever."""
GLANCE = 0.5
"""Seconds between two looks at the connection."""
log = structlog.get_logger(__name__)


class Socket(AsyncSocketModeHandler):
    """Bolt's handler, which here also does what is left for after the acknowledgement."""

    def __init__(self, app: AsyncApp, app_token: str, *, direct: bool) -> None:
        super().__init__(app, app_token, ping_interval=PING)
        if direct:
            self.client.proxy = None

    @property
    def connected(self) -> bool:
        """Whether there is an open socket now."""
        session = self.client.current_session
        return session is not None and not session.closed and not self.client.stale

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Dispatch one envelope, acknowledge it, and only then call Slack."""
        began = time.time()
        afterwards = Afterwards()
        response = await dispatch(
            self.app,
            lambda: AsyncBoltRequest(
                mode="socket_mode", body=req.payload, headers=build_headers(req), context={KEY: afterwards}
            ),
        )
        await send_async_response(client, req, response, began)
        await afterwards.run()

    async def hold(self, arrived: Callable[[], None]) -> None:
        """Connect, however often it takes, and stay connected; ``arrived`` is called the first time."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._join(arrived))
            tasks.create_task(self._watch())
            tasks.create_task(self._rejoin())

    async def _join(self, arrived: Callable[[], None]) -> None:
        await self.client.connect()  # type: ignore[no-untyped-call]
        arrived()

    async def _watch(self) -> None:
        """Forget the socket's address where it led nowhere, for ever."""
        lost_at = time.monotonic()
        while True:
            await asyncio.sleep(GLANCE)
            if self.connected:
                lost_at = time.monotonic()
            elif time.monotonic() - lost_at > SPENT:
                self.client.wss_uri = None
                lost_at = time.monotonic()

    async def _rejoin(self) -> None:
        """Connect again at once where the line went dead: by itself the SDK looks for that only with each ping."""
        client, wait = self.client, GLANCE
        while True:
            await asyncio.sleep(wait)
            session = client.current_session
            if session is None or not session.closed or not client.auto_reconnect_enabled:
                wait = GLANCE
                continue
            try:
                with translated():
                    await client.connect_to_new_endpoint()
            except Outside as no:
                wait = min(wait * 2, PING)
                log.warning("slack socket not opened", why=no.why, again_in=wait)

    async def hang_up(self) -> None:
        """Hang up, and wait until the SDK's own tasks have ended."""
        client = self.client
        tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
        await client.close()  # type: ignore[no-untyped-call]
        for task in tasks:
            if task is not None:
                with contextlib.suppress(asyncio.CancelledError):
                    await task
