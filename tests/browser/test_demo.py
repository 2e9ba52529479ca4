"""The demo, as whoever tries it out sees it: declare, be asked, answer with one tap, be asked louder, resolve."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.stage import Chat, browsing, demo, forward, picture, ready
from tests.sandbox.browser import chromium

WORDS = "checkout is down"
ANSWERS = ["Post update", "No change", "Snooze", "I'll take it"]
"""The buttons of a reminder."""
FIX = "restarted the pool with twice the size"


@pytest.fixture(autouse=True)
def browser() -> None:
    """Without a browser nothing is started: skipped, or failed in CI."""
    chromium()


async def test_an_incident_on_slack_from_the_first_word_to_the_last(tmp_path: Path) -> None:
    async with demo(tmp_path) as address, browsing(address, view="slack") as page:
        slack = Chat(page, "slack")
        card = await declared_on_slack(page, slack)
        await bo_joins(page, slack)
        await answered_with_a_reaction(page, slack)
        await picture(page, "answered")
        await climbs(page, slack, loud="@channel")
        await kept_by_a_reload(page, slack)
        await resolved_by_the_form(page, slack, card)
        await slack.open("incidents")
        announced = slack.said(f"SEV1 · {WORDS}").first
        await expect(announced).to_contain_text("resolved")
        await expect(announced.get_by_role("button", name="Join")).to_have_count(0)


async def test_an_incident_on_discord_from_the_first_word_to_the_last(tmp_path: Path) -> None:
    async with demo(tmp_path) as address, browsing(address, view="discord") as page:
        discord = Chat(page, "discord")
        card = await declared_on_discord(page, discord)
        await bo_joins(page, discord)
        await answered_with_a_reaction(page, discord)
        await picture(page, "discord")
        await climbs(page, discord, loud="@here")
        await kept_by_a_reload(page, discord)
        await resolved_by_the_form(page, discord, card)
        await discord.open("incidents")
        announced = discord.said(f"SEV1 · {WORDS}").first
        await expect(announced).to_contain_text("resolved")
        await expect(announced.get_by_role("button", name="Join")).to_have_count(0)


async def test_both_sides_show_the_incident_and_one_answer_settles_both(tmp_path: Path) -> None:
    async with demo(tmp_path) as address, browsing(address, view="both") as page:
        slack, discord = Chat(page, "slack"), Chat(page, "discord")
        await slack.say(f"/incident sev1 {WORDS}")
        for chat in (slack, discord):
            await chat.incident.click()
            await expect(chat.said("Incident commander").first).to_contain_text("investigating")
            await expect(page.get_by_test_id(f"{chat.side}-pins")).to_have_accessible_name("2 pinned")
        await slack.say("/incident update the pool of database connections is full since the last deploy")
        for chat in (slack, discord):
            await expect(chat.said("Last update").first).to_contain_text("the pool of database connections is full")
        await forward(page, "15m")
        for chat in (slack, discord):
            await expect(chat.said("Status update, please")).to_be_visible()
        await top(slack.said("Incident commander").first)
        await picture(page, "incident")
        await discord.said("Status update, please").get_by_role("button", name="No change").click()
        for chat in (slack, discord):
            await expect(chat.said("nothing new at")).to_contain_text("Next update due")
            await expect(chat.root.get_by_role("button", name="No change")).to_have_count(0)
        shades = []
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            shades.append(await slack.root.evaluate("node => getComputedStyle(node).backgroundColor"))
            await expect(slack.said("nothing new at")).to_be_visible()
        assert shades[0] != shades[1]


async def test_an_alert_is_posted_declared_with_one_tap_and_cleared(tmp_path: Path) -> None:
    async with demo(tmp_path) as address, browsing(address, view="discord") as page:
        discord = Chat(page, "discord")
        await discord.open("alerts")
        await page.get_by_test_id("discord-post-alert").click()
        await page.get_by_test_id("alarm-alertmanager-firing").click()
        offer = discord.said("Is this an incident?")
        await expect(offer).to_contain_text("Alertmanager")
        await offer.get_by_role("button", name="Declare SEV3").click()
        await expect(discord.said("Declared as #1 by Ana Reyes")).to_be_visible()
        await expect(discord.incident).to_be_visible()
        await page.get_by_test_id("discord-post-alert").click()
        await page.get_by_test_id("alarm-edits").check()
        await page.get_by_test_id("alarm-alertmanager-cleared").click()
        await expect(discord.said("Declared as #1 by Ana Reyes")).to_contain_text("It cleared at")


async def top(message: Locator) -> None:
    """Bring a message to the top of its list."""
    await message.evaluate("node => node.scrollIntoView({ block: 'start' })")


async def declared_on_slack(page: Page, slack: Chat) -> Locator:
    """Ana types the words and opens the channel; gives the card."""
    await slack.say(f"/incident sev1 {WORDS}")
    answer = slack.said("You are in #incident-")
    await expect(answer).to_contain_text("Only visible to you")
    await expect(slack.incident).to_be_visible()
    await picture(page, "declare")
    await slack.incident.click()
    card = slack.said("Incident commander").first
    for words in (f"SEV1 · {WORDS}", "Status 🔎 investigating", "Incident commander Ana Reyes", "by Ana Reyes"):
        await expect(card).to_contain_text(words)
    await expect(slack.topic).to_contain_text(WORDS)
    marks = page.get_by_role("list", name="Bookmarks").get_by_role("listitem")
    await expect(marks).to_have_text(["Undo the last deploy", "First ten minutes of an incident"])
    await pinned(page, "slack")
    return card


async def declared_on_discord(page: Page, discord: Chat) -> Locator:
    """Ana lets the first field be completed, fills in the second, and opens the channel; gives the card."""
    await discord.composer.press_sequentially("/inc")
    await expect(page.get_by_role("option", name="/incident")).to_be_visible()
    await discord.composer.press("Enter")
    details = page.get_by_test_id("discord-option-details")
    await expect(details).to_be_visible()
    await page.keyboard.type("sev")
    await expect(page.get_by_role("option").first).to_contain_text("sev1")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await details.fill(WORDS)
    await page.keyboard.press("Enter")
    answer = discord.said("incident-").filter(has_text="Only you can see this")
    await expect(answer).to_contain_text(f"SEV1 · {WORDS}")
    await discord.incident.click()
    card = discord.said("Incident commander").first
    await expect(card).to_contain_text(f"SEV1 · {WORDS}")
    for words in ("🔎 investigating", "@Ana Reyes", "Next update", "Communications lead"):
        await expect(card.locator(".embed")).to_contain_text(words)
    await expect(discord.topic).to_contain_text(WORDS)
    await pinned(page, "discord")
    return card


async def pinned(page: Page, side: str) -> None:
    """Card and runbooks are among the pins."""
    pins = page.get_by_test_id(f"{side}-pins")
    await expect(pins).to_have_accessible_name("2 pinned")
    await pins.click()
    panel = page.get_by_label(f"{side.capitalize()} panel")
    await expect(panel.get_by_text(f"SEV1 · {WORDS}").first).to_be_visible()
    await expect(panel.get_by_text("📖 Runbooks").first).to_be_visible()
    await pins.click()


async def bo_joins(page: Page, chat: Chat) -> None:
    """Bo reads the announcement, presses Join, and has the channel in his list; then it is Ana's turn again."""
    await page.get_by_test_id("be-bo").click()
    await chat.open("incidents")
    announced = chat.said(f"SEV1 · {WORDS}").first
    await expect(announced).to_contain_text("investigating")
    await announced.get_by_role("button", name="Join").click()
    await expect(chat.said("Come in: #incident-")).to_be_visible()
    await chat.incident.click()
    await expect(chat.said("Bo Lindqvist").or_(chat.said("📖 Runbooks")).first).to_be_visible()
    await page.get_by_test_id("be-ana").click()
    await chat.incident.click()


