"""Slack over HTTP: its recorded payloads made wrong, as signed requests at the door."""

import hashlib
import hmac
import time
import urllib.parse
from random import Random
from typing import Any

from starlette.applications import Starlette

from adapters.slack.http import Door
from tests.fuzz import asgi, mutate
from tests.fuzz.slack import Slack

SIGNS = "what-slack-signs-with-0000001"


class SlackHttp(Slack):
    """``/slack/events``: what Slack signs, over HTTP."""

    def make(self, chance: Random) -> Any:
        """A payload, and how it is sent."""
        body = form(super().make(chance))
        if chance.random() < 0.1:
            body = mutate.scrambled(chance, body)
        kind = chance.choice(("application/x-www-form-urlencoded", "application/json", "", "text/plain"))
        return {"body": body, "type": kind, "signed": chance.random() < 0.97}

    async def open(self) -> None:
        """A fresh world with the door."""
        await super().open()
        door = Door(SIGNS)
        door.app = self._listener.app
        self._application = Starlette(routes=door.routes())

    async def feed(self, given: Any) -> str:
        """Knock, signed as of now."""
        self._fed += 1
        body: bytes = given.get("body", b"").replace(b"TRIGGER", str(self._fed).encode())
        words = urllib.parse.unquote_plus(body.decode("utf-8", "replace"))
        self._world.fed(words)
        stamp = str(int(time.time()))
        digest = hmac.new(SIGNS.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        signature = f"v0={digest}" if given.get("signed") else "v0=no"
        headers = {
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": signature,
            "content-type": given.get("type", ""),
        }
        answered = await asgi.send(self._application, "POST", "/slack/events", headers=headers, body=body)
        return asgi.judged(answered, given=words) if answered.status != 401 else "401"


def form(payload: Any) -> bytes:
    """A payload as Slack sends it over HTTP: a command as a form, a press as JSON in a form, an event as JSON."""
    if isinstance(payload, dict) and "command" in payload:
        return urllib.parse.urlencode(payload, errors="replace").encode()
    if isinstance(payload, dict) and payload.get("type") == "event_callback":
        return mutate.written(payload).encode()
    return urllib.parse.urlencode({"payload": mutate.written(payload)}, errors="replace").encode()
