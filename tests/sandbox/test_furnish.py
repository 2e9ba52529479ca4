"""Channels that a demo asks for are there from the start, once."""

from adapters.sandbox.server import Sandbox


def test_channels_that_are_asked_for_are_there_and_none_is_there_twice() -> None:
    sandbox = Sandbox()
    for _ in range(2):
        sandbox.furnish({"slack": ["incident", "alerts"], "discord": ["errors", "ops"]})
    slack = [channel.name for channel in sandbox.slack.channels.values()]
    discord = [channel["name"] for channel in sandbox.discord.channels.values()]
    assert slack.count("incident") == slack.count("alerts") == 1
    assert discord.count("errors") == discord.count("ops") == 1
    incident = sandbox.slack.channel_named("incident")
    assert sandbox.slack.bot_user_id in incident.members
