"""The Slack side of the page, as one person sees and uses it."""

from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Page, expect

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.server import Sandbox
from adapters.sandbox.slack.workspace import SlackWorkspace
from tests.sandbox.browser import bolt, browsing, sandboxed

ANA, BO = "U0ANA0001", "U0BO00002"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FORM = {
    "type": "modal",
    "callback_id": "declare",
    "title": {"type": "plain_text", "text": "Declare an incident"},
    "submit": {"type": "plain_text", "text": "Declare"},
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": {"type": "plain_text", "text": "What is wrong?"},
            "element": {"type": "plain_text_input", "action_id": "title"},
        },
        {
            "type": "input",
            "block_id": "severity",
            "label": {"type": "plain_text", "text": "Severity"},
            "element": {
                "type": "static_select",
                "action_id": "severity",
                "options": [
                    {"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in ("SEV1", "SEV2")
                ],
            },
        },
        {
            "type": "input",
            "block_id": "flags",
            "optional": True,
            "label": {"type": "plain_text", "text": "Options"},
            "element": {
                "type": "checkboxes",
                "action_id": "flags",
                "options": [{"text": {"type": "plain_text", "text": "Private"}, "value": "private"}],
            },
        },
        {
            "type": "input",
            "block_id": "told",
            "optional": True,
            "label": {"type": "plain_text", "text": "Customers told"},
            "element": {
                "type": "radio_buttons",
                "action_id": "told",
                "options": [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("yes", "no")],
            },
        },
        {
            "type": "input",
            "block_id": "lead",
            "optional": True,
            "label": {"type": "plain_text", "text": "Commander"},
            "element": {"type": "users_select", "action_id": "lead"},
        },
    ],
}


def room(slack: SlackWorkspace, name: str = "general") -> str:
    return slack.channel_named(name).id


async def say(page: Page, text: str) -> None:
    composer = page.get_by_test_id("slack-composer")
    await composer.fill(text)
    await composer.press("Enter")


async def test_what_somebody_else_says_appears_by_itself() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="slack") as page:
        await sandbox.slack.post(BO, room(sandbox.slack), "is *checkout* `down`? see <https://example.com|this> @ana")
        message = page.get_by_test_id("slack-message").last
        await expect(message.locator("strong", has_text="checkout")).to_be_visible()
        await expect(message.locator("code")).to_have_text("down")
        await expect(message.get_by_role("link", name="this")).to_have_attribute("href", "https://example.com")
        await expect(message.locator(".mention.mine")).to_have_text("@Ana Reyes")


async def test_words_of_others_are_only_words() -> None:
    evil = "<img src=x onerror=alert(1)> <script>alert(1)</script> &lt;b&gt; <javascript:alert(1)|click>"
    async with sandboxed() as sandbox, browsing(sandbox, view="slack") as page:
        await sandbox.slack.post(BO, room(sandbox.slack), evil)
        message = page.get_by_test_id("slack-message").last
        await expect(message).to_contain_text("<img src=x onerror=alert(1)> <script>alert(1)</script>")
        assert await message.locator("img, script, b, a").count() == 0


async def test_a_command_is_completed_sent_and_answered_privately() -> None:
    async with sandboxed() as sandbox, bolt(sandbox) as app, browsing(sandbox, view="slack") as page:

        @app.command("/incident")
        async def incident(ack: Any, body: dict[str, Any]) -> None:
            await ack(f"Declared: {body['text']}")

        composer = page.get_by_test_id("slack-composer")
        await composer.press_sequentially("/in")
        await expect(page.get_by_role("option", name="/incident")).to_be_visible()
        await composer.press("Tab")
        await expect(composer).to_have_value("/incident ")
        await composer.press_sequentially("sev1 checkout is down")
        await composer.press("Enter")
        answer = page.get_by_test_id("slack-message").filter(has_text="Declared: sev1 checkout is down")
        await expect(answer).to_contain_text("Only visible to you")
        await page.get_by_test_id("be-bo").click()
        await expect(answer).to_have_count(0)


async def test_a_command_that_nobody_takes_says_so() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="slack") as page:
        await say(page, "/incident sev1 checkout is down")
        await expect(page.get_by_role("status")).to_contain_text("/incident failed with the error")


