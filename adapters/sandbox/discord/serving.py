"""The web application of the sandbox's Discord, and a server for it alone."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler as WebHandler
from aiohttp.typedefs import Middleware

from adapters.sandbox.discord import routes_channels, routes_guild, routes_messages
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.gateway import Gateway
from adapters.sandbox.discord.interactions import Interactions
from adapters.sandbox.discord.rest import API, Asked, Handler, Rest
from adapters.sandbox.discord.routes_interactions import InteractionRoutes
from adapters.sandbox.discord.world import World

GOING_AWAY = 1001
WITH_TOKEN = (*routes_messages.ROUTES, *routes_channels.ROUTES, *routes_guild.ROUTES)
"""Routes that the bot's token opens."""


def routes(interactions: Interactions) -> list[tuple[str, str]]:
    """Method and path of all that the API can do."""
    return [(method, path) for method, path, _ in (*WITH_TOKEN, *InteractionRoutes(interactions).table())]


def application(world: World, *, rest: Rest, gateway: Gateway, interactions: Interactions) -> web.Application:
    app = web.Application(middlewares=[_unknown(rest)])
    for method, path, handler in (*WITH_TOKEN, _bot_gateway(gateway)):
        app.router.add_route(method, API + path, rest.wrap(handler, path=path))
    for method, path, handler in (*InteractionRoutes(interactions).table(), _gateway(gateway)):
        app.router.add_route(method, API + path, rest.wrap(handler, path=path, open_to_all=True))
    app.router.add_get("/gateway", gateway.serve)
    app.router.add_get("/gateway/", gateway.serve)
    app.router.add_get("/attachments/{channel}/{file}/{name}", _file(world))
    app.on_shutdown.append(_hang_up(gateway))
    return app


def _gateway(gateway: Gateway) -> tuple[str, str, Handler]:
    def handle(world: World, asked: Asked) -> Wire:
        return {"url": gateway.url}

    return "GET", "/gateway", handle


def _bot_gateway(gateway: Gateway) -> tuple[str, str, Handler]:
    def handle(world: World, asked: Asked) -> Wire:
        start = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000, "max_concurrency": 1}
        return {"url": gateway.url, "shards": 1, "session_start_limit": start}

    return "GET", "/gateway/bot", handle


def _file(world: World) -> WebHandler:
    async def handle(request: web.Request) -> web.StreamResponse:
        held = world.files.get(request.match_info["file"])
        if held is None:
            return web.Response(status=404, text="This content is no longer available.")
        # Never shown by a browser as a page of the sandbox's own origin.
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff", "Content-Type": held[0]}
        return web.Response(body=held[1], headers=headers)

    return handle


def _unknown(rest: Rest) -> Middleware:
    @web.middleware
    async def answer(request: web.Request, handler: WebHandler) -> web.StreamResponse:
        try:
            return await handler(request)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
            return rest.unknown(request, status=error.status)

    return answer


def _hang_up(gateway: Gateway) -> Callable[[web.Application], Awaitable[None]]:
    async def close(app: web.Application) -> None:
        for outlet in list(gateway.sessions.outlets):
            outlet.close(GOING_AWAY)

    return close
