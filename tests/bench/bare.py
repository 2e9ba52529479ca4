"""The baseline: a bot that acknowledges at once and does nothing. ``python -m tests.bench.bare slack|discord|web``."""

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any

import aiohttp
import discord
import uvicorn
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Address


async def on_slack() -> None:
    """Slack's own framework, one line."""
    client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client)

    async def acknowledge(ack: AsyncAck) -> None:
        await ack("ok")

    app.command(re.compile(".*"))(acknowledge)
    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()  # type: ignore[no-untyped-call]


async def on_discord() -> None:
    """The usual client, one command."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    async with aiohttp.ClientSession() as session, session.get(f"{Route.BASE}/gateway") as told:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL((await told.json())["url"])
    client = discord.Client(intents=discord.Intents(guilds=True))
    tree = app_commands.CommandTree[Any](client)
    guild = discord.Object(id=int(os.environ["DISCORD_GUILD_ID"]))

    @tree.command(name="incident", description="Acknowledge", guild=guild)
    async def incident(event: discord.Interaction[Any], what: str = "", details: str = "") -> None:
        await event.response.send_message("ok", ephemeral=True)

    async def prepare() -> None:
        await tree.sync(guild=guild)

    client.setup_hook = prepare  # type: ignore[method-assign]
    await client.start(os.environ["DISCORD_TOKEN"])


async def on_the_web() -> None:
    """A web server that reads what is posted and stores nothing, and that shows one page out of its memory."""

    async def take(request: Request) -> Response:
        await request.body()
        return JSONResponse({"accepted": 1}, status_code=202)

    page = await asyncio.to_thread(Path(os.environ.get("PAGE", os.devnull)).read_bytes)

    async def show(request: Request) -> Response:
        return Response(page, media_type="text/html")

    application = Starlette(
        routes=[Address("/alerts/{source}", take, methods=["POST"]), Address("/status/", show, methods=["GET"])]
    )
    port = int(os.environ["HTTP_PORT"])
    await uvicorn.Server(uvicorn.Config(application, port=port, access_log=False, http="httptools")).serve()


if __name__ == "__main__":
    asyncio.run({"slack": on_slack, "discord": on_discord, "web": on_the_web}[sys.argv[1]]())
