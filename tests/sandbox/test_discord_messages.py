"""Messages, reactions, pins, threads and direct messages."""

import asyncio
import io
from datetime import timedelta
from typing import Any

import discord
import pytest

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord import DiscordError, Permission
from tests.sandbox.test_discord_login import ANA, BO, CLEO, NOON, SOON, Api, running, serving


async def test_a_nonce_keeps_a_message_from_being_sent_twice_for_some_minutes() -> None:
    clock = SandboxClock(NOON)
    async with running(clock) as (guild, bot):
        general = bot.channel(guild, "general")
        first = await general.send("reminder", nonce="inc-1:reminder-3")
        again = await general.send("reminder", nonce="inc-1:reminder-3")
        other = await general.send("reminder", nonce="inc-1:reminder-4")
        assert first.id == again.id != other.id
        assert len(guild.messages(str(general.id))) == 2
        assert guild.messages(str(general.id))[0]["nonce"] == "inc-1:reminder-3"
        clock.forward(timedelta(minutes=6))
        later = await general.send("reminder", nonce="inc-1:reminder-3")
        assert later.id != first.id


async def test_history_is_read_in_every_direction() -> None:
    async with running() as (guild, bot):
        general = bot.channel(guild, "general")
        sent = [await general.send(str(n)) for n in range(7)]
        assert [m.content async for m in general.history(limit=3)] == ["6", "5", "4"]
        assert [m.content async for m in general.history(before=sent[2])] == ["1", "0"]
        assert [m.content async for m in general.history(after=sent[4])] == ["5", "6"]
        assert [m.content async for m in general.history(around=sent[3], limit=3)] == ["4", "3", "2"]
        assert (await general.fetch_message(sent[1].id)).content == "1"
        with pytest.raises(discord.NotFound) as refused:
            await general.fetch_message(1)
        assert refused.value.code == 10008


async def test_mentions_take_effect_only_where_they_are_allowed() -> None:
    async with running() as (guild, bot):
        general = bot.channel(guild, "general")
        members = next(role for role in guild.roles.values() if role["name"] == "Members")["id"]
        words = f"<@{ANA}> <@{BO}> <@&{members}> @everyone"
        loud = await general.send(words)
        assert {user.name for user in loud.mentions} == {"ana", "bo"} and loud.mention_everyone
        assert [role.name for role in loud.role_mentions] == ["Members"]
        quiet = await general.send(words, allowed_mentions=discord.AllowedMentions.none())
        assert not quiet.mentions and not quiet.mention_everyone and not quiet.role_mentions
        bo = discord.Object(int(BO))
        only_bo = discord.AllowedMentions(everyone=False, users=[bo], roles=False)
        some = await general.send(words, allowed_mentions=only_bo)
        assert [user.name for user in some.mentions] == ["bo"]
        guild.bot_permissions &= ~Permission.MENTION_EVERYONE
        meek = await general.send(words)
        assert meek.mentions and not meek.mention_everyone and not meek.role_mentions


async def test_a_reply_refers_to_its_message_and_notifies_its_author_unless_told_not_to() -> None:
    async with running() as (guild, bot):
        general = bot.channel(guild, "general")
        posted = await guild.post(ANA, str(general.id), "down")
        target = await general.fetch_message(int(posted["id"]))
        reply = await target.reply("looking")
        assert reply.type is discord.MessageType.reply and [u.name for u in reply.mentions] == ["ana"]
        assert reply.reference is not None and reply.reference.message_id == target.id
        silent = await target.reply("looking", mention_author=False)
        assert not silent.mentions
        answer = await guild.post(BO, str(general.id), "thanks", reply_to=str(reply.id))
        assert answer["referenced_message"]["content"] == "looking"
        await target.delete()
        with pytest.raises(discord.HTTPException, match="Unknown message"):
            await target.reply("gone")


