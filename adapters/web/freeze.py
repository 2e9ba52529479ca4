"""``GET /api/freeze``: whether production is frozen, for a pipeline that asks before it ships."""

import asyncio
from http import HTTPMethod, HTTPStatus

import structlog
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from adapters.web import answers
from adapters.web.answers import Answer, TurnedAway
from adapters.web.requests import head
from adapters.web.secrets import Secrets, given
from bot.alerts.source import Delivery
from bot.errors import TryLater
from bot.freezing import state
from bot.incident import ADDRESS
from bot.reader import Frozen, Reader

log = structlog.get_logger()

FRESH = 5
"""Seconds for which an answer may be kept by whoever stands between."""


class FreezeDoor:
    """Open to everybody without a token, and then it tells no word that people wrote; with one to whoever knows it."""

    def __init__(self, reader: Reader, token: str = "") -> None:
        self._reader, self._token, self._secrets = reader, token, Secrets(token)
        self._turn = asyncio.Lock()
        self._next: asyncio.Task[list[Frozen]] | None = None

    def routes(self) -> list[BaseRoute]:
        """Where it is."""
        return [Route("/api/freeze", self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope)
        except TurnedAway as turned:
            answer = turned.answer
        except TryLater as gone:
            log.warning("freeze_not_told", why=gone.why)
            said = (
                "The database does not answer, so nobody knows whether production is frozen. Ask again a little later."
            )
            after = str(answers.GONE_FOR)
            answer = answers.refusal(HTTPStatus.SERVICE_UNAVAILABLE, said, retry_after=after, cache_control="no-store")
        await answer(send)

    async def _answer(self, scope: Scope) -> Answer:
        if scope["method"] not in (HTTPMethod.GET, HTTPMethod.HEAD):
            raise TurnedAway(
                answers.refusal(HTTPStatus.METHOD_NOT_ALLOWED, "This is only read: use GET.", allow="GET, HEAD")
            )
        asked = head(scope)
        self._let_in(asked)
        change = asked.query.get("change", "").strip()
        if change and not ADDRESS.fullmatch(change):
            said = (
                "“change” is no address: give the change's whole, such as ?change=https://github.com/acme/shop/pull/7."
            )
            raise TurnedAway(answers.refusal(HTTPStatus.UNPROCESSABLE_ENTITY, said))
        told = state(await self._found(), change=change, told=bool(self._token))
        kept = f"{'private, ' if self._token else ''}max-age={FRESH}"
        return answers.json(HTTPStatus.OK, told.model_dump(mode="json"), cache_control=kept, vary="Authorization")

    async def _found(self) -> list[Frozen]:
        """What freezes production at a moment after the request came. Those who come while the database is asked share
        the next question: however many ask, it is one at a time, and the other connections are people's."""
        if self._next is None:
            self._next = asyncio.create_task(self._ask(), name="freeze")
        return await asyncio.shield(self._next)

    async def _ask(self) -> list[Frozen]:
        async with self._turn:
            self._next = None
            return await self._reader.frozen(None)

    def _let_in(self, asked: Delivery) -> None:
        if not self._token:
            return
        tokens = given(asked)
        if not tokens:
            said = "Give FREEZE_TOKEN as a Bearer token, or as the Basic password."
            raise TurnedAway(answers.refusal(HTTPStatus.UNAUTHORIZED, said, www_authenticate='Bearer realm="Tocsin"'))
        if not self._secrets.fits(tokens):
            said = "The token does not fit: it has to be the value of FREEZE_TOKEN."
            raise TurnedAway(answers.refusal(HTTPStatus.FORBIDDEN, said))
