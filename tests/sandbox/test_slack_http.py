"""HTTP mode with the real Bolt: signatures, the challenge, retries, and forgeries that must not pass."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.sandbox.slack.http import Forgery
from adapters.sandbox.slack.workspace import SlackWorkspace
from tests.sandbox.test_slack_methods import ANA, client, slack

__all__ = ["client", "slack"]


@pytest.fixture
def app(slack: SlackWorkspace, client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, signing_secret=slack.signing_secret)


async def serve(application: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"


@pytest.fixture
async def served(slack: SlackWorkspace, app: AsyncApp) -> AsyncIterator[None]:
    """The app at an address of its own, where the workspace posts."""
    runner, slack.http_url = await serve(app.server(path="/slack/events").web_app)
    yield
    await runner.cleanup()


class Stubborn:
    """An address that answers each post with the next of its statuses."""

    def __init__(self, *statuses: int, **headers: str) -> None:
        self.statuses, self.headers = list(statuses), headers
        self.posts: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def answer(self, request: web.Request) -> web.Response:
        await self.posts.put(dict(request.headers))
        return web.Response(status=self.statuses.pop(0), headers=self.headers)

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_post("/slack/events", self.answer)
        return application


@pytest.mark.usefixtures("served")
async def test_the_address_answers_the_challenge(slack: SlackWorkspace) -> None:
    assert await slack.verify_url()
    slack.signing_secret = "another"
    assert not await slack.verify_url()


@pytest.mark.usefixtures("served")
async def test_a_command_is_posted_and_answered(slack: SlackWorkspace, app: AsyncApp) -> None:
    @app.command("/incident")
    async def incident(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack({"response_type": "in_channel", "text": f"heard {command['text']}"})

    alerts = slack.channel_named("alerts").id
    delivery = await slack.command(ANA, alerts, "a=b & c")
    assert delivery.acked, delivery
    assert [m["text"] for m in slack.messages(alerts)] == ["heard a=b &amp; c"]
    unknown = await slack.command(ANA, alerts, "x", command="/unknown")
    assert (unknown.acked, unknown.error) == (False, "http_service_error 404")


@pytest.mark.usefixtures("served")
async def test_buttons_and_events_are_posted(slack: SlackWorkspace, app: AsyncApp) -> None:
    heard = asyncio.Queue[str]()

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        await heard.put(event["text"])

    @app.action("go")
    async def go(ack: AsyncAck, action: dict[str, Any]) -> None:
        await ack()
        await heard.put(action["value"])

    alerts = slack.channel_named("alerts").id
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "7"}
    posted = await slack.post_as_bot(
        alerts, name="Grafana", text="x", blocks=[{"type": "actions", "elements": [button]}]
    )
    assert await asyncio.wait_for(heard.get(), 5) == "x"
    assert (await slack.press(ANA, alerts, posted["ts"], "Go")).acked
    assert await asyncio.wait_for(heard.get(), 5) == "7"


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("how", list(Forgery))
async def test_a_forgery_is_refused(slack: SlackWorkspace, app: AsyncApp, how: Forgery) -> None:
    heard: list[str] = []

    @app.command("/incident")
    async def incident(ack: AsyncAck, command: dict[str, Any]) -> None:
        heard.append(command["text"])
        await ack()

    assert (await slack.command(ANA, slack.channel_named("alerts").id, "genuine")).acked
    assert await slack.forge(how) == 401
    assert heard == ["genuine"]


async def test_a_failed_event_is_posted_again_with_its_number_and_reason(slack: SlackWorkspace) -> None:
    slack.courier.retry_delays = (0.0, 0.0, 0.0)
    stubborn = Stubborn(500, 503, 200)
    runner, slack.http_url = await serve(stubborn.application())
    await slack.post(ANA, slack.channel_named("alerts").id, "hello")
    posts = [await asyncio.wait_for(stubborn.posts.get(), 5) for _ in range(3)]
    given = [(post.get("X-Slack-Retry-Num"), post.get("X-Slack-Retry-Reason")) for post in posts]
    assert given == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert all(post["X-Slack-Signature"].startswith("v0=") for post in posts)
    await runner.cleanup()


async def test_an_event_is_not_posted_again_where_the_app_forbids_it(slack: SlackWorkspace) -> None:
    slack.courier.retry_delays = (0.0,)
    stubborn = Stubborn(500, 200, **{"X-Slack-No-Retry": "1"})
    runner, slack.http_url = await serve(stubborn.application())
    alerts = slack.channel_named("alerts").id
    await slack.post(ANA, alerts, "one")
    await asyncio.wait_for(stubborn.posts.get(), 5)
    await slack.post(ANA, alerts, "two")
    assert "X-Slack-Retry-Num" not in await asyncio.wait_for(stubborn.posts.get(), 5)
    await runner.cleanup()
    assert slack.courier.lost == []


async def test_an_address_where_nobody_listens_fails_the_command(slack: SlackWorkspace) -> None:
    runner, slack.http_url = await serve(Stubborn().application())
    await runner.cleanup()
    delivery = await slack.command(ANA, slack.channel_named("alerts").id, "x")
    assert (delivery.acked, delivery.error) == (False, "connection_failed")


async def test_nothing_is_posted_to_another_machine(slack: SlackWorkspace) -> None:
    with pytest.raises(ValueError, match="this machine"):
        slack.http_url = "http://example.com/slack/events"
    assert slack.http_url is None
