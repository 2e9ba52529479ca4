"""A service of the organisation's own, on this machine: green, red, slow or strange, as the test says."""

import asyncio
import contextlib
import ssl
from typing import Any, Self

from bot.playbook.help import HealthCheck


class Service:
    """Answers every request on one port; ``async with Service() as service``."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b"all is well"
        self.headers: dict[str, str] = {}
        self.silent = False
        """Takes requests and answers none."""
        self.raw: bytes | None = None
        """Sent as it is, in place of HTTP."""
        self.heard: list[str] = []
        """The head of every request."""
        self.gone = 0
        """Bytes of bodies that were sent before the asker hung up."""
        self.held: asyncio.Event | None = None
        """While it is not set, answers wait."""
        self.tls: ssl.SSLContext | None = None
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._open:
            writer.close()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/healthz"

    def check(self, name: str = "backend", **more: Any) -> HealthCheck:
        """A health check that asks it."""
        return HealthCheck.model_validate({"name": name, "url": self.url, **more})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            self.heard.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
            if self.held is not None:
                await self.held.wait()
            if self.silent:
                await reader.read()
            elif self.raw is not None:
                writer.write(self.raw)
            else:
                await self._answer(writer)
        self._open.discard(writer)
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {self.status} X", f"Content-Length: {len(self.body)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        for start in range(0, len(self.body), 65536):
            writer.write(self.body[start : start + 65536])
            await writer.drain()
            self.gone = start
