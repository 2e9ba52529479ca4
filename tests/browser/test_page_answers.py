"""The page behind a page's link in a real browser: without JavaScript, by keyboard, in light and dark."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from tests.sandbox.browser import FLAGS, chromium
from tests.support.answering import doorstep, link, town_with_links
from tests.support.paged import pages
from tests.support.pagers import Pagers
from tests.support.story import declared
from tests.support.town import Town

PHONE = ViewportSize(width=390, height=640)
CONTRAST = 4.5
"""What text needs at the least: WCAG 2.2, 1.4.3."""


@pytest.fixture
async def pagers(tmp_path: Path) -> AsyncIterator[Pagers]:
    """Everybody's pagers."""
    async with Pagers(tmp_path) as made:
        yield made


@pytest.fixture
async def town(tmp_path: Path, pagers: Pagers) -> AsyncIterator[Town]:
    """A town in which Finn was paged."""
    async with town_with_links(tmp_path, "slack", pagers) as made:
        await declared(made, made.sides["slack"])
        yield made


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A real one."""
    async with async_playwright() as playwright:
        made = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield made
        await made.close()


async def opened(browser: Browser, address: str, scheme: str = "light", said: list[str] | None = None) -> Page:
    """The page on a phone that runs no scripts."""
    dark = scheme == "dark"
    context = await browser.new_context(
        viewport=PHONE, java_script_enabled=False, color_scheme="dark" if dark else "light"
    )
    page = await context.new_page()
    if said is not None:
        page.on("console", lambda message: said.append(message.text))
    await page.goto(address)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_can_be_read_and_answered_by_keyboard_alone(
    town: Town, pagers: Pagers, browser: Browser, scheme: str
) -> None:
    async with doorstep(town) as door:
        said: list[str] = []
        page = await opened(browser, f"{door.http.base_url}{link(pagers)}", scheme, said)
        assert await page.locator("main").aria_snapshot() == "\n".join(
            [
                "- main:",
                '  - heading "SEV1 · checkout is down" [level=1]',
                "  - paragraph:",
                "    - text: Paged since",
                "    - time: 06:00 (America/Los_Angeles), 20 November 2026",
                "  - paragraph: It is SEV1.",
                "  - paragraph: The page began 0s ago.",
                '  - button "I have it"',
                '  - button "I cannot"',
            ]
        )
        for button in await page.get_by_role("button").all():
            box = await button.bounding_box()
            assert box is not None and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/pages/*")
        await page.get_by_text("You have it since").wait_for()
        assert await page.get_by_role("button").count() == 0
        await town.settle()
        assert "Finn Walsh has it" in pages(town.sides["slack"])[0].text
        assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_its_words_stand_out_from_what_is_behind_them(
    town: Town, pagers: Pagers, browser: Browser, scheme: str
) -> None:
    async with doorstep(town) as door:
        address = f"{door.http.base_url}{link(pagers)}"
        for path in (address, f"{door.http.base_url}/pages/no.where"):
            page = await opened(browser, path, scheme)
            seen = await _colours(page)
            assert seen and all(_contrast(*pair) >= CONTRAST for pair in seen), (scheme, seen)
        await door.answers(link(pagers))
        seen = await _colours(await opened(browser, address, scheme))
        assert all(_contrast(*pair) >= CONTRAST for pair in seen), (scheme, seen)


Colour = tuple[float, ...]


async def _colours(page: Page) -> list[tuple[Colour, Colour]]:
    """The colours of each text and of what is behind it; the page's own scripts are off, not those of a test."""
    script = """() => [...document.querySelectorAll('h1, p, time, button')].map(one => {
        let behind = one;
        while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
        return [getComputedStyle(one).color, getComputedStyle(behind).backgroundColor];
    })"""
    return [(_numbers(ink), _numbers(paper)) for ink, paper in await page.evaluate(script)]


def _numbers(colour: str) -> Colour:
    """``rgb(1, 2, 3)``."""
    return tuple(float(number) for number in colour[4:-1].split(","))


def _contrast(ink: Colour, paper: Colour) -> float:
    """WCAG 2.2: the ratio of the lighter to the darker."""
    dark, light = sorted(_luminance(each) for each in (ink, paper))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [value / 255 for value in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
