"""Each thing that is owed to Discord happens there, once, in as few calls as it takes."""

from dataclasses import replace
from typing import Any

import discord
import pytest

from adapters.sandbox.discord import DiscordError
from bot.card import Button, ButtonStyle, Card, Everyone, GroupMention, Mention, Room
from bot.errors import Refused
from bot.intents import (
    Archive,
    Attach,
    Bookmark,
    Edit,
    Invite,
    OpenChannel,
    Pin,
    Post,
    React,
    SetTopic,
    Unarchive,
    Whisper,
)
from bot.people import Group, Person
from bot.ports import Platform


async def test_the_platform_is_what_the_core_asks_for(resting: Any) -> None:
    platform: Platform = resting.adapter.platform
    assert (platform.name, platform.ready, platform.connected) == ("discord", False, False)


async def test_a_public_channel_is_opened_in_one_call_under_the_incidents(stage: Any, ana: Person) -> None:
    before = len(stage.calls())
    channel = stage.guild.channels[await stage.channel()]
    assert [call.method for call in stage.calls()[before:]] == ["POST /guilds/*/channels"]
    assert channel["name"] == "incident-2026-11-20"
    assert channel["topic"].startswith("SEV1 checkout is down · ")
    assert stage.guild.channels[channel["parent_id"]]["name"] == "Incidents"
    assert stage.guild.can_see(ana.handles["discord"], channel["id"])


async def test_a_name_that_is_taken_gives_way_to_the_next(stage: Any) -> None:
    await stage.channel()
    second = await stage.do(OpenChannel(names=("incident-2026-11-20", "incident-2026-11-20-2"), topic="two"), "43:open")
    assert stage.guild.channels[second]["name"] == "incident-2026-11-20-2"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("Ärger mit Café #1", "ärger-mit-café-1"),
        ("決済が停止", "決済が停止"),
        ("x" * 300, "x" * 100),
        ("!!!", "incident"),
    ],
)
async def test_any_script_of_a_name_survives(stage: Any, asked: str, shown: str) -> None:
    assert stage.guild.channels[await stage.channel(asked)]["name"] == shown


async def test_a_private_channel_is_seen_by_those_invited_only(stage: Any, ana: Person, bo: Person) -> None:
    ref = await stage.do(OpenChannel(names=("sec-1",), topic="leak", private=True, people=(ana,)), "7:open")
    assert stage.guild.can_see(ana.handles["discord"], ref)
    assert not stage.guild.can_see(bo.handles["discord"], ref)
    nobody = Person(key="x", name="Nobody Here")
    await stage.adapter.platform.perform(stage.job(Invite(people=(bo, nobody)), "7:invite", channel=ref))
    assert stage.guild.can_see(bo.handles["discord"], ref)
    assert await stage.posted(Card(text=("The bot may write here.",)), ref)


async def test_inviting_to_a_public_channel_costs_no_call(stage: Any, ana: Person) -> None:
    ref = await stage.channel()
    before = len(stage.calls())
    await stage.adapter.platform.perform(stage.job(Invite(people=(ana,)), "42:invite", channel=ref))
    assert len(stage.calls()) == before


async def test_a_topic_is_set(stage: Any) -> None:
    ref = await stage.channel()
    await stage.adapter.platform.perform(stage.job(SetTopic(topic="t" * 2000), "42:topic", channel=ref))
    assert stage.guild.channels[ref]["topic"].endswith("more characters)")


async def test_words_in_a_topic_are_only_words(stage: Any) -> None:
    ref = await stage.channel()
    topic = "SEV1 · **all** is down, @everyone <@&1>"
    await stage.adapter.platform.perform(stage.job(SetTopic(topic=topic), "42:topic", channel=ref))
    assert stage.guild.channels[ref]["topic"] == "SEV1 · \\*\\*all\\*\\* is down, @\u200beveryone \\<@&1>"


async def test_a_post_that_rings_mentions_exactly_those_it_names(stage: Any, ana: Person, bo: Person) -> None:
    ops = Group(key="ops", name="Ops", handles={"discord": stage.guild.application_id})
    text = (Mention(person=ana), " ask ", Mention(person=bo, quiet=True), " or <@200000000000000003> @everyone")
    message = await stage.posted(Card(title="Who is on it? @here", text=text), await stage.channel())
    assert [user["id"] for user in message["mentions"]] == [ana.handles["discord"]]
    assert not message["mention_everyone"]
    assert message["content"] == f"<@{ana.handles['discord']}> **Who is on it? @\u200bhere**"
    assert f"<@{bo.handles['discord']}>" in message["embeds"][0]["description"]
    assert "title" not in message["embeds"][0]
    rung = await stage.posted(Card(text=(Everyone(), GroupMention(group=ops))), message["channel_id"], "42:all")
    assert rung["mention_everyone"]


