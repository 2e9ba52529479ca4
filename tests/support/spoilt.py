"""Requests of senders that are wrong in one way each, and the answer that is due."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.support.doors import THEIRS, keyed
from tests.support.senders import HEADERS, SECRET
from tests.support.sources import Sample, Table

MIB = 1024 * 1024
GARBAGE: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "an object": b"{}",
    "a word": b'"alert"',
    "a page": b"<html><body>502 Bad Gateway</body></html>",
    "every byte": bytes(range(256)),
    "deep": b"[" * 100_000,
    "deeper": b'{"alerts":' * 50_000,
    "half a character": b'{"title": "\\ud800"}',
}


@dataclass(frozen=True)
class Wrong:
    """One request."""

    what: str
    due: tuple[int, ...]
    """Any of these answers."""
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def bodies(table: Table, sample: Sample) -> Iterator[Wrong]:
    """From whoever knows the secret: bodies that cannot be read, and too large ones."""
    body, strange, large = keyed(table, sample), (400 if _events(table) else 422,), (413,)
    plain = body.decode()
    for what, garbage in GARBAGE.items():
        yield Wrong(what, strange, garbage, HEADERS)
    for length in (1, len(body) // 3, len(body) // 2, len(body.rstrip()) - 1):
        yield Wrong(f"cut off after {length}", strange, body[:length], HEADERS)
    for encoding in ("utf-16", "utf-32", "cp037"):
        yield Wrong(encoding, strange, plain.encode(encoding), HEADERS)
    yield Wrong("latin-1", strange, plain.replace("{", '{"Ä": "ö", ', 1).encode("latin-1"), HEADERS)
    packed = HEADERS | {"Content-Encoding": "gzip"}
    yield Wrong("packed, and does not say so", strange, gzip.compress(body), HEADERS)
    yield Wrong("not packed, and says so", strange, body, packed)
    yield Wrong("packed and cut off", strange, gzip.compress(body)[:-20], packed)
    yield Wrong("packed in a way nobody reads", strange, body, HEADERS | {"Content-Encoding": "br"})
    yield Wrong("huge", large, body + b" " * MIB, HEADERS)
    yield Wrong("huge once unpacked", large, gzip.compress(body + b" " * MIB), packed)


def strangers(table: Table, sample: Sample) -> Iterator[Wrong]:
    """From whoever does not know the secret: none, another, or a signature that does not fit."""
    body, guess = keyed(table, sample), {"Authorization": "Bearer guess"}
    if _events(table):
        yield Wrong("no key", (400,), body.replace(SECRET.encode(), b""))
        yield Wrong("another's key", (400,), table.body(sample))
        return
    yield Wrong("no secret", (401, 403), body, sample.headers)
    yield Wrong("another secret", (403,), body, guess)
    if table.sign is not None:
        theirs = table.sign(body, THEIRS)
        yield Wrong("a signature with another secret", (403,), body, table.sign(body, "guess"))
        yield Wrong("a signature of another body", (403,), body + b" ", theirs)
        yield Wrong("a wrong secret beside a signature", (403,), body, {**theirs, **guess})


def _events(table: Table) -> bool:
    """Whether it is PagerDuty's Events API v2, which knows no other refusal than 400."""
    return table.source.name == "events"
