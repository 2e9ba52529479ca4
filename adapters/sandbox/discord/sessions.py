"""The gateway's sessions: what each was sent, so that one that lost its socket can go on where it stopped."""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable
from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.intents import seen_by, wanted

DISPATCH = 0


class Outlet:
    """Frames on their way to one socket, in order."""

    def __init__(self) -> None:
        self.frames: asyncio.Queue[str | int] = asyncio.Queue()
        """Frames, and last the code to close with."""
        self.closed = False

    def send(self, op: int, data: Any = None) -> None:
        self.frames.put_nowait(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def close(self, code: int) -> None:
        self.closed = True
        self.frames.put_nowait(code)


class Session:
    """One IDENTIFY's worth of events."""

    def __init__(self, *, intents: int, bot_id: str) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.settled = False
        """It has its guild, and its members if it asked for them."""
        self.outlet: Outlet | None = None
        self.sequence = 0
        self._bot_id = bot_id
        self._sent: deque[tuple[int, str]] = deque(maxlen=limits.REPLAY)

    def dispatch(self, event: str, data: Wire) -> None:
        if not wanted(event, data, intents=self.intents, bot_id=self._bot_id):
            return
        told = seen_by(event, data, intents=self.intents, bot_id=self._bot_id)
        self.sequence += 1
        frame = json.dumps({"op": DISPATCH, "d": told, "s": self.sequence, "t": event})
        self._sent.append((self.sequence, frame))
        if self.outlet is not None:
            self.outlet.frames.put_nowait(frame)

    def can_replay(self, after: int) -> bool:
        oldest = self._sent[0][0] if self._sent else self.sequence + 1
        return oldest - 1 <= after <= self.sequence

    def replay(self, after: int) -> None:
        """Send everything again that came after a sequence number, then say so."""
        missed = [frame for sequence, frame in self._sent if sequence > after]
        for frame in missed:
            if self.outlet is not None:
                self.outlet.frames.put_nowait(frame)
        self.dispatch("RESUMED", {})


class Sessions:
    """All sessions of the bot: two replicas are two of them, and each receives every event."""

    def __init__(self) -> None:
        self.by_id: dict[str, Session] = {}
        self.outlets: set[Outlet] = set()
        """Every open socket's, with or without a session."""
        self._waiting: list[asyncio.Future[None]] = []
        self.changed: Callable[[str], None] = lambda what: None

    def add(self, session: Session) -> None:
        self.by_id[session.id] = session
        lost = [kept for kept in self.by_id.values() if kept.outlet is None and kept is not session]
        for forgotten in lost[: -limits.LOST_SESSIONS]:
            del self.by_id[forgotten.id]

    def drop(self, session: Session) -> None:
        self.by_id.pop(session.id, None)

    def dispatch(self, event: str, data: Wire) -> None:
        for session in list(self.by_id.values()):
            session.dispatch(event, data)

    @property
    def connected(self) -> bool:
        return any(session.settled and session.outlet is not None for session in self.by_id.values())

    def note(self) -> None:
        """Something about a session changed: wake who waits for a connection."""
        self.changed("CONNECTED" if self.connected else "DISCONNECTED")
        if self.connected:
            for future in self._waiting:
                if not future.done():
                    future.set_result(None)
            self._waiting.clear()

    async def wait_connected(self) -> None:
        if not self.connected:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future