async def test_a_quiet_post_and_an_edit_ring_nobody(stage: Any, ana: Person) -> None:
    card = Card(title="Live card", text=("IC ", Mention(person=ana)), buttons=(Button(label="Ack", does="#42 ack"),))
    ref = await stage.channel()
    message = await stage.posted(card, ref, rings=False)
    assert (message["content"], message["mentions"]) == ("", [])
    edit = Edit(message="card", card=replace(card, title="Changed", buttons=()))
    await stage.adapter.platform.perform(stage.job(edit, "42:e", channel=ref, card=f"{ref}:{message['id']}"))
    changed = stage.message(f"{ref}:{message['id']}")
    assert changed["embeds"][0]["title"] == "Changed"
    assert (changed["mentions"], changed["components"], changed["content"]) == ([], [], "")


async def test_a_room_links_to_the_incidents_channel(stage: Any) -> None:
    ref = await stage.channel()
    card = Card(text=("Join ", Room(name="incident-2026-11-20"), " ", Room(name="other")))
    job = stage.job(Post(card=card, to="announcements"), "42:announce", channel=ref)
    posted = stage.message(await stage.adapter.platform.perform(job))
    assert posted["channel_id"] == stage.named("incidents")
    assert f"<#{ref}>" in posted["embeds"][0]["description"]


async def test_an_update_goes_to_the_thread_of_the_announcement(stage: Any) -> None:
    post = Post(card=Card(title="SEV1 checkout"), to="announcements")
    announcement = await stage.do(post, "42:announce")
    for key in ("42:u1", "42:u2"):
        update = Post(card=Card(title="Update", text=(key,)), to="announcements", thread="announce")
        ref = await stage.do(update, key, announce=announcement)
        assert ref.split(":")[0] == announcement.split(":")[1]
    assert len(stage.calls("POST /channels/*/messages/*/threads")) == 1
    replica = stage.another()
    again = Post(card=Card(title="Update", text=("third",)), to="announcements", thread="announce")
    job = stage.job(again, "42:u3", announce=announcement)
    assert await replica.platform.perform(job)  # the thread is there already: another replica made it


async def test_a_post_may_name_any_channel_and_an_unknown_one_is_refused(stage: Any) -> None:
    ref = await stage.do(Post(card=Card(text=("hello",)), to="#ops"), "42:ops")
    assert ref.startswith(stage.named("ops"))
    by_id = await stage.do(Post(card=Card(text=("hello",)), to=f"#{stage.named('random')}"), "42:random")
    assert by_id.startswith(stage.named("random"))
    with pytest.raises(Refused, match="no channel #nowhere"):
        await stage.do(Post(card=Card(text=("hello",)), to="#nowhere"), "42:nowhere")


async def test_a_file_is_posted_in_one_call_with_its_title(stage: Any) -> None:
    channel, before = await stage.channel(), len(stage.calls())
    draft = Attach(name="postmortem-42.md", title="Post-mortem of #42, a **draft**\n@everyone", content="# Checkout\n")
    message = stage.message(await stage.do(draft, channel=channel))
    assert [call.method for call in stage.calls()[before:]][-1:] == ["POST /channels/*/messages"]
    (file,) = message["attachments"]
    assert (file["filename"], file["size"]) == ("postmortem-42.md", 11)
    assert file["content_type"].startswith("text/plain")
    assert stage.guild.world.files[file["id"]][1] == b"# Checkout\n"
    shown = message["embeds"][0]["description"]
    assert shown == r"Post-mortem of #42, a \*\*draft\*\* @" + "\u200beveryone"
    assert not message["mention_everyone"]


async def test_half_a_million_characters_of_any_script_arrive_whole(stage: Any) -> None:
    channel, text = await stage.channel(), "🔥 תקלה\n" * 100_000
    message = stage.message(await stage.do(Attach(name='../דו"ח\n🔥.md', title="", content=text), channel=channel))
    (file,) = message["attachments"]
    assert file["filename"] == "דו-ח 🔥.md"
    assert stage.guild.world.files[file["id"]][1] == text.encode()
    assert message["embeds"][0]["description"] == "דו-ח 🔥.md"


