"""``/status/subscriptions``: an address asks to be told by webhook, proves that it is heeded, and ends it again.

The only part of the page that needs the database; the rest stands when that is gone.
"""

import asyncio
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPMethod, HTTPStatus
from urllib.parse import parse_qs, urlsplit

from pydantic_core import from_json, to_json
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.publicpage.door import SAFE
from adapters.publicpage.edition import Edition
from adapters.publicpage.pages import notice
from adapters.publicpage.posting import Posting, fault
from adapters.publicpage.settings import PATH
from bot.errors import TryLater
from bot.keys import Keys, Unsealable
from bot.messages import public as words
from bot.ports import Clock
from bot.subscriptions import Reached, Subscriptions, subscribed, told

MOST = 4096
"""Bytes of a request that are read."""
PATIENCE = 5.0
"""Seconds in which it has to be there."""
BURST, EVERY = 6, 10.0
"""Requests that may come at once, and seconds until there is room for one more: each makes the bot call somebody."""
ID = re.compile(r"[\w-]{32}", re.ASCII)
"""24 bytes, as ``token_urlsafe`` writes them."""
AFTER = {HTTPStatus.TOO_MANY_REQUESTS: "10", HTTPStatus.SERVICE_UNAVAILABLE: "5"}
UNCACHED = {name.decode(): value.decode() for name, value in SAFE} | {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered, in whichever form was asked for."""

    status: int
    text: str
    secret: str = ""
    unsubscribe: str = ""
    """Where it ends."""
    asks: bool = False
    """Whether a button ends it."""


class Refusal(Exception):
    """The request goes no further."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.said = Said(status, text)


class SubscribeDoor:
    """Takes subscriptions and ends them."""

    def __init__(
        self,
        kept: Subscriptions,
        posting: Posting,
        clock: Clock,
        *,
        keys: Keys,
        edition: Callable[[], Edition | None],
        most: int,
    ) -> None:
        """``edition`` gives what customers know, ``None`` while the database cannot be asked."""
        self._kept, self._post, self._clock, self._keys, self._edition, self._most = (
            kept,
            posting,
            clock,
            keys,
            edition,
            most,
        )
        self._room, self._counted_at = float(BURST), clock.now()
        self._turn = asyncio.Lock()
        """However many ask, it is one connection: the others are people's."""

    def routes(self) -> list[BaseRoute]:
        """Where it is."""
        return [
            Route(f"{PATH}subscriptions", self._begin, methods=["POST"]),
            Route(f"{PATH}subscriptions/{{id}}", self._end, methods=["GET", "POST", "DELETE"]),
        ]

    async def _begin(self, request: Request) -> Response:
        try:
            said = await self._subscribe(_address(await _body(request), json=_json(request)))
        except Refusal as refused:
            said = refused.said
        except TryLater:
            said = Said(HTTPStatus.SERVICE_UNAVAILABLE, words.AWAY)
        except ClientDisconnect:
            return Response()
        return self._answer(said, json=_json(request))

    async def _subscribe(self, url: str) -> Said:
        edition = self._edition()
        if edition is None:
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, words.AWAY)
        if wrong := fault(url, inside=self._post.inside):
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, wrong)
        if not self._let_in(self._clock.now()):
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, words.TOO_MANY_AT_ONCE)
        at = Reached(url=url, secret=secrets.token_urlsafe(32))
        await self._prove(at)
        new = subscribed(secrets.token_urlsafe(24), at, self._keys, sent=told(edition.incidents))
        if not await self._kept.add(new, at=self._clock.now(), most=self._most):
            raise Refusal(HTTPStatus.FORBIDDEN, words.FULL)
        host = urlsplit(url).hostname or ""
        address = f"{edition.address}subscriptions/{new.id}"
        return Said(HTTPStatus.CREATED, words.subscribed(host), at.secret, address)

    async def _prove(self, at: Reached) -> None:
        """Ask the address for a word that nobody else knows, so that nobody subscribes another's."""
        challenge = secrets.token_urlsafe(24)
        body = to_json({"type": "verification", "challenge": challenge})
        answer = await self._post(at.url, body, secret=at.secret, delivery="verification", at=self._clock.now())
        if not answer.well or challenge not in answer.body:
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, words.NOT_PROVED)

    def _let_in(self, now: datetime) -> bool:
        """A bucket that fills up again by one every so many seconds."""
        self._room = min(float(BURST), self._room + max(0.0, (now - self._counted_at).total_seconds()) / EVERY)
        self._counted_at = now
        if self._room < 1:
            return False
        self._room -= 1
        return True

    async def _end(self, request: Request) -> Response:
        """Looked at, it asks; only a button or DELETE ends it, since programs look at links as well, also by HEAD."""
        id, looks = request.path_params["id"], request.method not in (HTTPMethod.POST, HTTPMethod.DELETE)
        try:
            async with self._turn:
                said = await (self._look(id) if looks else self._drop(id))
        except TryLater:
            said = Said(HTTPStatus.SERVICE_UNAVAILABLE, words.AWAY)
        return self._answer(said, json=request.method == HTTPMethod.DELETE)

    async def _look(self, id: str) -> Said:
        found = await self._kept.find(id) if self._known(id) else None
        if found is None:
            return _unknown()
        try:
            host = urlsplit(found.reached(self._keys).url).hostname or ""
        except Unsealable:
            host = words.SOMEWHERE
        return Said(HTTPStatus.OK, words.ends(host), asks=True)

    async def _drop(self, id: str) -> Said:
        return Said(HTTPStatus.OK, words.ENDED) if self._known(id) and await self._kept.drop(id) else _unknown()

    def _known(self, id: str) -> bool:
        """Whether it is worth asking the database."""
        if self._edition() is None:
            raise TryLater("database", unreachable=True)
        return ID.fullmatch(id) is not None

    def _answer(self, said: Said, *, json: bool) -> Response:
        headers = UNCACHED | ({"retry-after": AFTER[HTTPStatus(said.status)]} if said.status in AFTER else {})
        if not json:
            page = notice(self._edition(), said)
            return Response(page, said.status, headers, media_type="text/html")
        if said.status >= HTTPStatus.BAD_REQUEST:
            return JSONResponse({"error": said.text}, said.status, headers)
        more = {"secret": said.secret, "unsubscribe": said.unsubscribe} if said.secret else {}
        return JSONResponse({"says": said.text, **more}, said.status, headers)


def _unknown() -> Said:
    return Said(HTTPStatus.NOT_FOUND, words.NO_SUBSCRIPTION)


def _json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


async def _body(request: Request) -> bytes:
    body = b""
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.stream():
                body += piece
                if len(body) > MOST:
                    raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.TOO_LARGE)
    except TimeoutError as slow:
        raise Refusal(HTTPStatus.REQUEST_TIMEOUT, words.TOO_SLOW) from slow
    return body


def _address(body: bytes, *, json: bool) -> str:
    """What stands under ``url`` in a form or in JSON."""
    try:
        given = from_json(body) if json else {name: each[-1] for name, each in parse_qs(body.decode()).items()}
    except ValueError as broken:  # UnicodeDecodeError is one
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, words.NO_ADDRESS) from broken
    url = given.get("url") if isinstance(given, dict) else None
    if not isinstance(url, str) or not url.strip():
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, words.NO_ADDRESS)
    return url.strip()
