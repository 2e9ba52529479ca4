"""HTTP as every tracker here speaks it: one request, its answer as JSON, and what went wrong in the core's words."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx

from adapters.tracker.tracker import Gone
from bot import hidden
from bot.errors import Outside, Refused, TryLater
from bot.retry_after import retry_after, until

NO_JSON = (ValueError, RecursionError)
"""What reading an answer as JSON may raise: it is none, or nested deeper than anybody reads."""

PATIENCE = 15.0
"""Seconds for each step of a request."""
UNTOLD = timedelta(minutes=1)
"""How long to wait where a rate limit does not say [GitHub: “wait for at least one minute”]."""
SHOWN = 160
"""Characters of an answer that people are shown."""


class Wire:
    """A connection to one tracker; ``patience`` is for its answer, in seconds."""

    def __init__(
        self, base: str, headers: Mapping[str, str], *, auth: httpx.Auth | None = None, patience: float = PATIENCE
    ) -> None:
        self._client = httpx.AsyncClient(
            base_url=base,
            headers={"User-Agent": "Tocsin", "Accept": "application/json", **headers},
            auth=auth,
            timeout=httpx.Timeout(PATIENCE, read=patience),
            follow_redirects=True,  # a repository that was renamed, an issue that was moved
        )

    async def ask(self, method: str, path: str, **more: Any) -> Any:
        """The answer's JSON, ``None`` where it has no body; raises TryLater, Refused or :class:`Gone`."""
        answer = await self.send(method, path, **more)
        if answer.is_success:
            return read(answer)
        raise refusal(answer, words(answer))

    async def send(self, method: str, path: str, *, harmless: bool | None = None, **more: Any) -> httpx.Response:
        """The answer, whatever it is; raises TryLater where there is none. ``harmless``: it changes nothing there."""
        harmless = method == "GET" if harmless is None else harmless
        try:
            return await self._client.request(method, path, **more)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as no:
            raise TryLater("no connection", unreachable=True) from no
        except httpx.TimeoutException as no:
            raise TryLater("no answer in time", maybe_done=not harmless, unreachable=True) from no
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as no:  # (the last two of a redirect to nowhere)
            raise TryLater("the connection broke off", maybe_done=not harmless, unreachable=True) from no

    async def close(self) -> None:
        """Drop what is open."""
        await self._client.aclose()


def refusal(answer: httpx.Response, why: str) -> Outside | Gone:
    """What an answer that is no success means. Never repeats more of it than its own sentence."""
    status = answer.status_code
    wait = limited(answer)
    if wait is not None:
        return TryLater("rate limit", after=wait)
    if status == HTTPStatus.GONE:
        return Gone()
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return TryLater(str(status), maybe_done=answer.request.method != "GET", unreachable=True)
    return Refused(f"{status} {why}".strip())


def limited(answer: httpx.Response) -> timedelta | None:
    """How long a rate limit lasts; ``None`` where the answer is none.

    GitHub: 429, or 403 with ``Retry-After`` or with nothing left
    [docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api].
    Jira: 429 with ``Retry-After`` [developer.atlassian.com/cloud/jira/platform/rate-limiting].
    """
    headers = answer.headers
    spent = headers.get("x-ratelimit-remaining") == "0"
    told = "retry-after" in headers
    secondary = "rate limit" in answer.text.casefold()
    forbidden = answer.status_code == HTTPStatus.FORBIDDEN and (spent or told or secondary)
    if answer.status_code != HTTPStatus.TOO_MANY_REQUESTS and not forbidden:
        return None
    now = datetime.now(UTC)
    if told:
        return retry_after(headers["retry-after"], now=now) or UNTOLD
    return (until(headers.get("x-ratelimit-reset", ""), now=now) if spent else None) or UNTOLD


def words(answer: httpx.Response) -> str:
    """The sentence in an answer's ``message``, its ``errors`` or ``errorMessages``."""
    try:
        said = answer.json()
    except NO_JSON:
        return answer.reason_phrase
    if not isinstance(said, dict):
        return answer.reason_phrase
    parts = [said.get("message"), *_listed(said.get("errorMessages")), *_listed(said.get("errors"))]
    told = "; ".join(" ".join(hidden.readable(part).split()) for part in parts if isinstance(part, str) and part)
    return told[:SHOWN] or answer.reason_phrase


def read(answer: httpx.Response) -> Any:
    """The JSON of an answer, ``None`` where it has no body; raises TryLater where it is none."""
    if not answer.content:
        return None
    try:
        return answer.json()
    except NO_JSON as no:
        raise TryLater("an answer that is no JSON", maybe_done=answer.request.method != "GET") from no


def _listed(errors: Any) -> list[Any]:
    if isinstance(errors, dict):
        return [f"{name}: {what}" for name, what in errors.items() if isinstance(what, str)]
    if not isinstance(errors, list):
        return []
    return [" ".join(v for v in one.values() if isinstance(v, str)) if isinstance(one, dict) else one for one in errors]
