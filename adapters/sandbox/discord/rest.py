"""How every REST call passes: noted in the book, spoiled by faults, checked, answered as Discord answers."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from aiohttp import web

from adapters.sandbox.calls import Call, CallBook
from adapters.sandbox.discord.bodies import read_body
from adapters.sandbox.discord.drafts import Upload
from adapters.sandbox.discord.errors import KNOWN, DiscordError, RateLimited, Wire, refusal
from adapters.sandbox.discord.rates import Rates
from adapters.sandbox.discord.world import World
from adapters.sandbox.faults import Fault, FaultKind, Faults

API = "/api/v10"
PLATFORM = "discord"
VIA = "1.1 google"
"""Discord's answers come through Google; clients take a 429 without ``Via`` for a ban by Cloudflare."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, read."""

    ids: Mapping[str, str]
    """What stands in the path's places, by name."""
    query: Mapping[str, str]
    body: Any = None
    uploads: list[Upload] = field(default_factory=list)


Handler = Callable[[World, Asked], Any]
"""Answers with a JSON value, or with ``None`` for 204, or with a status and a value."""


@dataclass(slots=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        headers = self.headers | {"Via": VIA}
        if self.status == 204:
            return web.Response(status=204, headers=headers)
        # From bytes, aiohttp adds no charset: clients compare the type with exactly this.
        data = json.dumps(self.body).encode()
        return web.Response(body=data, status=self.status, headers=headers, content_type="application/json")


class Rest:
    """The door that all calls come in by."""

    def __init__(self, world: World, *, faults: Faults, calls: CallBook, token: str) -> None:
        self.world = world
        self.faults = faults
        self.calls = calls
        self.token = token
        self.rates = Rates(world.clock)
        self.latency = 0.0

    def wrap(self, handler: Handler, *, path: str, open_to_all: bool = False) -> Callable[[web.Request], Any]:
        """The handler as aiohttp wants it. ``open_to_all``: the path itself holds a secret, no token is needed."""

        async def handle(request: web.Request) -> web.StreamResponse:
            ids = dict(request.match_info)
            body = await read_body(request)
            call = self._begin(request, path=path, ids=ids, body=body.shown)
            taken = self.faults.take(PLATFORM, call.method)
            spoiling = next((fault for fault in taken if fault.kind is not FaultKind.LATENCY), None)
            await asyncio.sleep(self.latency / 2)
            if spoiling is not None and spoiling.kind is FaultKind.DROP_BEFORE:
                return self._drop(request, call, fault=spoiling)
            if spoiling is not None and spoiling.kind is not FaultKind.DROP_AFTER:
                answer, outcome = spoiled(spoiling)
            else:
                asked = Asked(ids, request.query, body.value, body.uploads)
                answer, outcome = self._answer(handler, asked, request=request, call=call, free=open_to_all)
            await asyncio.sleep(self.latency / 2 + sum(f.seconds for f in taken if f.kind is FaultKind.LATENCY))
            if spoiling is not None and spoiling.kind is FaultKind.DROP_AFTER:
                return self._drop(request, call, fault=spoiling)
            self.calls.end(call, outcome, answer.body if isinstance(answer.body, dict) else {"items": answer.body})
            return answer.response()

        return handle

    def _begin(self, request: web.Request, *, path: str, ids: Mapping[str, str], body: Any) -> Call:
        arguments: Wire = dict(ids) | {"query": dict(request.query), "body": body}
        return self.calls.begin(PLATFORM, call_name(request.method, path, ids), arguments, at=self.world.clock.now())

    def _answer(
        self, handler: Handler, asked: Asked, *, request: web.Request, call: Call, free: bool
    ) -> tuple[Answer, str]:
        try:
            if not free and request.headers.get("Authorization", "") != f"Bot {self.token}":
                raise refusal(0)
            headers = self.rates.count(call.method, asked.ids, everywhere=not free)
            if isinstance(asked.body, DiscordError):
                raise asked.body
            result = handler(self.world, asked)
        except DiscordError as error:
            return Answer(error.status, error.body()), str(error.code)
        except RateLimited as limited:
            return limited_answer(limited), FaultKind.RATE_LIMIT.value
        if isinstance(result, Answer):
            result.headers |= headers
            return result, "ok"
        return Answer(204 if result is None else 200, result, headers), "ok"

    def _drop(self, request: web.Request, call: Call, *, fault: Fault) -> web.StreamResponse:
        """Close the connection under the caller's feet."""
        self.calls.end(call, fault.kind.value)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)  # goes nowhere

    def unknown(self, request: web.Request, *, status: int) -> web.Response:
        """The answer to a path or method that Discord does not have."""
        path = request.path.partition(API)[2] or request.path
        steps = ["*" if step.isdigit() else step for step in path.split("/")]
        call = self.calls.begin(PLATFORM, f"{request.method} {'/'.join(steps)}", {}, at=self.world.clock.now())
        self.calls.end(call, str(status))
        words = {404: "404: Not Found", 405: "405: Method Not Allowed"}[status]
        return Answer(status, {"message": words, "code": 0}).response()


def call_name(method: str, path: str, ids: Mapping[str, str]) -> str:
    """``PUT /channels/*/messages/*/reactions/*/@me``: ids give way to ``*``, but words such as ``@me`` stay."""
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value if value in ("@me", "@original") else "*")
    return f"{method} {path}"


def spoiled(fault: Fault) -> tuple[Answer, str]:
    """The answer that a fault puts in place of the real one."""
    if fault.kind is FaultKind.RATE_LIMIT:
        return limited_answer(RateLimited(fault.seconds)), fault.kind.value
    if fault.kind is FaultKind.SERVER_ERROR:
        body = {"message": f"{fault.status}: Internal Server Error", "code": 0}
        return Answer(fault.status, body), fault.kind.value
    code = int(fault.error) if fault.error.isdigit() else 0
    error = refusal(code) if code in KNOWN else DiscordError(400, code, "Refused by the sandbox")
    return Answer(error.status, error.body()), str(code)


def limited_answer(limited: RateLimited) -> Answer:
    scope = "global" if limited.everywhere else "shared" if limited.shared else "user"
    headers = limited.headers | {"Retry-After": str(ceil(limited.seconds)), "X-RateLimit-Scope": scope}
    if limited.everywhere:
        headers["X-RateLimit-Global"] = "true"
    return Answer(429, limited.body(), headers)
