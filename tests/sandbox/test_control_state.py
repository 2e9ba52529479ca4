"""Clock, faults, calls, settings and notices, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.server import Sandbox
from tests.sandbox.browser import sandboxed
from tests.sandbox.test_control_acts import Remote

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    async with sandboxed(Sandbox(SandboxClock(stands_at=NOON))) as sandbox, ClientSession() as session:
        yield Remote(sandbox, session)


async def test_the_clock_is_moved_for_everybody(remote: Remote) -> None:
    status, clock = await remote.ask("POST", "clock", {"forward": 900})
    assert status == 200
    assert clock == {"now": (NOON + timedelta(minutes=15)).isoformat(), "offset": 900.0, "stands": True}
    assert remote.sandbox.clock.now() == NOON + timedelta(minutes=15)
    assert (await remote.state("slack"))["clock"] == clock


async def test_a_running_clock_says_that_it_runs() -> None:
    async with sandboxed() as sandbox, ClientSession() as session:
        assert (await Remote(sandbox, session).state("slack"))["clock"]["stands"] is False


@pytest.mark.parametrize("body", [{}, {"forward": "soon"}, {"forward": 1e12}, {"forward": 60, "backward": 1}])
async def test_a_step_that_makes_no_sense_leaves_the_clock_alone(remote: Remote, body: dict[str, Any]) -> None:
    await remote.refused("POST", "clock", body)
    assert remote.sandbox.clock.now() == NOON


async def test_a_fault_spoils_the_call_it_names_and_is_used_up(remote: Remote) -> None:
    fault = {"kind": "rate_limit", "platform": "slack", "method": "chat.*", "seconds": 7, "times": 1}
    status, answer = await remote.ask("POST", "faults", fault)
    assert status == 200 and answer["id"] == 1
    client = AsyncWebClient(remote.sandbox.slack.bot_token, base_url=remote.sandbox.slack_api_url)
    channel = remote.sandbox.slack.channel_named("incidents").id
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="hello")
    assert caught.value.response.headers["Retry-After"] == "7"
    assert (await remote.state("slack"))["faults"] == []
    await client.chat_postMessage(channel=channel, text="hello")


async def test_faults_are_taken_away_one_by_one_or_all_at_once(remote: Remote) -> None:
    for platform in ("slack", "discord", "*"):
        await remote.ask("POST", "faults", {"kind": "server_error", "platform": platform, "times": None})
    status, answer = await remote.ask("DELETE", "faults", {"id": 2})
    assert status == 200 and [fault["platform"] for fault in answer["faults"]] == ["slack", "*"]
    assert "no fault 9" in await remote.refused("DELETE", "faults", {"id": 9})
    assert (await remote.ask("DELETE", "faults"))[1] == {"faults": []}


@pytest.mark.parametrize(
    "body", [{}, {"kind": "flood"}, {"kind": "latency", "seconds": -1}, {"kind": "latency", "who": 1}]
)
async def test_a_fault_that_makes_no_sense_is_refused(remote: Remote, body: dict[str, Any]) -> None:
    await remote.refused("POST", "faults", body)
    assert remote.sandbox.faults.active == []


async def test_calls_are_told_from_a_place_on(remote: Remote) -> None:
    client = AsyncWebClient(remote.sandbox.slack.bot_token, base_url=remote.sandbox.slack_api_url)
    await client.auth_test()
    first = (await remote.ask("GET", "calls"))[1]["calls"]
    await client.users_info(user="U0ANA0001")
    status, answer = await remote.ask("GET", "calls", params={"since": str(first[-1]["ended"])})
    assert status == 200 and answer["total"] == 2
    assert [(call["method"], call["outcome"]) for call in answer["calls"]] == [("users.info", "ok")]
    assert answer["calls"][0]["arguments"]["user"] == "U0ANA0001"
    assert "whole number" in await remote.refused("GET", "calls", params={"since": "yesterday"})


async def test_settings_change_what_is_named_and_nothing_else(remote: Remote) -> None:
    status, settings = await remote.ask(
        "POST", "settings", {"platform": "slack", "latency": 0.01, "enforce_limits": True}
    )
    assert status == 200 and settings["slack"]["latency"] == 0.01
    assert remote.sandbox.slack.enforce_limits and not remote.sandbox.discord.enforce_limits
    assert remote.sandbox.discord.latency == 0
    error = await remote.refused("POST", "settings", {"platform": "discord", "refuses_unarchive": True})
    assert "discord has no setting 'refuses_unarchive'" in error


async def test_slack_is_told_to_post_to_this_machine_only(remote: Remote) -> None:
    await remote.ask("POST", "settings", {"platform": "slack", "http_url": "http://127.0.0.1:3000/slack/events"})
    assert remote.sandbox.slack.http_url == "http://127.0.0.1:3000/slack/events"
    error = await remote.refused("POST", "settings", {"platform": "slack", "http_url": "http://example.com/"})
    assert "this machine only" in error
    await remote.ask("POST", "settings", {"platform": "slack", "http_url": None})
    assert remote.sandbox.slack.http_url is None


async def test_another_bots_commands_are_offered_once_they_are_set(remote: Remote) -> None:
    commands = [{"command": "/deploy", "description": "Ship it"}]
    await remote.ask("POST", "settings", {"platform": "slack", "commands": commands})
    assert [one["command"] for one in (await remote.state("slack"))["side"]["commands"]] == ["/deploy"]


async def test_a_private_channel_is_shown_to_its_members_only(remote: Remote) -> None:
    client = AsyncWebClient(remote.sandbox.slack.bot_token, base_url=remote.sandbox.slack_api_url)
    made = await client.conversations_create(name="inc-secret", is_private=True)
    await client.conversations_invite(channel=made["channel"]["id"], users="U0ANA0001")
    seen = {who: (await remote.state("slack", **{"as": who}))["side"]["channels"] for who in ("ana", "bo")}
    assert "inc-secret" in [channel["name"] for channel in seen["ana"]]
    assert "inc-secret" not in [channel["name"] for channel in seen["bo"]]


async def test_watchers_are_told_of_acts_and_of_the_clock(remote: Remote) -> None:
    async with ClientSession() as session, session.ws_connect(f"{remote.sandbox.url}/sandbox/live") as socket:
        first = await socket.receive_json(timeout=5)
        await remote.act("slack", "post", channel="#general", text="hello")
        assert (await socket.receive_json(timeout=5))["changed"] > first["changed"]
        # Moved in this process and not over HTTP: nobody says so, the watch looks by itself.
        remote.sandbox.clock.forward(timedelta(hours=1))
        await socket.receive_json(timeout=5)


async def test_a_burst_of_changes_is_a_few_notices(remote: Remote) -> None:
    async with ClientSession() as session, session.ws_connect(f"{remote.sandbox.url}/sandbox/live") as socket:
        await socket.receive_json(timeout=5)
        for _ in range(200):
            await remote.sandbox.slack.post("U0ANA0001", remote.sandbox.slack.channel_named("general").id, "hello")
        notices = 0
        while not socket.closed:
            try:
                await socket.receive_json(timeout=1)
            except TimeoutError:
                break
            notices += 1
    assert 1 <= notices <= 5


async def test_the_server_stops_at_once_although_somebody_watches() -> None:
    sandbox = Sandbox()
    await sandbox.start()
    async with ClientSession() as session, session.ws_connect(f"{sandbox.url}/sandbox/live") as socket:
        await socket.receive_json(timeout=5)
        async with asyncio.timeout(5):
            await sandbox.stop()
