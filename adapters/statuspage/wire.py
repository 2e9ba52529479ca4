"""HTTP as status pages speak it: one request, its answer as JSON, and what went wrong in the core's words."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx

from bot import hidden
from bot.errors import Outside, Refused, TryLater
from bot.retry_after import retry_after

NO_JSON = (ValueError, RecursionError)
"""What reading an answer as JSON may raise: it is none, or nested deeper than anybody reads."""

PATIENCE = 15.0
"""Seconds for each step of a request."""
UNTOLD = timedelta(minutes=1)
"""How long to wait where a rate limit does not say: both count by the minute."""
CALM = 420
"""Statuspage's own status for a rate limit, besides 429
[community.atlassian.com: Upcoming rate limiting changes to Statuspage REST API]."""
SHOWN = 160
"""Characters of an answer that people are shown."""


class Wire:
    """A connection to one page; ``patience`` is for its answer, in seconds."""

    def __init__(self, base: str, headers: Mapping[str, str], *, patience: float = PATIENCE) -> None:
        self._client = httpx.AsyncClient(
            base_url=base,
            headers={"User-Agent": "Tocsin", "Accept": "application/json", **headers},
            timeout=httpx.Timeout(PATIENCE, read=patience),
        )

    async def ask(self, method: str, path: str, **more: Any) -> Any:
        """The answer's JSON; raises TryLater or Refused."""
        harmless = method == "GET"
        try:
            answer = await self._client.request(method, path, **more)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as no:
            raise TryLater("no connection", unreachable=True) from no
        except httpx.TimeoutException as no:
            raise TryLater("no answer in time", maybe_done=not harmless, unreachable=True) from no
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as no:  # (the last two of a redirect to nowhere)
            raise TryLater("the connection broke off", maybe_done=not harmless, unreachable=True) from no
        if not answer.is_success:
            raise refusal(answer)
        try:
            return answer.json()
        except NO_JSON as no:
            raise TryLater("an answer that is no JSON", maybe_done=not harmless) from no

    async def close(self) -> None:
        """Drop what is open."""
        await self._client.aclose()


def refusal(answer: httpx.Response) -> Outside:
    """What an answer that is no success means. Never repeats more of it than its own sentence."""
    status = answer.status_code
    if status in (CALM, HTTPStatus.TOO_MANY_REQUESTS):
        return TryLater("rate limit", after=_wait(answer))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return TryLater(str(status), maybe_done=answer.request.method != "GET", unreachable=True)
    return Refused(f"{status} {_words(answer)}".strip())


def _words(answer: httpx.Response) -> str:
    """The sentence in an answer: Statuspage says ``error``, Better Stack ``errors``."""
    try:
        said = answer.json()
    except NO_JSON:
        return answer.reason_phrase
    found = (said.get("error") or said.get("errors") or said.get("message")) if isinstance(said, dict) else None
    parts = found if isinstance(found, list) else [found] if found else []
    words = "; ".join(" ".join(hidden.readable(part).split()) for part in parts if isinstance(part, str))
    return words[:SHOWN] or answer.reason_phrase


def _wait(answer: httpx.Response) -> timedelta:
    return retry_after(answer.headers.get("retry-after", ""), now=datetime.now(UTC)) or UNTOLD
