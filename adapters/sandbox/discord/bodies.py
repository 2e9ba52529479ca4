"""Reading what a request carries: JSON, or a form with ``payload_json`` and files."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web

from adapters.sandbox.discord.drafts import Upload
from adapters.sandbox.discord.errors import refusal
from adapters.sandbox.discord.forms import wrong

FILE = re.compile(r"^files?\[?(\d*)\]?$")


@dataclass(slots=True)
class Body:
    value: Any = None
    """The JSON value, or the error that Discord answers with when there is none to be had."""
    uploads: list[Upload] = field(default_factory=list)

    @property
    def shown(self) -> Any:
        """For the book of calls."""
        return None if isinstance(self.value, Exception) else self.value


async def read_body(request: web.Request) -> Body:
    if request.content_type == "multipart/form-data":
        try:
            return await _read_form(request)
        except ValueError:
            return Body(wrong("", "CONTENT_TYPE_INVALID", "The form could not be read."))
    raw = await request.content.read()
    if not raw:
        return Body()
    if request.content_type != "application/json":
        words = 'Expected "Content-Type" header to be one of {application/json, multipart/form-data}.'
        return Body(wrong("", "CONTENT_TYPE_INVALID", words))
    return Body(_parsed(raw))


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return refusal(50109)


async def _read_form(request: web.Request) -> Body:
    body = Body({})
    reader = MultipartReader(request.headers, request.content)
    async for part in reader:
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read(decode=False))
        match = FILE.match(part.name or "")
        if part.name == "payload_json":
            body.value = _parsed(data)
        elif match and part.filename:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            body.uploads.append(Upload(match[1] or "0", part.filename, kind, data))
    return body