async def test_a_file_beyond_discords_limit_is_cut_and_says_so(stage: Any) -> None:
    channel = await stage.channel()
    message = stage.message(await stage.do(Attach(name="x.txt", title="x", content="é" * 6_000_000), channel=channel))
    (file,) = message["attachments"]
    assert file["size"] <= 10 * 1024 * 1024
    assert stage.guild.world.files[file["id"]][1].decode().endswith(" more characters)\n")


async def test_a_file_may_go_to_any_channel_and_without_the_permission_is_refused(stage: Any) -> None:
    draft = Attach(name="x.md", title="x", content="x", to="#ops")
    assert (await stage.do(draft)).startswith(stage.named("ops"))
    announced = draft.model_copy(update={"to": "announcements"})
    assert (await stage.do(announced, "42:a")).startswith(stage.named("incidents"))
    for role in stage.guild.roles.values():
        role["permissions"] = str(int(role["permissions"]) & ~(discord.Permissions(attach_files=True).value | 8))
    with pytest.raises(Refused, match="50013"):
        await stage.do(draft, "42:no")


async def test_pins_reactions_and_bookmarks(stage: Any) -> None:
    ref = await stage.channel()
    message = await stage.posted(Card(text=("card",)), ref)
    card = f"{ref}:{message['id']}"
    for _ in range(2):
        await stage.adapter.platform.perform(stage.job(Pin(message="card"), "42:pin", channel=ref, card=card))
    assert [pinned["id"] for pinned in stage.guild.pins(ref)] == [message["id"]]
    for on in (True, True, False, False):
        await stage.adapter.platform.perform(stage.job(React(message=card, emoji="📌", on=on), "42:r"))
        assert bool(stage.guild.reactors(message["id"], "📌")) is on
    before = len(stage.calls())
    bookmark = Bookmark(title="Runbook", url="https://example.com/run")
    assert await stage.adapter.platform.perform(stage.job(bookmark, "42:b", channel=ref)) is None
    assert len(stage.calls()) == before


async def test_a_closed_incidents_channel_is_read_only_in_the_archive_and_comes_back(
    stage: Any, ana: Person, bo: Person
) -> None:
    for private in (False, True):
        opening = OpenChannel(names=(f"inc-{private}",), topic="x", private=private, people=(ana,))
        ref = await stage.do(opening, f"{private}:open")
        await stage.adapter.platform.perform(stage.job(Archive(), "42:archive", channel=ref))
        archived = stage.guild.channels[ref]
        assert stage.guild.channels[archived["parent_id"]]["name"] == "Incident archive"
        assert stage.guild.can_see(ana.handles["discord"], ref)
        assert stage.guild.can_see(bo.handles["discord"], ref) is not private
        with pytest.raises(DiscordError):
            await stage.guild.post(ana.handles["discord"], ref, "may I?")
        for _ in range(2):
            await stage.adapter.platform.perform(stage.job(Unarchive(), "42:back", channel=ref))
        assert stage.guild.channels[stage.guild.channels[ref]["parent_id"]]["name"] == "Incidents"
        assert await stage.guild.post(ana.handles["discord"], ref, "thank you")
        assert stage.guild.can_see(bo.handles["discord"], ref) is not private


async def test_a_whisper_without_a_reply_is_a_direct_message(stage: Any, ana: Person) -> None:
    whisper = Whisper(person=ana, card=Card(text=("You are on call.",)))
    await stage.do(whisper, "42:w")
    direct = stage.guild.direct_channel(ana.handles["discord"])
    assert [m["embeds"][0]["description"] for m in stage.guild.messages(direct["id"])] == ["You are on call."]
    with pytest.raises(Refused, match="50007"):
        await stage.do(Whisper(person=Person(key="x", name="X"), card=Card(text=("?",))), "42:x")


async def test_buttons_are_dressed(stage: Any) -> None:
    buttons = (
        Button(label="Post update", does="#42 update", style=ButtonStyle.PRIMARY),
        Button(label="Again", does="#42 update"),
        Button(label="Declare", does=""),
        Button(label="Runbook", url="https://example.com"),
        Button(label="Bad", url="javascript:alert(1)"),
        *(Button(label=f"B{n}" * 60, does=f"#42 snooze {n}m") for n in range(30)),
    )
    message = await stage.posted(Card(title="x", buttons=buttons), await stage.channel())
    shown = [button for row in message["components"] for button in row["components"]]
    assert len(shown) == 25
    assert [button.get("custom_id") for button in shown[:3]] == ["#42 update", "/", None]
