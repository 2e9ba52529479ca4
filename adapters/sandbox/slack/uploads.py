"""Where uploaded files arrive, and from where they can be fetched again."""

from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web

from adapters.sandbox.slack.api import Api
from adapters.sandbox.slack.methods.files import received
from adapters.sandbox.slack.world import World

METHOD = "upload_url"
"""The name of an upload in the book of calls, and for faults."""
LARGEST = 2**26
"""Bytes of a file; Slack takes a gigabyte, the sandbox keeps files in memory."""
LARGEST_PIECE = 2**16


class Uploads:
    """The endpoints behind ``upload_url`` and ``url_private``."""

    def __init__(self, world: World, api: Api) -> None:
        self._world = world
        self._api = api

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """``POST /upload/v1/FILE``: the bytes, as they are or as the first part of a form."""
        call = self._world.calls.begin("slack", METHOD, dict(request.match_info), at=self._world.now())
        spoiled = await self._api.befall(request, call)
        if spoiled is not None:
            return spoiled
        upload = received(self._world, request.match_info["file"], await _bytes(request))
        if upload is None:
            refused = web.Response(text="upload failed", status=HTTPStatus.BAD_REQUEST)
            return self._api.end(call, "upload_failed", refused, request=request)
        return self._api.end(call, "ok", web.Response(text=f"OK - {upload.length}"), request=request)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """``GET /files/FILE``: the file as a download, so that no browser runs what is in it."""
        upload = self._world.files.get(request.match_info["file"])
        if upload is None or upload.content is None:
            return web.Response(status=HTTPStatus.NOT_FOUND, text="file_not_found")
        named = f"attachment; filename*=UTF-8''{quote(upload.name, safe='')}"
        headers = {"Content-Disposition": named, "X-Content-Type-Options": "nosniff"}
        return web.Response(body=upload.content, content_type="application/octet-stream", headers=headers)


async def _bytes(request: web.Request) -> bytes:
    """The upload as it is, or the first file of a form; nothing of a form that cannot be read."""
    if request.content_type != "multipart/form-data":
        return await _limited(request)
    try:
        parts = await request.post()
    except ValueError:
        return b""
    return next((part.file.read() for part in parts.values() if isinstance(part, web.FileField)), b"")


async def _limited(request: web.Request) -> bytes:
    """The body, read here because an upload may be larger than what a call may say; empty if it is too large."""
    body = bytearray()
    async for piece in request.content.iter_chunked(LARGEST_PIECE):
        body += piece
        if len(body) > LARGEST:
            return b""
    return bytes(body)
