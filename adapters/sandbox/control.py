"""The sandbox's controls as a JSON API, for its own page and for programs in other processes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from json import JSONDecodeError
from typing import Any, Literal, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.sandbox.acts import Mistake, perform
from adapters.sandbox.calls import CallBook
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord.guild import DiscordGuild
from adapters.sandbox.faults import Fault, Faults
from adapters.sandbox.live import Live
from adapters.sandbox.snapshot import Snapshots
from adapters.sandbox.slack.workspace import SlackWorkspace

FARTHEST = 366 * 24 * 3600
"""Seconds by which one step may move the clock, either way."""

Body = TypeVar("Body", bound=BaseModel)


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Forward(_Request):
    """``POST /sandbox/clock``."""

    forward: float = Field(ge=-FARTHEST, le=FARTHEST, allow_inf_nan=False)


class Mend(_Request):
    """``DELETE /sandbox/faults``: one fault, or all of them."""

    id: int | None = None


class NewFault(Fault):
    """``POST /sandbox/faults``."""

    model_config = ConfigDict(extra="forbid")


class Settings(_Request):
    """``POST /sandbox/settings``: only what is given changes."""

    platform: Literal["slack", "discord"]
    latency: float | None = Field(default=None, ge=0, le=60)
    enforce_limits: bool | None = None
    refuses_unarchive: bool | None = None


class ActRequest(BaseModel):
    """``POST /sandbox/act``: what else is given are the act's own arguments."""

    model_config = ConfigDict(extra="allow")
    platform: Literal["slack", "discord"]
    act: str
    who: str = Field(default="ana", alias="as")


class Control:
    """Answers the requests; holds nothing of its own."""

    def __init__(
        self, clock: SandboxClock, faults: Faults, calls: CallBook, slack: SlackWorkspace, discord: DiscordGuild, live: Live
    ) -> None:
        self.clock, self.faults, self.live = clock, faults, live
        self.platforms: dict[str, SlackWorkspace | DiscordGuild] = {"slack": slack, "discord": discord}
        self.snapshots = Snapshots(clock, faults, calls, slack, discord)

    async def state(self, request: web.Request) -> web.Response:
        platform, query = request.query.get("platform", "slack"), request.query
        return _json(self.snapshots.state(platform, who=query.get("as", "ana"), channel=query.get("channel", "")))

    async def dump(self, request: web.Request) -> web.Response:
        return _json(self.snapshots.dump())

    async def calls(self, request: web.Request) -> web.Response:
        since = request.query.get("since", "0")
        if not since.isdecimal():
            raise Mistake(f"since is the 'began' of the last call you know, a whole number, not {since!r}.")
        return _json(self.snapshots.calls(since=int(since)))

    async def act(self, request: web.Request) -> web.Response:
        body = await _read(request, ActRequest)
        platform = self.platforms[body.platform]
        who = self.snapshots.account(body.platform, body.who)
        arguments = dict(body.model_extra or {})
        for name in ("channel", "channel_id"):
            if isinstance(arguments.get(name), str):
                arguments[name] = self.snapshots.channel_id(body.platform, arguments[name])
        result = await perform(platform, body.act, who=who, arguments=arguments)
        self.live.notice()
        return _json({"result": result})

    async def forward(self, request: web.Request) -> web.Response:
        body = await _read(request, Forward)
        self.clock.forward(timedelta(seconds=body.forward))
        self.live.notice()
        return _json(self.snapshots.clock())

    async def add_fault(self, request: web.Request) -> web.Response:
        fault = self.faults.add(await _read(request, NewFault))
        self.live.notice()
        return _json(fault.model_dump(mode="json"))

    async def remove_faults(self, request: web.Request) -> web.Response:
        body = await _read(request, Mend)
        if body.id is None:
            self.faults.clear()
        elif not any(fault.id == body.id for fault in self.faults.active):
            raise Mistake(f"There is no fault {body.id} switched on.")
        else:
            self.faults.remove(body.id)
        self.live.notice()
        return _json({"faults": self.snapshots.faults()})

    async def settings(self, request: web.Request) -> web.Response:
        body = await _read(request, Settings)
        platform = self.platforms[body.platform]
        for name, value in body.model_dump(exclude={"platform"}, exclude_none=True).items():
            if not hasattr(platform, name):
                raise Mistake(f"{body.platform} has no setting {name!r}.")
            setattr(platform, name, value)
        self.live.notice()
        return _json(self.snapshots.settings())


def control(
    clock: SandboxClock, faults: Faults, calls: CallBook, slack: SlackWorkspace, discord: DiscordGuild, live: Live
) -> web.Application:
    """The application to be mounted at ``/sandbox``."""
    answers = Control(clock, faults, calls, slack, discord, live)
    app = web.Application(middlewares=[_explain], client_max_size=4 * 1024 * 1024)
    routes: list[tuple[str, str, Callable[[web.Request], Awaitable[web.StreamResponse]]]] = [
        ("GET", "/state", answers.state),
        ("GET", "/dump", answers.dump),
        ("GET", "/calls", answers.calls),
        ("GET", "/live", live.watch),
        ("POST", "/act", answers.act),
        ("POST", "/clock", answers.forward),
        ("POST", "/faults", answers.add_fault),
        ("DELETE", "/faults", answers.remove_faults),
        ("POST", "/settings", answers.settings),
    ]
    for method, path, handler in routes:
        app.router.add_route(method, path, handler)
    app.on_shutdown.append(live.hang_up)
    return app


@web.middleware
async def _explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Mistakes become 400 with a sentence."""
    try:
        return await handler(request)
    except Mistake as mistake:
        return web.json_response({"error": str(mistake)}, status=400)


async def _read(request: web.Request, model: type[Body]) -> Body:
    try:
        return model.model_validate(await request.json() if request.can_read_body else {})
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise Mistake("The body is not JSON.") from error
    except ValidationError as error:
        raise Mistake(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    problems = [f"{'.'.join(str(step) for step in one['loc']) or 'the body'}: {one['msg']}" for one in error.errors()]
    return "; ".join(problems) + "."


def _json(value: Any) -> web.Response:
    return web.json_response(value)
