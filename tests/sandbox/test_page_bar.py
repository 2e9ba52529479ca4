"""The page around the two platforms: who I am, the clock, faults, calls, and how it holds up."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.faults import FaultKind
from adapters.sandbox.server import Sandbox
from tests.sandbox.browser import browsing, sandboxed

ANA, BO = "U0ANA0001", "U0BO00002"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SMOOTH = 2.0
"""Seconds in which a message must appear below 500 others, on the slowest machine that we test on."""


async def test_i_am_somebody_else_by_a_click_or_an_arrow_key() -> None:
    async with sandboxed() as sandbox, browsing(sandbox) as page:
        await page.get_by_role("radio", name="Bo Lindqvist").click()
        await expect(page.get_by_role("radio", name="Bo Lindqvist")).to_have_attribute("aria-checked", "true")
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("radio", name="Cleo Okafor")).to_be_focused()
        await expect(page.get_by_text("Africa/Lagos")).to_be_visible()
        await page.reload()
        await expect(page.get_by_role("radio", name="Cleo Okafor")).to_have_attribute("aria-checked", "true")


async def test_the_clock_shows_my_zone_and_goes_forward() -> None:
    async with sandboxed(Sandbox(SandboxClock(stands_at=NOON))) as sandbox, browsing(sandbox) as page:
        clock = page.get_by_role("timer", name="Sandbox time")
        await expect(clock).to_contain_text("13:00:00")
        await page.get_by_role("button", name="Forward 15m").click()
        await expect(clock).to_contain_text("13:15:00")
        sandbox.clock.forward(timedelta(hours=1))
        await expect(clock).to_contain_text("14:15:00")


async def test_one_side_or_both_are_shown() -> None:
    async with sandboxed() as sandbox, browsing(sandbox) as page:
        sides = [page.get_by_role("region", name=name, exact=True) for name in ("Slack", "Discord")]
        for view, seen in (("slack", (True, False)), ("discord", (False, True)), ("both", (True, True))):
            await page.get_by_test_id(f"view-{view}").click()
            for side, visible in zip(sides, seen, strict=True):
                await expect(side).to_be_visible(visible=visible)


async def test_a_fault_is_switched_on_seen_and_taken_away() -> None:
    async with sandboxed() as sandbox, browsing(sandbox) as page:
        await page.get_by_test_id("faults").click()
        await page.get_by_label("Kind of fault").select_option("rate_limit")
        await page.get_by_label("Platform", exact=True).select_option("slack")
        await page.get_by_label("Calls (pattern)").fill("chat.*")
        await page.get_by_label("Retry-After, seconds").fill("30")
        await page.get_by_label("Times", exact=True).fill("2")
        await page.get_by_role("button", name="Switch on").click()
        await expect(page.get_by_test_id("active-faults")).to_contain_text("Slack · chat.* · 2 more")
        fault = sandbox.faults.active[0]
        assert (fault.kind, fault.platform, fault.method, fault.seconds) == (
            FaultKind.RATE_LIMIT,
            "slack",
            "chat.*",
            30,
        )
        await page.get_by_role("button", name="Remove Rate limit (429)").click()
        await expect(page.get_by_text("Nothing is broken.")).to_be_visible()


async def test_a_platform_is_taken_down_and_brought_back() -> None:
    async with sandboxed() as sandbox, browsing(sandbox) as page:
        await page.get_by_test_id("faults").click()
        await page.get_by_role("button", name="Take Discord down").click()
        await expect(page.get_by_role("button", name="Discord is down: bring it back")).to_be_visible()
        assert [(fault.platform, fault.times) for fault in sandbox.faults.active] == [("discord", None)]
        await page.get_by_role("button", name="Discord is down: bring it back").click()
        await expect(page.get_by_role("button", name="Take Discord down")).to_be_visible()
        assert sandbox.faults.active == []


async def test_calls_are_listed_with_their_arguments() -> None:
    async with sandboxed() as sandbox, browsing(sandbox) as page:
        client = AsyncWebClient(sandbox.slack.bot_token, base_url=sandbox.slack_api_url)
        await client.users_info(user=BO)
        await page.get_by_test_id("calls").click()
        await page.get_by_text("users.info").click()
        await expect(page.get_by_label("Calls", exact=True)).to_contain_text(BO)


async def test_my_words_and_my_place_survive_what_others_do() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="slack") as page:
        general = sandbox.slack.channel_named("general").id
        await _crowd(sandbox, 60)
        await expect(page.get_by_test_id("slack-message")).to_have_count(60)
        composer = page.get_by_test_id("slack-composer")
        await composer.press_sequentially("half a sen")
        log = page.get_by_role("log", name="Messages in Slack")
        await log.evaluate("node => { node.scrollTop = 100; }")
        await sandbox.slack.post(BO, general, "something new")
        await expect(page.get_by_test_id("slack-message")).to_have_count(61)
        await expect(composer).to_be_focused()
        await expect(composer).to_have_value("half a sen")
        assert await log.evaluate("node => node.scrollTop") == 100
        await page.get_by_test_id("slack-channel-random").click()
        await expect(composer).to_have_value("")
        await page.get_by_test_id("slack-channel-general").click()
        await expect(composer).to_have_value("half a sen")


async def test_a_message_below_five_hundred_others_appears_at_once_and_alone() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="slack") as page:
        await _crowd(sandbox, 500)
        messages = page.get_by_test_id("slack-message")
        await expect(messages).to_have_count(500)
        await page.evaluate(
            "document.querySelectorAll('[data-testid=slack-message]').forEach(one => { one.old = true; })"
        )
        began = await page.evaluate("performance.now()")
        await sandbox.slack.post(BO, sandbox.slack.channel_named("general").id, "the newest")
        await expect(messages.last).to_contain_text("the newest")
        await expect(messages.last).to_be_in_viewport()
        assert (await page.evaluate("performance.now()") - began) / 1000 < SMOOTH
        anew = "[...document.querySelectorAll('[data-testid=slack-message]')].filter(one => !one.old).length"
        assert await page.evaluate(anew) == 1


async def test_the_page_asks_nobody_but_its_own_server() -> None:
    async with sandboxed() as sandbox, browsing(sandbox) as page:
        hosts = _watched(page)
        picture = {"type": "image", "image_url": "https://example.com/graph.png", "alt_text": "graph"}
        general = sandbox.slack.channel_named("general").id
        await sandbox.slack.post_as_bot(general, name="Grafana", text="graph", blocks=[picture])
        await expect(page.get_by_role("img", name="graph")).to_be_visible()
        await page.reload()
        await page.locator("body[data-ready]").wait_for()
        assert hosts == {urlsplit(sandbox.url).netloc}


async def test_the_page_is_whole_at_either_size_in_light_and_dark() -> None:
    async with sandboxed() as sandbox, browsing(sandbox) as page:
        for width, height in ((1440, 900), (1280, 800)):
            await page.set_viewport_size({"width": width, "height": height})
            for name in ("Side by side", "Slack", "Discord"):
                await expect(page.get_by_role("radio", name=name, exact=True)).to_be_in_viewport(ratio=1)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
        shades = []
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            shades.append(await page.locator("#slack").evaluate("node => getComputedStyle(node).backgroundColor"))
        assert shades[0] != shades[1]


async def _crowd(sandbox: Sandbox, many: int) -> None:
    general = sandbox.slack.channel_named("general").id
    for number in range(many):
        await sandbox.slack.post(ANA if number % 3 else BO, general, f"message {number} of *{many}*")


def _watched(page: Page) -> set[str]:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    return hosts
