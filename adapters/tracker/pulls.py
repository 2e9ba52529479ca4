"""GitHub's pull requests and commits over its REST API: what is asked of them.

Facts from docs.github.com/rest: ``pulls`` (get, list, create, list files), ``commits`` (compare).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from adapters.tracker.settings import TrackerSettings, secret
from adapters.tracker.tracker import Gone
from adapters.tracker.wire import Wire
from bot.errors import Refused, TryLater

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
        there = parts.host in (host, f"www.{host}")
    except (httpx.InvalidURL, UnicodeError):  # a host that is no Punycode, though it says so
        return None
    found = _WHERE.match(parts.path) if there else None
    return Place(found["repo"], found["pull"] or "", found["commit"] or "") if found is not None else None


class Pulls:
    """The API."""

    def __init__(self, settings: TrackerSettings) -> None:
        headers = {
            "Authorization": f"Bearer {secret(settings.github_token)}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._wire = Wire(settings.github_api_url, headers)

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None, **asked: str | int) -> Any:
        """Ask; raises ``Refused`` (a wrong token, nothing there) or ``TryLater``."""
        return await self._ask("GET", path, params=asked, headers=headers)

    async def post(self, path: str, said: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Any:
        """Say something there; raises as :meth:`get` does."""
        return await self._ask("POST", path, json=dict(said), headers=headers)

    async def open(self, repo: str, *, branch: str, onto: str, title: str, text: str) -> str:
        """Address of the one open pull request from a branch: the one that is there, or a new one; empty where there is
        nothing to merge.
        """
        owner = repo.partition("/")[0]
        there = await self.get(f"/repos/{repo}/pulls", head=f"{owner}:{branch}", base=onto, state="open")
        if there:
            return str(there[0]["html_url"])
        asked = {"title": title, "body": text, "head": branch, "base": onto}
        try:
            made = await self._ask("POST", f"/repos/{repo}/pulls", json=asked)
        except Refused as no:
            if "No commits between" in no.why:
                return ""
            if "already exists" in no.why:
                raise TryLater(no.why, maybe_done=True) from no  # opened by another meanwhile; the next look finds it
            raise
        return str(made["html_url"])

    async def close(self) -> None:
        """Drop what is open."""
        await self._wire.close()

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        """People are told who refused: a link may lead anywhere."""
        try:
            return await self._wire.ask(method, path, **more)
        except Gone as gone:
            raise Refused("GitHub 410: it was deleted there") from gone
        except Refused as no:
            status, _, why = no.why.partition(" ")
            raise Refused(f"GitHub {status}: {why}") from no