async def test_files_come_back_as_they_were_sent() -> None:
    async with running() as (guild, bot):
        data = bytes(range(256)) * 8192
        file = discord.File(io.BytesIO(data), filename="graph.png", description="a graph")
        sent = await bot.channel(guild, "ops").send("see", file=file)
        attachment = sent.attachments[0]
        assert (attachment.filename, attachment.size, attachment.description) == ("graph.png", len(data), "a graph")
        assert await attachment.read() == data
        await sent.edit(attachments=[])
        assert guild.messages(str(sent.channel.id))[0]["attachments"] == []
        big = discord.File(io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), filename="big")
        with pytest.raises(discord.HTTPException) as refused:
            await bot.channel(guild, "ops").send(file=big)
        assert (refused.value.status, refused.value.code) == (413, 40005)


async def test_only_ones_own_messages_can_be_edited() -> None:
    async with running() as (guild, bot):
        general = bot.channel(guild, "general")
        posted = await guild.post(ANA, str(general.id), "mine")
        with pytest.raises(discord.Forbidden) as refused:
            await general.get_partial_message(int(posted["id"])).edit(content="yours")
        assert refused.value.code == 50005
        heard = bot.wait_for("raw_message_edit", timeout=SOON)
        await guild.edit(ANA, str(general.id), posted["id"], content="changed")
        assert (await heard).data["content"] == "changed"
        with pytest.raises(DiscordError, match="50005"):
            await guild.edit(BO, str(general.id), posted["id"], content="no")
        deleted = bot.wait_for("raw_message_delete", timeout=SOON)
        await general.get_partial_message(int(posted["id"])).delete()
        assert str((await deleted).message_id) == posted["id"]


async def test_messages_older_than_an_hour_take_few_edits() -> None:
    clock = SandboxClock(NOON)
    async with serving(clock) as guild, Api(guild) as api:
        path = f"/channels/{guild.channel_named('general')['id']}/messages"
        _, sent = await api.call("POST", path, {"content": "board"})
        for _ in range(9):
            assert (await api.call("PATCH", f"{path}/{sent['id']}", {"content": "new"}))[0] == 200
        clock.forward(timedelta(hours=1))
        answers = [await api.call("PATCH", f"{path}/{sent['id']}", {"content": "new"}) for _ in range(4)]
        assert [status for status, _ in answers] == [200, 200, 200, 429]
        assert answers[3][1]["code"] == 30046 and answers[3][1]["retry_after"] == 20.0
        clock.forward(timedelta(seconds=20))
        assert (await api.call("PATCH", f"{path}/{sent['id']}", {"content": "new"}))[0] == 200


async def test_an_alert_of_another_application_is_a_webhook_message() -> None:
    async with running() as (guild, bot):
        heard = bot.wait_for("message", timeout=SOON)
        embeds = [{"title": "HighErrorRate", "fields": [{"name": "severity", "value": "critical"}]}]
        await guild.post_as_webhook(guild.channel_named("alerts")["id"], name="Grafana", embeds=embeds)
        alert = await heard
        assert alert.webhook_id and alert.author.bot and alert.author.name == "Grafana"
        assert alert.embeds[0].fields[0].value == "critical"


async def test_reactions_of_people_and_of_the_bot() -> None:
    async with running() as (guild, bot):
        general = bot.channel(guild, "general")
        sent = await general.send("vote")
        heard = bot.wait_for("raw_reaction_add", timeout=SOON)
        await guild.react(ANA, str(general.id), str(sent.id), "👀")
        reaction = await heard
        assert (str(reaction.user_id), str(reaction.emoji), reaction.member.name) == (ANA, "👀", "ana")  # type: ignore[union-attr]
        await sent.add_reaction("👀")
        await sent.add_reaction("⚠️")
        fetched = await general.fetch_message(sent.id)
        assert [(str(r.emoji), r.count, r.me) for r in fetched.reactions] == [("👀", 2, True), ("⚠️", 1, True)]
        assert {user.name async for user in fetched.reactions[0].users()} == {"ana", "Tocsin"}
        assert guild.reactors(str(sent.id), "⚠") == [guild.bot_user_id]
        gone = bot.wait_for("raw_reaction_remove", timeout=SOON)
        await guild.unreact(ANA, str(general.id), str(sent.id), "👀")
        assert str((await gone).user_id) == ANA
        await fetched.clear_reactions()
        assert guild.messages(str(general.id))[0]["reactions"] == []


