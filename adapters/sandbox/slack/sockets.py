"""Socket Mode: connections that the app opened with a ticket, each envelope to one of them, acknowledged by id."""

import asyncio
import json
from collections import OrderedDict
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from adapters.sandbox.slack import limits
from adapters.sandbox.slack.courier import Courier, Envelope
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Wire
from adapters.sandbox.slack.world import World

UNACKED = 10_000
"""Envelopes whose late acknowledgement is still understood."""


class Connection:
    """One open web socket of the app."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self._request = request
        self.socket = socket
        self.leaving = False
        """Told to reconnect: used only while there is no other."""
        self.outgoing: asyncio.Queue[Wire] = asyncio.Queue()
        self.unacked: dict[str, Envelope] = {}

    async def write(self) -> None:
        """Send what is put out, in order, until the socket closes."""
        while not self.socket.closed:
            frame = await self.outgoing.get()
            try:
                await self.socket.send_json(frame)
            except ConnectionError:
                return

    def cut(self) -> None:
        """Let the line go dead, as a failing network does: no closing frame."""
        if self._request.transport is not None:
            self._request.transport.abort()


class Sockets:
    """The app's open connections."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: set[str] = set()
        self._turn = count()
        self._known: OrderedDict[str, Envelope] = OrderedDict()
        self._opened = asyncio.Event()
        self.connections: list[Connection] = []
        self.nonsense: list[str] = []
        """What the app sent that Socket Mode does not know: frames that are no acknowledgement."""
        self.courier: Courier

    @property
    def is_open(self) -> bool:
        return bool(self.connections)

    async def wait(self) -> None:
        """Until the app is connected."""
        while not self.connections:
            self._opened.clear()
            await self._opened.wait()

    def ticket(self) -> str:
        """The address of one new connection."""
        ticket = self._world.stamps.secret("ticket")
        self._tickets.add(ticket)
        host = self._world.base_url.partition("://")[2]
        if not host:
            raise Refusal("internal_error")
        return f"ws://{host}/link/?ticket={ticket}&app_id={self._world.app_id}"

    def send(self, envelope: Envelope) -> bool:
        """Give it to one connection, in turn; those that are about to leave come last."""
        staying = [connection for connection in self.connections if not connection.leaving]
        choice = staying or self.connections
        if not choice:
            return False
        connection = choice[next(self._turn) % len(choice)]
        connection.unacked[envelope.id] = envelope
        self._remember(envelope)
        connection.outgoing.put_nowait(envelope.wire)
        self.courier.sent(envelope)
        return True

    async def link(self, request: web.Request) -> web.StreamResponse:
        """``GET /link/?ticket=…``: open a connection, once for each ticket."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(request, socket)
        if len(self.connections) >= limits.SOCKETS:
            await socket.send_json(_farewell("too_many_websockets"))
            await socket.close()
            return socket
        await self._serve(connection)
        return socket

    async def cut(self, *, politely: bool = False) -> None:
        """Drop every connection: cut the line, or close it with a closing frame."""
        for connection in list(self.connections):
            self._forget(connection)
            if politely:
                await connection.socket.close()
            else:
                connection.cut()

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Tell every connection that it will be closed, so that the app opens another."""
        for connection in self.connections:
            connection.leaving = connection.leaving or reason != "warning"
            connection.outgoing.put_nowait(_farewell(reason))

    async def _serve(self, connection: Connection) -> None:
        socket = connection.socket
        await socket.send_json(self._hello())
        self.connections.append(connection)
        writing = asyncio.create_task(connection.write())
        self._opened.set()
        self.courier.opened()
        self._world.changed("socket connected")
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._heard(message.data)
        finally:
            writing.cancel()
            self._forget(connection)

    def _hello(self) -> Wire:
        debug = {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18060}
        info = {"app_id": self._world.app_id}
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "debug_info": debug,
            "connection_info": info,
        }

    def _heard(self, text: str) -> None:
        frame = _parsed(text)
        envelope = self._known.get(str(frame.get("envelope_id"))) if frame is not None else None
        if frame is None or envelope is None:
            self.nonsense.append(text)
            return
        for connection in self.connections:
            connection.unacked.pop(envelope.id, None)
        payload = frame.get("payload")
        envelope.acknowledge(payload if isinstance(payload, dict) and not envelope.is_event else None)

    def _remember(self, envelope: Envelope) -> None:
        # An acknowledgement may come over another connection than the one that carried the envelope, or late.
        self._known[envelope.id] = envelope
        self._known.move_to_end(envelope.id)
        while len(self._known) > UNACKED:
            self._known.popitem(last=False)

    def _forget(self, connection: Connection) -> None:
        if connection not in self.connections:
            return
        self.connections.remove(connection)
        self._world.changed("socket closed")
        for envelope in connection.unacked.values():
            self.courier.orphaned(envelope)


def _farewell(reason: str) -> dict[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        frame = json.loads(text)
    except ValueError:
        return None
    return frame if isinstance(frame, dict) else None
