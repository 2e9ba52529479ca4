"""What bots, apps and webhooks post in watched channels reaches the ear; all else is left alone and costs nothing."""

import asyncio
from typing import Any

import pytest

from adapters.sandbox.faults import FaultKind
from bot.alerts.post import Colour
from bot.card import Card
from bot.errors import TryLater
from bot.intents import Post as Say
from tests.slack.conftest import Stage

ANA_ID = "U0ANA0001"
FIRING: dict[str, Any] = {
    "color": "danger",
    "title": "[FIRING:2] InstanceDown (node critical)",
    "title_link": "http://am.example/#/alerts",
}
RESOLVED: dict[str, Any] = {
    "color": "good",
    "title": "[RESOLVED] InstanceDown (node critical)",
    "title_link": "http://am.example/#/alerts",
}


def alerts(stage: Stage) -> str:
    return stage.workspace.channel_named("alerts").id


async def fence(stage: Stage) -> None:
    """Wait until a post that is made now was brought, which comes after all that was delivered before."""
    stage.ear.watched.add("random")
    random = stage.workspace.channel_named("random").id
    await stage.workspace.invite(ANA_ID, random, stage.workspace.bot_user_id)
    for _ in range(2):
        before = len(stage.ear.posts)
        await stage.workspace.post_as_bot(random, name="Fence", text="fence")
        while stage.ear.posts[before:][-1:] == [] or stage.ear.posts[-1].author != "Fence":
            await stage.ear.until_posted(len(stage.ear.posts) + 1)
    stage.ear.posts = [post for post in stage.ear.posts if post.author != "Fence"]


async def test_a_webhooks_post_is_brought_to_the_ear(stage: Stage) -> None:
    said = await stage.workspace.post_as_bot(alerts(stage), name="Alertmanager", attachments=[FIRING])
    post = await stage.ear.until_posted()
    ref = f"{alerts(stage)}:{said['ts']}"
    assert (post.place.platform, post.place.channel, post.place.room) == ("slack", alerts(stage), "alerts")
    assert (post.place.message, post.place.reply, post.key) == (ref, False, f"slack:post:{ref}")
    assert (post.author, post.app, post.edited) == ("Alertmanager", said["app_id"], False)
    assert (post.title, post.colour) == (FIRING["title"], Colour.RED)
    assert post.addresses == ("http://am.example/#/alerts",)
    assert post.url.endswith(f"/archives/{alerts(stage)}/p{said['ts'].replace('.', '')}")
    assert abs((post.at - stage.workspace.now()).total_seconds()) < 1


async def test_an_apps_post_in_a_thread_is_a_reply(stage: Stage) -> None:
    parent = await stage.workspace.post(ANA_ID, alerts(stage), "anybody?")
    await stage.workspace.post_as_bot(
        alerts(stage), name="PagerDuty", text="Triggered", thread_ts=parent["ts"], as_app=True
    )
    post = await stage.ear.until_posted()
    assert (post.author, post.place.reply, post.text) == ("PagerDuty", True, "Triggered")


async def test_an_edit_is_brought_once_and_only_where_the_words_differ(stage: Stage) -> None:
    said = await stage.workspace.post_as_bot(alerts(stage), name="Alertmanager", attachments=[FIRING])
    first = await stage.ear.until_posted()
    await stage.workspace.edit_as_bot(alerts(stage), said["ts"], attachments=[FIRING])
    await stage.workspace.post(ANA_ID, alerts(stage), "I look", thread_ts=said["ts"])
    await stage.workspace.edit_as_bot(alerts(stage), said["ts"], attachments=[RESOLVED])
    second = await stage.ear.until_posted(2)
    assert second.edited
    assert second.place == first.place
    assert second.title == RESOLVED["title"]
    assert second.key.startswith(f"{first.key}:")
    await stage.workspace.redeliver()
    again = await stage.ear.until_posted(3)
    await fence(stage)
    assert again.key == second.key and len(stage.ear.posts) == 3


