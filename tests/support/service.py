"""A service of the organisation's own, on this machine: green, red, slow or strange, as the test says."""

import asyncio
from typing import Any

from bot.playbook.help import HealthCheck
from tests.support.served import Served


class Service(Served):
    """Answers every request on one port; ``async with Service() as service``."""

    def __init__(self) -> None:
        super().__init__()
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

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/healthz"

    def check(self, name: str = "backend", **more: Any) -> HealthCheck:
        """A health check that asks it."""
        return HealthCheck.model_validate({"name": name, "url": self.url, **more})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
        if self.held is not None:
            await self.held.wait()
        if self.silent:
            await reader.read()
        elif self.raw is not None:
            writer.write(self.raw)
        else:
            await self._answer(writer)

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {self.status} X", f"Content-Length: {len(self.body)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        for start in range(0, len(self.body), 65536):
            writer.write(self.body[start : start + 65536])
            await writer.drain()
            self.gone = start
