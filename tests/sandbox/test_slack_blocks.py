"""Blocks and views are held to Slack's limits, and a complaint says where."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.sandbox.slack.workspace import SlackWorkspace
from tests.sandbox.test_slack_methods import client, refusal, slack

__all__ = ["client", "slack"]


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def section(words: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def option(number: int) -> dict[str, Any]:
    return {"text": plain(f"No. {number}"), "value": str(number)}


def menu(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "menu", "options": [option(1), option(2)], **more}


IMAGE = {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "x"}
GOOD: list[dict[str, Any]] = [
    section("t" * 3000),
    {"type": "section", "fields": [plain("f" * 2000)] * 5},
    section(accessory=IMAGE),
    section(accessory=menu(placeholder=plain("p" * 150))),
    {"type": "header", "text": plain("h" * 150)},
    {"type": "context", "elements": [plain("c"), IMAGE] * 5},
    actions(*(button(action_id=f"b{n}") for n in range(25))),
    actions(button(text=plain("t" * 75), value="v" * 2000, style="danger")),
    actions(menu(options=[option(n) for n in range(100)], initial_option=option(7))),
    actions({"type": "datepicker", "initial_date": "2026-02-28"}, {"type": "overflow", "options": [option(1)]}),
    {"type": "divider", "block_id": "d" * 255},
    IMAGE,
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    {"type": "input", "label": plain("l"), "element": {"type": "plain_text_input", "max_length": 3000}},
    {"type": "markdown", "text": "**x**"},
]
BAD: list[tuple[Any, str]] = [
    ("text", "/blocks/0"),
    ({"type": "carousel"}, "/blocks/0/type"),
    ({"type": ["section"]}, "/blocks/0/type"),
    ({"type": "section"}, "/blocks/0"),
    (section("t" * 3001), "/blocks/0/text/text"),
    (section(""), "/blocks/0/text/text"),
    (section(colour="red"), "/blocks/0"),
    (section(block_id="b" * 256), "/blocks/0/block_id"),
    ({"type": "section", "text": "bare"}, "/blocks/0/text"),
    ({"type": "section", "fields": [plain("f")] * 11}, "/blocks/0/fields"),
    ({"type": "section", "fields": [plain("f" * 2001)]}, "/blocks/0/fields/0/text"),
    (section(accessory={"type": "plain_text_input"}), "/blocks/0/accessory/type"),
    ({"type": "header", "text": plain("h" * 151)}, "/blocks/0/text/text"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "*h*"}}, "/blocks/0/text/type"),
    ({"type": "context", "elements": [plain("c")] * 11}, "/blocks/0/elements"),
    ({"type": "context", "elements": []}, "/blocks/0/elements"),
    (actions(), "/blocks/0/elements"),
    (actions(*(button(action_id=f"b{n}") for n in range(26))), "/blocks/0/elements"),
    (actions(button(), button()), "/blocks/0/elements"),
    (actions(button(text=plain("t" * 76))), "/blocks/0/elements/0/text/text"),
    (actions(button(value="v" * 2001)), "/blocks/0/elements/0/value"),
    (actions(button(action_id="a" * 256)), "/blocks/0/elements/0/action_id"),
    (actions(button(style="fancy")), "/blocks/0/elements/0/style"),
    (actions(button(confirm={"title": plain("t")})), "/blocks/0/elements/0/confirm"),
    (actions(menu(options=[option(n) for n in range(101)])), "/blocks/0/elements/0/options"),
    (actions(menu(options=[])), "/blocks/0/elements/0/options"),
    (actions(menu(options=[option(1), option(1)])), "/blocks/0/elements/0/options"),
    (actions(menu(initial_option=option(3))), "/blocks/0/elements/0"),
    (actions(menu(options=[{"text": plain("x"), "value": "v" * 151}])), "/blocks/0/elements/0/options/0/value"),
    (actions({"type": "overflow", "options": [option(n) for n in range(6)]}), "/blocks/0/elements/0/options"),
    (actions({"type": "datepicker", "initial_date": "28.2.2026"}), "/blocks/0/elements/0/initial_date"),
    (actions(menu(options=5, initial_options=5)), "/blocks/0/elements/0/options"),
    (actions({"type": ["button"]}), "/blocks/0/elements/0/type"),
    ({"type": "actions", "elements": 5}, "/blocks/0/elements"),
    (section(accessory={"type": {}}), "/blocks/0/accessory/type"),
    ({"type": "image", "image_url": "https://example.com/x.png"}, "/blocks/0"),
    ({"type": "input", "label": plain("l")}, "/blocks/0"),
    ({"type": "input", "label": plain("l"), "element": button()}, "/blocks/0/element/type"),
]


async def test_good_blocks_are_taken_and_completed(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    channel = slack.channel_named("alerts").id
    for block in GOOD:
        posted = await client.chat_postMessage(channel=channel, text="x", blocks=[block])
        assert posted["message"]["blocks"][0]["block_id"]
    kept = (await client.chat_postMessage(channel=channel, text="x", blocks=[actions(menu())]))["message"]["blocks"][0]
    assert kept["elements"][0]["options"][0]["text"]["emoji"] is True


@pytest.mark.parametrize(("block", "where"), BAD)
async def test_a_bad_block_is_refused_where_it_is_bad(
    slack: SlackWorkspace, client: AsyncWebClient, block: Any, where: str
) -> None:
    channel = slack.channel_named("alerts")
    answer = await refusal(client, "chat.postMessage", channel=channel.id, text="x", blocks=[block])
    assert answer["error"] == "invalid_blocks"
    assert any(said.endswith(f"[json-pointer:{where}]") for said in answer["response_metadata"]["messages"]), answer
    assert channel.messages == []


async def test_a_message_holds_fifty_blocks_and_no_two_of_one_name(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    message: dict[str, Any] = {"channel": slack.channel_named("alerts").id, "text": "x"}
    await client.chat_postMessage(**message, blocks=[section()] * 50)
    for blocks in ([section()] * 51, [section(block_id="same"), section(block_id="same")]):
        assert (await refusal(client, "chat.postMessage", **message, blocks=blocks))["error"] == "invalid_blocks"


async def test_blocks_and_text_together_have_their_limits(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    channel = slack.channel_named("alerts").id

    async def error(**message: Any) -> Any:
        return (await refusal(client, "chat.postMessage", channel=channel, **message))["error"]

    await client.chat_postMessage(channel=channel, text="x", blocks=[section("t" * 3000)] * 4 + [section("t" * 1200)])
    assert await error(text="x", blocks=[section("t" * 3000)] * 4 + [section("t" * 1201)]) == "msg_blocks_too_long"
    await client.chat_postMessage(channel=channel, text="t" * 40_000)
    assert await error(text="t" * 40_001) == "msg_too_long"
    assert await error(text="  ") == "no_text"
    assert await error() == "no_text"
    assert await error(text="x", attachments=[{"text": "a"}] * 101) == "too_many_attachments"
    assert await error(text="x", attachments=[{"blocks": [section("")]}]) == "invalid_blocks"


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("T"), "submit": plain("OK"), "blocks": list(blocks), **more}


FIELD = {"type": "input", "label": plain("l"), "element": {"type": "plain_text_input", "action_id": "a"}}
BAD_VIEWS: list[tuple[dict[str, Any], str]] = [
    ({"type": "modal", "blocks": []}, "missing required field: title"),
    (modal(title=plain("t" * 25)), "must be less than 25"),
    (modal(submit=plain("t" * 25)), "must be less than 25"),
    (modal(private_metadata="m" * 3001), "must be less than 3001"),
    (modal(callback_id="c" * 256), "must be less than 256"),
    (modal(*[section()] * 101), "no more than 100 items"),
    (modal(section(block_id="b"), section(block_id="b")), "block_id already exists"),
    (modal(actions(button(), button())), "action_id already exists"),
    ({"type": "modal", "title": plain("T"), "blocks": [FIELD]}, "submit"),
    (modal({"type": "markdown", "text": "x"}), "unsupported type"),
    (modal(wide=True), "invalid additional property"),
    ({"type": "home", "blocks": []}, "must be one of: modal"),
]


@pytest.mark.parametrize(("view", "complaint"), BAD_VIEWS)
async def test_a_bad_view_is_refused(client: AsyncWebClient, view: dict[str, Any], complaint: str) -> None:
    answer = await refusal(client, "views.open", view=view, trigger_id="1")
    assert answer["error"] == "invalid_arguments"
    assert any(complaint in said for said in answer["response_metadata"]["messages"]), answer


async def test_the_same_action_id_may_stand_in_several_blocks_of_a_view(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    trigger = slack.trigger("U0ANA0001")
    shown = await client.views_open(trigger_id=trigger, view=modal(FIELD, FIELD, *[section()] * 98))
    assert len(shown["view"]["blocks"]) == 100
