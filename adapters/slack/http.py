"""HTTP mode: Slack's events as signed requests to ``/slack/events``."""

import asyncio
import time

import structlog
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.slack import limits
from adapters.slack.afterwards import KEY, Afterwards
from adapters.slack.dispatch import dispatch

PATH = "/slack/events"
STAMP = 12
"""Digits of a time in seconds since 1970, for the next thousands of years; Python reads no number of 4,301 digits."""
log = structlog.get_logger(__name__)


class Door:
    """Lets in what Slack signed, lately, and only once. Lately is by the machine's clock, as Slack's signatures are."""

    def __init__(self, secret: str, *, patience: float = limits.REQUEST_WAIT) -> None:
        """``patience``: seconds until a request has to be whole."""
        self._verifier, self._patience = SignatureVerifier(secret), patience
        self._seen: dict[str, float] = {}
        self.app: AsyncApp | None = None
        """Bolt's app, once there is somebody to listen."""

    def routes(self) -> list[Route]:
        """For the web adapter to mount."""
        return [Route(PATH, self.enter, methods=["POST"])]

    async def enter(self, request: Request) -> Response:
        """One request of Slack's."""
        try:
            async with asyncio.timeout(self._patience):
                body = await _body(request)
        except TimeoutError:
            return JSONResponse({"error": "The request did not come to its end."}, status_code=408)
        if body is None:
            return JSONResponse({"error": "The request is too long."}, status_code=413)
        signature = request.headers.get("x-slack-signature", "")
        why = self._refusal(body, request.headers.get("x-slack-request-timestamp", ""), signature)
        if why:
            log.warning("slack request refused", why=why)
            return JSONResponse({"error": f"{why[0].upper()}{why[1:]}."}, status_code=401)
        if self.app is None:
            return JSONResponse({"error": "The bot is still starting."}, status_code=503)
        self._seen[signature] = time.monotonic()
        afterwards = Afterwards()
        answer = await dispatch(self.app, lambda: to_async_bolt_request(request, body, {KEY: afterwards}))
        if answer.status >= 400:
            self._seen.pop(signature, None)
        response = to_starlette_response(answer)
        response.background = BackgroundTask(afterwards.run)
        return response

    def _refusal(self, body: bytes, stamp: str, signature: str) -> str:
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= STAMP):
            return "the request bears no time"
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return "the request is not in UTF-8"
        if not self._verifier.is_valid(text, stamp, signature):
            return "the signature does not fit, or is too old"
        oldest = time.monotonic() - 2 * limits.REPLAY
        self._seen = {known: at for known, at in self._seen.items() if at > oldest}
        return "the request came before" if signature in self._seen else ""


async def _body(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > limits.REQUEST_BODY:
            return None
    return body
