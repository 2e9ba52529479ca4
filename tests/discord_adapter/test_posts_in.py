"""What other bots and webhooks post in watched channels reaches the ear; all else is left alone and costs nothing."""

from types import SimpleNamespace
from typing import Any

from adapters.discord.watch import Watch
from adapters.sandbox.people import PEOPLE
from bot.alerts.post import Colour
from bot.card import Card
from bot.errors import TryLater
from bot.intents import Post as Say
from tests.discord_adapter.conftest import ScriptedEar, Stage

ANA = PEOPLE[0].discord_id
FIRING: dict[str, Any] = {
    "title": "[FIRING:1] InstanceDown (node critical)",
    "url": "http://am.example/#/alerts",
    "description": "Labels:\n - severity = critical\nSource: [the rule](https://prom.example/graph)",
    "color": 0x992D22,
}
RESOLVED: dict[str, Any] = {"title": "[RESOLVED] InstanceDown (node critical)", "color": 0x2ECC71}


async def fence(stage: Stage) -> None:
    """Wait until something that happens now was heard, which comes after all that was delivered before."""
    before = len(stage.ear.posts)
    watched, stage.ear.watched = stage.ear.watched, stage.ear.watched | {"random"}
    await stage.guild.post_as_webhook(stage.named("random"), name="Fence", content="fence")
    await stage.ear.until_posted(before + 1)
    assert stage.ear.posts.pop().text == "fence"
    stage.ear.watched = watched


async def test_a_webhooks_post_is_brought_to_the_ear(stage: Stage) -> None:
    said = await stage.guild.post_as_webhook(stage.named("alerts"), name="Alertmanager", embeds=[FIRING])
    post = await stage.ear.until_posted()
    ref = f"{said['channel_id']}:{said['id']}"
    assert (post.place.platform, post.place.channel, post.place.room) == ("discord", said["channel_id"], "alerts")
    assert (post.place.message, post.place.reply, post.key) == (ref, False, f"discord:post:{ref}")
    assert (post.author, post.app, post.edited) == ("Alertmanager", said["webhook_id"], False)
    assert (post.title, post.colour, post.at) == (FIRING["title"], Colour.RED, stage.clock.now())
    assert post.parts[0].text.endswith("Source: the rule (https://prom.example/graph)")
    assert post.addresses == ("http://am.example/#/alerts", "https://prom.example/graph")
    assert post.url == f"https://discord.com/channels/{stage.guild.guild_id}/{said['channel_id']}/{said['id']}"


async def test_a_bots_own_reply_is_one(stage: Stage) -> None:
    alerts = stage.named("alerts")
    first = await stage.guild.post_as_webhook(alerts, name="PagerDuty", content="Triggered", as_app=True)
    await stage.guild.post_as_webhook(alerts, name="PagerDuty", content="Still", reply_to=first["id"])
    post = await stage.ear.until_posted(2)
    assert [one.place.reply for one in stage.ear.posts] == [False, True]
    assert (post.text, post.app) == ("Still", first["application_id"])


async def test_what_stands_in_a_thread_belongs_to_the_channel_that_it_hangs_on(stage: Stage) -> None:
    alerts = stage.named("alerts")
    first = await stage.guild.post_as_webhook(alerts, name="Grafana", embeds=[FIRING])
    thread = await stage.do(
        Say(card=Card(text=("looking",)), thread="post", about_thread="InstanceDown"),
        post=f"{alerts}:{first['id']}",
    )
    await stage.guild.post_as_webhook(thread.split(":")[0], name="Grafana", content="picture")
    post = await stage.ear.until_posted(2)
    assert (post.place.channel, post.place.room, post.place.reply) == (alerts, "alerts", True)
    assert post.place.message.startswith(thread.split(":")[0])


