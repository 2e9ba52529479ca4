"""Readers of the public page, a process: ``python -m tests.bench.readers PORT SECONDS CONNECTIONS PATH [HEADER…]``.

Connections are kept alive and busy: each asks again as soon as it was answered. Prints what came of it as JSON.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field

CONNECTIONS = 32


@dataclass
class Served:
    """What readers were answered."""

    statuses: dict[int, int] = field(default_factory=dict)
    """Answers by status."""
    waits: list[float] = field(default_factory=list)
    """Seconds that each answer took."""
    size: int = 0
    """Bytes of one answer's body."""
    seconds: float = 0.0
    cpu: float = 0.0
    """Seconds of processor time that the readers took."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return sum(self.statuses.values()) / self.seconds


class Reader(asyncio.Protocol):
    """One connection: a request, its answer, the next request, until the time is over."""

    def __init__(self, request: bytes, served: Served, until: float) -> None:
        self._request, self._served, self._until = request, served, until
        self._sent_at, self._read = 0.0, b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._sent_at = time.monotonic()
        if self._sent_at >= self._until:
            self._transport.close()
            return
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """An answer, or a part of one."""
        self._read += data
        head, found, rest = self._read.partition(b"\r\n\r\n")
        _, _, after = head.lower().partition(b"content-length:")
        length = int(after.partition(b"\r\n")[0] or 0)
        if not found or len(rest) < length:
            return
        status = int(head[9:12])
        self._read, self._served.size = b"", length
        self._served.statuses[status] = self._served.statuses.get(status, 0) + 1
        self._served.waits.append(time.monotonic() - self._sent_at)
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end."""
        if not self.done.done():
            self.done.set_result(None)


async def read(port: int, seconds: float, connections: int, path: str, headers: list[str]) -> Served:
    """Ask for so long."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", ""]
    request, served, loop = "\r\n".join(lines).encode(), Served(), asyncio.get_running_loop()
    began = time.monotonic()
    opened = [
        await loop.create_connection(lambda: Reader(request, served, began + seconds), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in opened))
    served.seconds, served.cpu = time.monotonic() - began, time.process_time()
    return served


if __name__ == "__main__":
    print(
        json.dumps(
            asdict(asyncio.run(read(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5:])))
        )
    )
