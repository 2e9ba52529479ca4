"""The Discord side of the page, as one person sees and uses it."""

from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands
from playwright.async_api import Page, expect

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord.guild import DiscordGuild
from adapters.sandbox.server import Sandbox
from tests.sandbox.browser import DiscordBot, browsing, online, sandboxed

ANA, BO = "200000000000000001", "200000000000000002"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
VERBS = {"sev1": "all is down", "sev2": "part is down", "resolve": "it is over"}
Act = discord.Interaction[Any]


class Form(discord.ui.Modal, title="Declare an incident"):
    """A form of either kind of field."""

    what: discord.ui.TextInput[Any] = discord.ui.TextInput(label="What is wrong?", max_length=80)
    severity: discord.ui.Label[Any] = discord.ui.Label(
        text="Severity", component=discord.ui.Select(options=[discord.SelectOption(label=f"sev{n}") for n in (1, 2)])
    )

    async def on_submit(self, interaction: Act) -> None:
        chosen = self.severity.component.values[0]  # type: ignore[attr-defined]
        await interaction.response.send_message(f"Declared {self.what.value} as {chosen}", ephemeral=True)


class Board(discord.ui.View):
    """A card's buttons."""

    @discord.ui.button(label="Acknowledge", custom_id="ack", style=discord.ButtonStyle.primary)
    async def acknowledge(self, interaction: Act, button: Any) -> None:
        await interaction.response.edit_message(content=f"{interaction.user.mention} has it", view=None)


