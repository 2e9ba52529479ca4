"""Requests through the real ASGI application, without a socket between."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette

from tests.fuzz import judge
from tests.fuzz.found import Wrong


@dataclass(frozen=True)
class Answered:
    """What a door answered."""

    status: int
    headers: dict[str, str]
    body: bytes


async def send(
    application: Starlette,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Answered:
    """One request, and its whole answer; header values as a client would put them on the wire."""
    known = {"host": "tocsin.example", "content-length": str(len(body))} | dict(headers or {})
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "replace"),
        "root_path": "",
        "query_string": urlencode(query or {}, errors="replace").encode(),
        "headers": [
            (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in known.items()
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[dict[str, Any]] = []
    whole = False

    async def receive() -> dict[str, Any]:
        nonlocal whole
        if whole:
            return {"type": "http.disconnect"}
        whole = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def keep(message: Any) -> None:
        sent.append(message)

    await application(scope, receive, keep)
    if not sent:
        raise Wrong("no answer at all")
    told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Answered(sent[0]["status"], told, b"".join(one.get("body", b"") for one in sent[1:]))


def judged(answered: Answered, *, given: str = "") -> str:
    """Judge an answer; returns its kind."""
    return judge.http(answered.status, answered.headers, answered.body, given=given)