async def test_joining_in_a_reaction_needs_less_than_starting_one() -> None:
    async with running() as (guild, bot):
        sent = await bot.channel(guild, "general").send("vote")
        await guild.react(ANA, str(sent.channel.id), str(sent.id), "👀")
        guild.bot_permissions &= ~Permission.ADD_REACTIONS
        await sent.add_reaction("👀")
        with pytest.raises(discord.Forbidden):
            await sent.add_reaction("✅")


async def test_what_is_no_emoji_and_the_twenty_first_reaction_are_refused() -> None:
    async with running() as (guild, bot):
        sent = await bot.channel(guild, "general").send("vote")
        for word in ("thumbsup", "a", "not an emoji", "party:123"):
            with pytest.raises(discord.HTTPException) as refused:
                await sent.add_reaction(word)
            assert refused.value.code == 10014
        for offset in range(20):
            await guild.react(ANA, str(sent.channel.id), str(sent.id), chr(0x1F600 + offset))
        with pytest.raises(discord.HTTPException) as refused:
            await sent.add_reaction("✅")
        assert refused.value.code == 30010


async def test_pins_are_announced_listed_and_limited() -> None:
    async with running() as (guild, bot):
        general = bot.channel(guild, "general")
        sent = await general.send("board")
        pinned, notice = bot.wait_for("guild_channel_pins_update", timeout=SOON), bot.wait_for("message", timeout=SOON)
        await sent.pin()
        await pinned
        assert (await notice).type is discord.MessageType.pins_add
        await sent.pin()
        assert [m["type"] for m in guild.messages(str(general.id))] == [0, 6]
        assert [m.id async for m in general.pins()] == [sent.id]
        assert [m["id"] for m in guild.pins(str(general.id))] == [str(sent.id)]
        await sent.unpin()
        assert guild.pins(str(general.id)) == [] and guild.messages(str(general.id))[0]["pinned"] is False
        guild.bot_permissions &= ~Permission.PIN_MESSAGES
        with pytest.raises(discord.Forbidden) as refused:
            await sent.pin()
        assert refused.value.code == 50013


async def test_the_251st_pin_is_refused() -> None:
    async with serving() as guild, Api(guild) as api:
        general = guild.channel_named("general")["id"]
        for n in range(251):
            posted = await guild.post(ANA, general, str(n))
            status, body = await api.call("PUT", f"/channels/{general}/messages/pins/{posted['id']}")
            assert status == (204 if n < 250 else 400)
        assert body["code"] == 30003
        _, page = await api.call("GET", f"/channels/{general}/messages/pins?limit=2")
        assert [item["message"]["content"] for item in page["items"]] == ["249", "248"] and page["has_more"]


async def test_a_thread_grows_from_a_message_once() -> None:
    async with running() as (guild, bot):
        general = bot.channel(guild, "general")
        sent = await general.send("incident")
        made = bot.wait_for("thread_create", timeout=SOON)
        thread = await sent.create_thread(name="What happened?")
        assert (await made).id == thread.id == sent.id and thread.name == "What happened?"
        with pytest.raises(discord.HTTPException) as refused:
            await sent.create_thread(name="again")
        assert refused.value.code == 160004
        heard = bot.wait_for("message", timeout=SOON)
        await guild.post(ANA, str(thread.id), "in here")
        assert (await heard).channel.id == thread.id
        assert set(guild.world.thread_members[str(thread.id)]) == {guild.bot_user_id, ANA}
        assert guild.channels[str(thread.id)]["message_count"] == 1
        assert guild.messages(str(general.id))[0]["thread"]["id"] == str(thread.id)


