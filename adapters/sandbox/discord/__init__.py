"""A strict Discord on loopback: REST API and gateway, for the demo and the tests."""

from adapters.sandbox.discord.errors import DiscordError
from adapters.sandbox.discord.guild import DiscordGuild
from adapters.sandbox.discord.interactions import Interaction
from adapters.sandbox.discord.permissions import Permission
from adapters.sandbox.discord.standalone import start_discord

__all__ = ["DiscordError", "DiscordGuild", "Interaction", "Permission", "start_discord"]
