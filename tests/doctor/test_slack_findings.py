"""Each way in which Slack is set up wrong, and what the doctor says of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.sandbox.faults import Fault, FaultKind
from adapters.sandbox.slack.server import running
from adapters.sandbox.slack.workspace import SlackWorkspace
from adapters.slack.checks import NEEDED, examine
from adapters.slack.settings import SlackSettings
from bot.doctor import Finding
from bot.people import Person
from tests.doctor.seen import amiss, seen
from tests.slack.conftest import settings

BOT, APP = "xoxb-1-2-abc", "xapp-1-A0TOCSIN1-3-abc"
Spoil = Callable[[SlackWorkspace], Any]


class Now:
    """The machine's clock, so much ahead."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def found(workspace: SlackWorkspace, *, http: bool = False, changes: Any = (), **more: Any) -> list[Finding]:
    async with running(workspace) as url:
        made = settings(workspace, url, http=http).model_dump() | dict(changes)
        return await examine(SlackSettings.model_validate(made), **({"clock": Now()} | more))


def refused(method: str, error: str) -> Spoil:
    return lambda workspace: workspace.faults.add(Fault(kind=FaultKind.REFUSE, method=method, error=error, times=2))


def of_another_app(workspace: SlackWorkspace) -> None:
    workspace.app_token = workspace.app_token.replace(workspace.app_id, "A0ANOTHER1")


def archived(workspace: SlackWorkspace) -> None:
    workspace.channel_named("incidents").is_archived = True


def in_an_organisation(workspace: SlackWorkspace) -> None:
    workspace.org_install = True


def nothing(workspace: SlackWorkspace) -> None:
    """The workspace is as it should be."""


async def test_a_healthy_set_up_shows_none_of_them(workspace: SlackWorkspace) -> None:
    ana = Person(key="ana", name="Ana", handles={"slack": "U0ANA0001"})
    assert amiss(await found(workspace, people=[ana], watched=["alerts"], public_url="")) == {}
    workspace.signing_secret = "0123456789abcdef0123456789abcdef"
    assert amiss(await found(workspace, http=True, public_url="https://tocsin.example")) == {}


@pytest.mark.parametrize(
    ("name", "spoil", "changes", "mend"),
    [
        ("slack.no-way-in", nothing, {"slack_app_token": ""}, "Connect a real Slack"),
        ("slack.no-bot-token", nothing, {"slack_bot_token": ""}, "Connect a real Slack"),
        ("slack.tokens-swapped", nothing, {"slack_bot_token": APP, "slack_app_token": BOT}, "Swap SLACK_BOT_TOKEN"),
        ("slack.token-kind", nothing, {"slack_bot_token": "xoxp-1-2"}, "starts with xoxb-"),
        ("slack.token-kind", nothing, {"slack_app_token": "A0TOCSIN1"}, "starts with xapp-"),
        ("slack.token-unknown", nothing, {"slack_bot_token": "xoxb-wrong"}, "OAuth & Permissions"),
        ("slack.token-revoked", refused("auth.test", "token_revoked"), {}, "Reinstall the app"),
        ("slack.token-revoked", refused("auth.test", "account_inactive"), {}, "Reinstall the app"),
        ("slack.token-expired", refused("auth.test", "token_expired"), {}, "token rotation off"),
        ("slack.unreachable", nothing, {"slack_api_url": "http://127.0.0.1:9/api/"}, "SLACK_API_URL"),
        ("slack.app-token", nothing, {"slack_app_token": "xapp-1-A0TOCSIN1-3-wrong"}, "App-Level Tokens"),
        ("slack.app-token-scope", refused("apps.connections.open", "missing_scope"), {}, "connections:write"),
        ("slack.organisation", in_an_organisation, {}, "Install it in the one workspace"),
        ("slack.apps-differ", of_another_app, {}, "api.slack.com/apps/A0TOCSIN1"),
        ("slack.channel-missing", nothing, {"announce_channel": "nowhere"}, "Make #nowhere"),
        ("slack.channel-archived", archived, {}, "Unarchive it"),
        ("slack.channel-unseen", refused("conversations.info", "channel_not_found"), {}, "ANNOUNCE_CHANNEL"),
        ("slack.not-in-channel", nothing, {"announce_channel": "random"}, "/invite @Tocsin"),
        ("slack.silent", refused("conversations.info", "internal_error"), {}, "Ask again later"),
    ],
)
async def test_what_is_wrong_is_named_with_its_mend(
    workspace: SlackWorkspace, name: str, spoil: Spoil, changes: dict[str, str], mend: str
) -> None:
    spoil(workspace)
    told = await found(workspace, changes=changes)
    seen(told, name, mend)
    assert not any(token in str(told) for token in (workspace.bot_token, workspace.app_token, APP, BOT))


@pytest.mark.parametrize("scope", NEEDED)
async def test_each_scope_that_is_missing_is_named_with_what_it_is_for(workspace: SlackWorkspace, scope: str) -> None:
    workspace.scopes -= {scope}
    told = seen(await found(workspace), "slack.scopes", "reinstall the app")
    assert f"Missing: {scope} (without {scope} it cannot {NEEDED[scope]})." == told.says


async def test_one_lost_answer_is_no_finding(workspace: SlackWorkspace) -> None:
    workspace.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="auth.test"))
    assert amiss(await found(workspace)) == {}


async def test_scopes_that_slack_does_not_tell_are_a_doubt(workspace: SlackWorkspace) -> None:
    workspace.scopes.clear()
    seen(await found(workspace), "slack.scopes-untold", "manifest.yaml")


async def test_http_mode_without_a_right_signing_secret_or_an_address(workspace: SlackWorkspace) -> None:
    told = await found(workspace, http=True, changes={"slack_signing_secret": "a-verification-token"}, public_url="")
    seen(told, "slack.signing-secret", "not the Client Secret")
    seen(told, "slack.no-address", "Set PUBLIC_URL")


async def test_a_clock_that_is_off_is_told(workspace: SlackWorkspace) -> None:
    told = await found(workspace, clock=Now(timedelta(minutes=9)))
    assert "9 minutes off" in seen(told, "slack.clock", "NTP").says
    assert "slack.clock" not in amiss(await found(workspace, clock=Now(timedelta(minutes=-3))))


async def test_an_alert_channel_without_the_bot(workspace: SlackWorkspace) -> None:
    seen(await found(workspace, watched=["random"]), "slack.not-in-alert-channel", "/invite @Tocsin in #random")


async def test_an_archived_channel_that_is_named_by_its_id(workspace: SlackWorkspace) -> None:
    archived(workspace)
    told = await found(workspace, changes={"announce_channel": workspace.channel_named("incidents").id})
    seen(told, "slack.channel-archived", "Unarchive it")


async def test_people_whom_slack_does_not_know_or_who_left(workspace: SlackWorkspace) -> None:
    workspace.users["U0BO00002"]["deleted"] = True
    people = [
        Person(key=key, name=key, handles={"slack": id}) for key, id in (("zoe", "U0NOBODY9"), ("bo", "U0BO00002"))
    ]
    told = await found(workspace, people=people)
    assert seen(told, "slack.person-unknown", "Copy member ID").what == "Slack person zoe"
    assert seen(told, "slack.person-gone", "rotations").what == "Slack person bo"