async def test_people_and_unwatched_channels_are_left_alone(stage: Stage) -> None:
    ops = (await stage.workspace.create_channel(ANA_ID, "ops")).id
    await stage.workspace.invite(ANA_ID, ops, stage.workspace.bot_user_id)
    await fence(stage)
    before = len(stage.methods())
    said = await stage.workspace.post(ANA_ID, alerts(stage), "[FIRING:1] the db is down")
    await stage.workspace.edit(ANA_ID, alerts(stage), said["ts"], text="[FIRING:2] the db is down")
    await stage.workspace.post(ANA_ID, alerts(stage), "down", thread_ts=said["ts"])
    await stage.workspace.delete(ANA_ID, alerts(stage), said["ts"])
    await fence(stage)
    assert stage.methods()[before:] == []
    for _ in range(3):
        await stage.workspace.post_as_bot(ops, name="Grafana", text="[FIRING:1] x")
    await stage.workspace.post_as_bot(alerts(stage), name="Grafana", text="[FIRING:1] x")
    await stage.ear.until_posted()
    await fence(stage)
    assert [post.place.room for post in stage.ear.posts] == ["alerts"]
    assert stage.methods()[before:].count("conversations.info") == 2


async def test_the_bots_own_posts_are_never_read(stage: Stage) -> None:
    stage.refs["channel"] = alerts(stage)
    ref = await stage.do(Say(card=Card(title="[FIRING:1] InstanceDown", text=("critical",))))
    assert ref is not None
    await stage.workspace.edit_as_bot(alerts(stage), ref.split(":")[1], text="[RESOLVED] InstanceDown")
    stage.workspace.bot_named("Our hook")["app_id"] = stage.workspace.app_id
    await stage.workspace.post_as_bot(alerts(stage), name="Our hook", text="[FIRING:1] InstanceDown")
    await fence(stage)
    assert stage.ear.posts == []


async def test_what_cannot_be_saved_is_not_acknowledged_and_comes_again(stage: Stage) -> None:
    stage.ear.faults = [TryLater("the database is gone")]
    stage.workspace.courier.ack_seconds, stage.workspace.courier.retry_delays = 0.2, (0.01,)
    said = await stage.workspace.post_as_bot(alerts(stage), name="Grafana", text="[FIRING:1] x")
    post = await stage.ear.until_posted()
    assert post.place.message.endswith(said["ts"])


async def test_the_name_is_asked_for_once_however_many_come_and_anew_only_where_slack_did_not_answer(
    stage: Stage,
) -> None:
    stage.fault(FaultKind.SERVER_ERROR, "conversations.info", times=1)
    stage.workspace.courier.ack_seconds, stage.workspace.courier.retry_delays = 0.2, (0.01, 0.01)
    for number in range(20):
        await stage.workspace.post_as_bot(alerts(stage), name="Grafana", text=f"[FIRING:1] {number}")
    await stage.ear.until_posted(20)
    assert {post.place.room for post in stage.ear.posts} == {"alerts"}
    assert stage.methods().count("conversations.info") <= 3


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.REFUSE])
async def test_a_channel_that_is_watched_by_its_id_needs_no_name(stage: Stage, kind: FaultKind) -> None:
    stage.ear.watched = {alerts(stage)}
    stage.fault(
        kind, "conversations.info", times=None, **({"error": "missing_scope"} if kind is FaultKind.REFUSE else {})
    )
    await stage.workspace.post_as_bot(alerts(stage), name="Grafana", text="[FIRING:1] x")
    assert (await stage.ear.until_posted()).place.room == ""


async def test_a_renamed_channel_is_known_by_its_new_name(stage: Stage) -> None:
    await stage.workspace.post_as_bot(alerts(stage), name="Grafana", text="one")
    await stage.ear.until_posted()
    channel = stage.workspace.channel_named("alerts")
    renamed = {"id": channel.id, "name": "alarms", "created": channel.created}
    stage.workspace.emit({"type": "channel_rename", "channel": renamed, "event_ts": "1.1"}, channel)
    stage.ear.watched = {"alarms"}
    await fence(stage)
    await stage.workspace.post_as_bot(channel.id, name="Grafana", text="two")
    async with asyncio.timeout(10):
        assert (await stage.ear.until_posted(2)).place.room == "alarms"
