"""Channels, categories, overwrites, roles and members."""

from datetime import timedelta

import discord
import pytest

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord import Permission
from adapters.sandbox.discord.naming import channel_name
from adapters.sandbox.discord.permissions import in_channel
from tests.sandbox.test_discord_login import ANA, BO, NOON, SOON, Api, running, serving


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("INC-12 API down!", "inc-12-api-down"),
        ("Zahlungs Störung", "zahlungs-störung"),
        ("障害 対応", "障害-対応"),
        ("a  --  b", "a-b"),
        ("under_score", "under_score"),
        ("🔥fire", "🔥fire"),
        ("!?", ""),
    ],
)
def test_channel_names_are_written_as_discord_writes_them(typed: str, kept: str) -> None:
    assert channel_name(typed) == kept


async def test_a_channel_under_a_category_inherits_its_overwrites_unless_it_brings_its_own() -> None:
    async with running() as (guild, bot):
        home = bot.guilds[0]
        hidden: dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite] = {
            home.default_role: discord.PermissionOverwrite(view_channel=False),
            home.me: discord.PermissionOverwrite(view_channel=True),
        }
        category = await home.create_category("Incidents", overwrites=hidden)
        created = bot.wait_for("guild_channel_create", timeout=SOON)
        child = await home.create_text_channel("INC 1", category=category, topic="SEV 1")
        assert (await created).id == child.id
        wire = guild.channels[str(child.id)]
        assert (wire["name"], wire["topic"], wire["parent_id"]) == ("inc-1", "SEV 1", str(category.id))
        assert not guild.can_see(ANA, str(child.id))
        open_child = await home.create_text_channel(
            "inc 2", category=category, overwrites={home.default_role: discord.PermissionOverwrite(view_channel=True)}
        )
        assert guild.can_see(ANA, str(open_child.id))


async def test_people_are_let_in_and_out_by_overwrites() -> None:
    async with running() as (guild, bot):
        home = bot.guilds[0]
        ana = home.get_member(int(ANA))
        assert ana is not None
        channel = await home.create_text_channel(
            "secret",
            overwrites={
                home.default_role: discord.PermissionOverwrite(view_channel=False),
                home.me: discord.PermissionOverwrite(view_channel=True),
            },
        )
        updated = bot.wait_for("guild_channel_update", timeout=SOON)
        await channel.set_permissions(ana, view_channel=True)
        await updated
        assert guild.can_see(ANA, str(channel.id)) and not guild.can_see(BO, str(channel.id))
        assert in_channel(guild.world, BO, channel=guild.channels[str(channel.id)]) == 0
        await channel.set_permissions(ana, overwrite=None)
        assert not guild.can_see(ANA, str(channel.id))
        with pytest.raises(discord.NotFound) as refused:
            await channel.set_permissions(ana, overwrite=None)
        assert refused.value.code == 10009


async def test_a_channel_that_the_bot_locked_itself_out_of_is_missing_access() -> None:
    async with running() as (_, bot):
        home = bot.guilds[0]
        channel = await home.create_text_channel(
            "gone", overwrites={home.default_role: discord.PermissionOverwrite(view_channel=False)}
        )
        with pytest.raises(discord.Forbidden) as refused:
            await channel.send("hello?")
        assert refused.value.code == 50001


async def test_nobody_grants_what_it_does_not_have() -> None:
    async with running() as (_, bot):
        home = bot.guilds[0]
        with pytest.raises(discord.Forbidden) as refused:
            await home.create_text_channel(
                "x", overwrites={home.default_role: discord.PermissionOverwrite(manage_webhooks=True)}
            )
        assert refused.value.code == 50013
        with pytest.raises(discord.Forbidden) as refused:
            await home.create_role(name="boss", permissions=discord.Permissions(administrator=True))
        assert refused.value.code == 50013


@pytest.mark.parametrize(
    ("missing", "method", "path", "body"),
    [
        (Permission.MANAGE_CHANNELS, "POST", "/guilds/{g}/channels", {"name": "x"}),
        (Permission.MANAGE_CHANNELS, "PATCH", "/channels/{c}", {"position": 3}),
        (Permission.MANAGE_CHANNELS, "DELETE", "/channels/{c}", None),
        (Permission.MANAGE_ROLES, "PUT", "/channels/{c}/permissions/{g}", {"allow": "0", "deny": "0", "type": 0}),
        (Permission.MANAGE_ROLES, "POST", "/guilds/{g}/roles", {"name": "x"}),
        (Permission.SEND_MESSAGES, "POST", "/channels/{c}/messages", {"content": "x"}),
        (Permission.EMBED_LINKS, "POST", "/channels/{c}/messages", {"embeds": [{"title": "x"}]}),
        (Permission.ADD_REACTIONS, "PUT", "/channels/{c}/messages/{m}/reactions/%E2%9C%85/@me", None),
        (Permission.MANAGE_MESSAGES, "DELETE", "/channels/{c}/messages/{m}", None),
        (Permission.PIN_MESSAGES, "PUT", "/channels/{c}/messages/pins/{m}", None),
        (Permission.CREATE_PUBLIC_THREADS, "POST", "/channels/{c}/messages/{m}/threads", {"name": "x"}),
        (Permission.CREATE_PRIVATE_THREADS, "POST", "/channels/{c}/threads", {"name": "x", "type": 12}),
        (Permission.READ_MESSAGE_HISTORY, "GET", "/channels/{c}/messages/{m}", None),
    ],
)
async def test_each_act_needs_its_permission(
    missing: Permission, method: str, path: str, body: dict[str, object] | None
) -> None:
    async with serving() as guild, Api(guild) as api:
        general = guild.channel_named("general")["id"]
        posted = await guild.post(ANA, general, "hello")
        place = path.format(g=guild.guild_id, c=general, m=posted["id"])
        rights = guild.bot_permissions
        guild.bot_permissions = rights & ~missing
        status, answer = await api.call(method, place, body)
        assert (status, answer["code"]) == (403, 50013)
        guild.bot_permissions = rights & ~Permission.VIEW_CHANNEL
        if "guilds" not in path:
            assert (await api.call(method, place, body))[1]["code"] == 50001
        guild.bot_permissions = rights
        assert (await api.call(method, place, body))[0] in (200, 201, 204)


