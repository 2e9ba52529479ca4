"""Payloads of another shape than Slack's are acknowledged with one line in the log: sent again they read the same."""

from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.slack.workspace import SlackWorkspace
from adapters.slack.afterwards import KEY, Afterwards
from adapters.slack.answers import Answers
from adapters.slack.api import Api
from adapters.slack.dispatch import dispatch
from adapters.slack.listener import Listener
from adapters.slack.names import Names
from adapters.slack.originals import Originals
from adapters.slack.posts import Posts
from adapters.slack.rooms import Rooms
from tests.slack.conftest import settings
from tests.slack.ears import ScriptedEar

USER = {"id": "U0ANA0001"}
FORM: dict[str, Any] = {"type": "view_submission", "trigger_id": "1", "user": USER}
UNREADABLE: dict[str, dict[str, Any]] = {
    "a reaction by nobody": {"type": "event_callback", "event": {"type": "reaction_removed"}},
    "an event that is a list": {"type": "event_callback", "event": []},
    "a command of numbers": {"command": "/incident", "trigger_id": 7, "user_id": [], "text": {}},
    "a form that was not ours": FORM | {"view": {"callback_id": "form", "private_metadata": "{}"}},
    "a command in a channel of 60,000 letters": {
        "command": "/incident", "trigger_id": "7", "user_id": "U0ANA0001", "channel_id": "C" * 60_000, "text": "ack",
    },
    "a message at no time": {
        "type": "message_action", "callback_id": "declare_from_message", "trigger_id": "1", "user": USER,
        "channel": {"id": "C1"}, "message": {"ts": "1e999", "text": "down"},
    },
}  # fmt: skip


async def dispatched(payload: dict[str, Any], ear: ScriptedEar) -> int:
    """What Slack is answered."""
    workspace = SlackWorkspace(SandboxClock())
    api = Api(settings(workspace, "http://127.0.0.1:9/"))
    posts = Posts(api, Rooms(api), workspace.clock, "incidents")
    listener = Listener(api, ear, Answers(api, posts), Originals(api, Names(api)))

    def request() -> AsyncBoltRequest:
        return AsyncBoltRequest(mode="socket_mode", body=payload, headers={}, context={KEY: Afterwards()})

    return int((await dispatch(listener.app, request)).status)


@pytest.mark.parametrize("payload", UNREADABLE.values(), ids=UNREADABLE)
async def test_what_is_not_of_slacks_shape_is_acknowledged(
    payload: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    ear = ScriptedEar()
    assert await dispatched(payload, ear) == 200
    assert not ear.heard
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.faults
async def test_a_fault_of_ours_is_logged_whole_and_not_acknowledged(caplog: pytest.LogCaptureFixture) -> None:
    ear = ScriptedEar()
    ear.faults = [ValueError("ours")]
    command = {"command": "/incident", "trigger_id": "1", "user_id": "U1", "channel_id": "C1", "text": "help"}
    assert await dispatched(command, ear) == 500
    assert "ours" in caplog.text


async def test_a_post_in_a_channel_of_60000_letters_is_asked_about_nowhere() -> None:
    event = {"type": "message", "subtype": "bot_message", "channel": "C" * 60_000, "ts": "1.0", "text": "down"}
    ear = ScriptedEar()
    assert await dispatched({"type": "event_callback", "event_id": "Ev1", "event": event}, ear) == 200
    assert not ear.heard
