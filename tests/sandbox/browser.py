"""A browser on the sandbox's page, and small bots of the kind that other authors would point at the sandbox."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import discord
import pytest
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from playwright.async_api import Page, async_playwright
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from adapters.sandbox.server import Sandbox

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE = 10_000
"""Milliseconds that the page may take for anything."""


def chromium() -> str:
    """Where the browser is. Without one the test is skipped, except in CI, where that would hide everything."""
    found = next((path for name in NAMES if (path := shutil.which(name))), "")
    if not found and os.environ.get("CI"):
        pytest.fail(f"CI has no browser to look at the page with: none of {', '.join(NAMES)} is installed")
    if not found:
        pytest.skip(f"no browser to look at the page with: none of {', '.join(NAMES)} is installed")
    return found


@asynccontextmanager
async def sandboxed(sandbox: Sandbox | None = None) -> AsyncIterator[Sandbox]:
    """A sandbox on a free port."""
    made = sandbox or Sandbox()
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


@asynccontextmanager
async def browsing(sandbox: Sandbox, *, view: str = "both", who: str = "ana") -> AsyncIterator[Page]:
    """The page, drawn. An error in its scripts fails the test."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        try:
            await page.goto(f"{sandbox.url}/#view={view}&as={who}")
            await page.locator("body[data-ready]").wait_for()
            yield page
            assert errors == []
        finally:
            await browser.close()


@asynccontextmanager
async def bolt(sandbox: Sandbox) -> AsyncIterator[AsyncApp]:
    """An app on the real slack-bolt, connected; its listeners may be added afterwards."""
    client = AsyncWebClient(sandbox.slack.bot_token, base_url=sandbox.slack_api_url)
    app = AsyncApp(client=client)
    handler = AsyncSocketModeHandler(app, sandbox.slack.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        await sandbox.slack.wait_connected()
        yield app
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


class DiscordBot(discord.Client):
    """A client with a command tree for the sandbox's guild."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(intents=discord.Intents.all(), guild_ready_timeout=0.02)
        self.tree = app_commands.CommandTree(self)
        self.home = discord.Object(int(sandbox.discord.guild_id))
        self.began = asyncio.Event()

    async def setup_hook(self) -> None:
        await self.tree.sync(guild=self.home)
        self.began.set()


@asynccontextmanager
async def online(sandbox: Sandbox, bot: DiscordBot) -> AsyncIterator[None]:
    """The bot, logged in and ready."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = sandbox.discord_api_url, URL(sandbox.discord.gateway_url)
    running = asyncio.create_task(bot.start(sandbox.discord.token))
    try:
        await asyncio.wait_for(bot.began.wait(), 10)
        await asyncio.wait_for(bot.wait_until_ready(), 10)
        yield
    finally:
        await bot.close()
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
        with suppress(asyncio.CancelledError):
            await running
