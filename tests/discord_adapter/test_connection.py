"""The connection is kept up: from a start without Discord, through drops, to a missing intent."""

import asyncio
from typing import Any

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.settings import DISCORDS_OWN, DiscordSettings
from adapters.sandbox.discord import Permission, start_discord
from adapters.sandbox.faults import Fault, FaultKind
from bot.card import Card
from bot.heard import Answer
from bot.intents import Post
from bot.people import Person


async def test_it_says_when_it_is_connected(stage: Any) -> None:
    platform = stage.adapter.platform
    assert platform.ready and platform.connected
    await stage.adapter.stop()
    assert platform.ready and not platform.connected


async def test_the_start_waits_for_nobody_and_goes_on_until_discord_is_there(resting: Any) -> None:
    resting.guild.faults.add(Fault(kind=FaultKind.SERVER_ERROR, method="GET /gateway", times=2))
    async with asyncio.timeout(1):
        await resting.adapter.start(resting.ear)
    assert not resting.adapter.platform.ready
    await resting.connected()


async def test_a_dropped_socket_is_taken_up_again_without_losing_a_reaction(stage: Any, ana: Person) -> None:
    channel = await stage.channel()
    message = await stage.posted(Card(title="x"), channel)
    await stage.guild.drop_sockets()
    await stage.guild.react(ana.handles["discord"], channel, message["id"], "✅")
    assert (await stage.ear.until(1)).emoji == "✅"


async def test_what_is_owed_goes_out_while_the_gateway_is_away(stage: Any) -> None:
    channel = await stage.channel()
    await stage.guild.invalidate_sessions()
    assert await stage.do(Post(card=Card(text=("still here",))), "42:p", channel=channel)


async def test_without_the_privileged_intent_it_goes_on_without_it(resting: Any, ana: Person) -> None:
    resting.guild.privileged_intents_enabled = False
    resting.ear.answer = Answer(card=Card(text=("ok",)))
    await resting.adapter.start(resting.ear)
    await resting.connected()
    assert resting.adapter.link.without == ["message_content"]
    await resting.guild.command(ana.handles["discord"], resting.named("general"), options={"what": "list"})
    assert resting.ear.heard


async def test_a_missing_permission_does_not_keep_it_from_listening(resting: Any) -> None:
    resting.guild.bot_permissions &= ~Permission.MANAGE_CHANNELS
    await resting.adapter.start(resting.ear)
    await resting.connected()
    assert resting.adapter.platform.ready


async def test_its_commands_are_registered(stage: Any) -> None:
    commands = {command["name"]: command for command in stage.guild.commands}
    assert set(commands) == {"incident", "Declare incident"}
    options = commands["incident"]["options"]
    assert [(o["name"], o.get("required", False), o.get("autocomplete", False)) for o in options] == [
        ("what", False, True),
        ("details", False, False),
    ]


async def test_a_stopped_adapter_leaves_nothing_behind(resting: Any) -> None:
    before = asyncio.all_tasks()
    adapter = resting.another()
    await adapter.start(resting.ear)
    await resting.eventually(lambda: adapter.platform.connected)
    await adapter.stop()
    await resting.eventually(lambda: not any("discord" in t.get_name() for t in asyncio.all_tasks() - before))


async def test_discord_goes_away_and_comes_back(resting: Any, ana: Person) -> None:
    resting.ear.answer = Answer(card=Card(text=("ok",)))
    runner = await start_discord(resting.guild)
    address, port = resting.guild.base_url, runner.addresses[0][1]
    adapter = resting.another()
    resting.guild.base_url = address
    await adapter.start(resting.ear)
    await resting.eventually(lambda: adapter.platform.connected)
    await runner.cleanup()
    await resting.eventually(lambda: not adapter.platform.connected)
    back = await start_discord(resting.guild, port=port)
    await resting.eventually(lambda: adapter.platform.connected)
    await resting.guild.command(ana.handles["discord"], resting.named("general"), options={"what": "list"})
    await resting.ear.until(1)
    await adapter.stop()
    await back.cleanup()


def test_without_a_token_it_is_off_and_says_why() -> None:
    assert DiscordSettings(_env_file=None, token=None).off == "DISCORD_TOKEN is not set"
    half = DiscordSettings(_env_file=None, token="t", guild=None)
    assert half.off is not None and "DISCORD_GUILD_ID" in half.off
    whole = DiscordSettings(_env_file=None, token="very-secret", guild=1)
    assert whole.on and whole.api_url == DISCORDS_OWN
    assert "very-secret" not in repr(whole)


def test_an_adapter_can_be_built_before_there_is_a_loop(resting: Any) -> None:
    assert DiscordAdapter(DiscordSettings(_env_file=None, token="t", guild=1), resting.clock).platform.name == "discord"
