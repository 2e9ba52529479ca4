"""Each way in which Discord is set up wrong, and what the doctor says of it."""

from typing import Any

import pytest

from adapters.discord.checks import NARROW, NEEDED, off
from adapters.discord.limits import GUILD_CHANNELS
from adapters.sandbox.discord import Permission
from adapters.sandbox.discord.seeds import furnish
from adapters.sandbox.faults import Fault, FaultKind
from bot.people import Group, Person
from tests.discord_adapter.conftest import settings
from tests.doctor.seen import amiss, seen

SEND = 1 << 11


async def test_a_healthy_set_up_shows_none_of_them(resting: Any) -> None:
    ana = Person(key="ana", name="Ana", handles={"discord": "200000000000000001"})
    assert amiss(await resting.adapter.examine(watched=["alerts"], people=[ana])) == {}


@pytest.mark.parametrize(
    ("name", "changes", "mend"),
    [
        ("discord.token-kind", {"token": "Bot abc"}, "Reset Token"),
        ("discord.token-unknown", {"token": "aa.bb.cc"}, "Reset Token"),
        ("discord.not-in-server", {"guild": 123456789012345678}, "oauth2/authorize"),
        ("discord.intent-unasked", {"message_content": False}, "unset DISCORD_MESSAGE_CONTENT"),
        ("discord.channel-unseen", {"announce_channel": "nowhere"}, "make a channel #nowhere"),
        ("discord.unreachable", {"api_url": "http://127.0.0.1:9/api/v10"}, "DISCORD_API_URL"),
    ],
)
async def test_wrong_settings_are_named_with_their_mend(
    resting: Any, name: str, changes: dict[str, Any], mend: str
) -> None:
    told = await resting.another(**changes).examine(watched=["alerts"])
    seen(told, name, mend)
    assert resting.guild.token not in str(told) and changes.get("token", "no token") not in str(told)


async def test_ids_of_other_things_in_place_of_the_servers(resting: Any) -> None:
    app, channel = int(resting.guild.application_id), int(resting.named("general"))
    seen(await resting.another(guild=app).examine(), "discord.server-is-app", "Copy Server ID")
    seen(await resting.another(guild=channel).examine(), "discord.server-is-channel", "Copy Server ID")


@pytest.mark.parametrize("permission", NEEDED)
async def test_each_missing_permission_is_named_with_what_it_is_for(resting: Any, permission: str) -> None:
    resting.guild.bot_permissions &= ~Permission[permission.upper()]
    told = amiss(await resting.adapter.examine())
    one = next(one for name, one in told.items() if name.startswith("discord.permissions"))
    if permission != "view_channel":  # without it nothing is seen, so other things are found as well
        assert NEEDED[permission] in one.says
    assert "invite link" in one.mend


async def test_permissions_that_an_incident_can_do_without_are_a_doubt(resting: Any) -> None:
    resting.guild.bot_permissions &= ~Permission.ATTACH_FILES
    seen(await resting.adapter.examine(), "discord.permissions-some", "invite link")
    resting.guild.bot_permissions &= ~Permission.MANAGE_CHANNELS
    seen(await resting.adapter.examine(), "discord.permissions", "invite link")


async def test_the_intent_that_is_off(resting: Any) -> None:
    resting.guild.privileged_intents_enabled = False
    seen(await resting.adapter.examine(), "discord.intent-off", "Message Content Intent")


async def test_an_administrator(resting: Any) -> None:
    resting.guild.bot_permissions |= Permission.ADMINISTRATOR
    seen(await resting.adapter.examine(), "discord.administrator", "Take that from its role")


async def test_a_channel_in_which_the_bot_may_not_post(resting: Any) -> None:
    channel = resting.guild.channel_named("incidents")
    channel["permission_overwrites"] = [
        {"id": resting.guild.guild_id, "type": 0, "allow": "0", "deny": str(SEND)},
    ]
    seen(await resting.adapter.examine(), "discord.channel-mute", "let the bot's role send messages")
    channel["permission_overwrites"].append(
        {"id": resting.guild.bot_user_id, "type": 1, "allow": str(SEND), "deny": "0"}
    )
    assert "discord.channel-mute" not in amiss(await resting.adapter.examine())


async def test_an_alert_channel_that_the_bot_does_not_see(resting: Any) -> None:
    seen(await resting.adapter.examine(watched=["moon"]), "discord.alerts-unseen", "ALERT_CHANNELS")


@pytest.mark.parametrize(("left", "name"), [(0, "discord.server-full"), (NARROW, "discord.server-narrow")])
async def test_a_server_that_is_full_or_nearly(resting: Any, left: int, name: str) -> None:
    for place in range(GUILD_CHANNELS - left - len(resting.guild.channels)):
        furnish(resting.guild.world, f"old-{place}")
    seen(await resting.adapter.examine(), name, "Incident archive")


async def test_commands_without_the_right_to_them(resting: Any) -> None:
    resting.guild.faults.add(Fault(kind=FaultKind.REFUSE, method="GET /applications/*/commands", error="50001"))
    seen(await resting.adapter.examine(), "discord.commands", "invite link")


async def test_two_factor_authentication_and_an_endpoint_elsewhere(resting: Any) -> None:
    resting.guild.world.mfa_level, resting.guild.world.endpoint = 1, "https://elsewhere.example/interactions"
    told = await resting.adapter.examine()
    seen(told, "discord.two-factor", "switches it on")
    seen(told, "discord.endpoint", "leave Interactions Endpoint URL empty")


async def test_a_refusal_that_nothing_here_explains(resting: Any) -> None:
    resting.guild.faults.add(Fault(kind=FaultKind.REFUSE, method="GET /guilds/*/roles", error="40333"))
    seen(await resting.adapter.examine(), "discord.refused", "Opcodes and Status Codes")


async def test_people_who_are_not_in_the_server(resting: Any) -> None:
    people = [
        Person(key=k, name=k, handles={"discord": id}) for k, id in (("zoe", "123456789012345678"), ("ann", "@ann"))
    ]
    told = [one.what for one in await resting.adapter.examine(people=people) if one.name == "discord.person-unknown"]
    assert told == ["Discord person zoe", "Discord person ann"]


async def test_roles_that_the_server_does_not_have(resting: Any) -> None:
    members = next(id for id, role in resting.guild.roles.items() if role["name"] == "Members")
    groups = [
        Group(key=k, name=k, handles={"discord": id}) for k, id in (("all", members), ("db", "123456789012345678"))
    ]
    told = await resting.adapter.examine(groups=groups)
    assert seen(told, "discord.role-unknown", "Copy Role ID").what == "Discord role of db"
    assert amiss(await resting.adapter.examine(groups=groups[:1])) == {}


async def test_half_of_it_is_set(resting: Any) -> None:
    seen([off(settings(resting.guild, guild=None))], "discord.no-server", "adapters/discord/README.md")
    seen([off(settings(resting.guild, token=None))], "discord.no-token", "adapters/discord/README.md")
