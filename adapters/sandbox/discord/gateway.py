"""The gateway: the WebSocket on which a bot says who it is and then hears what happens."""

import asyncio
import json
import time
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.compression import stream_for
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.greeting import guild_create, members_chunks, ready
from adapters.sandbox.discord.intents import KNOWN, MEMBERS, PRESENCES, PRIVILEGED
from adapters.sandbox.discord.sessions import Outlet, Session, Sessions
from adapters.sandbox.discord.world import World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, REQUEST_MEMBERS, INVALID, HELLO, ACK = (
    1,
    2,
    3,
    4,
    6,
    7,
    8,
    9,
    10,
    11,
)
SOUNDBOARD = 31
FASTEST_ACK = 0.02
"""Seconds: on loopback an ACK could overtake the client's own note of having sent its heartbeat, which discord.py then
takes for a delay of the whole interval."""
UNKNOWN_OP, DECODE, NOT_AUTHENTICATED, BAD_TOKEN, TWICE = 4001, 4002, 4003, 4004, 4005
RATE_LIMITED, TIMED_OUT, INVALID_SHARD, INVALID_INTENTS, DISALLOWED_INTENTS = 4008, 4009, 4010, 4013, 4014
CLIENT_ENDS_SESSION = (1000, 1001)
"""Close codes with which a client gives its session up [D]."""


class Gateway:
    """Serves every socket of the bot."""

    def __init__(self, world: World, sessions: Sessions, *, token: str) -> None:
        self.world = world
        self.sessions = sessions
        self.token = token
        self.heartbeat_seconds = limits.HEARTBEAT_SECONDS
        self.url = ""
        """What READY gives as ``resume_gateway_url``."""

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0, compress=False, timeout=1.0)
        await socket.prepare(request)
        connection = Connection(self, socket)
        self.sessions.outlets.add(connection.outlet)
        writer = asyncio.create_task(connection.write(request.query.get("compress", "")))
        try:
            await connection.read()
        finally:
            self.sessions.outlets.discard(connection.outlet)
            connection.detach()
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return socket


