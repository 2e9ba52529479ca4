"""HTTP mode takes only what Slack signed, lately and once; the start does not wait for Slack; the doctor knows."""

import asyncio
import hashlib
import hmac
import io
import socket
import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import aiohttp
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import Message

from adapters.sandbox.faults import Fault, FaultKind
from adapters.sandbox.slack.http import Forgery
from adapters.sandbox.slack.server import running, start_slack
from adapters.sandbox.slack.workspace import SlackWorkspace
from adapters.slack.adapter import SlackAdapter
from adapters.slack.checks import examine
from adapters.slack.http import Door
from adapters.slack.settings import SlackSettings
from bot.card import Card
from bot.doctor import Finding, Health
from bot.errors import TryLater
from bot.forms import Form, FormField
from bot.heard import Answer
from bot.intents import OpenChannel
from bot.ports import Job
from tests.slack.conftest import Stage, settings
from tests.slack.ears import ScriptedEar

ANA_ID = "U0ANA0001"


@pytest.fixture
async def http(workspace: SlackWorkspace) -> AsyncIterator[Stage]:
    """Connected over HTTP, the adapter's routes served by a web server of their own."""
    async with running(workspace) as url:
        adapter = SlackAdapter(settings(workspace, url, http=True), workspace.clock, ScriptedEar())
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        config = uvicorn.Config(Starlette(routes=adapter.routes()), log_config=None, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        workspace.http_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        ear = ScriptedEar()
        await adapter.start(ear)
        async with asyncio.timeout(10):
            await adapter.platform.arrival.wait()
            assert await workspace.verify_url()
        yield Stage(workspace, adapter, ear)
        await adapter.stop()
        server.should_exit = True
        await serving
        listening.close()


async def test_commands_are_answered_over_http(http: Stage) -> None:
    http.ear.answers = [Answer(card=Card(text=("hello",)))]
    delivery = await http.workspace.command(ANA_ID, http.general, "sev1 x & y")
    assert delivery.acked
    assert http.workspace.ephemerals(ANA_ID)[-1]["text"] == "hello"
    assert http.adapter.platform.connected


async def test_forms_open_after_the_acknowledgement_over_http(http: Stage) -> None:
    http.ear.answers = [Answer(form=Form(title="Declare", does="declare", fields=(FormField(name="a", label="A"),)))]
    before = len(http.methods())
    assert (await http.workspace.command(ANA_ID, http.general, "")).acked
    await http.until(lambda: http.workspace.open_view(ANA_ID))
    assert http.methods()[before:] == ["views.open"]
    assert (await http.workspace.submit_view(ANA_ID, {"a": "x"})).acked
    assert len(http.ear.heard) == 2


async def test_what_could_not_be_saved_is_not_acknowledged_over_http(http: Stage) -> None:
    http.ear.faults = [RuntimeError("the database is gone")]
    assert not (await http.workspace.command(ANA_ID, http.general, "sev1 x")).acked
    assert (await http.workspace.redeliver()).acked


@pytest.mark.parametrize("forgery", list(Forgery))
async def test_forged_stale_and_unsigned_requests_are_refused(http: Stage, forgery: Forgery) -> None:
    await http.workspace.command(ANA_ID, http.general, "sev1 x")
    assert await http.workspace.forge(forgery) == 401
    assert len(http.ear.heard) == 1


def signed(workspace: SlackWorkspace, body: bytes, stamp: str) -> dict[str, str]:
    base = f"v0:{stamp}:".encode() + body
    digest = hmac.new(workspace.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    kind = "application/x-www-form-urlencoded"
    return {"X-Slack-Signature": f"v0={digest}", "X-Slack-Request-Timestamp": stamp, "Content-Type": kind}


async def test_a_replayed_request_is_refused(http: Stage) -> None:
    fields = {"command": "/incident", "trigger_id": "1.2.x", "user_id": ANA_ID, "channel_id": http.general, "text": "a"}
    body = urlencode(fields).encode()
    headers, url = signed(http.workspace, body, str(int(time.time()))), http.workspace.http_url or ""
    statuses = []
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            async with session.post(url, data=body, headers=headers) as answer:
                statuses.append(answer.status)
    assert statuses == [200, 401]
    assert len(http.ear.heard) == 1


async def test_a_request_that_never_ends_is_not_waited_for() -> None:
    async def receive() -> Message:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    request = Request({"type": "http", "method": "POST", "path": "/slack/events", "headers": []}, receive)
    answer = await Door("secret", patience=0.01).enter(request)
    assert answer.status_code == 408 and b"did not come to its end." in answer.body


@pytest.mark.parametrize(
    ("body", "stamp", "status"),
    [
        (b"a=1", "soon", 401),
        (b"a=1", "9" * 5_000, 401),
        (b"a=1", "", 401),
        (b"\xff", "0", 401),
        (b"x" * 1_100_000, "0", 413),
    ],
)
async def test_nonsense_is_refused(http: Stage, body: bytes, stamp: str, status: int) -> None:
    stamp = str(int(time.time())) if stamp == "0" else stamp
    headers, url = signed(http.workspace, body, stamp), http.workspace.http_url or ""
    sent = io.BytesIO(body)
    async with aiohttp.ClientSession() as session, session.post(url, data=sent, headers=headers) as answer:
        assert answer.status == status


async def test_slack_may_be_down_at_the_start(workspace: SlackWorkspace) -> None:
    runner = await start_slack(workspace)
    workspace.faults.add(Fault(kind=FaultKind.SERVER_ERROR, method="auth.test", times=2))
    adapter = SlackAdapter(settings(workspace, f"{workspace.base_url}/api/"), workspace.clock)
    await adapter.start(ScriptedEar())
    assert not adapter.platform.ready
    async with asyncio.timeout(20):
        await adapter.platform.arrival.wait()
    assert adapter.platform.connected
    await adapter.stop()
    assert not adapter.platform.connected
    await runner.cleanup()


async def test_nobody_at_the_address_means_unreachable(workspace: SlackWorkspace) -> None:
    adapter = SlackAdapter(settings(workspace, "http://127.0.0.1:9/api/"), workspace.clock)
    await adapter.start(ScriptedEar())
    with pytest.raises(TryLater) as later:
        await adapter.platform.perform(Job("k", OpenChannel(names=("x",), topic=""), 1, workspace.now()))
    assert (later.value.unreachable, later.value.maybe_done) == (True, False)
    await adapter.stop()


async def test_slack_that_is_off_starts_nothing(workspace: SlackWorkspace) -> None:
    off = SlackSettings.model_validate({"slack_bot_token": "", "slack_app_token": "", "slack_signing_secret": ""})
    adapter = SlackAdapter(off, workspace.clock)
    await adapter.start(ScriptedEar())
    assert adapter.routes() == []
    assert not adapter.platform.connected
    await adapter.stop()


async def findings(workspace: SlackWorkspace, **changes: str) -> dict[str, Finding]:
    async with running(workspace) as url:
        made = settings(workspace, url).model_dump() | changes
        return {finding.what: finding for finding in await examine(SlackSettings.model_validate(made))}


async def test_the_doctor_finds_nothing_wrong(workspace: SlackWorkspace) -> None:
    found = await findings(workspace)
    assert {finding.health for finding in found.values()} == {Health.FINE}
    assert set(found) == {
        "Slack mode",
        "Slack bot token",
        "Slack scopes",
        "Slack app token",
        "Slack channel #incidents",
    }


async def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(workspace: SlackWorkspace) -> None:
    workspace.scopes -= {"pins:write", "users:read"}
    found = await findings(workspace, slack_app_token="xapp-wrong", announce_channel="nowhere")
    assert "pins:write, users:read" in found["Slack scopes"].says
    assert found["Slack app token"].health is Health.WRONG
    assert found["Slack channel #nowhere"].health is Health.WRONG
    assert all(finding.mend for finding in found.values() if finding.health is not Health.FINE)
    assert "xapp-wrong" not in str(found)


async def test_the_doctor_sees_a_wrong_token_and_a_channel_without_the_bot(workspace: SlackWorkspace) -> None:
    assert (await findings(workspace, slack_bot_token="xoxb-wrong"))["Slack bot token"].health is Health.WRONG
    other = await findings(workspace, announce_channel="random")
    assert other["Slack channel #random"].health is Health.WORTH_A_LOOK


async def test_the_doctor_looks_at_every_channel_that_a_playbook_announces_in(workspace: SlackWorkspace) -> None:
    async with running(workspace) as url:
        made = SlackSettings.model_validate(settings(workspace, url).model_dump())
        found = {one.what: one for one in await examine(made, ["", "incidents", "ops-nowhere"])}
    assert found["Slack channel #incidents"].health is Health.FINE
    assert found["Slack channel #ops-nowhere"].health is Health.WRONG
    assert "`announce` in a playbook" in found["Slack channel #ops-nowhere"].mend


async def test_the_doctor_says_in_which_alert_channels_the_bot_is_missing(workspace: SlackWorkspace) -> None:
    async with running(workspace) as url:
        made = SlackSettings.model_validate(settings(workspace, url).model_dump())
        alerts = workspace.channel_named("alerts").id
        watched = [alerts, "#random", "nowhere", "123456789012345678"]
        found = {one.what: one for one in await examine(made, watched=watched) if "alert" in one.what}
    assert [name.rpartition("#")[2] for name in found] == [alerts, "random", "nowhere"]
    fine, outside, missing = found.values()
    assert fine.health is Health.FINE
    assert (outside.health, outside.mend) == (Health.WRONG, "Type /invite @Tocsin in #random.")
    assert missing.health is Health.WRONG and "ALERT_CHANNELS" in missing.mend


async def test_the_bot_comes_into_every_channel_that_a_playbook_announces_in(workspace: SlackWorkspace) -> None:
    async with running(workspace) as url:
        adapter = SlackAdapter(settings(workspace, url), workspace.clock, announces=["random", "ops-nowhere", ""])
        await adapter.start(ScriptedEar())
        async with asyncio.timeout(10):
            while workspace.bot_user_id not in workspace.channel_named("random").members:
                await asyncio.sleep(0.01)
        await adapter.stop()


async def test_the_doctor_of_a_slack_that_is_off() -> None:
    off = SlackSettings.model_validate({"slack_bot_token": "", "slack_app_token": "xapp-1", "slack_signing_secret": ""})
    (only,) = await examine(off)
    assert only.health is Health.WRONG
    assert "SLACK_BOT_TOKEN" in only.says
