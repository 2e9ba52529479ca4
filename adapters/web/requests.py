"""What a request brings: its head as a source reads it, and its body, read and unpacked no further than is wise."""

import asyncio
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from adapters.web import answers
from adapters.web.answers import Left, TurnedAway
from bot.alerts.source import Delivery, NotUnderstood

MOST = 1024 * 1024
"""Bytes of a body that are read, and that one may unpack to."""
PATIENCE = 30.0
"""Seconds in which a body has to be there."""
FIELDS = 100
"""Fields of an address's query that are read."""
PACKED = ("gzip", "x-gzip", "deflate")
EITHER = 32 + zlib.MAX_WBITS
"""Tells zlib to find out whether it is gzip or zlib's own."""


def head(scope: Scope) -> Delivery:
    """The request without its body."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Delivery(body=b"", headers=headers, query=_query(scope["query_string"]))


def _query(raw: bytes) -> dict[str, str]:
    if not raw:
        return {}
    try:
        return dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True, max_num_fields=FIELDS))
    except ValueError as many:
        raise TurnedAway(answers.refusal(400, f"The address has more than {FIELDS} fields behind its “?”.")) from many


async def read(receive: Receive, headers: Mapping[str, str], *, patience: float = PATIENCE) -> bytes:
    """The body as it came. Raises :class:`TurnedAway` for one that is too large or too slow, whether or not it says how
    large it will be, and :class:`Left`."""
    stated = headers.get("content-length", "")
    if stated.isdecimal() and (len(stated) > len(str(MOST)) or int(stated) > MOST):
        raise TurnedAway(answers.too_large(MOST))
    try:
        async with asyncio.timeout(patience):
            return await _whole(receive)
    except TimeoutError as slow:
        raise TurnedAway(answers.too_slow(patience)) from slow


async def _whole(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Left
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST:
            raise TurnedAway(answers.too_large(MOST))
    return bytes(body)


def unpacked(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The body without its Content-Encoding. Raises :class:`NotUnderstood`, and :class:`TurnedAway` for a bomb."""
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in PACKED:
        raise NotUnderstood(f"The body is packed with {encoding[:40]}; expected plain JSON, gzip or deflate.")
    unpacking = zlib.decompressobj(EITHER)
    try:
        plain = unpacking.decompress(body, MOST + 1)
    except zlib.error as broken:
        raise NotUnderstood(f"The body says that it is {encoding}, and cannot be unpacked.") from broken
    if len(plain) > MOST:
        raise TurnedAway(answers.too_large(MOST))
    if not unpacking.eof:
        raise NotUnderstood(f"The body says that it is {encoding}, and breaks off.")
    return plain
