"""The public page in a real browser: without scripts, by keyboard alone, to a screen reader, light and dark."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from adapters.database import Database
from adapters.publicpage.door import PageDoor
from adapters.publicpage.files import Copy
from adapters.publicpage.press import AWAY, Press
from adapters.sandbox.clock import SandboxClock
from adapters.web.metrics import Metrics
from adapters.web.server import WebServer
from bot.progress import Condition, PublicStage
from bot.public import PublicIncident
from tests.browser.stage import picture
from tests.database.build import NOW
from tests.sandbox.browser import FLAGS, PATIENCE, chromium
from tests.support.published import ADDRESS, ALL, ARABIC, COMPONENTS, OUTAGE, SETTINGS, Shelf, incident
from tests.support.town import SystemReadiness, sqlite

Scheme = Literal["light", "dark"]
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
"""Every text and sign on the page whose contrast with what is behind it is too low (WCAG 2.2, 1.4.3 and 1.4.11)."""


class Stage:
    """The page on a web server, and a browser that looks at it."""

    def __init__(self, folder: Path, browser: Browser, *incidents: PublicIncident) -> None:
        self.shelf, self.clock, self.browser = Shelf(*incidents), SandboxClock(NOW), browser
        copy = Copy(folder / "status")
        self.press = Press(self.shelf, copy, self.clock, settings=SETTINGS, components=COMPONENTS)  # type: ignore[arg-type]  # all that it asks
        self.press.read(ADDRESS)
        self.press.open()
        self.store = Database(sqlite(folder / "nowhere"))
        self.web = WebServer(
            host="127.0.0.1", port=0, readiness=SystemReadiness(), metrics=Metrics(), reader=self.store.reader,
            ledger=self.store.ledger("w"), early=PageDoor(copy.folder).routes(),
        )  # fmt: skip

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.web.port}/status/"

    @asynccontextmanager
    async def looking(
        self, *, width: int = 1100, scheme: Scheme = "light", scripts: bool = True
    ) -> AsyncIterator[Page]:
        """The page, drawn. Whatever its console says, and whatever it asks of others, fails the test."""
        context: BrowserContext = await self.browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
        )
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith(self.address) else None)
        await page.goto(self.address)
        yield page
        assert said == []
        await context.close()


@asynccontextmanager
async def staged(folder: Path, *incidents: PublicIncident) -> AsyncIterator[Stage]:
    """The stage with these incidents."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        stage = Stage(folder, browser, *incidents)
        await stage.press.look()
        await stage.web.start()
        try:
            yield stage
        finally:
            await browser.close()
            await stage.web.stop()
            await stage.store.stop()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The stage with all incidents."""
    async with staged(tmp_path, *ALL) as made:
        yield made


async def test_everything_is_readable_without_scripts(stage: Stage) -> None:
    async with stage.looking(scripts=False) as page:
        await expect(page.get_by_role("heading", level=1)).to_have_text("Partial outage")
        await expect(page.get_by_text("Payments go through again.")).to_be_visible()
        await page.get_by_text("2 days with incidents").first.click()
        await expect(page.get_by_role("row", name="20 Nov 2026 Major outage")).to_be_visible()
        await page.get_by_role("link", name="History", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("The last 90 days")
        await page.get_by_role("link", name="Sign-in is unavailable").click()
        await expect(page.get_by_text("Nobody can sign in.")).to_be_visible()
        await page.get_by_role("link", name="Now", exact=True).click()
        assert page.url == f"{stage.address}index.html"


async def test_no_page_holds_a_script_or_anything_of_others(stage: Stage) -> None:
    async with stage.looking() as page:
        for name in ("index.html", "history/index.html", f"incidents/{OUTAGE.mark}.html", "404.html"):
            await page.goto(stage.address + name)
            counted = "document.querySelectorAll('script, iframe, object, [style], img').length"
            assert await page.evaluate(counted) == 0, name
            assert await page.evaluate("document.documentElement.lang") == "en"
            assert await page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "its look was not loaded"
        await page.goto(stage.address)


async def focused(page: Page) -> tuple[str, str]:
    """What has the focus: its tag and its words. It has to be seen, and to be told apart."""
    told: dict[str, Any] = await page.evaluate(
        """() => { const at = document.activeElement, box = at.getBoundingClientRect(), look = getComputedStyle(at);
        return {tag: at.tagName, words: at.innerText.trim(), outline: look.outlineStyle,
                inside: box.top >= 0 && box.bottom <= innerHeight && box.width > 0}; }"""
    )
    if told["tag"] not in ("BODY", "MAIN"):
        assert told["outline"] != "none" and told["inside"], told
    return told["tag"], told["words"]


async def test_by_keyboard_one_reaches_all_and_sees_where_one_is(stage: Stage) -> None:
    async with stage.looking() as page:
        await page.keyboard.press("Tab")
        assert await focused(page) == ("A", "Skip to the content")
        reached = []
        for _ in range(40):
            await page.keyboard.press("Tab")
            if (at := await focused(page))[0] == "BODY":
                break
            reached.append(at)
        assert [words for tag, words in reached if tag == "A"] == [
            "Acme Shop", "Now", "History", "Follow", OUTAGE.title, ARABIC.title,
            "All incidents of the last 90 days", "Atom feed", "RSS feed", "Status as JSON", "History as JSON",
        ]  # fmt: skip
        assert len([tag for tag, _ in reached if tag == "SUMMARY"]) == len(COMPONENTS)


async def test_by_keyboard_one_skips_opens_the_days_and_follows_an_incident(stage: Stage) -> None:
    async with stage.looking() as page:
        for key in ("Tab", "Enter", "Tab"):
            await page.keyboard.press(key)
        assert await focused(page) == ("A", OUTAGE.title)
        await page.keyboard.press("Tab")
        assert (await focused(page))[0] == "SUMMARY"
        rows = page.get_by_role("table").first.get_by_role("row")
        await expect(rows).to_have_count(0)
        await page.keyboard.press("Enter")
        await expect(rows).to_have_count(3)
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text(OUTAGE.title)
        assert page.url == f"{stage.address}incidents/{OUTAGE.mark}.html"


async def heard(page: Page) -> list[tuple[str, str, str]]:
    """Role, name and description of all that Chromium tells a screen reader of, in order."""
    session = await page.context.new_cdp_session(page)
    told = await session.send("Accessibility.getFullAXTree")
    nodes = {node["nodeId"]: node for node in told["nodes"]}

    def below(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield node
        for child in node.get("childIds", ()):
            yield from below(nodes[child])

    shown = [node for node in below(told["nodes"][0]) if not node.get("ignored")]

    def value(node: dict[str, Any], name: str) -> str:
        return str(node.get(name, {}).get("value", ""))

    return [(value(node, "role"), value(node, "name"), value(node, "description")) for node in shown]


async def test_a_screen_reader_is_told_of_landmarks_headings_and_bars(stage: Stage) -> None:
    async with stage.looking() as page:
        told = await heard(page)
        roles = [role for role, *_ in told]
        assert {role: roles.count(role) for role in ("banner", "navigation", "main", "contentinfo")} == {
            "banner": 1, "navigation": 1, "main": 1, "contentinfo": 1,
        }  # fmt: skip
        assert [name for role, name, _ in told if role == "heading"] == [
            "Partial outage", "Open incident", OUTAGE.title, "Components", *COMPONENTS,
            "Resolved in the last 7 days", ARABIC.title, "Follow",
        ]  # fmt: skip
        bars = [f"{name} {description}" for role, name, description in told if role in ("image", "img")]
        assert len(bars) == len(COMPONENTS)
        assert "Checkout, the last 90 days" in bars[0]
        assert "In the last 90 days: major outage on 1 day, under maintenance on 1 day." in bars[0]
        assert all(name for role, name, _ in told if role in ("link", "region", "article", "DisclosureTriangle"))
        levels = await page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(each => +each.tagName[1])")
        assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))
        expanded = [name for role, name, _ in told if role == "DisclosureTriangle"]
        assert expanded[0] == "2 days with incidents for Checkout"


async def test_each_time_says_which_zone_it_is_in(stage: Stage) -> None:
    async with stage.looking() as page:
        times = await page.evaluate("[...document.querySelectorAll('time')].map(e => [e.dateTime, e.innerText])")
        assert ["2026-11-20T13:52:00Z", "20 Nov 2026, 13:52 UTC"] in times
        assert all(words.endswith("UTC") for when, words in times if "T" in when)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_word_and_sign_stands_out_in_both_schemes(stage: Stage, scheme: Scheme) -> None:
    async with stage.looking(scheme=scheme) as page:
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        lightness = sum(int(part) for part in re.findall(r"\d+", ground)[:3]) / 3
        assert (lightness > 200) == (scheme == "light")
        for name in ("", "history/", f"incidents/{OUTAGE.mark}.html"):
            await page.goto(stage.address + name)
            assert await page.evaluate(CONTRAST) == [], name
        await page.goto(stage.address)
        await picture(page, f"public-page-{scheme}")


EACH = tuple(
    incident(f"Trouble {place}", NOW - timedelta(hours=place), (0, PublicStage.IDENTIFIED, "", "…", {name: condition}))
    for place, (name, condition) in enumerate(zip((*COMPONENTS, "Mail"), Condition, strict=True))
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_each_state_has_words_and_a_shape_of_its_own(tmp_path: Path, scheme: Scheme) -> None:
    async with staged(tmp_path, *EACH) as stage, stage.looking(scheme=scheme) as page:
        words = await page.locator(".component .state").all_inner_texts()
        assert [each.strip() for each in words] == [
            "Operational", "Degraded performance", "Partial outage", "Major outage", "Under maintenance",
        ]  # fmt: skip
        shapes = await page.evaluate(
            "[...document.querySelectorAll('.component .state svg')].map(each => each.innerHTML)"
        )
        assert len(set(shapes)) == len(shapes) == 5
        heights = await page.evaluate(
            "[...document.querySelectorAll('.bars rect:last-of-type')].map(each => each.getAttribute('height'))"
        )
        assert len(set(heights)) == 5
        assert await page.evaluate(CONTRAST) == []


LONG = "Every word of this says the same. " * 150
"""5,100 characters."""
UNBROKEN = "https://status.example/" + "x" * 400


@pytest.mark.parametrize("width", [320, 1100])
async def test_long_words_and_long_texts_wrap_on_the_narrowest_screen(tmp_path: Path, width: int) -> None:
    step = (0, PublicStage.INVESTIGATING, UNBROKEN, f"{LONG}\n\n{UNBROKEN}", {UNBROKEN: Condition.MAJOR})
    async with staged(tmp_path, incident(UNBROKEN, NOW, step), *ALL) as stage, stage.looking(width=width) as page:
        for summary in await page.locator("summary").all():
            await summary.click()
        for name in ("", "history/", f"incidents/{incident(UNBROKEN, NOW, step).mark}.html"):
            if name:
                await page.goto(stage.address + name)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
        await page.goto(stage.address)


async def test_on_a_narrow_screen_it_is_whole(stage: Stage) -> None:
    async with stage.looking(width=320) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") == 320
        small = await page.evaluate(
            "[...document.querySelectorAll('nav a, summary, .feeds a')].filter(e => e.offsetHeight < 24).length"
        )
        assert small == 0, "what is tapped is 24 pixels high at least (WCAG 2.2, 2.5.8)"
        await picture(page, "public-page-narrow")


async def test_each_script_runs_in_its_own_direction(stage: Stage) -> None:
    async with stage.looking() as page:
        for words, direction in ((ARABIC.updates[0].text, "rtl"), (OUTAGE.updates[0].text, "ltr")):
            element = page.get_by_text(words)
            assert await element.evaluate("each => getComputedStyle(each).direction") == direction


async def test_words_of_people_do_nothing(tmp_path: Path) -> None:
    evil = "<img src=x onerror=\"document.title='hit'\"><script>document.title='hit'</script>\u202e</p></main><form>"
    step = (0, PublicStage.INVESTIGATING, evil, evil, {evil: Condition.MAJOR})
    async with staged(tmp_path, incident(evil, NOW, step)) as stage, stage.looking() as page:
        for name in ("index.html", "history/index.html", f"incidents/{incident(evil, NOW, step).mark}.html"):
            await page.goto(stage.address + name)
            assert "hit" not in await page.title() or "<img" in await page.title()
            assert await page.evaluate("document.querySelectorAll('img, script, main article form').length") == 0
            shown = page.get_by_role("heading").filter(has_text="<img").first
            assert await shown.evaluate("each => each.textContent") == evil


async def test_with_the_database_gone_the_last_copy_stands_and_says_since_when(stage: Stage) -> None:
    stage.shelf.away = True
    stage.clock.forward(AWAY + timedelta(seconds=1))
    await stage.press.look()
    async with stage.looking(scripts=False) as page:
        await expect(page.get_by_role("note")).to_have_text(
            "May be out of date. This page could not be brought up to date since 20 Nov 2026, 14:00 UTC. "
            "What you see is from then."
        )
        await expect(page.get_by_text("Payments go through again.")).to_be_visible()
        assert (await heard(page))[0][0] == "RootWebArea"


async def test_all_well_is_said_calmly(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage, stage.looking(scheme="dark") as page:
        await expect(page.get_by_role("heading", level=1)).to_have_text("All systems operational")
        await expect(page.get_by_text("No incident in the last 90 days.")).to_have_count(2 * len(COMPONENTS))
        await expect(page.get_by_text("No incidents.")).to_be_visible()
        assert await page.locator("summary").count() == 0
