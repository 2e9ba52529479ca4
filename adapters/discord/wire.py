"""Calls to Discord's REST interface: discord.py's own HTTP client, made to ask once and to say what became of it.

Why not as it comes: discord.py repeats a POST after a 5xx (one ``create_channel``, two channels), sleeps through rate
limits inside the call (ten minutes for a topic), lets the first call to each new channel hold up all others, and never
frees its global lock again when a call is cancelled while it waits. Here a 5xx or a lost connection ends the call, a
rate limit that does not end at once is handed back, and the delivery decides what goes next.

It is a client of its own beside the gateway's, so that what is owed goes out also while the gateway is away.
"""

import asyncio
from collections.abc import Callable, Mapping
from io import BytesIO
from types import SimpleNamespace, TracebackType
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Ratelimit, Route
from discord.utils import MISSING, _to_json

from adapters.discord.errors import NoAnswer, NotReached, Trouble
from adapters.discord.limits import PATIENCE

Json = dict[str, Any]
Id = int | str

SERVER_ERRORS = 500
UNTOLD = 5
"""Calls at once on a route whose limit Discord has not told yet (its common bucket size)."""
SWEEP = 512
"""New routes after which those that have rested are forgotten. Each interaction is a route of its own, and discord.py
would look through all of them with each: a thousand commands later every answer would take milliseconds longer."""
PLAIN = "text/plain; charset=utf-8"
"""How a file is sent, whatever its name ends in: as words, never as a page."""
NEVER_WAIT = 0.001
"""Seconds; not 0, which discord.py takes for "wait as long as it takes"."""


class Budget(Ratelimit):
    """A route's rate limit that is never slept through: a call beyond it raises at once."""

    def __init__(self) -> None:
        super().__init__(None)
        self.limit = self.remaining = UNTOLD

    async def acquire(self) -> None:
        """Take one call from the budget, or raise :class:`discord.RateLimited` with the time to wait."""
        now = asyncio.get_running_loop().time()
        self._last_request = now
        if self.is_expired():
            self.reset()  # type: ignore[no-untyped-call]  # discord.py leaves it untyped
        if self.remaining <= 0:
            raise discord.RateLimited(max(self.expires - now, NEVER_WAIT) if self.expires else PATIENCE / 5)
        self.remaining -= 1
        self.outgoing += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the place back; a budget that Discord told us nothing about is whole again."""
        self.outgoing -= 1
        if not self.dirty:
            self.remaining = min(self.remaining + 1, self.limit)


async def _on_end(_: aiohttp.ClientSession, __: SimpleNamespace, told: aiohttp.TraceRequestEndParams) -> None:
    if told.response.status >= SERVER_ERRORS:
        raise Trouble(told.response.status)


async def _on_error(_: aiohttp.ClientSession, __: SimpleNamespace, told: aiohttp.TraceRequestExceptionParams) -> None:
    if isinstance(told.exception, aiohttp.ClientConnectorError):
        raise NotReached(str(told.exception)) from told.exception
    if isinstance(told.exception, (aiohttp.ClientError, OSError)):
        raise NoAnswer(str(told.exception)) from told.exception


def _ask_once() -> aiohttp.TraceConfig:
    """The hooks that end a call where discord.py would repeat it: on a 5xx, and on a connection that was reset."""
    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(_on_end)
    trace.on_request_exception.append(_on_error)
    return trace


class Wire(HTTPClient):
    """One session for everything that the bot does. Logs in by itself at the first call."""

    def __init__(self, token: str) -> None:
        super().__init__(MISSING, http_trace=_ask_once())  # the loop is known when it first logs in
        self.max_ratelimit_timeout = NEVER_WAIT
        self._secret = token
        self._door = asyncio.Lock()
        self._me: int | None = None
        self._new = 0

    async def log_in(self) -> int:
        """Open the session if it is not open yet; the bot's own user id."""
        async with self._door:
            if self._me is None:
                self.loop = asyncio.get_running_loop()
                try:
                    self._me = int((await self.static_login(self._secret))["id"])
                finally:
                    if self._me is None:
                        await self.close()
        return self._me

    async def close(self) -> None:
        """Close the session; the next call opens another."""
        self._me = None
        await super().close()
        self.connector = MISSING  # the session has closed its connector with it

    def get_ratelimit(self, key: str) -> Ratelimit:
        """The budget of a route (discord.py asks for it before each call)."""
        if key not in self._buckets:
            self._buckets[key] = Budget()
            self._new = (self._new + 1) % SWEEP
            if self._new == 0:
                self._try_clear_expired_ratelimits()
        return self._buckets[key]

    async def ask(self, method: str, path: str, body: Any = None, *, query: Json | None = None, **ids: Id) -> Any:
        """One call, as JSON. ``ids`` fill the path's places. Waits for a rate limit only if it ends at once."""

        def options() -> Json:
            return ({"params": query} if query else {}) | ({"json": body} if body is not None else {})

        return await self._patiently(method, path, ids, options)

    async def send(self, path: str, body: Json, *, name: str, content: bytes, **ids: Id) -> Any:
        """One POST with a text file beside the JSON; ``name`` holds no quotes and no line ends."""
        said = _to_json(body | {"attachments": [{"id": 0, "filename": name}]})

        def options() -> Json:
            # (from a stream: aiohttp takes no more than a megabyte in one piece)
            file = {"name": "files[0]", "value": BytesIO(content), "filename": name, "content_type": PLAIN}
            return {"form": [{"name": "payload_json", "value": said}, file]}

        return await self._patiently("POST", path, ids, options)

    async def _patiently(self, method: str, path: str, ids: Mapping[str, Id], options: Callable[[], Json]) -> Any:
        """Ask, and once more where a rate limit ends at once; each time with fresh ``options``, which are used up."""
        await self.log_in()
        route = Route(method, path, metadata=None, **ids)
        try:
            return await self.request(route, **options())
        except discord.RateLimited as limited:
            if limited.retry_after > PATIENCE:
                raise
            await asyncio.sleep(limited.retry_after)
        return await self.request(route, **options())
