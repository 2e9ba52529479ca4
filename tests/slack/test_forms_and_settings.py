"""Forms become modals and come back as answers; settings say how Slack is reached; emoji and errors are translated."""

from datetime import timedelta

import pytest
from pydantic import SecretStr, ValidationError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import emojis, limits
from adapters.slack.errors import from_answer, from_slack
from adapters.slack.forms import answers, view
from adapters.slack.payloads import State
from adapters.slack.settings import Mode, SlackSettings
from bot.errors import Refused, TryLater
from bot.forms import Ask, Form, FormField

FORM = Form(
    title="Post an update",
    does="#42 update",
    fields=(
        FormField(name="text", label="What is new?", ask=Ask.PARAGRAPH, required=True, hint="h", initial="i" * 4_000),
        FormField(name="next", label="Next update in", initial="20m"),
        FormField(name="severity", label="Severity", ask=Ask.CHOICE, choices=(("sev1", "SEV1"), ("sev2", "SEV2"))),
    ),
)


def test_a_form_is_a_modal() -> None:
    made = view(FORM, channel="C0INC0001", message="C0INC0001:1.000100")
    assert made["private_metadata"] == '{"does":"#42 update","channel":"C0INC0001","message":"C0INC0001:1.000100"}'
    text, until, severity = made["blocks"]
    assert (text["block_id"], text["optional"], text["element"]["multiline"]) == ("text", False, True)
    assert text["element"]["max_length"] == limits.ANSWER
    assert text["element"]["initial_value"] == "i" * 2_999 + "…"
    assert until["element"]["initial_value"] == "20m"
    assert [option["value"] for option in severity["element"]["options"]] == ["sev1", "sev2"]
    assert "initial_option" not in severity["element"]


def test_answers_come_back_by_field() -> None:
    state = State.model_validate(
        {
            "values": {
                "text": {"answer": {"type": "plain_text_input", "value": "all <!channel>"}},
                "next": {"answer": {"type": "plain_text_input", "value": None}},
                "severity": {"answer": {"type": "static_select", "selected_option": {"value": "sev2", "text": {}}}},
            }
        }
    )
    assert answers(state) == {"text": "all <!channel>", "next": "", "severity": "sev2"}


def settings(**values: str) -> SlackSettings:
    nothing = {"slack_bot_token": "", "slack_app_token": "", "slack_signing_secret": ""}
    return SlackSettings.model_validate(nothing | values)


@pytest.mark.parametrize(
    ("values", "mode", "word"),
    [
        ({}, Mode.OFF, "SLACK_BOT_TOKEN is not set"),
        ({"slack_app_token": "xapp-1"}, Mode.OFF, "SLACK_BOT_TOKEN is missing"),
        ({"slack_bot_token": "xoxb-1"}, Mode.OFF, "SLACK_APP_TOKEN"),
        ({"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}, Mode.SOCKET, "Socket Mode"),
        ({"slack_bot_token": "xoxb-1", "slack_signing_secret": "s"}, Mode.HTTP, "/slack/events"),
        (
            {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s", "slack_app_token": "xapp-1"},
            Mode.SOCKET,
            "Socket Mode",
        ),
    ],
)
def test_the_tokens_say_how_slack_is_reached(values: dict[str, str], mode: Mode, word: str) -> None:
    made = settings(**values)
    assert made.mode is mode
    assert word in made.reason


def test_settings_hide_secrets_and_mend_addresses() -> None:
    made = settings(slack_bot_token="xoxb-secret", slack_api_url="http://127.0.0.1:1/api", announce_channel="#war")
    assert "xoxb-secret" not in repr(made)
    assert made.slack_bot_token == SecretStr("xoxb-secret")
    assert made.slack_api_url == "http://127.0.0.1:1/api/"
    assert made.announce_channel == "war"
    with pytest.raises(ValidationError, match="SLACK_API_URL"):
        settings(slack_api_url="slack.com")


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("white_check_mark", "✅"),
        ("eyes", "👀"),
        ("alarm_clock", "⏰"),
        ("raising_hand", "🙋"),
        ("no_bell", "🔕"),
        ("pushpin", "📌"),
        ("+1", "👍"),
        ("party_parrot", "party_parrot"),
    ],
)
def test_emoji_are_known_both_ways(name: str, character: str) -> None:
    assert emojis.character(name) == character
    assert emojis.name(character) == name


def test_skin_tones_are_dropped() -> None:
    assert emojis.character("raising_hand::skin-tone-4") == "🙋"
    assert emojis.character("man-raising-hand::skin-tone-2") == "🙋‍♂️"


def slack_error(status: int, data: object, headers: dict[str, str] | None = None) -> SlackApiError:
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,  # type: ignore[arg-type]  # what the SDK hands on is not always a dictionary
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("no", response)  # type: ignore[no-untyped-call]


def test_a_rate_limit_says_when_to_come_again() -> None:
    error = from_slack(slack_error(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"}))
    assert isinstance(error, TryLater)
    assert (error.after, error.maybe_done) == (timedelta(seconds=7), False)


@pytest.mark.parametrize("data", [{}, "Internal Server Error", {"ok": False, "error": "internal_error"}])
def test_a_server_error_may_have_had_its_effect(data: object) -> None:
    error = from_slack(slack_error(500, data))
    assert isinstance(error, TryLater)
    assert error.maybe_done


@pytest.mark.parametrize("word", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"])
def test_slacks_own_failures_may_have_had_their_effect(word: str) -> None:
    error = from_answer(200, word, {})
    assert isinstance(error, TryLater)
    assert error.maybe_done


def test_a_plain_no_is_refused() -> None:
    error = from_answer(200, "channel_not_found", {})
    assert isinstance(error, Refused)
    assert error.why == "channel_not_found"


def test_a_spoilt_token_keeps_what_is_owed() -> None:
    error = from_answer(200, "invalid_auth", {})
    assert isinstance(error, TryLater)
    assert error.unreachable