async def test_a_form_is_filled_refused_mended_and_taken() -> None:
    async with sandboxed() as sandbox, bolt(sandbox) as app, browsing(sandbox, view="slack") as page:
        taken: list[Any] = []

        @app.command("/incident")
        async def incident(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)

        @app.view("declare")
        async def declare(ack: Any, body: dict[str, Any]) -> None:
            values = body["view"]["state"]["values"]
            if values["title"]["title"]["value"] == "x":
                await ack(response_action="errors", errors={"title": "Say more than one letter."})
                return
            taken.append(values)
            await ack()

        await say(page, "/incident")
        form = page.get_by_role("dialog", name="Declare an incident")
        title = form.get_by_label("What is wrong?")
        await expect(title).to_be_focused()
        await form.get_by_role("button", name="Declare").click()
        await expect(form.get_by_role("alert").first).to_have_text("Please complete this required field.")
        await title.fill("x")
        await form.get_by_label("Severity").select_option("SEV2")
        await form.get_by_label("Private").check()
        await form.get_by_label("no", exact=True).check()
        await form.get_by_label("Commander").select_option("Bo Lindqvist")
        await form.get_by_role("button", name="Declare").click()
        await expect(form.get_by_role("alert")).to_have_text(["Say more than one letter."])
        await expect(form.get_by_label("Private")).to_be_checked()
        await title.fill("checkout is down")
        await title.press("Enter")
        await expect(form).to_have_count(0)
        assert taken[0]["severity"]["severity"]["selected_option"]["value"] == "sev2"
        assert [option["value"] for option in taken[0]["flags"]["flags"]["selected_options"]] == ["private"]
        assert taken[0]["told"]["told"]["selected_option"]["value"] == "no"
        assert taken[0]["lead"]["lead"]["selected_user"] == BO


async def test_escape_closes_the_form_and_gives_the_focus_back() -> None:
    async with sandboxed() as sandbox, bolt(sandbox) as app, browsing(sandbox, view="slack") as page:

        @app.command("/incident")
        async def incident(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)

        await say(page, "/incident")
        await expect(page.get_by_test_id("slack-modal")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id("slack-modal")).to_have_count(0)
        await expect(page.get_by_test_id("slack-composer")).to_be_focused()


async def test_a_button_is_pressed_and_the_card_is_edited_in_place() -> None:
    async with sandboxed() as sandbox, bolt(sandbox) as app, browsing(sandbox, view="slack") as page:
        acknowledge = {"type": "button", "action_id": "ack", "text": {"type": "plain_text", "text": "Acknowledge"}}
        blocks: list[dict[str, Any]] = [
            {"type": "header", "text": {"type": "plain_text", "text": ":fire: Checkout is down"}}
        ]
        incidents = room(sandbox.slack, "incidents")

        @app.action("ack")
        async def ack_pressed(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            done = {"type": "context", "elements": [{"type": "mrkdwn", "text": f"<@{body['user']['id']}> has it"}]}
            place = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
            await client.chat_update(**place, text="card", blocks=[*blocks, done])

        await page.get_by_test_id("slack-channel-incidents").click()
        card = [*blocks, {"type": "actions", "elements": [acknowledge]}]
        posted = await app.client.chat_postMessage(channel=incidents, text="card", blocks=card)
        await app.client.pins_add(channel=incidents, timestamp=posted["ts"])
        await app.client.conversations_setTopic(channel=incidents, topic="sev1")
        await expect(page.get_by_text("🔥 Checkout is down")).to_be_visible()
        await expect(page.get_by_test_id("slack-topic")).to_have_text("sev1")
        await page.get_by_role("button", name="Acknowledge").click()
        await expect(page.get_by_text("@Ana Reyes has it")).to_be_visible()
        await expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
        await page.get_by_role("button", name="1 pinned").click()
        await expect(page.get_by_label("Slack panel").get_by_text("Checkout is down")).to_be_visible()


async def test_a_message_is_reacted_to_answered_in_a_thread_and_turned_into_an_incident() -> None:
    async with sandboxed() as sandbox, bolt(sandbox) as app, browsing(sandbox, view="slack") as page:

        @app.shortcut("declare")
        async def declare(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)

        await sandbox.slack.post(BO, room(sandbox.slack), "checkout is slow")
        message = page.get_by_test_id("slack-message").filter(has_text="checkout is slow").first
        await message.hover()
        await message.get_by_role("button", name="Add reaction").click()
        await page.get_by_test_id("emoji-eyes").click()
        reaction = page.get_by_test_id("slack-reaction-eyes")
        await expect(reaction).to_have_attribute("aria-pressed", "true")
        await reaction.click()
        await expect(reaction).to_have_count(0)
        await message.hover()
        await message.get_by_role("button", name="Reply in thread").click()
        reply = page.get_by_test_id("slack-thread-composer")
        await reply.fill("looking")
        await reply.press("Enter")
        await expect(page.get_by_role("button", name="1 reply")).to_be_visible()
        await page.get_by_role("button", name="Close thread").click()
        await message.hover()
        await message.get_by_role("button", name="Declare incident").click()
        await expect(page.get_by_role("dialog", name="Declare an incident")).to_be_visible()


async def test_my_own_message_is_edited_and_deleted() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="slack") as page:
        await say(page, "chekout is down")
        message = page.get_by_test_id("slack-message").last
        await message.hover()
        await message.get_by_role("button", name="More actions").click()
        await page.get_by_role("menuitem", name="Edit message").click()
        await page.get_by_label("Edit message").fill("checkout is down")
        await page.get_by_label("Edit message").press("Enter")
        await expect(message).to_contain_text("checkout is down (edited)")
        await message.hover()
        await message.get_by_role("button", name="More actions").click()
        await page.get_by_role("menuitem", name="Delete message").click()
        await expect(page.get_by_test_id("slack-message")).to_have_count(0)


