"""GitHub's REST API, as much of it as is needed: pull requests, commits, branches.

Facts from docs.github.com/rest: ``pulls`` (get, list, create, list files), ``commits`` (compare), “Best practices”
(``Retry-After``, ``x-ratelimit-reset``).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from adapters.forge.settings import ForgeSettings
from bot.errors import Refused, TryLater

PATIENCE = 20.0
"""Seconds for one request."""
FILES = 20
"""Names of files that are asked for."""
_WHERE = re.compile(
    r"^/(?P<repo>(?!\.)[\w.-]+/(?!\.{1,2}/)[\w.-]+)/(?:pull/(?P<pull>\d{1,9})|commit/(?P<commit>[0-9a-f]{7,64}))(?:/|$)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A change on GitHub: a pull request, or a commit."""

    repo: str
    """``OWNER/NAME``."""
    pull: str = ""
    commit: str = ""


def place(url: str, host: str) -> Place | None:
    """What an address leads to on this host; ``None`` where that is no change."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return None
    found = _WHERE.match(parts.path) if parts.host in (host, f"www.{host}") else None
    return Place(found["repo"], found["pull"] or "", found["commit"] or "") if found is not None else None


class GitHub:
    """The API."""

    def __init__(self, settings: ForgeSettings) -> None:
        token = settings.github_token.get_secret_value() if settings.github_token is not None else ""
        self._http = httpx.AsyncClient(
            base_url=settings.github_api_url,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
                "User-Agent": "Tocsin",
            },
            timeout=PATIENCE,
            follow_redirects=True,  # a repository that was renamed; the token goes to the same host only
        )

    async def get(self, path: str, **asked: str | int) -> Any:
        """Ask; raises ``Refused`` (a wrong token, nothing there) or ``TryLater``."""
        return await self._send("GET", path, params=asked)

    async def open_pull(self, repo: str, *, branch: str, onto: str, title: str, text: str) -> str:
        """Address of the one open pull request from a branch: the one that is there, or a new one; empty where there is
        nothing to merge.
        """
        owner = repo.partition("/")[0]
        there = await self.get(f"/repos/{repo}/pulls", head=f"{owner}:{branch}", base=onto, state="open")
        if there:
            return str(there[0]["html_url"])
        asked = {"title": title, "body": text, "head": branch, "base": onto}
        try:
            made = await self._send("POST", f"/repos/{repo}/pulls", json=asked)
        except Refused as no:
            if "No commits between" in no.why:
                return ""
            if "already exists" in no.why:
                raise TryLater(no.why, maybe_done=True) from no  # opened by another meanwhile; the next look finds it
            raise
        return str(made["html_url"])

    async def close(self) -> None:
        """Close what is open."""
        await self._http.aclose()

    async def _send(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = await self._http.request(method, path, **more)
        except httpx.HTTPError as error:
            why = "no answer" if isinstance(error, httpx.TimeoutException) else type(error).__name__
            raise TryLater(f"GitHub: {why}", maybe_done=True, unreachable=True) from error
        if answer.is_success:
            return _read(answer)
        raise _refusal(answer)


def _read(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise TryLater("GitHub answered no JSON", maybe_done=True, unreachable=True) from error


def _refusal(answer: httpx.Response) -> TryLater | Refused:
    status, why = answer.status_code, f"GitHub {answer.status_code}: {_said(answer)}"
    wait = _wait(answer)
    if wait is not None:
        return TryLater(why, after=wait)
    if status >= 500 or status == 408:
        return TryLater(why, maybe_done=True, unreachable=True)
    return Refused(why)


def _wait(answer: httpx.Response) -> timedelta | None:
    """How long GitHub asks us to wait, where it limits us."""
    if answer.status_code not in (403, 429):
        return None
    after, reset = answer.headers.get("Retry-After", ""), answer.headers.get("X-RateLimit-Reset", "")
    if after.isdigit():
        return timedelta(seconds=int(after))
    if answer.headers.get("X-RateLimit-Remaining") == "0" and reset.isdigit():
        left = datetime.fromtimestamp(int(reset), UTC) - datetime.now(UTC)
        return min(max(left, timedelta(seconds=1)), timedelta(hours=1))
    return timedelta(minutes=1) if answer.status_code == 429 else None


def _said(answer: httpx.Response) -> str:
    """GitHub's own words for a refusal, with the first detail."""
    try:
        body = answer.json()
        details = [one["message"] for one in body.get("errors", []) if isinstance(one, dict) and "message" in one]
        return "; ".join([str(body["message"]), *map(str, details[:1])])[:200]
    except (ValueError, KeyError, TypeError, AttributeError):
        return answer.reason_phrase or "no words"