async def test_an_edit_is_brought_once_and_only_where_the_words_differ(stage: Stage) -> None:
    alerts = stage.named("alerts")
    said = await stage.guild.post_as_webhook(alerts, name="Alertmanager", embeds=[FIRING])
    first = await stage.ear.until_posted()
    await stage.guild.edit_as_webhook(alerts, said["id"], embeds=[FIRING])
    preview = {"type": "article", "title": "Resolved: read more", "url": "https://am.example"}
    whole = dict(stage.guild.world.message(alerts, said["id"]))
    stage.guild.world.emit("MESSAGE_UPDATE", whole | {"guild_id": stage.guild.guild_id, "embeds": [FIRING, preview]})
    await stage.guild.edit_as_webhook(alerts, said["id"], embeds=[RESOLVED])
    second = await stage.ear.until_posted(2)
    assert second.edited
    assert second.place == first.place
    assert (second.title, second.colour) == (RESOLVED["title"], Colour.GREEN)
    assert second.key.startswith(f"{first.key}:")
    await fence(stage)
    assert len(stage.ear.posts) == 2


async def test_what_nobody_edited_is_no_news_though_it_was_posted_before_the_bot_came(stage: Stage) -> None:
    stage.ear.watched = set()
    said = await stage.guild.post_as_webhook(stage.named("alerts"), name="Alertmanager", embeds=[FIRING])
    await fence(stage)
    stage.ear.watched = {"alerts"}
    stage.guild.world.emit("MESSAGE_UPDATE", dict(said) | {"guild_id": stage.guild.guild_id, "pinned": True})
    await fence(stage)
    assert stage.ear.posts == []


async def test_the_same_post_sent_again_has_the_same_key(stage: Stage) -> None:
    await stage.guild.post_as_webhook(stage.named("alerts"), name="Grafana", embeds=[FIRING])
    await stage.ear.until_posted()
    await stage.guild.redeliver(event="MESSAGE_CREATE")
    await stage.ear.until_posted(2)
    assert stage.ear.posts[0] == stage.ear.posts[1]


async def test_people_unwatched_channels_and_the_bot_itself_are_left_alone(stage: Stage) -> None:
    alerts, ops = stage.named("alerts"), stage.named("ops")
    before = len(stage.calls())
    said = await stage.guild.post(ANA, alerts, "[FIRING:1] the db is down")
    await stage.guild.edit(ANA, alerts, said["id"], content="[FIRING:2] the db is down")
    await stage.guild.post_as_webhook(ops, name="Grafana", embeds=[FIRING])
    await fence(stage)
    assert len(stage.calls()) == before
    own = await stage.posted(Card(title="[FIRING:1] InstanceDown", text=("critical",)), alerts)
    await stage.guild.edit(str(stage.guild.bot_user_id), alerts, own["id"], content="[RESOLVED] InstanceDown")
    await fence(stage)
    assert stage.ear.posts == []


async def test_while_the_database_is_away_posts_wait_in_their_order(stage: Stage) -> None:
    stage.ear.faults = [TryLater("the database is gone")]
    for number in range(3):
        await stage.guild.post_as_webhook(stage.named("alerts"), name="Grafana", content=f"[FIRING:1] {number}")
    await stage.ear.until_posted(3)
    assert [post.text[-1] for post in stage.ear.posts] == ["0", "1", "2"]


async def test_a_message_by_nobody_is_left_alone() -> None:
    by_nobody = SimpleNamespace(webhook_id=7)  # as discord.py makes it of a payload without an author
    ear = ScriptedEar()
    await Watch(ear, server=1, me=lambda: None).hear(by_nobody)  # type: ignore[arg-type]
    assert not ear.posts


async def test_a_message_of_no_kind_is_left_alone(stage: Stage) -> None:
    alerts = stage.named("alerts")
    said = await stage.guild.post_as_webhook(alerts, name="Grafana", embeds=[FIRING])
    await stage.ear.until_posted()
    stage.guild.world.emit("MESSAGE_CREATE", dict(said) | {"guild_id": stage.guild.guild_id, "type": [0]})
    await fence(stage)
    assert len(stage.ear.posts) == 1