async def test_a_date_token_is_said_in_the_readers_zone_and_ticks_with_the_sandbox() -> None:
    token = f"<!date^{int(NOON.timestamp()) + 900}^{{time}} {{ago}}|soon>"
    async with sandboxed(Sandbox(SandboxClock(stands_at=NOON))) as sandbox, browsing(sandbox, view="slack") as page:
        await sandbox.slack.post_as_bot(room(sandbox.slack), name="Clock", text=f"due {token}")
        message = page.get_by_test_id("slack-message").last
        await expect(message).to_contain_text("due 13:15 in 15 minutes")
        await page.get_by_test_id("clock-forward-5m").click()
        await expect(message).to_contain_text("due 13:15 in 10 minutes")
        await page.get_by_test_id("be-dmitri").click()
        await expect(message).to_contain_text("due 07:15 in 10 minutes")


async def test_an_alert_is_posted_as_its_sender_would_and_edited_in_place() -> None:
    async with sandboxed() as sandbox, browsing(sandbox, view="slack") as page:
        await page.get_by_test_id("slack-channel-alerts").click()
        await page.get_by_test_id("slack-post-alert").click()
        await page.get_by_test_id("alarm-grafana-firing").click()
        await expect(page.get_by_test_id("slack-message").last).to_contain_text("[FIRING:1] CheckoutErrorRate")
        posted = sandbox.slack.channel_named("alerts").messages[-1]
        assert posted["username"] == "Grafana"
        await page.get_by_test_id("slack-post-alert").click()
        await page.get_by_test_id("alarm-edits").check()
        await page.get_by_role("button", name="Grafana: Cleared").press("Enter")
        await expect(page.get_by_test_id("slack-message").last).to_contain_text("[RESOLVED] CheckoutErrorRate")
        assert sandbox.slack.channel_named("alerts").messages[-1] is posted
        await page.get_by_test_id("slack-post-alert").click()
        await page.get_by_test_id("alarm-pagerduty-acknowledged").click()
        await expect(page.get_by_test_id("slack-message").last).to_contain_text("PagerDuty")


async def test_channels_tell_what_is_new_private_archived_or_not_mine() -> None:
    async with sandboxed() as sandbox, bolt(sandbox) as app, browsing(sandbox, view="slack") as page:
        made = await app.client.conversations_create(name="inc-secret", is_private=True)
        await app.client.conversations_invite(channel=made["channel"]["id"], users=ANA)
        await sandbox.slack.post(BO, room(sandbox.slack, "alerts"), "hello")
        await expect(page.get_by_role("button", name="alerts, unread")).to_be_visible()
        await page.get_by_test_id("slack-channel-alerts").click()
        await expect(page.get_by_role("button", name="alerts", exact=True)).to_be_visible()
        await expect(page.get_by_role("button", name="inc-secret, private")).to_be_visible()
        await app.client.conversations_archive(channel=made["channel"]["id"])
        await page.get_by_role("button", name="inc-secret, private, archived").click()
        await expect(page.get_by_text("This channel is archived")).to_be_visible()
        await page.get_by_test_id("be-finn").click()
        await page.get_by_test_id("slack-channel-random").click()
        await page.get_by_role("button", name="Join channel").click()
        await expect(page.get_by_test_id("slack-composer")).to_be_visible()


async def test_the_app_home_is_drawn_by_the_app() -> None:
    async with sandboxed() as sandbox, bolt(sandbox) as app, browsing(sandbox, view="slack") as page:
        heading = {"type": "header", "text": {"type": "plain_text", "text": "Open incidents"}}

        @app.event("app_home_opened")
        async def opened(event: dict[str, Any], client: Any) -> None:
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [heading]})

        await page.get_by_test_id("slack-app-home").click()
        await expect(page.get_by_label("App Home").get_by_role("heading", name="Open incidents")).to_be_visible()
