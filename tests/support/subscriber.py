"""A subscriber: a web server of somebody else's that is told by webhook, and does with it what a test wants."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from tests.support.served import Served


@dataclass(frozen=True, slots=True)
class Got:
    """One request that it was sent."""

    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        """The body."""
        known: dict[str, Any] = json.loads(self.body)
        return known

    def signed(self, secret: str) -> bool:
        """Whether the signature is that of whoever knows the secret, as docs/publicpage.md tells people to check it."""
        parts = dict(part.split("=", 1) for part in self.headers["x-tocsin-signature"].split(","))
        wanted = hmac.new(secret.encode(), f"{parts['t']}.".encode() + self.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(wanted, parts["v1"])


class Subscriber(Served):
    """Answers the verification with its challenge, and everything else with ``status``."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 200
        self.proves = True
        self.hangs = asyncio.Event()
        """While it is set, nothing is answered."""
        self.got: list[Got] = []
        self.location = ""

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/hook?who=we"

    @property
    def texts(self) -> list[str]:
        """The newest text of each message, in order."""
        messages = (one.said for one in self.got if "incident" in one.said)
        return [each["incident"]["incident_updates"][0]["body"] for each in messages]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        got = Got(headers, body)
        self.got.append(got)
        if self.hangs.is_set():
            await asyncio.sleep(3600)
        answer = got.said.get("challenge", "") if self.proves and "challenge" in got.said else "thanks"
        more = f"location: {self.location}\r\n" if self.location else ""
        writer.write(f"HTTP/1.1 {self.status} x\r\n{more}content-length: {len(answer)}\r\n\r\n{answer}".encode())
        await writer.drain()