async def answered_with_a_reaction(page: Page, chat: Chat) -> None:
    """After 15 minutes the bot asks; a ✅ is the answer, and nothing new is posted."""
    await forward(page, "15m")
    asked = chat.said("Status update, please")
    await expect(asked).to_contain_text("@Ana Reyes")
    for label in ANSWERS:
        await expect(asked.get_by_role("button", name=label)).to_be_visible()
    if chat.side == "slack":
        await picture(page, "reminder")
    before = await chat.messages.count()
    await chat.react(asked, "white_check_mark")
    answered = chat.said("nothing new at")
    await expect(answered).to_contain_text("Ana Reyes: nothing new at")
    await expect(answered).to_contain_text("Next update due")
    await expect(answered.get_by_role("button", name="No change")).to_have_count(0)
    await expect(page.get_by_test_id(f"{chat.side}-reaction-white_check_mark")).to_be_visible()
    await expect(chat.messages).to_have_count(before)


async def climbs(page: Page, chat: Chat, *, loud: str) -> None:
    """Nobody answers: the question is asked again, further along each time; only the newest can be answered."""
    await forward(page, "15m")
    await expect(chat.said("Status update, please")).to_have_count(1)
    for rung in (1, 2):
        await forward(page, "5m")
        await expect(chat.said("No answer, so I asked again below.")).to_have_count(rung)
        await expect(chat.said("Still no status update")).to_have_count(1)
        await expect(chat.root.get_by_role("button", name="No change")).to_have_count(1)
    await expect(chat.said("Still no status update")).to_contain_text(loud)


async def kept_by_a_reload(page: Page, chat: Chat) -> None:
    """After a reload Ana is where she was, and sees what she saw."""
    before = await chat.messages.count()
    await page.reload()
    await ready(page, chat.side)
    await expect(page.get_by_role("radio", name="Ana Reyes")).to_have_attribute("aria-checked", "true")
    await expect(chat.said("Still no status update")).to_be_visible()
    await expect(chat.messages).to_have_count(before)


async def resolved_by_the_form(page: Page, chat: Chat, card: Locator) -> None:
    """Ana presses Resolve on the card and fills in the form; everything that stands says so."""
    await card.get_by_role("button", name="Resolve").click()
    form = page.get_by_role("dialog", name="Resolve")
    await form.get_by_label("What fixed it?").fill(FIX)
    await form.get_by_label("What did customers see?").fill("nobody could pay")
    await form.get_by_role("button", name="Resolve" if chat.side == "slack" else "Submit").click()
    await expect(form).to_have_count(0)
    end = chat.said(f"Resolved: {WORDS}")
    for words in ("Reminders have stopped", FIX, "nobody could pay", "40m"):
        await expect(end).to_contain_text(words)
    await expect(card).to_contain_text("resolved")
    await expect(card.get_by_role("button", name="Reopen")).to_be_visible()
    await expect(chat.root.get_by_role("button", name="No change")).to_have_count(0)
    if chat.side == "slack":
        await top(card)
        await picture(page, "resolved")
