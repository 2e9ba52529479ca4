"""``POST /freeze/github``: GitHub tells of new heads of pull requests, and of deployments that wait for our word.

Facts from docs.github.com/webhooks: ``X-Hub-Signature-256`` is the HMAC-SHA256 of the body, ``X-GitHub-Delivery`` names
the delivery, also where it is sent again.
"""

import hashlib
import hmac
import json
import re
from http import HTTPStatus
from typing import Any

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.tracker.settings import REPOSITORY, TrackerSettings, secret
from bot.errors import TryLater
from bot.intents import LetDeploy, ShowFreeze
from bot.learned import Wanted
from bot.ports import Ear
from bot.understanding import STRANGE

log = structlog.get_logger()

PATH = "/freeze/github"
LARGEST = 5_000_000
"""Bytes of a body that are read; GitHub sends 25 MB at most, and these events a hundredth of that."""
NEW_HEAD = ("opened", "synchronize", "reopened")
_DELIVERY = re.compile(r"[0-9a-fA-F-]{8,64}")
_SHA = re.compile(r"[0-9a-f]{40,64}")
_RUN = re.compile(r"/actions/runs/(?P<run>\d{1,18})/deployment_protection_rule$")


class Hooks:
    """The door for GitHub."""

    def __init__(self, settings: TrackerSettings) -> None:
        self._settings = settings
        self.ear: Ear | None = None

    def routes(self) -> list[BaseRoute]:
        """For the web adapter to mount; none without a secret."""
        key = secret(self._settings.github_webhook_secret)
        return [Route(PATH, self.enter, methods=["POST"])] if key else []

    async def enter(self, request: Request) -> Response:
        """One delivery."""
        body = await _body(request)
        if body is None:
            return _no(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {LARGEST // 1_000_000} MB are read.")
        if not self._signed(body, request.headers.get("x-hub-signature-256", "")):
            return _no(HTTPStatus.FORBIDDEN, "The signature does not fit GITHUB_WEBHOOK_SECRET.")
        delivery = request.headers.get("x-github-delivery", "")
        try:
            said = json.loads(body)
            intent = self._read(request.headers.get("x-github-event", ""), said)
        except STRANGE:
            return _no(HTTPStatus.UNPROCESSABLE_ENTITY, "JSON of a webhook of GitHub's was expected.")
        if intent is None:
            return JSONResponse({"owed": False})
        if not _DELIVERY.fullmatch(delivery):
            return _no(HTTPStatus.UNPROCESSABLE_ENTITY, "X-GitHub-Delivery was expected.")
        return await self._owe(Wanted(key=f"github/{delivery}", intent=intent))

    async def _owe(self, wanted: Wanted) -> Response:
        """Answered once it is saved."""
        try:
            if self.ear is None:
                raise TryLater("not started yet")
            await self.ear.learn(wanted)
        except TryLater as gone:
            log.warning("github_not_heard", key=wanted.key, why=gone.why)
            no = _no(HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer; deliver it again a little later.")
            no.headers["Retry-After"] = "5"
            return no
        return JSONResponse({"owed": True}, status_code=HTTPStatus.ACCEPTED)

    def _signed(self, body: bytes, given: str) -> bool:
        key = secret(self._settings.github_webhook_secret).encode()
        right = f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
        return bool(key) and hmac.compare_digest(right.encode(), given.encode("latin-1", "replace"))

    def _read(self, event: str, said: dict[str, Any]) -> ShowFreeze | LetDeploy | None:
        """What it asks of us; ``None`` where that is nothing. Raises where it does not read as GitHub's."""
        action = said.get("action")
        if event == "pull_request" and action in NEW_HEAD:
            return self._head(said)
        if event == "deployment_protection_rule" and action == "requested" and self._settings.app:
            return self._deployment(said)
        return None

    def _head(self, said: dict[str, Any]) -> ShowFreeze | None:
        repository = _repository(said)
        watched = {name.casefold() for name in self._settings.repositories}
        if repository.casefold() not in watched:
            return None
        pull = said["pull_request"]
        return ShowFreeze(repository=repository, pull=int(pull["number"]), sha=_sha(pull["head"]["sha"]))

    def _deployment(self, said: dict[str, Any]) -> LetDeploy:
        """Of the address to be called back only the run's number is taken, and only where the rest is GitHub's own."""
        repository, callback = _repository(said), str(said["deployment_callback_url"])
        base = f"{self._settings.github_api_url}/repos/{repository}"
        found = _RUN.fullmatch(callback[len(base) :]) if callback.casefold().startswith(base.casefold()) else None
        if found is None:
            raise ValueError("another host's address")
        deployment = said.get("deployment") or {}
        return LetDeploy(
            repository=repository,
            run=int(found["run"]),
            environment=str(said["environment"])[:255],
            sha=_sha(deployment.get("sha") or said["sha"]),
            pulls=tuple(int(one["number"]) for one in said.get("pull_requests") or ())[:20],
            installation=int(said["installation"]["id"]),
        )


def _repository(said: dict[str, Any]) -> str:
    name = str(said["repository"]["full_name"])
    if not REPOSITORY.fullmatch(name):
        raise ValueError("no repository")
    return name


def _sha(value: Any) -> str:
    if not _SHA.fullmatch(str(value)):
        raise ValueError("no commit")
    return str(value)


async def _body(request: Request) -> bytes | None:
    """The body; ``None`` where it is too large."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > LARGEST:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


def _no(status: HTTPStatus, why: str) -> Response:
    return JSONResponse({"error": why}, status_code=status)
