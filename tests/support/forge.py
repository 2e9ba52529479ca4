"""GitHub on this machine, as far as the bot speaks with it, with the faults that it has: on the wire, nothing else."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
from aiohttp import web
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from adapters.tracker.settings import TrackerSettings

TOKEN = "github_pat_of_the_tests"
INSTALLED = "ghs_of_the_installation"
"""Token of our app's, where it is installed."""
SIGNS = "what GitHub signs with"
APP, INSTALLATION, REPOSITORY = "4711", 99, "acme/incidents"


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
    pushes: int = 0

    @property
    def sha(self) -> str:
        """Its newest commit."""
        return f"{self.number:020x}{self.pushes:020x}"


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
        self.statuses: dict[str, list[dict[str, str]]] = {}
        """What was said of each commit, newest first."""
        self.reviews: list[dict[str, Any]] = []
        """What was said to deployments that wait: the run's number beside it."""
        self.stubborn: set[str] = set()
        """Commits that take no status."""
        self.before: dict[str, Callable[[], Any]] = {}
        """What happens first when a method is asked for, once."""
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.blind = False
        """Whether the list of pull requests still misses the newest, as right after it was opened."""
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._gate])
        repo = "/api/v3/repos/{repo:(?i:acme/incidents)}"  # in whatever letters
        app.router.add_get("/api/v3/rate_limit", self._limits)
        app.router.add_get(repo, self._repo)
        app.router.add_route("*", "/api/v3/repos/acme/old{rest:.*}", self._moved)
        app.router.add_get(f"{repo}/pulls", self._list)
        app.router.add_post(f"{repo}/pulls", self._open)
        app.router.add_get(f"{repo}/pulls/{{number}}", self._pull)
        app.router.add_get(f"{repo}/pulls/{{number}}/files", self._files)
        app.router.add_get(f"{repo}/compare/{{range}}", self._compare)
        app.router.add_get(f"{repo}/commits/{{sha}}", self._commit)
        app.router.add_get(f"{repo}/commits/{{sha}}/status", self._status)
        app.router.add_post(f"{repo}/statuses/{{sha}}", self._say)
        app.router.add_post(f"{repo}/actions/runs/{{run}}/deployment_protection_rule", self._review)
        app.router.add_post("/api/v3/app/installations/{installation}/access_tokens", self._install)
        app.router.add_get("/api/v3/app", self._app)
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

    def gated(self, folder: Path, **more: object) -> TrackerSettings:
        """The same, with the freeze shown there; ``folder`` takes the app's key."""
        (folder / "app.pem").write_text(self.key)
        about = {"freeze_repositories": REPOSITORY, "github_webhook_secret": SIGNS, "github_app_id": APP,
                 "github_app_key_file": str(folder / "app.pem"), "public_url": "https://tocsin.example/"}  # fmt: skip
        kept = {"github_token": TOKEN, "github_api_url": self.settings.github_api_url}
        return TrackerSettings.model_validate(kept | about | more)

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
        if not self._known(request):
            fault = "401"
        if happens := self.before.pop(request.method, None):
            await happens()
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
        if "head" not in request.query:
            size, page = int(request.query["per_page"]), int(request.query.get("page", "1"))
            open_ones = [one for one in reversed(self.pulls) if one.state == "open"][size * (page - 1) : size * page]
            return web.json_response([self._shown(one) for one in open_ones])
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

    async def _status(self, request: web.Request) -> web.Response:
        latest: dict[str, dict[str, str]] = {}
        for one in self.statuses.get(request.match_info["sha"], []):
            latest.setdefault(one["context"], one)
        return web.json_response({"state": "pending", "statuses": list(latest.values())})

    async def _say(self, request: web.Request) -> web.Response:
        sha = request.match_info["sha"]
        if sha in self.stubborn:
            return _unprocessable("This SHA and context has reached the maximum number of statuses.")
        said = await request.json()
        assert len(said["description"]) <= 140
        self.statuses.setdefault(sha, []).insert(0, said)
        return web.json_response(said, status=201)

    async def _review(self, request: web.Request) -> web.Response:
        self.reviews.append({"run": int(request.match_info["run"]), **await request.json()})
        return web.Response(status=204)

    async def _install(self, request: web.Request) -> web.Response:
        if request.match_info["installation"] != str(INSTALLATION):
            return _nothing()
        return web.json_response({"token": INSTALLED, "expires_at": "2099-01-01T00:00:00Z"}, status=201)

    async def _app(self, request: web.Request) -> web.Response:
        return web.json_response({"name": "Tocsin"})

    def _known(self, request: web.Request) -> bool:
        """Whoever asks has to be the one who may."""
        _, _, given = request.headers.get("Authorization", "").partition(" ")
        if request.path.startswith("/api/v3/app"):
            return self._signed(given)
        return given == (INSTALLED if request.path.endswith("/deployment_protection_rule") else TOKEN)

    def _signed(self, token: str) -> bool:
        """Whether our app signed it, lately."""
        head, claims, signature = (base64.urlsafe_b64decode(f"{part}==") for part in token.split("."))
        words = token.rpartition(".")[0].encode()
        self._key.public_key().verify(signature, words, padding.PKCS1v15(), hashes.SHA256())
        said = json.loads(claims)
        return bool(json.loads(head)["alg"] == "RS256" and said["iss"] == APP and said["exp"] - said["iat"] <= 600)

    @property
    def key(self) -> str:
        """The app's private key."""
        kind, no = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        return self._key.private_bytes(serialization.Encoding.PEM, kind, no).decode()

    def stands(self, pull: Pull) -> tuple[str, str]:
        """State and words of our status on the head of a pull request; empty where there is none."""
        said = [one for one in self.statuses.get(pull.sha, []) if one["context"] == "tocsin/freeze"]
        return (said[0]["state"], said[0]["description"]) if said else ("", "")

    def pushed(self, pull: Pull, action: str = "synchronize") -> dict[str, Any]:
        """What GitHub tells of a pull request."""
        return {"action": action, "number": pull.number, "pull_request": self._shown(pull),
                "repository": {"full_name": REPOSITORY}}  # fmt: skip

    def deploys(self, sha: str, *pulls: int, run: int = 1, environment: str = "production") -> dict[str, Any]:
        """What GitHub tells of a deployment that waits for our word."""
        callback = (
            f"http://127.0.0.1:{self.port}/api/v3/repos/{REPOSITORY}/actions/runs/{run}/deployment_protection_rule"
        )
        return {"action": "requested", "environment": environment, "event": "push", "deployment_callback_url": callback,
                "deployment": {"sha": sha, "ref": "main", "environment": environment}, "sha": sha,
                "pull_requests": [{"number": number} for number in pulls], "installation": {"id": INSTALLATION},
                "repository": {"full_name": REPOSITORY}}  # fmt: skip

    def _shown(self, pull: Pull) -> dict[str, Any]:
        merged = bool(pull.merged_by)
        return {
            "head": {"sha": pull.sha, "ref": pull.head},
            "base": {"ref": pull.base, "repo": {"full_name": REPOSITORY}},
            "number": pull.number,
            "html_url": self.url(pull.number), "state": "closed" if merged else pull.state,
            "merged": merged, "merged_at": "2026-11-20T13:00:00Z" if merged else None,
            "merged_by": {"login": pull.merged_by} if merged else None,
        }  # fmt: skip


def signed(
    event: str, said: object, *, delivery: str = "72d3162e-cc78-11e3-81ab-4c9367dc0958", key: str = SIGNS
) -> tuple[bytes, dict[str, str]]:
    """Body and headers as GitHub posts them."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    signature = f"sha256={hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}"
    return body, {"X-GitHub-Event": event, "X-GitHub-Delivery": delivery, "X-Hub-Signature-256": signature}


async def deliver(app: Any, event: str, said: object, **more: str) -> httpx.Response:
    """GitHub posts to a door (an ASGI app), signed."""
    body, headers = signed(event, said, **more)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tocsin.example") as client:
        return await client.post("/freeze/github", content=body, headers=headers)


def _unprocessable(why: str) -> web.Response:
    return web.json_response({"message": "Validation Failed", "errors": [{"message": why}]}, status=422)


def _nothing() -> web.Response:
    return web.json_response({"message": "Not Found"}, status=404)
