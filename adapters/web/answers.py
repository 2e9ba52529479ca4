"""What the doors answer: a status and a few words as JSON, and whom a refusal sends away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from pydantic_core import to_json
from starlette.types import Send

Headers = tuple[tuple[bytes, bytes], ...]

PLAIN: Headers = ((b"content-type", b"application/json"),)
GONE_FOR = 5
"""Seconds after which it is worth asking again while the database is away."""
FULL_FOR = 10
"""Seconds after which it is worth asking again while the inbox is full."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, sent as it is."""

    status: int
    body: bytes
    headers: Headers = PLAIN

    async def __call__(self, send: Send) -> None:
        """Send it."""
        length = (b"content-length", str(len(self.body)).encode())
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers, length]})
        await send({"type": "http.response.body", "body": self.body})


class TurnedAway(Exception):
    """The request goes no further; its sender gets this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Left(Exception):
    """The sender hung up before its request was whole: nobody is there to be answered."""


def json(status: int, said: Mapping[str, object], **headers: str) -> Answer:
    """An answer in JSON; ``headers`` by name, with ``_`` for ``-``."""
    more = ((name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items())
    return Answer(status, to_json(said), (*PLAIN, *more))


def refusal(status: int, error: str, **headers: str) -> Answer:
    """An answer that says what is wrong and what would be right."""
    return json(status, {"error": error}, **headers)


def accepted(count: int) -> Answer:
    """So many alerts were stored."""
    return json(HTTPStatus.ACCEPTED, {"accepted": count})


def unknown(name: str, known: Iterable[str]) -> Answer:
    """Nobody of this name sends alerts."""
    said = f"No sender is known as “{name[:60]}”" if name else "The address names no sender"
    return refusal(HTTPStatus.NOT_FOUND, f"{said}. Known are: {', '.join(f'/alerts/{each}' for each in known)}.")


def only_post() -> Answer:
    """The wrong method."""
    return refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Alerts are posted here: use POST.", allow="POST")


def closed(source: str) -> Answer:
    """No secret is set, so nobody can know one."""
    said = (
        "This door is closed: no secret is set. "
        f"Set WEBHOOK_SECRET (or WEBHOOK_SECRET_{source.upper()}, where the sender signs) and start Tocsin again."
    )
    return refusal(HTTPStatus.FORBIDDEN, said)


def no_secret() -> Answer:
    """None was given."""
    said = "Give WEBHOOK_SECRET as a Bearer token, as the Basic password, or as ?secret= in the address."
    return refusal(HTTPStatus.UNAUTHORIZED, said, www_authenticate='Bearer realm="Tocsin"')


def wrong_secret() -> Answer:
    """One was given, and it is another."""
    return refusal(HTTPStatus.FORBIDDEN, "The secret does not fit: it has to be the value of WEBHOOK_SECRET.")


def wrong_signature(source: str) -> Answer:
    """Neither a secret nor a signature that fits."""
    said = (
        "No secret was given, and no signature of the sender's fits. Give WEBHOOK_SECRET (Bearer token, Basic "
        f"password or ?secret=), or set WEBHOOK_SECRET_{source.upper()} to what the sender signs with."
    )
    return refusal(HTTPStatus.FORBIDDEN, said)


def too_large(most: int) -> Answer:
    """More than anybody needs to tell of alerts."""
    return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is too large: at most {most // 1024} KiB are read.")


def too_slow(seconds: float) -> Answer:
    """The body did not come to an end."""
    return refusal(HTTPStatus.REQUEST_TIMEOUT, f"The body was not there within {seconds:g} seconds.")


def not_understood(why: str) -> Answer:
    """What was expected instead; ``why`` is a sentence, whose full stop may be missing."""
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, ended(why))


def ended(sentence: str) -> str:
    """With a full stop, where it has no end of its own."""
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def full(most: int) -> Answer:
    """The inbox holds as many as it may."""
    said = f"{most:,} alerts wait to be handled; nothing was taken. Send it again a little later."
    return refusal(HTTPStatus.TOO_MANY_REQUESTS, said, retry_after=str(FULL_FOR))


def away() -> Answer:
    """Nothing can be stored now."""
    said = "The database does not answer, so nothing was taken. Send it again a little later."
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, said, retry_after=str(GONE_FOR))
