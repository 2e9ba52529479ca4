"""The sandbox's controls as a JSON API, for its own page and for programs in other processes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from json import JSONDecodeError
from typing import Any, Literal, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from adapters.sandbox.acts import Mistake, perform
from adapters.sandbox.alarms import ALARMS
from adapters.sandbox.discord.guild import DiscordGuild
from adapters.sandbox.faults import Fault
from adapters.sandbox.guard import host_of, is_loopback
from adapters.sandbox.live import Live
from adapters.sandbox.parts import Parts, Shortcut, SlashCommand
from adapters.sandbox.slack.workspace import SlackWorkspace
from adapters.sandbox.snapshot import Snapshots
from bot.model import Model

FARTHEST = 366 * 24 * 3600
"""Seconds by which one step may move the clock, either way."""

OFFERED = ("commands", "shortcuts")
"""Settings that are about what the page offers, not about what the platform does."""
SETTINGS = {
    "slack": ("latency", "enforce_limits", "refuses_unarchive", "http_url", *OFFERED),
    "discord": ("latency", "enforce_limits"),
}

Body = TypeVar("Body", bound=BaseModel)


class _Request(Model):
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
    http_url: str | None = None
    """Where Slack posts what happens, on this machine; ``null`` goes back to Socket Mode."""
    commands: list[SlashCommand] | None = None
    """What the page offers after a slash on the Slack side."""
    shortcuts: list[Shortcut] | None = None

    @field_validator("http_url")
    @classmethod
    def _here(cls, url: str | None) -> str | None:
        if url is not None and not (url.startswith("http://") and is_loopback(host_of(url))):
            raise ValueError("the sandbox posts to this machine only, such as http://127.0.0.1:3000/slack/events")
        return url


class ActRequest(Model):
    """``POST /sandbox/act``: what else is given are the act's own arguments."""

    model_config = ConfigDict(extra="allow")
    platform: Literal["slack", "discord"]
    act: str
    who: str = Field(default="ana", alias="as")


class Control:
    """Answers the requests; holds nothing of its own."""

    def __init__(self, parts: Parts, live: Live) -> None:
        self.clock, self.faults, self.manifest, self.live = parts.clock, parts.faults, parts.manifest, live
        self.platforms: dict[str, SlackWorkspace | DiscordGuild] = {"slack": parts.slack, "discord": parts.discord}
        self.snapshots = Snapshots(parts)

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

    async def alarms(self, request: web.Request) -> web.Response:
        platform = request.query.get("platform", "slack")
        posted = [(one, one.of(platform)) for one in ALARMS]
        ready = [
            {"key": one.key, "sender": one.sender, "about": one.about, "stands": list(of)} for one, of in posted if of
        ]
        return _json({"alarms": ready})

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
        known = SETTINGS[body.platform]
        given = {name: getattr(body, name) for name in body.model_fields_set - {"platform"}}
        for name, value in given.items():
            if name not in known:
                raise Mistake(f"{body.platform} has no setting {name!r}; it has {', '.join(known)}.")
            if value is None and name != "http_url":
                raise Mistake(f"{name} needs a value.")
        for name, value in given.items():
            setattr(self.manifest if name in OFFERED else self.platforms[body.platform], name, value)
        self.live.notice()
        return _json(self.snapshots.settings())


def control(parts: Parts) -> web.Application:
    """The application to be mounted at ``/sandbox``."""
    live = Live(parts)
    answers = Control(parts, live)
    app = web.Application(middlewares=[_explain], client_max_size=4 * 1024 * 1024)
    routes: list[tuple[str, str, Callable[[web.Request], Awaitable[web.StreamResponse]]]] = [
        ("GET", "/state", answers.state),
        ("GET", "/dump", answers.dump),
        ("GET", "/calls", answers.calls),
        ("GET", "/alarms", answers.alarms),
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
