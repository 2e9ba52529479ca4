"""Posting to a subscriber's address: signed, soon, to public addresses only, and with little of the answer read."""

import asyncio
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

SIGNATURE = "X-Tocsin-Signature"
DELIVERY = "X-Tocsin-Delivery"
PATIENCE = 10.0
"""Seconds for everything."""
MOST = 4096
"""Bytes of an answer that are read."""
LONGEST = 500
"""Characters of an address."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back; nothing where nobody public answered."""

    status: int = 0
    body: str = ""

    @property
    def well(self) -> bool:
        """Whether it was taken."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def fault(url: str, *, inside: Collection[str]) -> str:
    """What is wrong with an address, in a sentence; empty where nothing is. ``inside``: hosts that need no TLS."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        _ = httpx.URL(url).host  # reads its Punycode, if it is any
    except (ValueError, httpx.InvalidURL):
        return "This is no address: give one such as https://example.com/status."
    if len(url) > LONGEST:
        return f"The address is too long: at most {LONGEST} characters."
    if parts.scheme != "https" and not (parts.scheme == "http" and host.casefold() in inside):
        return "The address has to begin with https://."
    if not host or parts.username is not None or parts.fragment or not url.isprintable() or " " in url:
        return "The address needs a host, and neither a name, a password nor a “#”."
    return ""


def signature(secret: str, body: bytes, at: datetime) -> str:
    """``t=SECONDS,v1=HEX``: HMAC-SHA256 of the time, a dot and the body. The time tells what is old."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


class Posting:
    """Posts JSON."""

    def __init__(self, http: httpx.AsyncClient, *, extension: str, inside: Collection[str] = ()) -> None:
        """``http`` connects to public addresses only, but for hosts that a request names under ``extension``."""
        self._http, self._extensions = http, {extension: frozenset(inside)}
        self.inside = frozenset(inside)

    async def __call__(self, url: str, body: bytes, *, secret: str, delivery: str, at: datetime) -> Answered:
        """Post once; whatever happens on the way is an answer."""
        headers = {
            "Content-Type": "application/json",
            SIGNATURE: signature(secret, body, at),
            DELIVERY: delivery,
        }
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._post(url, body, headers)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, UnicodeError, OSError):
            # TimeoutError is an OSError; what is no address is one to which the answer sends us on
            return Answered()

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Answered:
        asked = self._http.stream(
            "POST", url, content=body, headers=headers, extensions=self._extensions, follow_redirects=False
        )
        async with asked as answer:
            read = b""
            async for piece in answer.aiter_raw():
                read += piece[: MOST - len(read)]
                if len(read) == MOST:
                    break
            return Answered(answer.status_code, read.decode("utf-8", errors="replace"))
