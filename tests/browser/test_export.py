"""An exported page in a real browser: a hostile timeline is read in it, printed from it, and does nothing."""

from pathlib import Path

from playwright.async_api import Route, async_playwright

from bot.export.sections import clean
from bot.export.writing import Format, write
from tests.core.test_export import build_record
from tests.sandbox.browser import FLAGS, chromium
from tests.support.record import ACTS, hostile


async def test_two_thousand_hostile_entries_execute_nothing_fetch_nothing_and_print(tmp_path: Path) -> None:
    record = await build_record(tmp_path / "tocsin.db", hostile(2000), title=ACTS[2], impact=ACTS[0], fix=ACTS[1])
    file = tmp_path / "incident.html"
    file.write_text(write(record, Format.HTML), encoding="utf-8")
    path, asked, said = chromium(), [], []

    async def refuse(route: Route) -> None:
        asked.append(route.request.url)
        await (route.continue_() if route.request.url.startswith("file:") else route.abort())

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = await browser.new_page(java_script_enabled=True)
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: said.append(message.text))
        await page.route("**/*", refuse)
        await page.goto(file.as_uri(), wait_until="load")
        assert await page.evaluate("window.hit") is None
        assert await page.evaluate("document.querySelectorAll('script, img, iframe, svg, link, form').length") == 0
        assert await page.evaluate("getComputedStyle(document.querySelector('td')).whiteSpace") == "pre-wrap"
        shown = await page.evaluate(
            "[...document.querySelectorAll('section:nth-last-of-type(2) tbody td:last-child')].map(e => e.textContent)"
        )
        assert shown == [clean(entry.text) for entry in record.timeline]
        assert len(await page.pdf(format="A4")) > 100_000
        await browser.close()
    assert (asked, said) == ([file.as_uri()], [])
