"""The edge of the Web API: reads a call, lets faults befall it, asks for its token, and writes it into the book."""

import asyncio
import json
from copy import deepcopy
from http import HTTPStatus
from typing import Any

from aiohttp import web

from adapters.sandbox.calls import Call
from adapters.sandbox.faults import Fault, FaultKind
from adapters.sandbox.slack import scopes
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.budget import Budget
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.methods import METHODS, Method
from adapters.sandbox.slack.model import Wire
from adapters.sandbox.slack.sockets import Sockets
from adapters.sandbox.slack.world import World

LARGEST = 2**21
"""Bytes of a call's body."""
DROPPED = web.RequestKey("dropped", bool)
"""The call is to lose its answer."""


class Api:
    """Answers ``/api/METHOD``."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self._world = world
        self._sockets = sockets
        self._budget = Budget(world)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of one method."""
        name = request.match_info["method"]
        arguments, complaint = await read_arguments(request)
        token = _token(request, arguments)
        call = self._world.calls.begin("slack", name, arguments, at=self._world.now())
        spoiled = await self.befall(request, call)
        if spoiled is not None:
            return spoiled
        wait = self._limited(name, token, arguments)
        if wait:
            return self.end(call, "ratelimited", _ratelimited(wait))
        try:
            result: Wire = {"ok": True, **self._run(name, token, arguments, complaint)}
        except Refusal as refusal:
            result = refusal.answer
        except RecursionError:
            # JSON nested hundreds of levels deep, which nothing of Slack's is.
            result = Refusal("invalid_json").answer
        response = web.json_response(result, headers=self._headers(name))
        outcome = "ok" if result["ok"] else str(result["error"])
        return self.end(call, outcome, response, result=result, request=request)

    async def befall(self, request: web.Request, call: Call) -> web.Response | None:
        """What the faults that are switched on do to a call before it has any effect."""
        faults = self._world.faults.take(call.platform, call.method)
        slow = sum(fault.seconds for fault in faults if fault.kind is FaultKind.LATENCY) + self._world.latency
        if slow > 0:
            await asyncio.sleep(slow)
        fault = next((fault for fault in faults if fault.kind is not FaultKind.LATENCY), None)
        if fault is None:
            return None
        if fault.kind is FaultKind.DROP_AFTER:
            request[DROPPED] = True
            return None
        if fault.kind is FaultKind.DROP_BEFORE:
            _cut(request)
        refused = (fault.error or "internal_error") if fault.kind is FaultKind.REFUSE else ""
        return self.end(call, refused or fault.kind.value, _spoiled(fault))

    def end(
        self,
        call: Call,
        outcome: str,
        response: web.Response,
        *,
        result: Wire | None = None,
        request: web.Request | None = None,
    ) -> web.Response:
        """Close the book on a call; one that is to lose its answer loses it here."""
        if request is not None and request.get(DROPPED):
            outcome = FaultKind.DROP_AFTER.value
            _cut(request)
        self._world.calls.end(call, outcome, deepcopy(result))
        return response

    def _run(self, name: str, token: str, arguments: Wire, complaint: str) -> Wire:
        if complaint:
            raise Refusal(complaint)
        if name == "apps.connections.open":
            self._authorize(token, app=True)
            return {"url": self._sockets.ticket()}
        method = METHODS.get(name)
        if method is None:
            raise Refusal("unknown_method", req_method=name)
        self._authorize(token, app=False)
        ask = Ask(self._world, name, arguments, method.needs)
        if not scopes.allowed(method.needs, self._world.scopes):
            raise ask.missing_scope(scopes.wanted(method.needs))
        return method.run(ask)

    def _authorize(self, token: str, *, app: bool) -> None:
        if not token:
            raise Refusal("not_authed")
        right, wrong = self._world.bot_token, self._world.app_token
        if app:
            right, wrong = wrong, right
        if token == wrong:
            raise Refusal("not_allowed_token_type")
        if token != right:
            raise Refusal("invalid_auth")

    def _limited(self, name: str, token: str, arguments: Wire) -> int:
        if token not in (self._world.bot_token, self._world.app_token):
            return 0
        tier = 1 if name == "apps.connections.open" else METHODS.get(name, Method(lambda ask: {})).tier
        return self._budget.wait(name, tier, channel=str(arguments.get("channel", "")))

    def _headers(self, name: str) -> dict[str, str]:
        method = METHODS.get(name)
        accepted = sorted({scope for options in method.needs.values() for scope in options}) if method else []
        granted = ",".join(sorted(self._world.scopes))
        return {"X-OAuth-Scopes": granted, **({"X-Accepted-OAuth-Scopes": ",".join(accepted)} if accepted else {})}


async def read_arguments(request: web.Request) -> tuple[Wire, str]:
    """Query, form and JSON together, and Slack's word for a body it cannot read."""
    given: Wire = dict(request.query)
    if request.method != "POST":
        return given, ""
    if request.content_type == "application/json":
        body, complaint = _read_json(await request.read())
        return {**given, **body}, complaint
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        try:
            form = await request.post()
        except ValueError:
            return given, "invalid_form_data"
        except LookupError:
            return given, "invalid_charset"
        return {**given, **{name: value for name, value in form.items() if isinstance(value, str)}}, ""
    return given, "" if not await request.read() else "invalid_post_type"


def _read_json(body: bytes) -> tuple[Wire, str]:
    try:
        parsed: Any = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError):
        return {}, "invalid_json"
    return (parsed, "") if isinstance(parsed, dict) else ({}, "json_not_object")


def _token(request: web.Request, arguments: Wire) -> str:
    """The call's token, taken out of its arguments so that it is never written into the book."""
    given = str(arguments.pop("token", "") or "")
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    return bearer.strip() if scheme.lower() == "bearer" else given


def _ratelimited(seconds: float) -> web.Response:
    headers = {"Retry-After": str(max(1, round(seconds)))}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


def _spoiled(fault: Fault) -> web.Response:
    if fault.kind is FaultKind.RATE_LIMIT:
        return _ratelimited(fault.seconds)
    if fault.kind is FaultKind.REFUSE:
        return web.json_response({"ok": False, "error": fault.error or "internal_error"})
    status = fault.status if fault.kind is FaultKind.SERVER_ERROR else HTTPStatus.BAD_GATEWAY
    return web.Response(status=status, text="<html><body>Server Error</body></html>", content_type="text/html")


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
