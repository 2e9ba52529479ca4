"""The demo as a stranger starts it, a browser that looks at it, and the pictures that are taken of it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from playwright.async_api import Locator, Page, ViewportSize, async_playwright, expect

from tests.sandbox.browser import FLAGS, PATIENCE, chromium

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
TAKEN = bool(os.environ.get("TOCSIN_PICTURES"))
"""Whether pictures are written: only when asked, so that a test leaves the tree as it was."""
BEGINS = 30.0
"""Seconds that the demo may take to say where it is."""
ENDS = 10.0
"""Seconds that it may take to end."""

WHOLE, HALF = ViewportSize(width=1440, height=900), ViewportSize(width=1280, height=800)

Side = Literal["slack", "discord"]


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[str]:
    """The demo as a process of its own in an empty folder; gives its page's address and stops it with SIGTERM."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    words = (sys.executable, "-m", "bot", "demo", "--port", "0")
    with (folder / "demo.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *words, cwd=folder, env=kept | {"PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE, stderr=log
        )
    try:
        yield await asyncio.wait_for(_address(process, folder), BEGINS)
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), ENDS)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise


async def _address(process: asyncio.subprocess.Process, folder: Path) -> str:
    assert process.stdout is not None
    async for line in process.stdout:
        found = next((word for word in line.decode().split() if word.startswith("http://")), None)
        if found is not None:
            return found
    raise AssertionError(f"the demo ended without an address: {(folder / 'demo.log').read_text(errors='replace')}")


@asynccontextmanager
async def browsing(address: str, *, view: str) -> AsyncIterator[Page]:
    """The demo's page, drawn, as Ana; one side alone in a smaller window. An error in its scripts fails the test."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = await browser.new_page(viewport=WHOLE if view == "both" else HALF)
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        try:
            await page.goto(f"{address}#view={view}&as=ana")
            await ready(page, view)
            yield page
            assert errors == []
        finally:
            await browser.close()


async def ready(page: Page, view: str) -> None:
    """The page is drawn and the bot is on the platforms that it shows."""
    await page.locator("body[data-ready]").wait_for()
    for side in ("slack", "discord"):
        if view in (side, "both"):
            await expect(page.locator(f"#{side} .sidebar .link.up")).to_be_visible()


class Chat:
    """One platform's side of the page, as the person whom one is sees it."""

    def __init__(self, page: Page, side: Side) -> None:
        self.page, self.side = page, side
        self.root = page.locator(f"#{side}")
        self.messages = self.root.locator(".log").first.get_by_test_id(f"{side}-message")
        self.composer = page.get_by_test_id(f"{side}-composer")
        self.topic = page.get_by_test_id(f"{side}-topic")
        self.incident = self.root.locator(f"[data-testid^={side}-channel-incident-]")
        """The incident's channel in the list of channels."""

    def said(self, words: str) -> Locator:
        """The messages with these words."""
        return self.messages.filter(has_text=words)

    async def open(self, name: str) -> None:
        """Open a channel by its name."""
        await self.page.get_by_test_id(f"{self.side}-channel-{name}").click()

    async def say(self, words: str) -> None:
        """Type and send."""
        await self.composer.fill(words)
        await self.composer.press("Enter")

    async def react(self, message: Locator, name: str) -> None:
        """Put an emoji on a message, through the picker."""
        await message.hover()
        await message.get_by_role("button", name="Add reaction").first.click()
        await self.page.get_by_test_id(f"emoji-{name}").click()


async def forward(page: Page, *steps: str) -> None:
    """Press the clock's buttons: ``5m``, ``15m``."""
    for step in steps:
        await page.get_by_test_id(f"clock-forward-{step}").click()


async def picture(page: Page, name: str) -> None:
    """A picture for the documents, if pictures are being taken."""
    if not TAKEN:
        return
    await page.mouse.move(0, 0)
    await page.evaluate("document.activeElement?.blur()")
    await page.screenshot(path=PICTURES / f"{name}.png", caret="hide", animations="disabled")