async def test_a_category_holds_fifty_and_a_guild_five_hundred() -> None:
    async with serving() as guild, Api(guild) as api:
        path = f"/guilds/{guild.guild_id}/channels"
        _, category = await api.call("POST", path, {"name": "Full", "type": 4})
        for n in range(50):
            assert (await api.call("POST", path, {"name": f"c{n}", "parent_id": category["id"]}))[0] == 200
        status, answer = await api.call("POST", path, {"name": "one more", "parent_id": category["id"]})
        assert status == 400 and answer["code"] == 50035
        assert answer["errors"]["parent_id"]["_errors"][0]["code"] == "CHANNEL_PARENT_MAX_CHANNELS"
        for n in range(500 - 56):
            assert (await api.call("POST", path, {"name": f"d{n}"}))[0] == 200
        status, answer = await api.call("POST", path, {"name": "too many"})
        assert (status, answer["code"]) == (400, 30013)


async def test_a_channel_is_renamed_twice_in_ten_minutes() -> None:
    clock = SandboxClock(NOON)
    async with serving(clock) as guild, Api(guild) as api:
        path = f"/channels/{guild.channel_named('general')['id']}"
        for topic in ("one", "two", "two"):
            assert (await api.call("PATCH", path, {"topic": topic}))[0] == 200
        clock.forward(timedelta(minutes=4))
        status, answer = await api.call("PATCH", path, {"name": "other"})
        assert (status, answer["retry_after"]) == (429, 360.0)
        assert api.last.headers["Via"] and api.last.headers["Retry-After"] == "360"
        assert (await api.call("PATCH", path, {"position": 9}))[0] == 200
        clock.forward(timedelta(minutes=6))
        assert (await api.call("PATCH", path, {"name": "other"}))[0] == 200


async def test_a_clock_that_is_set_back_does_not_leave_a_limit_behind() -> None:
    clock = SandboxClock(NOON)
    async with serving(clock) as guild, Api(guild) as api:
        path = f"/channels/{guild.channel_named('general')['id']}"
        for topic in ("one", "two"):
            assert (await api.call("PATCH", path, {"topic": topic}))[0] == 200
        clock.forward(timedelta(days=-1))
        assert (await api.call("PATCH", path, {"topic": "three"}))[0] == 200


async def test_deleting_a_category_frees_its_channels_and_deleting_a_channel_takes_its_threads() -> None:
    async with running() as (guild, bot):
        home = bot.guilds[0]
        category = await home.create_category("Incidents")
        child = await home.create_text_channel("inc", category=category)
        thread = await child.create_thread(name="t", type=discord.ChannelType.public_thread)
        await category.delete()
        assert guild.channels[str(child.id)]["parent_id"] is None
        deleted = bot.wait_for("guild_channel_delete", timeout=SOON)
        await child.delete()
        await deleted
        assert str(thread.id) not in guild.channels and home.get_thread(thread.id) is None
        with pytest.raises(discord.NotFound) as refused:
            await child.send("hello?")
        assert refused.value.code == 10003
        with pytest.raises(KeyError):
            guild.channel_named("inc")


async def test_roles_are_made_given_and_taken_below_the_bots_own() -> None:
    async with running() as (guild, bot):
        home = bot.guilds[0]
        role = await home.create_role(name="On call", mentionable=True)
        ana = home.get_member(int(ANA))
        assert ana is not None
        updated = bot.wait_for("member_update", timeout=SOON)
        await ana.add_roles(role)
        assert role in (await updated)[1].roles
        assert str(role.id) in guild.members[ANA]["roles"]
        await role.edit(name="Off call")
        assert guild.roles[str(role.id)]["name"] == "Off call"
        await ana.remove_roles(role)
        assert str(role.id) not in guild.members[ANA]["roles"]
        with pytest.raises(discord.Forbidden) as refused:
            await ana.add_roles(home.me.top_role)
        assert refused.value.code == 50013
        await role.delete()
        assert str(role.id) not in guild.roles


async def test_members_are_found_by_the_beginning_of_their_name() -> None:
    async with running() as (guild, bot):
        home = bot.guilds[0]
        assert [m.name for m in await home.query_members("esha")] == ["esha"]
        assert (await home.fetch_member(int(BO))).global_name == "Bo Lindqvist"
        assert len([m async for m in home.fetch_members()]) == 8
        async with Api(guild) as api:
            _, found = await api.call("GET", f"/guilds/{guild.guild_id}/members/search?query=Ana%20R&limit=5")
            assert [member["user"]["id"] for member in found] == [ANA]
            assert (await api.call("GET", f"/guilds/{guild.guild_id}/members/9"))[1]["code"] == 10013
            assert (await api.call("GET", "/guilds/9"))[1]["code"] == 10004
