"""Getting what stands at an address or in a file: over HTTP only, little, and soon."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import httpx

from bot.errors import Mistake

MOST = 4 * 1024 * 1024
"""Bytes that are read: a year of hourly events is a quarter of it."""
PATIENCE = 30.0
"""Seconds for everything."""
HOPS = 3
"""Redirections that are followed."""
SHOWN = 80
"""Characters of an address or of somebody's words that are shown."""


def read(path: Path) -> bytes:
    """A file; raises :class:`~bot.errors.Mistake`."""
    try:
        with path.open("rb") as file:
            body = file.read(MOST + 1)
    except (OSError, ValueError) as no:
        why = getattr(no, "strerror", None) or "no such name"
        raise Mistake(f"“{str(path)[:SHOWN]}” cannot be read: {why}. Give a file, or an address with https://.") from no
    return _bounded(body)


async def fetch(
    url: str, *, headers: Mapping[str, str] | None = None, params: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """The status and the body of an answer, be it a success or not; raises :class:`~bot.errors.Mistake`."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _fetch(httpx.URL(url), dict(headers or {}), dict(params or {}))
    except TimeoutError as no:
        raise Mistake(f"{_host(url)} has not answered whole within {PATIENCE:.0f} seconds. Try again later.") from no
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError) as no:
        raise Mistake(f"{_host(url)} cannot be reached ({type(no).__name__}). Is the address right?") from no


async def _fetch(url: httpx.URL, headers: dict[str, str], params: dict[str, str]) -> tuple[int, bytes]:
    http = httpx.AsyncClient(
        headers={"User-Agent": "Tocsin", "Accept-Encoding": "identity", **headers},  # packed, a little may be huge
        follow_redirects=not headers,  # a token goes where it was meant to go, and nowhere else
        max_redirects=HOPS,
        timeout=PATIENCE,
    )
    async with http, http.stream("GET", url, params=params or None) as answer:
        body = b""
        async for piece in answer.aiter_raw():
            body = _bounded(body + piece)
        return answer.status_code, body


def _bounded(body: bytes) -> bytes:
    if len(body) > MOST:
        raise Mistake(
            f"That is more than {MOST // 1024 // 1024} MiB, which is no schedule of people. Nothing was read."
        )
    return body


def _host(url: str) -> str:
    """What may be shown of an address: a feed's is as good as a password."""
    try:
        return httpx.URL(url).host[:SHOWN] or "The address"
    except (httpx.InvalidURL, UnicodeError):
        return "The address"


def good(status: int) -> bool:
    """Whether an answer is a success."""
    return status == HTTPStatus.OK
