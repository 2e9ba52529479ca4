"""Files on the page: name, size, the first lines as words, and a download, on either side."""

import asyncio
import io
from pathlib import Path

import discord
from aiohttp import ClientSession
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from adapters.sandbox.server import Sandbox
from tests.sandbox.browser import DiscordBot, browsing, online, sandboxed

EVIL = "# Checkout <b>down</b>\n<img src=x onerror=alert(1)>\n<script>alert(1)</script>\n\nפוסט־מורטם 🔥\nline six\n"
NAME = "postmortem-42.md"


async def share(sandbox: Sandbox, text: str | bytes, *, name: str = NAME) -> None:
    """Post a file into Slack's #general."""
    client = AsyncWebClient(sandbox.slack.bot_token, base_url=sandbox.slack_api_url)
    channel = sandbox.slack.channel_named("general").id
    sandbox.slack.channels[channel].members.append(sandbox.slack.bot_user_id)
    await client.files_upload_v2(channel=channel, content=text, filename=name, initial_comment="A draft")


async def post(sandbox: Sandbox, bot: DiscordBot, text: str, *, name: str = NAME) -> None:
    """Post a file into Discord's #general."""
    general = bot.get_channel(int(sandbox.discord.channel_named("general")["id"]))
    assert isinstance(general, discord.TextChannel)
    await general.send("A draft", file=discord.File(io.BytesIO(text.encode()), filename=name))


async def shown(page: Page, *, size: str) -> None:
    """The file stands there with its first five lines, all of them words."""
    file = page.get_by_test_id("file").last
    await expect(file.locator(".file-name")).to_have_text(NAME)
    await expect(file.locator("small")).to_have_text(size)
    await expect(file.locator(".file-preview")).to_have_text("\n".join(EVIL.splitlines()[:5]))
    assert await file.locator("img, script, b").count() == 0


async def downloaded(page: Page) -> str:
    """What a click on Download brings."""
    async with page.expect_download() as coming:
        await page.get_by_test_id("file").last.get_by_role("link", name="Download").click()
    held = await coming.value
    assert held.suggested_filename == NAME
    return await asyncio.to_thread(Path(await held.path()).read_text)


async def test_a_file_in_slack_is_shown_and_downloaded() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="slack") as page:
        await share(sandbox, EVIL)
        await shown(page, size=f"{len(EVIL.encode())} bytes")
        assert await downloaded(page) == EVIL


async def test_a_file_in_discord_is_shown_and_downloaded() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="discord") as page:
        bot = DiscordBot(sandbox)
        async with online(sandbox, bot):
            await post(sandbox, bot, EVIL)
        await page.get_by_role("button", name="general").click()
        await shown(page, size=f"{len(EVIL.encode())} bytes")
        assert await downloaded(page) == EVIL


async def test_a_long_file_is_shown_in_part_and_one_that_is_no_text_by_its_name() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="slack") as page:
        await share(sandbox, "🔥" * 200_000)
        preview = page.get_by_test_id("file").last.locator(".file-preview")
        await expect(preview).to_have_text("🔥" * 1000)
        await expect(page.get_by_test_id("file").last.locator("small")).to_have_text("782 KB")
        await share(sandbox, b"\x00", name="תקלה.bin")
        await expect(page.get_by_test_id("file").last).to_have_text("תקלה.bin1 byteDownload")


async def test_a_file_is_never_served_as_a_page() -> None:
    async with sandboxed() as sandbox, ClientSession() as session:
        await share(sandbox, EVIL, name="x.html")
        (file,) = sandbox.slack.files.values()
        async with session.get(file.wire["url_private"]) as answer:
            assert answer.headers["Content-Type"] == "application/octet-stream"
            assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''x.html"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
