"""Servers on this machine that answer as others' do, and fail as they are told: the wire under fakes of trackers."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.served import Served


class Wrong(StrEnum):
    """How a server fails."""

    BEFORE = "before"
    """It answers with the status, and does nothing."""
    AFTER = "after"
    """It does what was asked, and answers with the status all the same."""
    LOST = "lost"
    """It does what was asked, and the connection breaks before its answer."""
    SILENT = "silent"
    """It does what was asked, and never answers."""


@dataclass(slots=True)
class Fault:
    """A failure of the next ``times`` requests by these methods."""

    wrong: Wrong
    status: int = 500
    times: int = 1
    only: Callable[["Asked"], bool] = lambda asked: asked.method != "GET"
    """Which requests fail."""
    headers: dict[str, str] = field(default_factory=dict)
    said: Any = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Told:
    """One answer."""

    body: Any = None
    """What becomes JSON; bytes are sent as they are."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Wired(Served):
    """Answers HTTP with JSON on one port; ``async with``. Whoever derives from it says what it answers."""

    def __init__(self) -> None:
        Served.__init__(self)
        self.asked: list[Asked] = []
        """Every request that arrived."""
        self.faults: list[Fault] = []
        self.spoil: Callable[[Told], Told] = lambda told: told
        """Makes an answer wrong on its way."""

    def answer(self, asked: Asked) -> Told:
        """What it does and says."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told = self._told(await _read(reader))
        if told is not None and told.status == 0:
            await reader.read()
        elif told is not None:
            writer.write(_written(self.spoil(told)))
            await writer.drain()

    def _told(self, asked: Asked) -> Told | None:
        self.asked.append(asked)
        fault = next((one for one in self.faults if one.times and one.only(asked)), None)
        if fault is None:
            return self.answer(asked)
        fault.times -= 1
        if fault.wrong is not Wrong.BEFORE:
            self.answer(asked)
        if fault.wrong is Wrong.LOST:
            return None
        if fault.wrong is Wrong.SILENT:
            return Told(status=0)
        return Told(fault.said or {"message": "as told by the test"}, fault.status, fault.headers)


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ", 2)
    headers = {name.casefold(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    return Asked(method, parts.path, dict(parse_qsl(parts.query)), headers, json.loads(body) if body else None)


def _written(told: Told) -> bytes:
    body = b"" if told.body is None else told.body if isinstance(told.body, bytes) else json.dumps(told.body).encode()
    lines = [f"HTTP/1.1 {told.status} X", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in told.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
