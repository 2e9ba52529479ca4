"""Slack refuses what it refuses, in its own words: tokens, scopes, channels, members, names."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.slack.server import running
from adapters.sandbox.slack.workspace import SlackWorkspace

ANA, BO = "U0ANA0001", "U0BO00002"


@pytest.fixture
async def slack() -> AsyncIterator[SlackWorkspace]:
    workspace = SlackWorkspace(clock=SandboxClock(stands_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC)))
    async with running(workspace):
        yield workspace


@pytest.fixture
def client(slack: SlackWorkspace) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=f"{slack.base_url}/api/")


async def refusal(client: AsyncWebClient, method: str, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=arguments)
    return dict(caught.value.response.data)


async def test_a_call_without_a_token_is_not_authed(slack: SlackWorkspace) -> None:
    nobody = AsyncWebClient(base_url=f"{slack.base_url}/api/")
    assert (await refusal(nobody, "auth.test"))["error"] == "not_authed"


async def test_a_foreign_token_is_invalid_and_the_other_kind_is_not_allowed(slack: SlackWorkspace) -> None:
    base = f"{slack.base_url}/api/"
    assert (await refusal(AsyncWebClient("xoxb-1-2-3", base_url=base), "auth.test"))["error"] == "invalid_auth"
    app = AsyncWebClient(slack.app_token, base_url=base)
    assert (await refusal(app, "chat.postMessage"))["error"] == "not_allowed_token_type"
    bot = AsyncWebClient(slack.bot_token, base_url=base)
    assert (await refusal(bot, "apps.connections.open"))["error"] == "not_allowed_token_type"


async def test_auth_test_names_the_bot_and_its_scopes(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (slack.bot_user_id, slack.bot_id, slack.team_id)
    assert set(answer.headers["X-OAuth-Scopes"].split(",")) == slack.scopes


async def test_a_missing_scope_is_named_with_what_there_is(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    slack.scopes = {"chat:write", "channels:read"}
    answer = await refusal(client, "pins.add", channel="C1", timestamp="1.1")
    assert answer == {
        "ok": False,
        "error": "missing_scope",
        "needed": "pins:write",
        "provided": "channels:read,chat:write",
    }


async def test_the_scope_goes_by_the_kind_of_channel(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    private = await client.conversations_create(name="secret", is_private=True)
    slack.scopes = {"channels:history", "channels:read", "channels:manage"}
    answer = await refusal(client, "conversations.history", channel=private["channel"]["id"])
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:history")
    assert (await client.conversations_history(channel=slack.channel_named("alerts").id))["ok"]
    answer = await refusal(client, "conversations.list", types="public_channel,private_channel")
    assert answer["needed"] == "groups:read"
    assert (await refusal(client, "conversations.create", name="more", is_private=True))["needed"] == "groups:write"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("n" * 81, "invalid_name_maxlength"),
        ("Upper", "invalid_name_specials"),
        ("two words", "invalid_name_specials"),
        ("dot.ted", "invalid_name_specials"),
        ("#hash", "invalid_name_specials"),
        ("---", "invalid_name_punctuation"),
        ("!?", "invalid_name_punctuation"),
        ("general", "name_taken"),
    ],
)
async def test_a_bad_channel_name_is_refused(client: AsyncWebClient, name: str, error: str) -> None:
    assert (await refusal(client, "conversations.create", name=name))["error"] == error


async def test_names_of_eighty_and_of_other_alphabets_are_taken(client: AsyncWebClient) -> None:
    assert (await client.conversations_create(name="n" * 80))["channel"]["is_member"]
    assert (await client.conversations_create(name="störung_数据-7"))["channel"]["name"] == "störung_数据-7"


async def test_an_archived_channel_keeps_its_name(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    made = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    await client.conversations_archive(channel=made)
    assert (await refusal(client, "conversations.create", name="inc-1"))["error"] == "name_taken"
    assert (await refusal(client, "conversations.archive", channel=made))["error"] == "already_archived"
    assert (await refusal(client, "conversations.unarchive", channel=made))["error"] == "not_in_channel"
    slack.refuses_unarchive = False
    await client.conversations_unarchive(channel=made)
    assert not slack.channels[made].is_archived
    assert (await refusal(client, "conversations.unarchive", channel=made))["error"] == "not_archived"


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("chat.postMessage", {"text": "hi"}),
        ("conversations.invite", {"users": BO}),
        ("conversations.setTopic", {"topic": "t"}),
        ("conversations.rename", {"name": "other"}),
        ("pins.add", {"timestamp": "1.1"}),
        ("reactions.add", {"timestamp": "1.1", "name": "eyes"}),
        ("chat.update", {"ts": "1.1", "text": "hi"}),
    ],
)
async def test_nothing_is_done_in_an_archived_channel(
    client: AsyncWebClient, method: str, arguments: dict[str, Any]
) -> None:
    made = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    await client.conversations_archive(channel=made)
    assert (await refusal(client, method, channel=made, **arguments))["error"] == "is_archived"


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("conversations.history", {}),
        ("conversations.invite", {"users": BO}),
        ("conversations.setPurpose", {"purpose": "t"}),
        ("conversations.archive", {}),
        ("pins.add", {"timestamp": "1.1"}),
        ("pins.list", {}),
        ("reactions.add", {"timestamp": "1.1", "name": "eyes"}),
        ("chat.postEphemeral", {"user": ANA, "text": "psst"}),
    ],
)
async def test_a_stranger_to_a_channel_is_told_so(
    slack: SlackWorkspace, client: AsyncWebClient, method: str, arguments: dict[str, Any]
) -> None:
    outside = slack.channel_named("random").id
    assert (await refusal(client, method, channel=outside, **arguments))["error"] == "not_in_channel"
    assert (await refusal(client, method, channel="C0NOWHERE", **arguments))["error"] == "channel_not_found"


async def test_posting_where_one_is_no_member_needs_a_scope(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    assert (await client.chat_postMessage(channel="#random", text="hi"))["ok"]
    slack.scopes.discard("chat:write.public")
    assert (await refusal(client, "chat.postMessage", channel="random", text="hi"))["error"] == "not_in_channel"


async def test_a_private_channel_of_others_does_not_exist(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    theirs = await slack.create_channel(ANA, "hr", private=True)
    assert (await refusal(client, "conversations.info", channel=theirs.id))["error"] == "channel_not_found"
    assert (await refusal(client, "chat.postMessage", channel="#hr", text="x"))["error"] == "channel_not_found"
    listed = await client.conversations_list(types="private_channel")
    assert listed["channels"] == []
    await slack.invite(ANA, theirs.id, slack.bot_user_id)
    assert (await client.conversations_info(channel=theirs.id))["channel"]["is_private"]


async def test_invitations_fail_together_unless_forced(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    made = (await client.conversations_create(name="inc-1"))["channel"]["id"]

    async def invited(*users: str) -> Any:
        return (await refusal(client, "conversations.invite", channel=made, users=",".join(users)))["error"]

    assert await invited("U0NOBODY") == "user_not_found"
    assert await invited(slack.bot_user_id) == "cant_invite_self"
    assert await invited(*(f"U{n}" for n in range(101))) == "too_many_users"
    answer = await refusal(client, "conversations.invite", channel=made, users=f"{ANA},U0NOBODY")
    assert answer["errors"] == [{"user": "U0NOBODY", "ok": False, "error": "user_not_found"}]
    assert slack.channels[made].members == [slack.bot_user_id]
    forced = await client.conversations_invite(channel=made, users=[ANA, "U0NOBODY"], force=True)
    assert (forced["ok"], slack.channels[made].members) == (True, [slack.bot_user_id, ANA])
    assert await invited(ANA) == "already_in_channel"


async def test_members_come_and_go(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    random, general = slack.channel_named("random"), slack.channel_named("general")
    await client.conversations_join(channel=random.id)
    again = await client.conversations_join(channel=random.id)
    assert again["warning"] == "already_in_channel"
    await client.conversations_kick(channel=random.id, user=ANA)
    assert ANA not in random.members
    assert (await refusal(client, "conversations.kick", channel=random.id, user=ANA))["error"] == "not_in_channel"
    itself = {"channel": random.id, "user": slack.bot_user_id}
    assert (await refusal(client, "conversations.kick", **itself))["error"] == "cant_kick_self"
    await client.conversations_leave(channel=random.id)
    assert (await client.conversations_leave(channel=random.id))["not_in_channel"]
    await client.conversations_join(channel=general.id)
    assert (await refusal(client, "conversations.leave", channel=general.id))["error"] == "cant_leave_general"
    assert (await refusal(client, "conversations.archive", channel=general.id))["error"] == "cant_archive_general"


async def test_topic_and_purpose_hold_250_characters(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    incidents = slack.channel_named("incidents")
    await client.conversations_setTopic(channel=incidents.id, topic="t" * 250)
    await client.conversations_setPurpose(channel=incidents.id, purpose="why")
    assert (incidents.topic, incidents.purpose) == ("t" * 250, "why")
    for method, name in (("conversations.setTopic", "topic"), ("conversations.setPurpose", "purpose")):
        assert (await refusal(client, method, channel=incidents.id, **{name: "t" * 251}))["error"] == "too_long"
    assert [m["subtype"] for m in incidents.messages] == ["channel_topic", "channel_purpose"]


async def test_only_its_creator_renames_a_channel(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    alerts = slack.channel_named("alerts").id
    assert (await refusal(client, "conversations.rename", channel=alerts, name="x"))["error"] == "not_authorized"
    made = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    renamed = await client.conversations_rename(channel=made, name="inc-1-database")
    assert renamed["channel"]["previous_names"] == ["inc-1"]
    assert slack.channel_named("inc-1-database").id == made


async def test_what_cannot_be_read_is_answered_and_never_a_500(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    channel = slack.channel_named("alerts").id
    assert (await refusal(client, "no.such.method"))["error"] == "unknown_method"
    assert (await refusal(client, "conversations.info"))["error"] == "invalid_arguments"
    assert (await refusal(client, "conversations.info", channel={"a": 1}))["error"] == "invalid_arguments"
    assert (await refusal(client, "conversations.list", limit="lots"))["error"] == "invalid_limit"
    assert (await refusal(client, "conversations.list", cursor="%%"))["error"] == "invalid_cursor"
    assert (await refusal(client, "conversations.list", types="attic"))["error"] == "invalid_types"
    assert (await refusal(client, "conversations.history", channel=channel, oldest="x"))["error"] == "invalid_ts_oldest"
    assert (await refusal(client, "views.open", view="{", trigger_id="1"))["error"] == "invalid_arguments"
    wrong = {"channel": channel, "text": "x"}
    for name, value, error in (
        ("blocks", "{not json", "invalid_blocks_format"),
        ("blocks", {"type": "section"}, "invalid_blocks_format"),
        ("attachments", [1], "invalid_attachments"),
        ("metadata", {"event_type": "x"}, "invalid_metadata_format"),
    ):
        assert (await refusal(client, "chat.postMessage", **wrong, **{name: value}))["error"] == error


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        ("application/json", b"{", "invalid_json"),
        ("application/json", b"\xff", "invalid_json"),
        ("application/json", b"[" * 100_000, "invalid_json"),
        ("application/json", b"[]", "json_not_object"),
        ("application/x-www-form-urlencoded; charset=nope", b"a=b", "invalid_charset"),
        ("multipart/form-data", b"no boundary", "invalid_form_data"),
        ("text/plain", b"text", "invalid_post_type"),
    ],
)
async def test_a_body_that_cannot_be_read_is_named(slack: SlackWorkspace, kind: str, body: bytes, error: str) -> None:
    headers = {"Content-Type": kind, "Authorization": f"Bearer {slack.bot_token}"}
    url = f"{slack.base_url}/api/auth.test"
    async with ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        assert (answer.status, (await answer.json())["error"]) == (200, error)


async def test_arguments_may_come_in_the_query_in_a_form_and_by_get(slack: SlackWorkspace) -> None:
    url = f"{slack.base_url}/api/conversations.info"
    channel = slack.channel_named("alerts").id
    async with ClientSession() as session:
        for call in (
            session.get(url, params={"channel": channel, "token": slack.bot_token}),
            session.post(url, params={"channel": channel}, data={"token": slack.bot_token}),
            session.post(url, params={"token": slack.bot_token}, json={"channel": channel}),
        ):
            async with call as answer:
                assert (await answer.json())["channel"]["name"] == "alerts"


async def test_people_are_looked_up(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    assert (await client.users_info(user=ANA))["user"]["tz"] == "Europe/Madrid"
    assert (await client.users_lookupByEmail(email="BO@example.com"))["user"]["id"] == BO
    assert (await refusal(client, "users.info", user="U0NOBODY"))["error"] == "user_not_found"
    assert (await refusal(client, "users.lookupByEmail", email="x@example.com"))["error"] == "users_not_found"
    slack.scopes.discard("users:read.email")
    assert "email" not in (await client.users_info(user=ANA))["user"]["profile"]
    assert (await client.bots_info(bot=slack.bot_id))["bot"]["user_id"] == slack.bot_user_id
    assert (await client.team_info())["team"]["id"] == slack.team_id
    assert (await client.usergroups_list())["usergroups"] == []


async def test_direct_messages_open_once(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    opened = await client.conversations_open(users=[ANA])
    again = await client.conversations_open(users=ANA, return_im=True)
    assert (again["channel"]["id"], again["already_open"]) == (opened["channel"]["id"], True)
    posted = await client.chat_postMessage(channel=ANA, text="for you")
    assert posted["channel"] == opened["channel"]["id"]
    group = await client.conversations_open(users=[ANA, BO])
    assert slack.channels[group["channel"]["id"]].is_mpim
    assert (await refusal(client, "conversations.open", users="U0NOBODY"))["error"] == "user_not_found"
    many = ",".join(f"{ANA}{n}" for n in range(9))
    assert (await refusal(client, "conversations.open", users=many))["error"] == "user_not_found"


async def test_listings_come_in_pages(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    for number in range(7):
        await client.conversations_create(name=f"inc-{number}")
    await client.conversations_archive(channel=slack.channel_named("inc-3").id)
    names: list[str] = []
    async for page in await client.conversations_list(limit=3, exclude_archived=True):
        assert len(page["channels"]) <= 3
        names += [channel["name"] for channel in page["channels"]]
    assert names == ["general", "incidents", "alerts", "random", *(f"inc-{n}" for n in (0, 1, 2, 4, 5, 6))]
    mine = await client.users_conversations(exclude_archived=True, limit=2)
    assert [channel["name"] for channel in mine["channels"]] == ["incidents", "alerts"]
    members = await client.conversations_members(channel=slack.channel_named("general").id, limit=4)
    assert (len(members["members"]), bool(members["response_metadata"]["next_cursor"])) == (4, True)
    assert len((await client.users_list(limit=3))["members"]) == 3


async def test_only_this_machine_is_served() -> None:
    with pytest.raises(ValueError, match="loopback"):
        async with running(SlackWorkspace(), host="0.0.0.0"):  # noqa: S104 - it is refused
            pass


async def test_the_book_of_calls_holds_every_call_and_no_token(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    await client.auth_test(token=slack.bot_token)
    await client.api_call("auth.test", params={"token": slack.bot_token})
    await refusal(client, "pins.list", channel="C0NOWHERE")
    assert [(c.method, c.outcome) for c in slack.calls.of("slack")] == [
        ("auth.test", "ok"),
        ("auth.test", "ok"),
        ("pins.list", "channel_not_found"),
    ]
    assert slack.bot_token not in str(slack.calls.calls)
