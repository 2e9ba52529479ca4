"""Messages: kept, threaded, found again by their metadata, changed, deleted, pinned, reacted to, with files."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.sandbox.slack.workspace import SlackWorkspace
from tests.sandbox.test_slack_methods import ANA, BO, client, refusal, slack

__all__ = ["client", "slack"]
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"}
ACTIONS = [{"type": "actions", "elements": [BUTTON]}]


@pytest.fixture
def alerts(slack: SlackWorkspace) -> str:
    return slack.channel_named("alerts").id


async def test_stamps_rise_while_the_clock_stands(client: AsyncWebClient, alerts: str) -> None:
    stamps = [(await client.chat_postMessage(channel=alerts, text=str(n)))["ts"] for n in range(20)]
    assert stamps == sorted(set(stamps))
    assert {len(stamp) for stamp in stamps} == {17}


async def test_a_message_is_found_again_by_its_metadata(client: AsyncWebClient, alerts: str) -> None:
    mark = {"event_type": "tocsin", "event_payload": {"key": "42"}}
    posted = await client.chat_postMessage(channel=alerts, text="a <b> & c", metadata=mark)
    before = str(float(posted["ts"]) - 1)
    found = await client.conversations_history(channel=alerts, oldest=before, include_all_metadata=True)
    assert [(m["metadata"], m["text"]) for m in found["messages"]] == [(mark, "a <b> & c")]
    plain = await client.conversations_history(channel=alerts)
    assert "metadata" not in plain["messages"][0]


async def test_history_is_cut_by_time_and_by_page(client: AsyncWebClient, alerts: str) -> None:
    stamps = [(await client.chat_postMessage(channel=alerts, text=str(n)))["ts"] for n in range(6)]

    async def texts(**cut: Any) -> list[str]:
        return [m["text"] for m in (await client.conversations_history(channel=alerts, **cut))["messages"]]

    assert await texts() == ["5", "4", "3", "2", "1", "0"]
    assert await texts(oldest=stamps[1], latest=stamps[4]) == ["3", "2"]
    assert await texts(oldest=stamps[1], latest=stamps[4], inclusive=True) == ["4", "3", "2", "1"]
    pages = [page["messages"] async for page in await client.conversations_history(channel=alerts, limit=4)]
    assert [len(page) for page in pages] == [4, 2]


async def test_replies_stay_in_their_thread_unless_broadcast(
    slack: SlackWorkspace, client: AsyncWebClient, alerts: str
) -> None:
    parent = (await client.chat_postMessage(channel=alerts, text="parent"))["ts"]
    first = (await client.chat_postMessage(channel=alerts, text="first", thread_ts=parent))["ts"]
    await client.chat_postMessage(channel=alerts, text="loud", thread_ts=first, reply_broadcast=True)
    await slack.post(ANA, alerts, "mine", thread_ts=parent)
    thread = (await client.conversations_replies(channel=alerts, ts=parent))["messages"]
    assert [m["text"] for m in thread] == ["parent", "first", "loud", "mine"]
    assert (thread[0]["reply_count"], thread[0]["reply_users"]) == (3, [slack.bot_user_id, ANA])
    history = (await client.conversations_history(channel=alerts))["messages"]
    assert [m["text"] for m in history] == ["loud", "parent"]
    assert [m["text"] for m in slack.messages(alerts)] == ["parent", "first", "loud", "mine"]
    nowhere = {"channel": alerts, "text": "x", "thread_ts": "1.1"}
    assert (await refusal(client, "chat.postMessage", **nowhere))["error"] == "thread_not_found"
    assert (await refusal(client, "conversations.replies", channel=alerts, ts="1.1"))["error"] == "thread_not_found"


async def test_an_update_keeps_what_it_does_not_name(client: AsyncWebClient, alerts: str) -> None:
    mark = {"event_type": "t", "event_payload": {}}
    ts = (await client.chat_postMessage(channel=alerts, text="old", blocks=ACTIONS, metadata=mark))["ts"]
    message = (await client.chat_update(channel=alerts, ts=ts, text="new"))["message"]
    assert (message["text"], message["blocks"][0]["type"], message["metadata"]) == ("new", "actions", mark)
    assert message["edited"]["user"]
    bare = (await client.chat_update(channel=alerts, ts=ts, text="newer", blocks=[]))["message"]
    assert "blocks" not in bare


async def test_only_ones_own_messages_are_changed(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    theirs = (await slack.post(ANA, alerts, "hers"))["ts"]
    alert = (await slack.post_as_bot(alerts, name="Grafana", text="[FIRING]"))["ts"]
    for ts in (theirs, alert):
        assert (await refusal(client, "chat.update", channel=alerts, ts=ts, text="x"))["error"] == "cant_update_message"
        assert (await refusal(client, "chat.delete", channel=alerts, ts=ts))["error"] == "cant_delete_message"
    assert (await refusal(client, "chat.update", channel=alerts, ts="1.1", text="x"))["error"] == "message_not_found"
    assert (await refusal(client, "chat.delete", channel=alerts, ts="1.1"))["error"] == "message_not_found"


async def test_a_deleted_parent_leaves_a_tombstone(client: AsyncWebClient, slack: SlackWorkspace, alerts: str) -> None:
    lone = (await client.chat_postMessage(channel=alerts, text="lone"))["ts"]
    parent = (await client.chat_postMessage(channel=alerts, text="parent"))["ts"]
    await client.chat_postMessage(channel=alerts, text="reply", thread_ts=parent)
    await client.chat_delete(channel=alerts, ts=lone)
    await client.chat_delete(channel=alerts, ts=parent)
    assert [m.get("subtype") for m in slack.messages(alerts)] == ["tombstone", None]
    assert (await refusal(client, "chat.update", channel=alerts, ts=parent, text="x"))["error"] == "message_not_found"


async def test_another_name_needs_its_scope(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    posted = await client.chat_postMessage(channel=alerts, text="x", username="Bridge", icon_emoji=":fire:")
    assert (posted["message"]["username"], posted["message"]["icons"]) == ("Bridge", {"emoji": ":fire:"})
    slack.scopes.discard("chat:write.customize")
    disguised = {"channel": alerts, "text": "x", "username": "Bridge"}
    assert (await refusal(client, "chat.postMessage", **disguised))["needed"] == "chat:write.customize"


async def test_an_ephemeral_is_seen_by_one(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    shown = await client.chat_postEphemeral(channel=alerts, user=ANA, text="psst")
    assert [m["ts"] for m in slack.ephemerals(ANA)] == [shown["message_ts"]]
    assert [m["text"] for m in slack.messages(alerts, viewer=ANA)] == ["psst"]
    assert slack.messages(alerts, viewer=BO) == slack.ephemerals(BO) == []
    assert (await client.conversations_history(channel=alerts))["messages"] == []
    at = {"channel": alerts, "ts": shown["message_ts"]}
    assert (await refusal(client, "chat.update", **at, text="x"))["error"] == "message_not_found"
    await slack.leave(BO, alerts)
    outsider = {"channel": alerts, "user": BO, "text": "x"}
    assert (await refusal(client, "chat.postEphemeral", **outsider))["error"] == "user_not_in_channel"


async def test_a_permalink_names_channel_message_and_thread(client: AsyncWebClient, alerts: str) -> None:
    parent = (await client.chat_postMessage(channel=alerts, text="p"))["ts"]
    reply = (await client.chat_postMessage(channel=alerts, text="r", thread_ts=parent))["ts"]
    link = (await client.chat_getPermalink(channel=alerts, message_ts=reply))["permalink"]
    assert f"/archives/{alerts}/p{reply.replace('.', '')}?thread_ts={parent}&cid={alerts}" in link
    gone = {"channel": alerts, "message_ts": "1.1"}
    assert (await refusal(client, "chat.getPermalink", **gone))["error"] == "message_not_found"


async def test_pins(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    ts = (await client.chat_postMessage(channel=alerts, text="board"))["ts"]
    await client.pins_add(channel=alerts, timestamp=ts)
    await client.chat_update(channel=alerts, ts=ts, text="board, newer")
    (item,) = (await client.pins_list(channel=alerts))["items"]
    assert (item["message"]["text"], item["created_by"]) == ("board, newer", slack.bot_user_id)
    assert slack.messages(alerts)[-1]["subtype"] == "pinned_item"
    at = {"channel": alerts, "timestamp": ts}
    assert (await refusal(client, "pins.add", **at))["error"] == "already_pinned"
    await client.pins_remove(channel=alerts, timestamp=ts)
    assert (await refusal(client, "pins.remove", **at))["error"] == "no_pin"
    assert (await refusal(client, "pins.add", channel=alerts, timestamp="1.1"))["error"] == "message_not_found"


async def test_a_channel_holds_a_hundred_pins(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    for number in range(100):
        await slack.pin(ANA, alerts, (await slack.post(ANA, alerts, str(number)))["ts"])
    one_more = (await client.chat_postMessage(channel=alerts, text="x"))["ts"]
    assert (await refusal(client, "pins.add", channel=alerts, timestamp=one_more))["error"] == "too_many_pins"


async def test_bookmarks(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    link = {"channel_id": alerts, "title": "Runbook", "type": "link", "link": "https://example.com/r"}
    made = (await client.bookmarks_add(**link))["bookmark"]
    await client.bookmarks_edit(channel_id=alerts, bookmark_id=made["id"], title="Book")
    listed = (await client.bookmarks_list(channel_id=alerts))["bookmarks"]
    assert [(b["title"], b["link"]) for b in listed] == [("Book", "https://example.com/r")]
    await client.bookmarks_remove(channel_id=alerts, bookmark_id=made["id"])
    gone = {"channel_id": alerts, "bookmark_id": made["id"]}
    assert (await refusal(client, "bookmarks.remove", **gone))["error"] == "not_found"
    for wrong, error in (({"type": "file"}, "invalid_bookmark_type"), ({"link": "ftp:x"}, "invalid_link")):
        assert (await refusal(client, "bookmarks.add", **{**link, **wrong}))["error"] == error
    for _ in range(100):
        await client.bookmarks_add(**link)
    assert (await refusal(client, "bookmarks.add", **link))["error"] == "too_many_bookmarks"


async def test_reactions(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    ts = (await client.chat_postMessage(channel=alerts, text="x"))["ts"]
    at = {"channel": alerts, "timestamp": ts}
    await client.reactions_add(**at, name="eyes")
    await slack.react(ANA, alerts, ts, ":eyes:")
    (reaction,) = (await client.reactions_get(**at))["message"]["reactions"]
    assert reaction == {"name": "eyes", "users": [slack.bot_user_id, ANA], "count": 2}
    assert (await refusal(client, "reactions.add", **at, name="eyes"))["error"] == "already_reacted"
    assert (await refusal(client, "reactions.remove", **at, name="fire"))["error"] == "no_reaction"
    assert (await refusal(client, "reactions.add", **at, name="No Such"))["error"] == "invalid_name"
    await client.reactions_remove(**at, name="eyes")
    await slack.unreact(ANA, alerts, ts, "eyes")
    assert "reactions" not in (await client.reactions_get(**at))["message"]


async def test_a_file_is_uploaded_and_shared(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    shared = await client.files_upload_v2(
        channel=alerts, content="one,two", filename="t.csv", title="Timeline", initial_comment="here"
    )
    (message,) = slack.messages(alerts)
    assert (message["subtype"], message["text"], message["files"][0]["title"]) == ("file_share", "here", "Timeline")
    file = slack.files[shared["file"]["id"]]
    assert (file.content, file.wire["filetype"]) == (b"one,two", "csv")
    ghost = {"files": [{"id": "F0"}], "channel_id": alerts}
    assert (await refusal(client, "files.completeUploadExternal", **ghost))["error"] == "file_not_found"


async def uploaded(client: AsyncWebClient, text: bytes = b"words", name: str = "a.md") -> str:
    """The id of a file that is there and not shared yet."""
    given = await client.files_getUploadURLExternal(filename=name, length=len(text))
    async with ClientSession() as session, session.post(given["upload_url"], data=text) as answer:
        assert (answer.status, await answer.text()) == (200, f"OK - {len(text)}")
    return str(given["file_id"])


async def test_a_file_is_shared_once_with_blocks_beside_it(
    slack: SlackWorkspace, client: AsyncWebClient, alerts: str
) -> None:
    beside = [{"type": "section", "block_id": "mark", "text": {"type": "plain_text", "text": "A draft"}}]
    file = {"id": await uploaded(client), "title": "Draft"}
    share: dict[str, Any] = {"files": [file], "channel_id": alerts, "blocks": json.dumps(beside)}
    answer = await client.files_completeUploadExternal(**share)
    assert answer["files"] == [file]
    (message,) = (await client.conversations_history(channel=alerts))["messages"]
    assert [block["block_id"] for block in message["blocks"]] == ["mark"]
    (shown,) = message["files"]
    assert (shown["mimetype"], shown["preview"], shown["lines"]) == ("text/markdown", "words", 1)
    refused = await refusal(client, "files.completeUploadExternal", **share | {"files": json.dumps([file])})
    assert refused["error"] == "file_not_found"
    assert len(slack.messages(alerts)) == 1


async def test_a_comment_takes_the_place_of_blocks_and_markdown_blocks_are_refused(
    slack: SlackWorkspace, client: AsyncWebClient, alerts: str
) -> None:
    share: dict[str, Any] = {"channel_id": alerts, "files": json.dumps([{"id": await uploaded(client)}])}
    markdown = json.dumps([{"type": "markdown", "text": "x"}])
    refused = await refusal(client, "files.completeUploadExternal", blocks=markdown, **share)
    assert refused["error"] == "internal_error"
    await client.api_call(
        "files.completeUploadExternal", params=share | {"blocks": markdown, "initial_comment": "here"}
    )
    (message,) = slack.messages(alerts)
    assert (message["text"], "blocks" in message) == ("here", False)


async def test_a_file_may_be_shown_later_than_it_was_taken(
    slack: SlackWorkspace, client: AsyncWebClient, alerts: str
) -> None:
    slack.sharing, seen = 0.05, asyncio.Event()
    slack.on_change.append(lambda reason: seen.set() if reason == "message posted" else None)
    await client.files_completeUploadExternal(files=[{"id": await uploaded(client), "title": "x"}], channel_id=alerts)
    assert slack.messages(alerts) == []
    await asyncio.wait_for(seen.wait(), 5)
    assert len(slack.messages(alerts)) == 1


async def test_what_a_person_types_is_put_as_slack_puts_it(slack: SlackWorkspace, alerts: str) -> None:
    said = await slack.post(ANA, alerts, "@bo: a<b & c in #random, see https://example.com/x. @here <@U0BO00002> a@b.c")
    assert said["text"] == (
        f"<@{BO}>: a&lt;b &amp; c in <#{slack.channel_named('random').id}|random>, "
        f"see <https://example.com/x>. <!here> <@{BO}> a@b.c"
    )


async def test_every_change_is_told_to_who_watches(slack: SlackWorkspace, client: AsyncWebClient, alerts: str) -> None:
    told: list[str] = []
    slack.on_change.append(told.append)
    ts = (await client.chat_postMessage(channel=alerts, text="x"))["ts"]
    await client.pins_add(channel=alerts, timestamp=ts)
    await client.chat_delete(channel=alerts, ts=ts)
    assert told[0] == "message posted"
    assert {"pin_added", "message deleted"} <= set(told)
