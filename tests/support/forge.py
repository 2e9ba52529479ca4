"""GitHub on this machine, as far as the bot speaks with it, with the faults that it has: on the wire, nothing else."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from adapters.tracker.settings import TrackerSettings

TOKEN = "github_pat_of_the_tests"


@dataclass(slots=True)
class Pull:
    """A pull request."""

    number: int
    head: str
    base: str
    title: str
    body: str
    state: str = "open"
    merged_by: str = ""
    files: list[str] = field(default_factory=list)


class GitHub:
    """One repository, ``acme/incidents``; ``async with GitHub() as github``."""

    def __init__(self) -> None:
        self.pulls: list[Pull] = []
        self.behind: set[str] = set()
        """Commits that the common branch holds."""
        self.tip = ""
        """The newest of them."""
        self.common = "main"
        """What the common branch is called."""
        self.headers: dict[str, str] = {"Retry-After": "1"}
        """What a fault ``429`` or ``403`` says of how long it lasts."""
        self.faults: list[str] = []
        """What happens to the next requests: ``500``, ``401``, ``429``, ``drop``, ``html``; ``lost`` acts and gives no
        answer; empty lets one pass."""
        self.heard: list[str] = []
        """Each request: its method and path."""
        self.blind = False
        """Whether the list of pull requests still misses the newest, as right after it was opened."""
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._gate])
        repo = "/api/v3/repos/acme/incidents"
        app.router.add_get("/api/v3/rate_limit", self._limits)
        app.router.add_get(repo, self._repo)
        app.router.add_route("*", "/api/v3/repos/acme/old{rest:.*}", self._moved)
        app.router.add_get(f"{repo}/pulls", self._list)
        app.router.add_post(f"{repo}/pulls", self._open)
        app.router.add_get(f"{repo}/pulls/{{number}}", self._pull)
        app.router.add_get(f"{repo}/pulls/{{number}}/files", self._files)
        app.router.add_get(f"{repo}/compare/{{range}}", self._compare)
        app.router.add_get(f"{repo}/commits/{{sha}}", self._commit)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def settings(self) -> TrackerSettings:
        """How the bot reaches it."""
        url = f"http://127.0.0.1:{self.port}/api/v3"
        return TrackerSettings.model_validate({"github_token": TOKEN, "github_api_url": url})

    def url(self, number: int) -> str:
        """Where people see a pull request."""
        return f"https://127.0.0.1/acme/incidents/pull/{number}"

    def opens(self, head: str = "fix", *files: str) -> Pull:
        """A person opens a pull request."""
        self.pulls.append(Pull(len(self.pulls) + 1, head, "main", "By hand", "", files=list(files)))
        return self.pulls[-1]

    @web.middleware
    async def _gate(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.heard.append(f"{request.method} {request.path.removeprefix('/api/v3')}")
        fault = self.faults.pop(0) if self.faults else ""
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            fault = "401"
        if fault == "drop" or fault == "lost":
            if fault == "lost":
                await handler(request)
            assert request.transport is not None
            request.transport.abort()
            await asyncio.sleep(0)
        if fault == "429" or (fault == "403" and "X-RateLimit-Remaining" in self.headers):
            return web.json_response({"message": "rate limit"}, status=int(fault), headers=self.headers)
        if fault == "html":
            return web.Response(text="<html>a proxy</html>", content_type="text/html")
        if fault.isdigit():
            return web.json_response({"message": f"said {fault}"}, status=int(fault))
        answer: web.StreamResponse = await handler(request) if fault != "lost" else web.Response()
        return answer

    async def _limits(self, request: web.Request) -> web.Response:
        return web.json_response({"rate": {"remaining": 4999}})

    async def _repo(self, request: web.Request) -> web.Response:
        return web.json_response({"default_branch": self.common})

    async def _moved(self, request: web.Request) -> web.Response:
        where = request.path_qs.replace("/acme/old", "/acme/incidents")
        return web.Response(status=301 if request.method == "GET" else 307, headers={"Location": where})

    async def _list(self, request: web.Request) -> web.Response:
        owner, _, head = request.query["head"].rpartition(":")
        base, state = request.query["base"], request.query["state"]
        found = [
            one for one in self.pulls if (one.base, one.state) == (base, state) and (one.head == head or not owner)
        ]
        seen = found[:-1] if self.blind else found
        self.blind = False
        return web.json_response([self._shown(one) for one in seen])

    async def _open(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if any((one.head, one.state) == (asked["head"], "open") for one in self.pulls):
            return _unprocessable("A pull request already exists for acme:x.")
        if asked["head"] == "empty":
            return _unprocessable("No commits between main and empty")
        made = Pull(len(self.pulls) + 1, asked["head"], asked["base"], asked["title"], asked["body"])
        self.pulls.append(made)
        return web.json_response(self._shown(made), status=201)

    async def _pull(self, request: web.Request) -> web.Response:
        found = [one for one in self.pulls if str(one.number) == request.match_info["number"]]
        return web.json_response(self._shown(found[0])) if found else _nothing()

    async def _files(self, request: web.Request) -> web.Response:
        found = next(one for one in self.pulls if str(one.number) == request.match_info["number"])
        return web.json_response([{"filename": name} for name in found.files])

    async def _compare(self, request: web.Request) -> web.Response:
        base, _, sha = request.match_info["range"].partition("...")
        if base != self.common:
            return _nothing()
        status = "identical" if sha == self.tip else "behind" if sha in self.behind else "diverged"
        return web.json_response({"status": status})

    async def _commit(self, request: web.Request) -> web.Response:
        commit = {"committer": {"date": "2026-11-20T13:00:00Z"}}
        return web.json_response({"commit": commit, "author": {"login": "cleo"}, "files": [{"filename": "tests/a.py"}]})

    def _shown(self, pull: Pull) -> dict[str, Any]:
        merged = bool(pull.merged_by)
        return {
            "number": pull.number, "html_url": self.url(pull.number), "state": "closed" if merged else pull.state,
            "merged": merged, "merged_at": "2026-11-20T13:00:00Z" if merged else None,
            "merged_by": {"login": pull.merged_by} if merged else None,
        }  # fmt: skip


def _unprocessable(why: str) -> web.Response:
    return web.json_response({"message": "Validation Failed", "errors": [{"message": why}]}, status=422)


def _nothing() -> web.Response:
    return web.json_response({"message": "Not Found"}, status=404)