class Responder(DiscordBot):
    """An incident bot of the smallest kind."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.tree.add_command(_incident, guild=self.home)
        self.tree.add_command(app_commands.ContextMenu(name="Declare incident", callback=_declare), guild=self.home)


@app_commands.command(name="incident", description="Declare and run incidents")
@app_commands.describe(what="What to do, or what is broken", details="The rest of the words")
async def _incident(interaction: Act, what: str = "", details: str = "") -> None:
    if what == "nothing":
        return
    if not what:
        await interaction.response.send_modal(Form())
        return
    await interaction.response.send_message(f"Declared: {what} {details}", ephemeral=True)


@_incident.autocomplete("what")
async def _verbs(interaction: Act, current: str) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=f"{verb} · {says}", value=verb)
        for verb, says in VERBS.items()
        if verb.startswith(current)
    ]


async def _declare(interaction: Act, message: discord.Message) -> None:
    await interaction.response.send_modal(Form())


def room(guild: DiscordGuild, name: str = "general") -> str:
    return str(guild.channel_named(name)["id"])


async def say(page: Page, text: str) -> None:
    composer = page.get_by_test_id("discord-composer")
    await composer.fill(text)
    await composer.press("Enter")


async def test_what_somebody_else_says_appears_by_itself() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="discord") as page:
        words = f"is **checkout** `down`? [this](https://example.com) <@{ANA}> ||secret||\n> quoted\n- first\n- second"
        await sandbox.discord.post(BO, room(sandbox.discord), words)
        message = page.get_by_test_id("discord-message").last
        await expect(message.locator("strong", has_text="checkout")).to_be_visible()
        await expect(message.locator("code")).to_have_text("down")
        await expect(message.get_by_role("link", name="this")).to_have_attribute("href", "https://example.com")
        await expect(message.locator(".mention.mine")).to_have_text("@Ana Reyes")
        await expect(message.locator("blockquote")).to_have_text("quoted")
        await expect(message.get_by_role("listitem")).to_have_text(["first", "second"])
        await message.get_by_role("button", name="Spoiler").click()
        await expect(message.locator(".spoiler.open")).to_have_text("secret")


async def test_words_of_others_are_only_words() -> None:
    evil = "<img src=x onerror=alert(1)> <script>alert(1)</script> [click](javascript:alert(1))"
    async with sandboxed() as sandbox, browsing(sandbox, view="discord") as page:
        await sandbox.discord.post(BO, room(sandbox.discord), evil)
        message = page.get_by_test_id("discord-message").last
        await expect(message).to_contain_text(evil)
        assert await message.locator("img, script, a").count() == 0


async def test_a_command_is_filled_with_what_the_app_suggests() -> None:
    async with (
        sandboxed() as sandbox,
        Responder(sandbox) as bot,
        online(sandbox, bot),
        browsing(sandbox, view="discord") as page,
    ):
        composer = page.get_by_test_id("discord-composer")
        await composer.press_sequentially("/inc")
        await expect(page.get_by_role("option", name="/incident")).to_be_visible()
        await composer.press("Enter")
        await expect(page.get_by_test_id("discord-option-details")).to_be_visible()
        await page.keyboard.type("sev")
        await expect(page.get_by_role("option")).to_have_text(["sev1 · all is down", "sev2 · part is down"])
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(composer).to_have_value("sev2 · part is down")
        await page.get_by_test_id("discord-option-details").fill("checkout is slow")
        await page.keyboard.press("Enter")
        answer = page.get_by_test_id("discord-message").filter(has_text="Declared: sev2 checkout is slow")
        await expect(answer).to_contain_text("Only you can see this")
        await expect(answer).to_contain_text("Ana Reyes used /incident")
        await answer.get_by_role("button", name="Dismiss message").click()
        await expect(answer).to_have_count(0)


async def test_a_command_typed_in_one_go_puts_all_words_into_its_first_option() -> None:
    async with (
        sandboxed() as sandbox,
        Responder(sandbox) as bot,
        online(sandbox, bot),
        browsing(sandbox, view="discord") as page,
    ):
        await say(page, "/incident sev1 checkout is down")
        await expect(page.get_by_text("Declared: sev1 checkout is down")).to_be_visible()
        await say(page, "only words")
        await expect(page.get_by_test_id("discord-message").filter(has_text="only words")).to_be_visible()


async def test_a_command_without_an_answer_did_not_respond() -> None:
    async with (
        sandboxed() as sandbox,
        Responder(sandbox) as bot,
        online(sandbox, bot),
        browsing(sandbox, view="discord") as page,
    ):
        sandbox.discord.answer_within = 0.2
        await say(page, "/incident nothing")
        await expect(page.get_by_text("The application did not respond")).to_be_visible()


async def test_a_form_from_a_messages_menu_is_filled_and_answered() -> None:
    async with (
        sandboxed() as sandbox,
        Responder(sandbox) as bot,
        online(sandbox, bot),
        browsing(sandbox, view="discord") as page,
    ):
        await sandbox.discord.post(BO, room(sandbox.discord), "checkout is slow")
        message = page.get_by_test_id("discord-message").last
        await message.hover()
        await message.get_by_role("button", name="Apps").click()
        await page.get_by_role("menuitem", name="Declare incident").click()
        form = page.get_by_role("dialog", name="Declare an incident")
        await form.get_by_role("button", name="Submit").click()
        await expect(form.get_by_role("alert").first).to_have_text("This field is required")
        await form.get_by_label("What is wrong?").fill("checkout is slow")
        await form.get_by_label("Severity").select_option("sev2")
        await form.get_by_role("button", name="Submit").click()
        await expect(page.get_by_text("Declared checkout is slow as sev2")).to_be_visible()
        await expect(form).to_have_count(0)


async def test_a_card_is_shown_pressed_pinned_and_reacted_to() -> None:
    async with (
        sandboxed() as sandbox,
        Responder(sandbox) as bot,
        online(sandbox, bot),
        browsing(sandbox, view="discord") as page,
    ):
        channel = bot.get_channel(int(room(sandbox.discord, "incidents")))
        assert isinstance(channel, discord.TextChannel)
        card = discord.Embed(title="Checkout is down", description="**Investigating**", colour=0xD63A3A)
        card.add_field(name="Severity", value="sev1").set_footer(text="Tocsin")
        await page.get_by_test_id("discord-channel-incidents").click()
        await (await channel.send(embed=card, view=Board(timeout=None))).pin()
        message = page.get_by_test_id("discord-message").first
        await expect(message.locator(".embed")).to_contain_text("Checkout is down")
        await expect(message.locator(".e-foot")).to_have_text("Tocsin")
        await message.hover()
        await message.get_by_role("button", name="React with eyes").click()
        await expect(page.get_by_test_id("discord-reaction-eyes")).to_have_attribute("aria-pressed", "true")
        await message.get_by_role("button", name="Acknowledge").click()
        await expect(message).to_contain_text("@Ana Reyes has it")
        await page.get_by_role("button", name="1 pinned").click()
        await expect(page.get_by_label("Discord panel").get_by_text("Checkout is down")).to_be_visible()


async def test_a_timestamp_is_said_in_the_readers_zone_and_ticks_with_the_sandbox() -> None:
    due = int(NOON.timestamp()) + 900
    async with sandboxed(Sandbox(SandboxClock(stands_at=NOON))) as sandbox, browsing(sandbox, view="discord") as page:
        await sandbox.discord.post(BO, room(sandbox.discord), f"due <t:{due}:t> <t:{due}:R>")
        message = page.get_by_test_id("discord-message").last
        await expect(message).to_contain_text("due 13:15 in 15 minutes")
        await page.get_by_label("Forward by").fill("10m")
        await page.get_by_label("Forward by").press("Enter")
        await expect(message).to_contain_text("in 5 minutes")
        await page.get_by_test_id("be-esha").click()
        await expect(message).to_contain_text("due 17:45 in 5 minutes")


async def test_an_answer_to_an_alert_names_the_application_that_posted_it() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="discord") as page:
        await page.get_by_test_id("discord-post-alert").click()
        await page.get_by_test_id("alarm-uptimerobot-firing").click()
        await expect(page.get_by_test_id("discord-message").last).to_contain_text("Shop is down")
        posted = sandbox.discord.messages(room(sandbox.discord))[-1]
        await sandbox.discord.post(BO, room(sandbox.discord), "on it", reply_to=posted["id"])
        await expect(page.get_by_test_id("discord-message").last).to_contain_text("UptimeRobot")


async def test_an_alert_is_posted_in_words_of_my_own() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="discord") as page:
        await page.get_by_test_id("discord-post-alert").click()
        await page.get_by_label("Posted by").fill("Pingdom")
        await page.get_by_label("Alert text").fill("shop.example is down")
        await page.get_by_role("dialog").get_by_role("button", name="Post", exact=True).click()
        message = page.get_by_test_id("discord-message").last
        await expect(message).to_contain_text("shop.example is down")
        await expect(message).to_contain_text("Pingdom")
