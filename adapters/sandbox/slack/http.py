"""HTTP mode: what happened is posted to the app, signed as Slack signs, or deliberately signed wrong."""

import hashlib
import hmac
import json
import time
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from adapters.sandbox.slack.courier import Courier, Envelope
from adapters.sandbox.slack.model import Wire
from adapters.sandbox.slack.world import World

FORM = "application/x-www-form-urlencoded"
STALE = 301
"""Seconds: older than the five minutes for which a signature is good."""


class Forgery(StrEnum):
    """How a request can be one that Slack never sent."""

    WRONG_SIGNATURE = "wrong_signature"
    STALE = "stale"
    """Rightly signed, but long ago: a replay."""
    UNSIGNED = "unsigned"


class Http:
    """Posts to the workspace's ``http_url``."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._session: ClientSession | None = None
        self.courier: Courier

    @property
    def is_open(self) -> bool:
        return bool(self._world.http_url)

    def send(self, envelope: Envelope) -> bool:
        self.courier.start(self._post(envelope))
        return True

    async def verify(self) -> bool:
        """Ask the app's address to prove itself, as Slack does when it is entered: url_verification."""
        challenge = self._world.stamps.secret("challenge")
        asked = {"token": self._world.verification_token, "challenge": challenge, "type": "url_verification"}
        status, text = await self.ask(json.dumps(asked), "application/json")
        given = _payload(text) or {}
        return status == HTTPStatus.OK and challenge in (text, given.get("challenge"), given.get("text"))

    async def ask(self, body: str, content_type: str, *, forged: Forgery | None = None) -> tuple[int, str]:
        """Post a body and return the answer's status and text; status 0 when there was no answer."""
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        status, text, _ = await self._ask(body, {**headers, **self._signed(body, forged)}, self.courier.ack_seconds)
        return status, text

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, envelope: Envelope) -> None:
        body, content_type = written(envelope)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        if envelope.attempt and envelope.is_event:
            headers |= {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": envelope.reason}
        # A command's own waiter gives up first, and calls it a timeout.
        patience = self.courier.ack_seconds + (0.0 if envelope.is_event else 1.0)
        status, text, answered = await self._ask(body, {**headers, **self._signed(body, None)}, patience)
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            envelope.acknowledge(_payload(text) if not envelope.is_event else None)
        elif not envelope.is_event:
            error = text if status == 0 else f"http_service_error {status}"
            envelope.acknowledge(None, failure=error)
        elif "x-slack-no-retry" in answered:
            envelope.over = True
        else:
            self.courier.failed(envelope, text if status == 0 else "http_error")

    async def _ask(self, body: str, headers: dict[str, str], seconds: float) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of the answer; without one, status 0 and Slack's word for why."""
        if self._session is None:
            self._session = ClientSession()
        timeout = ClientTimeout(total=seconds)
        url = self._world.http_url or ""
        try:
            asking = self._session.post(
                url, data=body.encode(), headers=headers, timeout=timeout, allow_redirects=False
            )
            async with asking as answer:
                return (
                    answer.status,
                    await answer.text(),
                    {name.lower(): value for name, value in answer.headers.items()},
                )
        except TimeoutError:
            return 0, "http_timeout", {}
        except (ClientError, OSError, ValueError):
            return 0, "connection_failed", {}

    def _signed(self, body: str, forged: Forgery | None) -> dict[str, str]:
        if forged is Forgery.UNSIGNED:
            return {}
        # The app's client library compares with the machine's clock, so the sandbox's own would not do.
        stamp = str(int(time.time()) - (STALE if forged is Forgery.STALE else 0))
        base = f"v0:{stamp}:{body}".encode()
        signature = hmac.new(self._world.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        if forged is Forgery.WRONG_SIGNATURE:
            signature = signature[::-1]
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature}"}


def written(envelope: Envelope) -> tuple[str, str]:
    """The body of an envelope over HTTP, and its content type."""
    if envelope.is_event:
        return json.dumps(envelope.payload), "application/json"
    if envelope.type == "slash_commands":
        return urlencode(envelope.payload), FORM
    return urlencode({"payload": json.dumps(envelope.payload)}), FORM


def _payload(text: str) -> Wire | None:
    """What the app answered: JSON, plain text as a message, or nothing."""
    if not text.strip():
        return None
    try:
        parsed: Any = json.loads(text)
    except ValueError:
        return {"text": text}
    return parsed if isinstance(parsed, dict) else {"text": text}