class Connection:
    """One socket, from HELLO to its close."""

    def __init__(self, gateway: Gateway, socket: web.WebSocketResponse) -> None:
        self.gateway = gateway
        self.socket = socket
        self.outlet = Outlet()
        self.session: Session | None = None
        self._received: list[float] = []
        self._answers = {HEARTBEAT: self._heartbeat, IDENTIFY: self._identify, RESUME: self._resume}
        self._later = {
            REQUEST_MEMBERS: self._members,
            PRESENCE: self._ignore,
            VOICE: self._ignore,
            SOUNDBOARD: self._ignore,
        }

    async def write(self, compress: str) -> None:
        """Send what is in the outlet until it says to close."""
        stream = stream_for(compress)
        while True:
            frame = await self.outlet.frames.get()
            if isinstance(frame, int):
                await self.socket.close(code=frame)
                return
            packed = stream.pack(frame)
            if self.socket.closed:
                return
            try:
                if isinstance(packed, str):
                    await self.socket.send_str(packed)
                else:
                    await self.socket.send_bytes(packed)
            except ConnectionError:
                return  # The client went away; a session of its keeps the frame for RESUME.

    async def read(self) -> None:
        self.outlet.send(
            HELLO, {"heartbeat_interval": int(self.gateway.heartbeat_seconds * 1000), "_trace": ["sandbox"]}
        )
        while not self.socket.closed:
            try:
                # Discord waits somewhat longer than one interval for a heartbeat.
                message = await asyncio.wait_for(self.socket.receive(), self.gateway.heartbeat_seconds * 1.5)
            except TimeoutError:
                self.outlet.close(TIMED_OUT)
                message = await self.socket.receive()
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            self._receive(message)

    def _receive(self, message: WSMessage) -> None:
        raw = message.data.encode() if isinstance(message.data, str) else message.data
        if self._too_often():
            self.outlet.close(RATE_LIMITED)
            return
        try:
            frame = json.loads(raw) if len(raw) <= limits.GATEWAY_PAYLOAD else None
        except ValueError:
            frame = None
        if not isinstance(frame, dict):
            self.outlet.close(DECODE)
            return
        op, data = frame.get("op"), frame.get("d")
        if op in self._answers:
            self._answers[op](data)
        elif op not in self._later:
            self.outlet.close(UNKNOWN_OP)
        elif self.session is None:
            self.outlet.close(NOT_AUTHENTICATED)
        else:
            self._later[op](data)

    def _too_often(self) -> bool:
        now = time.monotonic()
        self._received = [at for at in self._received if now - at < limits.GATEWAY_SENDS_SECONDS]
        self._received.append(now)
        return len(self._received) > limits.GATEWAY_SENDS

    def _heartbeat(self, data: Any) -> None:
        asyncio.get_running_loop().call_later(FASTEST_ACK, self.outlet.send, ACK)

    def _ignore(self, data: Any) -> None:
        """Presence and voice change nothing here."""

    def _identify(self, data: Any) -> None:
        given: Wire = data if isinstance(data, dict) else {}
        code = self._refuses(given)
        if code:
            self.outlet.close(code)
            return
        world, gateway = self.gateway.world, self.gateway
        session = Session(intents=int(given["intents"]), bot_id=world.bot_id)
        self._attach(session)
        gateway.sessions.add(session)
        session.dispatch("READY", ready(world, session_id=session.id, resume_url=gateway.url, shard=given.get("shard")))
        session.dispatch("GUILD_CREATE", guild_create(world, everybody=bool(session.intents & PRESENCES)))
        if session.intents & MEMBERS and not session.intents & PRESENCES:
            # Such a client asks for its members next; one that was told not to is settled a moment later.
            asyncio.get_running_loop().call_later(limits.SETTLE_SECONDS, self._settle, session)
        else:
            self._settle(session)

    def _refuses(self, given: Wire) -> int:
        """The close code for an IDENTIFY that is not acceptable, or 0."""
        token = str(given.get("token", "")).removeprefix("Bot ")
        intents = given.get("intents")
        shard = given.get("shard")
        checks = (
            (TWICE, self.session is not None and self.session.id in self.gateway.sessions.by_id),
            (BAD_TOKEN, token != self.gateway.token),
            (INVALID_SHARD, shard is not None and shard != [0, 1]),
            (INVALID_INTENTS, not isinstance(intents, int) or bool(intents & ~KNOWN)),
            (DISALLOWED_INTENTS, not self.gateway.world.privileged and bool(int(intents or 0) & PRIVILEGED)),
        )
        return next((code for code, applies in checks if applies), 0)

    def _attach(self, session: Session) -> None:
        session.outlet, self.session = self.outlet, session

    def _settle(self, session: Session) -> None:
        session.settled = True
        self.gateway.sessions.note()

    def _resume(self, data: Any) -> None:
        given: Wire = data if isinstance(data, dict) else {}
        if str(given.get("token", "")).removeprefix("Bot ") != self.gateway.token:
            self.outlet.close(BAD_TOKEN)
            return
        session = self.gateway.sessions.by_id.get(str(given.get("session_id")))
        after = given.get("seq")
        if session is None or not isinstance(after, int) or not session.can_replay(after):
            self.outlet.send(INVALID, False)
            return
        if session.outlet is not None:
            session.outlet.close(TIMED_OUT)
        self._attach(session)
        session.replay(after)
        self._settle(session)

    def _members(self, data: Any) -> None:
        if self.session is None or not isinstance(data, dict):
            return
        for chunk in members_chunks(self.gateway.world, data):
            self.session.dispatch("GUILD_MEMBERS_CHUNK", chunk)
        self._settle(self.session)

    def detach(self) -> None:
        """The socket is gone; its session stays, unless the client has given it up."""
        if self.session is None or self.session.outlet is not self.outlet:
            return
        self.session.outlet = None
        if not self.outlet.closed and self.socket.close_code in CLIENT_ENDS_SESSION:
            self.gateway.sessions.drop(self.session)
        self.gateway.sessions.note()
