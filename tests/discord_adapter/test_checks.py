"""The doctor names what is wrong on Discord's side and how to mend it."""

from typing import Any

import discord

from adapters.discord.checks import NEEDED, Checks, invite_link, permissions
from adapters.discord.settings import DiscordSettings
from adapters.discord.wire import Wire
from adapters.sandbox.discord import Permission
from bot.doctor import Health


async def health(adapter: Any) -> dict[str, Health]:
    return {finding.what: finding.health for finding in await adapter.examine()}


async def test_everything_is_fine(resting: Any) -> None:
    found = await resting.adapter.examine()
    wrong = [finding for finding in found if finding.health is not Health.FINE]
    assert [finding for finding in wrong if finding.what != "Discord intents"] == []
    assert len(found) == 7


async def test_a_wrong_token_is_named_first_and_alone(resting: Any) -> None:
    found = await resting.another(token="wrong").examine()
    assert [(f.what, f.health) for f in found] == [("Discord token", Health.WRONG)]
    assert "Reset Token" in found[0].mend


async def test_a_server_that_the_bot_is_not_in(resting: Any) -> None:
    found = await resting.another(guild=123456789012345678).examine()
    assert found[-1].what == "Discord server"
    assert found[-1].health is Health.WRONG
    assert "oauth2/authorize" in found[-1].mend


async def test_a_missing_permission_is_named_with_what_it_is_for(resting: Any) -> None:
    resting.guild.bot_permissions &= ~Permission.PIN_MESSAGES
    (finding,) = [f for f in await resting.adapter.examine() if f.what == "Discord permissions"]
    assert finding.health is Health.WRONG
    assert "pin the live card" in finding.says and "oauth2/authorize" in finding.mend


async def test_an_announcement_channel_that_is_not_there(resting: Any) -> None:
    assert (await health(resting.another(announce_channel="nowhere")))["Discord announcement channel"] is Health.WRONG


async def test_every_channel_that_a_playbook_announces_in_is_looked_for(resting: Any) -> None:
    (finding,) = [f for f in await resting.adapter.examine(["", "#ops"]) if f.what == "Discord announcement channel"]
    assert (finding.health, finding.says) == (Health.FINE, "#incidents, #ops")
    (finding,) = [f for f in await resting.adapter.examine(["moon", "ops"]) if f.what == "Discord announcement channel"]
    assert finding.health is Health.WRONG and finding.says == "the bot does not see #moon"


async def test_the_doctor_says_which_alert_channels_the_bot_does_not_see(resting: Any) -> None:
    watched = ["alerts", "moon", "C0ALERTS01"]
    (finding,) = [f for f in await resting.adapter.examine(watched=watched) if f.what == "Discord alert channels"]
    assert finding.health is Health.WRONG and "does not see #moon," in finding.says
    (finding,) = [f for f in await resting.adapter.examine(watched=["alerts"]) if f.what == "Discord alert channels"]
    assert (finding.health, finding.says) == (Health.FINE, "#alerts")


async def test_without_message_content_the_doctor_says_that_alerts_cannot_be_read(resting: Any) -> None:
    adapter = resting.another(message_content=False)
    (finding,) = [f for f in await adapter.examine(watched=["alerts"]) if f.what == "Discord intents"]
    assert finding.health is Health.WORTH_A_LOOK and "alerts that others post cannot be read" in finding.says


async def test_without_a_token_there_is_one_finding() -> None:
    (finding,) = await Checks(DiscordSettings(_env_file=None, token=None), wire=Wire("")).run()
    assert finding.says == "DISCORD_TOKEN is not set, so Discord is off."


def test_the_invite_link_asks_for_exactly_what_is_needed() -> None:
    link = invite_link(42, 7)
    assert f"permissions={permissions().value}" in link
    assert "scope=bot+applications.commands" in link and "guild_id=7" in link
    assert not permissions().administrator
    assert discord.Permissions(**dict.fromkeys(NEEDED, True)) == permissions()
