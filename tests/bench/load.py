"""A storm of alerts from a process of its own: ``python -m tests.bench.load PORT COUNT``; prints what came of it.

Connections are kept alive and busy: each sends its next alert as soon as the last one was answered.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field

from tests.support.senders import HEADERS, firing

KEYS = 50
CONNECTIONS = 64
BETWEEN = 0.25
"""Seconds until what was turned away is sent again. Whoever heeds Retry-After waits longer; this sender does not."""


def name(place: int) -> str:
    """What the alert at this place of the storm is called."""
    return f"Storm{place % KEYS:02}"


@dataclass
class Told:
    """What came of a storm."""

    statuses: dict[int, int] = field(default_factory=dict)
    """Answers by status."""
    accepted: dict[str, int] = field(default_factory=dict)
    """Alerts answered with 2xx, by name."""
    turned: list[tuple[float, float]] = field(default_factory=list)
    """When each that was answered with 429 was sent, and answered: moments of the machine's monotonic clock."""
    seconds: float = 0.0
    """From the first request to the last answer."""
    slowest: float = 0.0
    """Seconds that one answer took at most."""
    cpu: float = 0.0
    """Seconds of processor time that the sender took."""


class Connection(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, storm: "Storm") -> None:
        self._storm = storm
        self._place: int | None = None
        self._sent_at = 0.0
        self._read = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def _next(self) -> None:
        self._place = self._storm.take()
        if self._place is None:
            self._transport.close()
            return
        self._send()

    def _send(self) -> None:
        self._sent_at = time.monotonic()
        self._transport.write(self._storm.requests[(self._place or 0) % KEYS])

    def data_received(self, data: bytes) -> None:
        """An answer, or a part of one."""
        self._read += data
        head, found, rest = self._read.partition(b"\r\n\r\n")
        if not found or len(rest) < _length(head):
            return
        self._read = b""
        status = int(head[9:12])
        self._storm.answered(self._place or 0, status, sent=self._sent_at)
        if status < 300:
            self._next()
        else:
            asyncio.get_running_loop().call_later(BETWEEN, self._send)

    def connection_lost(self, exc: Exception | None) -> None:
        """The end."""
        if not self.done.done():
            self.done.set_result(None)


class Storm:
    """What is left to send, and what was answered."""

    def __init__(self, port: int, count: int) -> None:
        self._left = iter(range(count))
        self.told = Told()
        self.requests = [_request(port, firing(name(place))) for place in range(KEYS)]

    def take(self) -> int | None:
        """The next one to send."""
        return next(self._left, None)

    def answered(self, place: int, status: int, *, sent: float) -> None:
        """Note an answer to what was sent at that moment."""
        now = time.monotonic()
        self.told.statuses[status] = self.told.statuses.get(status, 0) + 1
        self.told.slowest = max(self.told.slowest, now - sent)
        if status < 300:
            self.told.accepted[name(place)] = self.told.accepted.get(name(place), 0) + 1
        if status == 429:
            self.told.turned.append((sent, now))


def _length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"content-length:")
    return int(after.partition(b"\r\n")[0] or 0)


def _request(port: int, body: bytes) -> bytes:
    lines = ["POST /alerts/alertmanager HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}"]
    lines += [f"{header}: {value}" for header, value in HEADERS.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def rage(port: int, count: int) -> Told:
    """Send all of it."""
    storm, loop = Storm(port, count), asyncio.get_running_loop()
    began = time.monotonic()
    opened = [await loop.create_connection(lambda: Connection(storm), "127.0.0.1", port) for _ in range(CONNECTIONS)]
    await asyncio.gather(*(protocol.done for _, protocol in opened))
    storm.told.seconds = time.monotonic() - began
    storm.told.cpu = time.process_time()
    return storm.told


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(rage(int(sys.argv[1]), int(sys.argv[2]))))))
