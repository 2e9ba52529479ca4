"""Socket Mode with the real Bolt: envelopes, acknowledgements, lost lines, and what is delivered again."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.sandbox.slack.workspace import SlackWorkspace
from tests.sandbox.test_slack_methods import ANA, client, slack

__all__ = ["client", "slack"]


@asynccontextmanager
async def connected(slack: SlackWorkspace, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app, connected as it is in production, but quicker to notice a dead line."""
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # as slack_bolt has it
    try:
        await slack.wait_connected()
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # as slack_bolt has it


@asynccontextmanager
async def changing(slack: SlackWorkspace) -> AsyncIterator[Callable[[Callable[[], bool]], Any]]:
    """Gives a way to wait until something about the workspace holds, looked at after every change."""
    changed = asyncio.Event()
    slack.on_change.append(lambda reason: changed.set())

    async def until(holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                changed.clear()
                await changed.wait()

    yield until


@asynccontextmanager
async def plain_socket(slack: SlackWorkspace) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A connection without Bolt, past its hello."""
    opened = await AsyncWebClient(base_url=f"{slack.base_url}/api/").apps_connections_open(app_token=slack.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]) as socket:
        hello = await socket.receive_json()
        assert (hello["type"], hello["connection_info"]["app_id"]) == ("hello", slack.app_id)
        yield socket


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client)


async def test_a_command_is_acknowledged_with_its_answer(slack: SlackWorkspace, app: AsyncApp) -> None:
    heard: list[dict[str, Any]] = []

    @app.command("/incident")
    async def incident(ack: AsyncAck, command: dict[str, Any]) -> None:
        heard.append(command)
        await ack("On it.")

    async with connected(slack, app):
        delivery = await slack.command(ANA, slack.channel_named("alerts").id, "declare @bo & co")
        assert [connection.unacked for connection in slack.sockets.connections] == [{}]
    assert (delivery.acked, delivery.response, delivery.timed_out) == (True, {"text": "On it."}, False)
    assert heard[0]["text"] == "declare <@U0BO00002|bo> &amp; co"
    assert (heard[0]["user_id"], heard[0]["channel_name"]) == (ANA, "alerts")
    assert [m["text"] for m in slack.ephemerals(ANA)] == ["On it."]


async def test_a_command_that_nobody_acknowledges_times_out(slack: SlackWorkspace, app: AsyncApp) -> None:
    slack.courier.ack_seconds = 0.05
    async with connected(slack, app):
        delivery = await slack.command(ANA, slack.channel_named("alerts").id, "x", command="/unknown")
    assert (delivery.acked, delivery.timed_out, delivery.error) == (False, True, "operation_timeout")


async def test_a_command_without_a_connection_fails_at_once(slack: SlackWorkspace) -> None:
    delivery = await slack.command(ANA, slack.channel_named("alerts").id, "x")
    assert (delivery.acked, delivery.timed_out, delivery.error) == (False, False, "dispatch_failed")


async def test_an_event_is_delivered_again_with_the_same_id(slack: SlackWorkspace, app: AsyncApp) -> None:
    heard: list[str] = []

    @app.event("message")
    async def message(body: dict[str, Any]) -> None:
        heard.append(body["event_id"])

    async with connected(slack, app):
        await slack.post(ANA, slack.channel_named("alerts").id, "hello")
        first = await slack.redeliver()
        second = await slack.redeliver()
    assert (first.acked, second.acked) == (True, True)
    assert first.envelope["retry_attempt"] == 1
    assert len(heard) == 3
    assert len(set(heard)) == 1


async def test_an_unheard_event_is_sent_again_until_it_is_given_up(slack: SlackWorkspace) -> None:
    slack.courier.ack_seconds, slack.courier.retry_delays = 0.02, (0.0, 0.0)
    async with plain_socket(slack) as socket, changing(slack) as until:
        await slack.post(ANA, slack.channel_named("alerts").id, "hello")
        frames = [await socket.receive_json(timeout=5) for _ in range(3)]
        await until(lambda: bool(slack.courier.lost))
    assert [(f["retry_attempt"], f["retry_reason"]) for f in frames] == [(0, ""), (1, "timeout"), (2, "timeout")]
    assert len({f["payload"]["event_id"] for f in frames}) == 1


async def test_an_acknowledged_event_is_not_sent_again(slack: SlackWorkspace) -> None:
    slack.courier.ack_seconds, slack.courier.retry_delays = 0.05, (0.0,)
    alerts = slack.channel_named("alerts").id
    async with plain_socket(slack) as socket:
        await slack.post(ANA, alerts, "one")
        frame = await socket.receive_json()
        await socket.send_json({"envelope_id": frame["envelope_id"]})
        with pytest.raises(TimeoutError):
            await socket.receive_json(timeout=0.2)
        await slack.post(ANA, alerts, "two")
        assert (await socket.receive_json())["payload"]["event"]["text"] == "two"


async def test_envelopes_are_shared_out_and_those_of_a_lost_line_go_to_the_other(slack: SlackWorkspace) -> None:
    slack.courier.ack_seconds = 60.0
    alerts = slack.channel_named("alerts").id
    async with plain_socket(slack) as first, plain_socket(slack) as second:
        for number in range(4):
            await slack.post(ANA, alerts, str(number))
        mine = [await first.receive_json() for _ in range(2)]
        theirs = [await second.receive_json() for _ in range(2)]
        texts = {frame["payload"]["event"]["text"] for frame in [*mine, *theirs]}
        assert texts == {"0", "1", "2", "3"}
        await first.send_json({"envelope_id": mine[0]["envelope_id"]})
        for frame in theirs:
            await second.send_json({"envelope_id": frame["envelope_id"]})
        await first.close()
        inherited = await second.receive_json(timeout=10)
        assert inherited["envelope_id"] == mine[1]["envelope_id"]
        assert inherited["retry_attempt"] == 1


async def test_a_cut_line_is_mended_and_what_happened_meanwhile_arrives(slack: SlackWorkspace, app: AsyncApp) -> None:
    heard = asyncio.Queue[str]()

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        await heard.put(event["text"])

    async with connected(slack, app):
        await slack.drop_sockets()
        assert not slack.connected
        await slack.post(ANA, slack.channel_named("alerts").id, "while you were out")
        await asyncio.wait_for(slack.wait_connected(), 10)
        assert await asyncio.wait_for(heard.get(), 5) == "while you were out"


async def test_a_refresh_moves_the_app_to_a_new_connection(slack: SlackWorkspace, app: AsyncApp) -> None:
    heard = asyncio.Queue[str]()

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        await heard.put(event["text"])

    async with connected(slack, app), changing(slack) as until:
        old = slack.sockets.connections[0]
        await slack.refresh_sockets()
        await until(lambda: slack.connected and old not in slack.sockets.connections)
        await slack.post(ANA, slack.channel_named("alerts").id, "after")
        assert await asyncio.wait_for(heard.get(), 5) == "after"
    assert len(slack.calls.of("slack", "apps.connections.open")) == 2


async def test_a_ticket_opens_one_connection(slack: SlackWorkspace) -> None:
    opened = await AsyncWebClient(base_url=f"{slack.base_url}/api/").apps_connections_open(app_token=slack.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(opened["url"])


async def test_the_eleventh_connection_is_one_too_many(slack: SlackWorkspace) -> None:
    web = AsyncWebClient(base_url=f"{slack.base_url}/api/")
    async with aiohttp.ClientSession() as session:
        open_ones = []
        for _ in range(11):
            url = (await web.apps_connections_open(app_token=slack.app_token))["url"]
            open_ones.append(await session.ws_connect(url))
        frames = [await socket.receive_json() for socket in open_ones]
        assert [frame["type"] for frame in frames] == ["hello"] * 10 + ["disconnect"]
        assert frames[-1]["reason"] == "too_many_websockets"
        for socket in open_ones:
            await socket.close()


async def test_nonsense_is_remembered_and_harms_nobody(slack: SlackWorkspace) -> None:
    async with plain_socket(slack) as socket:
        for text in ("{", "[]", json.dumps({"envelope_id": "unknown"})):
            await socket.send_str(text)
        await slack.post(ANA, slack.channel_named("alerts").id, "still here")
        assert (await socket.receive_json())["payload"]["event"]["text"] == "still here"
    assert len(slack.sockets.nonsense) == 3


async def test_the_app_hears_what_its_scopes_and_channels_let_it(slack: SlackWorkspace) -> None:
    alerts, random = slack.channel_named("alerts"), slack.channel_named("random")
    heard: list[str] = []

    def types() -> list[str]:
        sent = [e.payload["event"] for e in slack.courier.journal]
        heard[:] = [":".join(filter(None, (event["type"], event.get("subtype")))) for event in sent]
        slack.courier.journal.clear()
        return heard

    await slack.post(ANA, random.id, "not for you")
    assert types() == []
    said = await slack.post(ANA, alerts.id, f"<@{slack.bot_user_id}> help")
    assert types() == ["message", "app_mention"]
    await slack.react(ANA, alerts.id, said["ts"], "eyes")
    await slack.pin(ANA, alerts.id, said["ts"])
    assert types() == ["reaction_added", "message:pinned_item", "pin_added"]
    await slack.edit(ANA, alerts.id, said["ts"], text="edited")
    await slack.delete(ANA, alerts.id, said["ts"])
    assert types() == ["message:message_changed", "message:message_deleted"]
    await slack.leave(ANA, alerts.id)
    await slack.join(ANA, alerts.id)
    assert types() == ["message:channel_leave", "member_left_channel", "message:channel_join", "member_joined_channel"]
    await slack.post_as_bot(alerts.id, name="Grafana", text="[FIRING]")
    await slack.open_home(ANA)
    await slack.archive(ANA, alerts.id)
    assert types() == ["message:bot_message", "app_home_opened", "message:channel_archive", "channel_archive"]
    slack.scopes -= {"channels:history", "app_mentions:read"}
    await slack.unarchive(ANA, alerts.id)
    assert types() == ["channel_unarchive"]
    slack.subscriptions = {"reaction_added"}
    await slack.archive(ANA, alerts.id)
    assert types() == []


async def test_an_event_is_wrapped_as_slack_wraps_it(slack: SlackWorkspace) -> None:
    await slack.post(ANA, slack.channel_named("alerts").id, "hello")
    callback = slack.courier.journal[-1].payload
    assert callback["type"] == "event_callback"
    assert (callback["team_id"], callback["api_app_id"]) == (slack.team_id, slack.app_id)
    assert callback["event_id"].startswith("Ev")
    assert callback["authorizations"][0]["user_id"] == slack.bot_user_id
    assert callback["event"]["channel_type"] == "channel"
