"""Buttons, menus, modals, the home tab and shortcuts, from the press to what the person sees."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.sandbox.slack.errors import Impossible
from adapters.sandbox.slack.workspace import SlackWorkspace
from tests.sandbox.test_slack_methods import ANA, BO, client, refusal, slack
from tests.sandbox.test_slack_sockets import app, connected

__all__ = ["app", "client", "slack"]


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def field(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain(label), "element": element, **more}


SEVERITIES = [{"text": plain(name), "value": name.lower()} for name in ("SEV1", "SEV2")]
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "declare",
    "private_metadata": "C1",
    "notify_on_close": True,
    "title": plain("Declare"),
    "submit": plain("Declare"),
    "blocks": [
        field("What is wrong", {"type": "plain_text_input", "action_id": "text", "max_length": 20}, block_id="title"),
        field("Severity", {"type": "static_select", "options": SEVERITIES, "initial_option": SEVERITIES[1]}),
        field("Lead", {"type": "users_select", "action_id": "user"}, block_id="lead", optional=True),
        field("Extras", {"type": "checkboxes", "options": SEVERITIES}, block_id="extras", optional=True),
        {
            "type": "actions",
            "block_id": "more",
            "elements": [{"type": "button", "text": plain("More"), "action_id": "more"}],
        },
    ],
}


class Listening:
    """What the app was told, and how it answers a submission."""

    def __init__(self) -> None:
        self.bodies: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.answer: dict[str, Any] = {}

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.bodies.get(), 5)


@pytest.fixture
async def told(slack: SlackWorkspace, app: AsyncApp) -> AsyncIterator[Listening]:
    """The app connected, with a form that the command opens."""
    listening = Listening()

    @app.command("/incident")
    async def incident(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await ack()

    @app.view("declare")
    async def declared(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(**listening.answer)
        await listening.bodies.put(body)

    @app.view_closed("declare")
    @app.action("more")
    @app.action("menu")
    @app.shortcut("note")
    async def others(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await listening.bodies.put(body)

    async with connected(slack, app):
        yield listening


async def opened(slack: SlackWorkspace) -> dict[str, Any]:
    assert (await slack.command(ANA, slack.channel_named("alerts").id, "")).acked
    view = slack.open_view(ANA)
    assert view is not None
    return view


async def test_a_form_is_filled_in_and_submitted(slack: SlackWorkspace, told: Listening) -> None:
    view = await opened(slack)
    given = {"What is wrong": "Database down", "lead": BO, "extras": ["sev1", "SEV2"]}
    assert (await slack.submit_view(ANA, given)).acked
    body = await told.next()
    values = body["view"]["state"]["values"]
    assert values["title"]["text"] == {"type": "plain_text_input", "value": "Database down"}
    assert values["lead"]["user"]["selected_user"] == BO
    assert [option["value"] for option in next(iter(values["extras"].values()))["selected_options"]] == ["sev1", "sev2"]
    severity = next(iter(values[view["blocks"][1]["block_id"]].values()))
    assert severity["selected_option"]["value"] == "sev2"
    assert (body["type"], body["view"]["private_metadata"], body["user"]["id"]) == ("view_submission", "C1", ANA)
    assert slack.open_view(ANA) is None


async def test_the_client_lets_nobody_submit_what_is_not_filled_in(slack: SlackWorkspace, told: Listening) -> None:
    await opened(slack)
    for values, complaint in (
        ({}, "required"),
        ({"title": "x" * 21}, "characters"),
        ({"title": "x", "No such field": 1}, "no field"),
        ({"title": "x", "Severity": "sev9"}, "offers"),
    ):
        with pytest.raises(Impossible, match=complaint):
            await slack.submit_view(ANA, values)
    assert told.bodies.empty()


async def test_errors_stay_with_the_form_and_are_gone_with_the_next_try(slack: SlackWorkspace, told: Listening) -> None:
    await opened(slack)
    told.answer = {"response_action": "errors", "errors": {"title": "Say more."}}
    delivery = await slack.submit_view(ANA, {"title": "x"})
    assert delivery.response == told.answer
    assert slack.view_errors[ANA] == {"title": "Say more."}
    assert slack.open_view(ANA) is not None
    told.answer = {}
    await slack.submit_view(ANA, {"title": "enough"})
    assert (slack.view_errors, slack.open_view(ANA)) == ({}, None)


async def test_a_form_is_updated_pushed_and_cleared_by_the_answer(slack: SlackWorkspace, told: Listening) -> None:
    first = await opened(slack)
    told.answer = {"response_action": "update", "view": {**FORM, "title": plain("Step 2")}}
    await slack.submit_view(ANA, {"title": "x"})
    shown = slack.open_view(ANA)
    assert shown is not None
    assert (shown["id"], shown["title"]["text"]) == (first["id"], "Step 2")
    told.answer = {"response_action": "push", "view": {**FORM, "title": plain("Step 3")}}
    await slack.submit_view(ANA, {"title": "x"})
    on_top = slack.open_view(ANA)
    assert on_top is not None
    assert (on_top["title"]["text"], on_top["previous_view_id"]) == ("Step 3", first["id"])
    told.answer = {"response_action": "push", "view": {**FORM, "title": plain("t" * 25)}}
    refused = await slack.submit_view(ANA, {"title": "x"})
    assert "must be less than 25" in refused.error
    told.answer = {"response_action": "clear"}
    await slack.submit_view(ANA, {"title": "x"})
    assert slack.open_view(ANA) is None


async def test_a_closed_form_is_told_of_where_it_was_asked_for(slack: SlackWorkspace, told: Listening) -> None:
    await opened(slack)
    delivery = await slack.close_view(ANA)
    assert delivery is not None
    assert delivery.acked
    body = await told.next()
    assert (body["type"], body["is_cleared"]) == ("view_closed", False)
    with pytest.raises(Impossible):
        await slack.close_view(ANA)


async def test_a_button_in_a_form_brings_the_state_with_it(slack: SlackWorkspace, told: Listening) -> None:
    view = await opened(slack)
    assert (await slack.press_in_view(ANA, "more")).acked
    body = await told.next()
    assert (body["container"], body["actions"][0]["action_id"]) == ({"type": "view", "view_id": view["id"]}, "more")
    assert "title" in body["view"]["state"]["values"]


async def test_a_trigger_opens_one_view_within_three_seconds(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    used, late = slack.trigger(ANA), slack.trigger(ANA)
    await client.views_open(trigger_id=used, view=FORM)
    slack.clock.forward(timedelta(seconds=3.1))
    for trigger, error in ((used, "exchanged_trigger_id"), (late, "expired_trigger_id"), ("1", "invalid_trigger_id")):
        assert (await refusal(client, "views.open", trigger_id=trigger, view=FORM))["error"] == error


async def test_views_pile_up_to_three_and_are_updated_by_id_or_name(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    root = (await client.views_open(trigger_id=slack.trigger(ANA), view={**FORM, "external_id": "mine"}))["view"]
    for _ in range(2):
        await client.views_push(trigger_id=slack.trigger(ANA), view=FORM)
    full = {"trigger_id": slack.trigger(ANA), "view": FORM}
    assert (await refusal(client, "views.push", **full))["error"] == "push_limit_reached"
    double = {"trigger_id": slack.trigger(BO), "view": {**FORM, "external_id": "mine"}}
    assert (await refusal(client, "views.open", **double))["error"] == "duplicate_external_id"
    updated = await client.views_update(external_id="mine", hash=root["hash"], view={**FORM, "title": plain("New")})
    assert (updated["view"]["id"], updated["view"]["title"]["text"]) == (root["id"], "New")
    stale = {"view_id": root["id"], "hash": root["hash"], "view": FORM}
    assert (await refusal(client, "views.update", **stale))["error"] == "hash_conflict"
    assert (await refusal(client, "views.update", view_id="V0", view=FORM))["error"] == "not_found"


async def test_a_home_tab_is_published(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    home = {"type": "home", "blocks": [{"type": "header", "text": plain("Incidents")}]}
    await client.views_publish(user_id=ANA, view=home)
    again = await client.views_publish(user_id=ANA, view=home)
    shown = slack.home(ANA)
    assert shown is not None
    assert (shown["id"], slack.home(BO)) == (again["view"]["id"], None)
    assert (await refusal(client, "views.publish", user_id="U0NOBODY", view=home))["error"] == "user_not_found"
    await slack.open_home(ANA)
    assert slack.courier.journal[-1].payload["event"]["view"]["id"] == shown["id"]


async def test_a_menu_in_a_message_sends_the_choice(
    slack: SlackWorkspace, client: AsyncWebClient, told: Listening
) -> None:
    alerts = slack.channel_named("alerts").id
    menu = {"type": "static_select", "action_id": "menu", "options": SEVERITIES, "placeholder": plain("Severity")}
    ts = (await client.chat_postMessage(channel=alerts, text="x", blocks=[{"type": "actions", "elements": [menu]}]))[
        "ts"
    ]
    assert (await slack.press(ANA, alerts, ts, "Severity", value="SEV1")).acked
    body = await told.next()
    assert body["actions"][0]["selected_option"]["value"] == "sev1"
    assert (body["message"]["ts"], body["container"]["is_ephemeral"], body["channel"]["id"]) == (ts, False, alerts)
    assert next(iter(body["state"]["values"].values()))["menu"]["selected_option"]["value"] == "sev1"
    with pytest.raises(Impossible, match="menu"):
        await slack.press(ANA, alerts, ts, "No such button")


async def test_shortcuts_of_a_message_and_of_none(slack: SlackWorkspace, told: Listening) -> None:
    alerts = slack.channel_named("alerts").id
    ts = (await slack.post(ANA, alerts, "look at this"))["ts"]
    assert (await slack.shortcut(BO, "note", channel_id=alerts, ts=ts)).acked
    body = await told.next()
    assert (body["type"], body["message"]["text"], body["user"]["id"]) == ("message_action", "look at this", BO)
    assert (await slack.shortcut(BO, "note")).acked
    assert (await told.next())["type"] == "shortcut"


async def test_an_external_menu_asks_the_app_for_its_options(
    slack: SlackWorkspace, client: AsyncWebClient, app: AsyncApp, told: Listening
) -> None:
    @app.options("service")
    async def services(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(options=[{"text": plain(f"{body['value']}-api"), "value": "api"}])

    menu = field("Service", {"type": "external_select", "action_id": "service"}, block_id="service")
    await client.views_open(trigger_id=slack.trigger(ANA), view={**FORM, "blocks": [menu]})
    (offered,) = await slack.suggest(ANA, "service", "pay")
    assert offered["text"]["text"] == "pay-api"
    await slack.submit_view(ANA, {"service": offered})
    chosen = (await told.next())["view"]["state"]["values"]["service"]["service"]["selected_option"]
    assert chosen == offered


async def test_a_press_in_an_ephemeral_brings_no_message_back(
    slack: SlackWorkspace, client: AsyncWebClient, told: Listening
) -> None:
    alerts = slack.channel_named("alerts").id
    button = {"type": "button", "text": plain("More"), "action_id": "more", "value": "7"}
    row = [{"type": "actions", "elements": [button]}]
    ts = (await client.chat_postEphemeral(channel=alerts, user=ANA, text="x", blocks=row))["message_ts"]
    assert (await slack.press(ANA, alerts, ts, "more")).acked
    body = await told.next()
    assert (body["container"]["is_ephemeral"], "message" in body, body["actions"][0]["value"]) == (True, False, "7")
    assert body["response_url"].startswith(slack.base_url)
    with pytest.raises(Impossible):
        await slack.press(BO, alerts, ts, "more")


async def test_a_press_that_is_delivered_twice_has_the_same_trigger(slack: SlackWorkspace, told: Listening) -> None:
    await opened(slack)
    await slack.press_in_view(ANA, "more")
    again = await slack.redeliver()
    assert again.acked
    first, second = await told.next(), await told.next()
    assert first["trigger_id"] == second["trigger_id"]