async def test_a_thread_of_its_own_is_announced_unless_it_is_private() -> None:
    async with running() as (guild, bot):
        general = bot.channel(guild, "general")
        public = await general.create_thread(name="open", type=discord.ChannelType.public_thread)
        private = await general.create_thread(name="closed", type=discord.ChannelType.private_thread)
        assert [(m["type"], m["content"]) for m in guild.messages(str(general.id))] == [(18, "open")]
        assert guild.can_see(BO, str(public.id)) and not guild.can_see(BO, str(private.id))
        await private.add_user(discord.Object(int(BO)))
        assert guild.can_see(BO, str(private.id)) and not guild.can_see(CLEO, str(private.id))
        assert {member.id for member in await private.fetch_members()} == {int(BO), bot.user.id}  # type: ignore[union-attr]
        await private.remove_user(discord.Object(int(BO)))
        assert not guild.can_see(BO, str(private.id))


async def test_an_archived_thread_wakes_when_somebody_writes_but_takes_no_reactions() -> None:
    async with running() as (guild, bot):
        thread = await bot.channel(guild, "general").create_thread(name="t", type=discord.ChannelType.public_thread)
        sent = await thread.send("first")
        await thread.edit(archived=True)
        with pytest.raises(discord.HTTPException) as refused:
            await sent.add_reaction("✅")
        assert refused.value.code == 50083
        with pytest.raises(discord.HTTPException) as refused:
            await sent.edit(content="x")
        assert refused.value.code == 50083
        await thread.send("second")
        assert not guild.channels[str(thread.id)]["thread_metadata"]["archived"]
        await thread.edit(archived=True, locked=True)
        with pytest.raises(DiscordError, match="50083"):
            await guild.post(ANA, str(thread.id), "let me in")


async def test_the_bot_writes_to_a_person_directly() -> None:
    async with running() as (guild, bot):
        ana = bot.guilds[0].get_member(int(ANA))
        assert ana is not None and guild.direct_channel(ANA) is None
        sent = await ana.send("you are paged")
        direct = guild.direct_channel(ANA)
        assert direct is not None and direct["id"] == str(sent.channel.id)
        assert guild.can_see(ANA, direct["id"]) and not guild.can_see(BO, direct["id"])
        heard = bot.wait_for("message", timeout=SOON)
        await guild.post(ANA, direct["id"], "on my way")
        answer = await heard
        assert answer.guild is None and answer.content == "on my way"
        guild.world.closed_dms.add(BO)
        with pytest.raises(discord.Forbidden) as refused:
            await bot.guilds[0].get_member(int(BO)).send("hello")  # type: ignore[union-attr]
        assert refused.value.code == 50007


async def test_a_button_in_a_direct_message_works() -> None:
    async with running() as (guild, bot):
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Acknowledge", custom_id="page:ack"))
        sent = await bot.guilds[0].get_member(int(ANA)).send("paged", view=view)  # type: ignore[union-attr]
        pressed = asyncio.create_task(guild.press(ANA, str(sent.channel.id), str(sent.id), "Acknowledge"))
        heard: discord.Interaction[Any] = await bot.wait_for("interaction", timeout=SOON)
        assert heard.guild is None and str(heard.user.id) == ANA
        await heard.response.edit_message(content="acknowledged", view=None)
        assert (await pressed).answered
        assert guild.messages(str(sent.channel.id))[0]["content"] == "acknowledged"


async def test_an_empty_message_is_refused_and_space_around_words_is_dropped() -> None:
    async with running() as (guild, bot):
        general = bot.channel(guild, "general")
        for words in ("", "   \n"):
            with pytest.raises(discord.HTTPException) as refused:
                await general.send(words)
            assert refused.value.code == 50006
        assert (await general.send("  a b  ")).content == "a b"
        sent = await general.send("x")
        with pytest.raises(discord.HTTPException) as refused:
            await sent.edit(content="")
        assert refused.value.code == 50006
