"""The sandbox itself: both platforms, the page and its controls on one server that only this machine can reach."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from aiohttp import web

from adapters.sandbox.calls import CallBook
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.control import control
from adapters.sandbox.discord import seeds as discord_seeds
from adapters.sandbox.discord.guild import DiscordGuild
from adapters.sandbox.faults import Faults
from adapters.sandbox.guard import guard, is_loopback
from adapters.sandbox.parts import Parts
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.phones import Phones
from adapters.sandbox.slack import rooms as slack_rooms
from adapters.sandbox.slack.workspace import SlackWorkspace

PAGE = Path(__file__).parent / "page"
STAYS_HERE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page may talk to its own server and to nobody else."""


class Sandbox:
    """A Slack workspace and a Discord guild that share people, a clock, faults and a book of calls."""

    def __init__(self, clock: SandboxClock | None = None) -> None:
        self.clock = clock or SandboxClock()
        self.faults = Faults()
        self.calls = CallBook()
        self.people = PEOPLE
        self.slack = SlackWorkspace(self.clock, self.people, self.faults, self.calls)
        self.discord = DiscordGuild(self.clock, self.people, self.faults, self.calls)
        self.phones = Phones(self.clock, self.people)
        self._parts = Parts(self.clock, self.faults, self.calls, self.slack, self.discord)
        self._runner: web.AppRunner | None = None
        self._url = ""

    def furnish(self, rooms: Mapping[str, Iterable[str]]) -> None:
        """Channels by platform that are to be there from the start besides the usual ones, by their names."""
        for name in rooms.get("slack", ()):
            if name not in {channel.name for channel in self.slack.channels.values()}:
                slack_rooms.furnish(self.slack, name)
        for name in rooms.get("discord", ()):
            if name not in {channel["name"] for channel in self.discord.channels.values()}:
                discord_seeds.furnish(self.discord.world, name)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on ``host`` (loopback only) and ``port`` (0 picks a free one)."""
        if not is_loopback(host):
            raise ValueError(f"the sandbox listens on loopback only, so its host may be 127.0.0.1 or ::1, not {host!r}")
        if self._runner is not None:
            raise RuntimeError(f"the sandbox is already running at {self._url}")
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        bound = runner.addresses[0][1]
        self._url = f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"
        self.slack.base_url = f"{self._url}/slack"
        self.discord.base_url = f"{self._url}/discord"

    async def stop(self) -> None:
        """Hang up on everybody and free the port; harmless when not running."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    @property
    def url(self) -> str:
        """Where the page is, without a trailing slash."""
        if not self._url:
            raise RuntimeError("the sandbox has no address before it is started")
        return self._url

    @property
    def slack_api_url(self) -> str:
        """Slack's ``base_url``, as ``slack_sdk`` and ``SLACK_API_URL`` want it."""
        return f"{self.url}/slack/api/"

    @property
    def discord_api_url(self) -> str:
        """Discord's REST base, as ``discord.http.Route.BASE`` and ``DISCORD_API_URL`` want it."""
        return f"{self.url}/discord/api/v10"

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[guard])
        app.router.add_get("/", _page)
        app.router.add_static("/page/", PAGE)
        app.on_response_prepare.append(_dress)
        app.add_subapp("/sandbox/", control(self._parts))
        app.add_subapp("/phones/", self.phones.application())
        app.add_subapp("/slack/", self.slack.application())
        app.add_subapp("/discord/", self.discord.application())
        return app


async def _page(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")


async def _dress(request: web.Request, response: web.StreamResponse) -> None:
    """The page's files are never cached, never framed, and never reach outside."""
    if request.path == "/" or request.path.startswith(("/page/", "/phones/")):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Security-Policy"] = STAYS_HERE
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
