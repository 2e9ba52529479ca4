"""What goes wrong on demand: faults of each kind, rate limits, and a response_url's own limits."""

import time
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientConnectionError
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.sandbox.faults import Fault, FaultKind
from adapters.sandbox.slack.workspace import SlackWorkspace
from tests.sandbox.test_slack_methods import ANA, BO, client, refusal, slack

__all__ = ["client", "slack"]


@pytest.fixture
def alerts(slack: SlackWorkspace) -> str:
    return slack.channel_named("alerts").id


def last(slack: SlackWorkspace) -> tuple[str, str]:
    call = slack.calls.calls[-1]
    return call.method, call.outcome


async def test_a_rate_limit_passes_with_a_patient_client(
    slack: SlackWorkspace, client: AsyncWebClient, alerts: str
) -> None:
    slack.faults.add(Fault(kind=FaultKind.RATE_LIMIT, method="chat.*", seconds=1))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=alerts, text="x")
    assert (caught.value.response.status_code, caught.value.response["error"]) == (429, "ratelimited")
    assert caught.value.response.headers["Retry-After"] == "1"
    assert slack.messages(alerts) == []
    slack.faults.add(Fault(kind=FaultKind.RATE_LIMIT, method="chat.*", seconds=1))
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    assert (await client.chat_postMessage(channel=alerts, text="x"))["ok"]
    outcomes = [call.outcome for call in slack.calls.of("slack", "chat.postMessage")]
    assert outcomes == ["rate_limit", "rate_limit", "ok"]


async def test_a_server_error_has_no_effect(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    slack.faults.add(Fault(kind=FaultKind.SERVER_ERROR, status=503))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=alerts, text="x")
    assert caught.value.response.status_code == 503
    assert (slack.messages(alerts), last(slack)) == ([], ("chat.postMessage", "server_error"))


async def test_a_refusal_says_the_word_it_was_given(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    slack.faults.add(Fault(kind=FaultKind.REFUSE, platform="slack", error="fatal_error"))
    assert (await refusal(client, "chat.postMessage", channel=alerts, text="x"))["error"] == "fatal_error"
    assert (slack.messages(alerts), last(slack)) == ([], ("chat.postMessage", "fatal_error"))


@pytest.mark.parametrize(("kind", "messages"), [(FaultKind.DROP_BEFORE, 0), (FaultKind.DROP_AFTER, 1)])
async def test_a_dropped_connection_leaves_the_caller_in_doubt(
    slack: SlackWorkspace, client: AsyncWebClient, alerts: str, kind: FaultKind, messages: int
) -> None:
    slack.faults.add(Fault(kind=kind))
    client.retry_handlers.clear()
    with pytest.raises(ClientConnectionError):
        await client.chat_postMessage(channel=alerts, text="x")
    assert (len(slack.messages(alerts)), last(slack)) == (messages, ("chat.postMessage", kind.value))


async def test_latency_makes_a_call_slow_and_nothing_else(
    slack: SlackWorkspace, client: AsyncWebClient, alerts: str
) -> None:
    slack.faults.add(Fault(kind=FaultKind.LATENCY, seconds=0.1))
    slack.latency = 0.05
    began = time.monotonic()
    assert (await client.chat_postMessage(channel=alerts, text="x"))["ok"]
    assert time.monotonic() - began >= 0.15


async def test_methods_are_limited_by_their_tier_and_the_sandbox_clock(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    for _ in range(30):
        await client.conversations_list()
    slack.enforce_limits = True
    for _ in range(20):
        await client.conversations_list()
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_list()
    assert caught.value.response.headers["Retry-After"] == "60"
    assert last(slack) == ("conversations.list", "ratelimited")
    assert (await client.users_info(user=ANA))["ok"]
    slack.clock.forward(timedelta(seconds=60))
    assert (await client.conversations_list())["ok"]


async def test_a_channel_takes_one_post_a_second(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    slack.enforce_limits = True
    await client.chat_postMessage(channel=alerts, text="1")
    await client.chat_postMessage(channel=slack.channel_named("incidents").id, text="1")
    assert (await refusal(client, "chat.postMessage", channel=alerts, text="2"))["error"] == "ratelimited"
    slack.clock.forward(timedelta(seconds=1))
    assert (await client.chat_postMessage(channel=alerts, text="2"))["ok"]


def answering(slack: SlackWorkspace, channel: str, ts: str = "") -> AsyncWebhookClient:
    return AsyncWebhookClient(slack.response_url(ANA, channel, ts=ts))


async def test_a_response_url_answers_five_times_in_half_an_hour(slack: SlackWorkspace, alerts: str) -> None:
    outside = slack.channel_named("random").id
    hook, late = answering(slack, outside), answering(slack, outside)
    for number in range(5):
        answer = await hook.send(text=str(number), response_type="in_channel")
        assert (answer.status_code, answer.body) == (200, "ok")
    sixth = await hook.send(text="x")
    assert (sixth.status_code, "used_url" in sixth.body) == (404, True)
    assert [m["text"] for m in slack.messages(outside)] == ["0", "1", "2", "3", "4"]
    slack.clock.forward(timedelta(minutes=30, seconds=1))
    assert "expired_url" in (await late.send(text="x")).body
    assert [call.outcome for call in slack.calls.of("slack", "response_url")] == ["ok"] * 5 + [
        "used_url",
        "expired_url",
    ]


async def test_a_response_url_whispers_unless_it_is_told_otherwise(slack: SlackWorkspace, alerts: str) -> None:
    await answering(slack, alerts).send(text="for you")
    assert [m["text"] for m in slack.ephemerals(ANA)] == ["for you"]
    assert slack.ephemerals(BO) == slack.messages(alerts) == []


async def test_a_response_url_replaces_and_deletes_what_was_acted_on(
    slack: SlackWorkspace, client: AsyncWebClient, alerts: str
) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"}
    buttons: list[dict[str, Any]] = [{"type": "actions", "elements": [button]}]
    ts = (await client.chat_postMessage(channel=alerts, text="old", blocks=buttons))["ts"]
    hook = answering(slack, alerts, ts)
    await hook.send(text="new", replace_original=True)
    (message,) = slack.messages(alerts)
    assert (message["text"], "blocks" in message) == ("new", False)
    await hook.send(delete_original=True)
    assert slack.messages(alerts) == []
    assert (await hook.send(delete_original=True)).status_code == 400
    whispered = (await client.chat_postEphemeral(channel=alerts, user=ANA, text="psst", blocks=buttons))["message_ts"]
    hook = answering(slack, alerts, whispered)
    await hook.send(text="changed", replace_original=True)
    assert [(m["text"], "blocks" in m) for m in slack.ephemerals(ANA)] == [("changed", False)]
    await hook.send(delete_original=True)
    assert slack.ephemerals(ANA) == []


async def test_a_response_url_refuses_what_is_wrong_and_suffers_faults(slack: SlackWorkspace, alerts: str) -> None:
    hook = answering(slack, alerts)
    wrong = await hook.send(blocks=[{"type": "header"}], text="x")
    assert (wrong.status_code, "invalid_blocks" in wrong.body) == (400, True)
    assert (await hook.send(text="")).status_code == 400
    slack.faults.add(Fault(kind=FaultKind.SERVER_ERROR, method="response_url"))
    assert (await hook.send(text="x")).status_code == 500
    assert slack.ephemerals(ANA) == []
