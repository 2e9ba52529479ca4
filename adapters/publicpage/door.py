"""``GET /status/…``: the written copy, served from its files and nothing else. No request ever asks the database.

Plain ASGI, and each file is read, packed and hashed once: a page is asked for most when everything else is down.
"""

import gzip
import hashlib
import os
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPMethod, HTTPStatus
from pathlib import Path

from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from adapters.publicpage.files import NAME
from adapters.publicpage.settings import PATH
from bot.messages import public as words

Headers = list[tuple[bytes, bytes]]

FRESH, KEPT = 10, 86_400
"""Seconds for which whoever stands between may answer by itself: anyway, and where the bot does not answer."""
TYPES = {
    ".html": b"text/html; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".css": b"text/css; charset=utf-8",
    ".json": b"application/json; charset=utf-8",
    ".atom": b"application/atom+xml; charset=utf-8",
    ".rss": b"application/rss+xml; charset=utf-8",
}
POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE: Headers = [
    (b"content-security-policy", POLICY),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
MOST_FILES = 2000
"""Files that are held in memory."""
ONLY_READ = b"This is only read: use GET.\n"


@dataclass(frozen=True, slots=True)
class Served:
    """A file as it is answered with."""

    stamp: tuple[int, int, int]
    """By which it is known again: when it was written, how long it is, and which file it is."""
    headers: Headers
    written_at: int
    """Seconds since 1970."""
    plain: bytes
    packed: bytes
    digest: str


class PageDoor:
    """Answers everybody with the files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, Served] = {}

    def routes(self) -> list[BaseRoute]:
        """Where it is."""
        return [Route(PATH.rstrip("/"), self), Route(PATH + "{name:path}", self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in (HTTPMethod.GET, HTTPMethod.HEAD):
            allow = [(b"allow", b"GET, HEAD"), (b"content-type", b"text/plain; charset=utf-8")]
            await _say(scope, send, HTTPStatus.METHOD_NOT_ALLOWED, headers=allow, body=ONLY_READ)
        elif "name" not in scope["path_params"]:  # links in the page are relative to the slash at its end
            where = [(b"location", PATH.strip("/").encode() + b"/")]
            await _say(scope, send, HTTPStatus.PERMANENT_REDIRECT, headers=where, body=b"")
        else:
            await self._serve(scope, send, scope["path_params"]["name"])

    async def _serve(self, scope: Scope, send: Send, asked: str) -> None:
        name = f"{asked}index.html" if asked in ("", "history/") else asked
        found = self._file(name) if NAME.fullmatch(name) else None
        if found is None:
            await self._missing(scope, send)
            return
        given = {name: value.decode("latin-1") for name, value in scope["headers"]}
        packs = "gzip" in given.get(b"accept-encoding", "")
        tag = f'"{found.digest}{"-gz" if packs else ""}"'
        headers = [*found.headers, (b"etag", tag.encode())]
        if _known(given, tag, found.written_at):
            await _say(scope, send, HTTPStatus.NOT_MODIFIED, headers=headers, body=b"")
            return
        packing = [(b"content-encoding", b"gzip")] if packs else []
        body = found.packed if packs else found.plain
        await _say(scope, send, HTTPStatus.OK, headers=headers + packing, body=body)

    async def _missing(self, scope: Scope, send: Send) -> None:
        known = self._file("404.html")
        kind = TYPES[".html"] if known is not None else b"text/plain; charset=utf-8"
        headers = [(b"content-type", kind), (b"cache-control", b"no-store"), *SAFE]
        if known is None:
            headers.append((b"retry-after", b"5"))
            body = words.NOT_YET.encode() + b"\n"
            await _say(scope, send, HTTPStatus.SERVICE_UNAVAILABLE, headers=headers, body=body)
        else:
            await _say(scope, send, HTTPStatus.NOT_FOUND, headers=headers, body=known.plain)

    def _file(self, name: str) -> Served | None:
        """The file as it stands; ``None`` where there is none."""
        path = self._folder / name
        try:
            looked = os.stat(path)  # noqa: PTH116  # one call of the system's for each request, and no object
        except OSError:
            self._held.pop(name, None)
            return None
        stamp = (looked.st_mtime_ns, looked.st_size, looked.st_ino)
        held = self._held.get(name)
        if held is not None and held.stamp == stamp:
            return held
        return self._read(name, path, stamp)

    def _read(self, name: str, path: Path, stamp: tuple[int, int, int]) -> Served | None:
        try:
            plain = path.read_bytes()
        except OSError:
            return None
        written = stamp[0] // 1_000_000_000
        kept = f"public, max-age={FRESH}, stale-while-revalidate={FRESH}, stale-if-error={KEPT}"
        headers = [
            (b"content-type", TYPES[path.suffix]),
            (b"cache-control", kept.encode()),
            (b"last-modified", formatdate(written, usegmt=True).encode()),
            (b"vary", b"Accept-Encoding"),
            *([(b"access-control-allow-origin", b"*")] if path.suffix in (".json", ".atom", ".rss") else []),
            *SAFE,
        ]
        packed, digest = gzip.compress(plain, mtime=0), hashlib.sha256(plain).hexdigest()[:32]
        served = Served(stamp, headers, written, plain, packed, digest)
        if len(self._held) >= MOST_FILES:
            self._held.clear()
        self._held[name] = served
        return served


def _known(given: dict[bytes, str], tag: str, written_at: int) -> bool:
    """Whether whoever asks has it already (RFC 9110, 13.2.2: what names tags is not asked for times)."""
    tags = given.get(b"if-none-match")
    if tags is not None:
        return tags.strip() == "*" or tag in [each.strip().removeprefix("W/") for each in tags.split(",")]
    since = given.get(b"if-modified-since")
    if since is None:
        return False
    try:
        return parsedate_to_datetime(since).timestamp() >= written_at
    except ValueError:
        return False


async def _say(scope: Scope, send: Send, status: int, *, headers: Headers, body: bytes) -> None:
    bare = status == HTTPStatus.NOT_MODIFIED
    length = [] if bare else [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == HTTPMethod.HEAD else body})
