"""Fetching what a sender keeps at an address of its own, such as a certificate: little, soon, and from nowhere else."""

import asyncio
from http import HTTPStatus

import httpx

from bot.errors import Refused, TryLater

MOST = 64 * 1024
"""Bytes of an answer that are read."""
PATIENCE = 5.0
"""Seconds for everything."""


class Fetching:
    """See :class:`bot.alerts.source.Fetch`."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        """``http`` connects to public addresses only, and raises ``OSError`` or ``httpx.HTTPError`` for any other."""
        self._http = http

    async def __call__(self, url: str) -> bytes:
        """What stands there."""
        if not url.startswith("https://"):
            raise Refused("only https is asked")
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._ask(url)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:  # TimeoutError is an OSError
            raise TryLater(type(error).__name__, unreachable=True) from error

    async def _ask(self, url: str) -> bytes:
        async with self._http.stream("GET", url, follow_redirects=False) as answer:
            if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS or answer.is_server_error:
                raise TryLater(f"answered {answer.status_code}")
            if answer.status_code != HTTPStatus.OK:
                raise Refused(f"answered {answer.status_code}")
            body = b""
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > MOST:
                    raise Refused(f"more than {MOST // 1024} KiB")
            return body
