"""What one person sees on a platform, in the platform's own wire shapes with a few names of ours beside them."""

from typing import Any

from adapters.sandbox.discord.guild import DiscordGuild
from adapters.sandbox.discord.permissions import DM, P, in_channel
from adapters.sandbox.parts import Manifest
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.preview import preview
from adapters.sandbox.slack.model import Channel
from adapters.sandbox.slack.workspace import SlackWorkspace

Wire = dict[str, Any]


def slack_side(slack: SlackWorkspace, user: str, channel_id: str, manifest: Manifest) -> Wire:
    """The Slack side for a user, with one channel open: that of the id if they can see it, or the first they can."""
    seen = [channel for channel in slack.channels.values() if _visible(channel, user)]
    first = next((channel for channel in seen if user in channel.members), None)
    opened = next((channel for channel in seen if channel.id == channel_id), first)
    return {
        "connected": slack.connected,
        "team": slack.team_name,
        "bot": {"id": slack.bot_user_id, "name": slack.bot_name},
        "commands": [command.model_dump() for command in manifest.commands],
        "shortcuts": [shortcut.model_dump() for shortcut in manifest.shortcuts],
        "channels": [_slack_channel(channel) for channel in seen],
        "channel": None if opened is None else _slack_open(slack, opened, user),
        "home": slack.home(user),
        "view": slack.open_view(user),
        "view_errors": slack.view_errors.get(user, {}),
    }


def _visible(channel: Channel, user: str) -> bool:
    return user in channel.members if channel.kind != "public" else True


def _slack_channel(channel: Channel) -> Wire:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_im": channel.is_im or channel.is_mpim,
        "members": list(channel.members),
        "topic": channel.topic,
        "purpose": channel.purpose,
        "latest": channel.messages[-1]["ts"] if channel.messages else "",
    }


def _slack_open(slack: SlackWorkspace, channel: Channel, user: str) -> Wire:
    return _slack_channel(channel) | {
        "messages": slack.messages(channel.id, viewer=user),
        "pins": channel.pins,
        "bookmarks": channel.bookmarks,
    }


def discord_side(guild: DiscordGuild, user: str, channel_id: str) -> Wire:
    """The Discord side for a user, with one channel open: that of the id if they can see it, or the first they can."""
    seen = {held["id"]: held for held in guild.channels.values() if _may_see(guild, user, held)}
    first = next((held for held in seen.values() if held["type"] in (0, 5)), None)
    opened = seen.get(channel_id, first)
    return {
        "connected": guild.connected,
        "guild": {"id": guild.guild_id, "name": guild.world.guild_name},
        "bot": {"id": guild.bot_user_id},
        "users": guild.users,
        "roles": list(guild.roles.values()),
        "my_roles": guild.members[user]["roles"],
        "commands": guild.commands,
        "channels": [_discord_channel(guild, held) for held in seen.values()],
        "channel": None if opened is None else _discord_open(guild, opened, user),
        "modal": guild.open_modal(user),
    }


def _may_see(guild: DiscordGuild, user: str, channel: Wire) -> bool:
    if channel["type"] == DM:
        return any(recipient["id"] == user for recipient in channel["recipients"])
    return guild.can_see(user, channel["id"])


def _discord_channel(guild: DiscordGuild, channel: Wire) -> Wire:
    direct = channel["type"] == DM
    hidden = not direct and not all(guild.can_see(person.discord_id, channel["id"]) for person in PEOPLE)
    name = guild.users[guild.bot_user_id]["username"] if direct else channel["name"]
    return channel | {"name": name, "private": hidden, "latest": str(channel.get("last_message_id") or "")}


def _discord_open(guild: DiscordGuild, channel: Wire, user: str) -> Wire:
    channel_id = channel["id"]
    rights = in_channel(guild.world, user, channel=channel)
    return _discord_channel(guild, channel) | {
        "messages": [_shown(guild, message, user) for message in guild.messages(channel_id, viewer=user)],
        "pins": [_shown(guild, message, user) for message in guild.pins(channel_id)],
        "members": [member for member in guild.members if _may_see(guild, member, channel)],
        "can_send": bool(rights & P.SEND_MESSAGES),
    }


def _shown(guild: DiscordGuild, message: Wire, user: str) -> Wire:
    """A message as this person sees it: what Discord's client makes of its files and reactions beside it."""
    seen = _reacted(guild, message, user)
    if not message["attachments"]:
        return seen
    held = guild.world.files
    files = [
        one | {"preview": preview(held[one["id"]][1])} if one["id"] in held else one for one in seen["attachments"]
    ]
    return seen | {"attachments": files}


def _reacted(guild: DiscordGuild, message: Wire, user: str) -> Wire:
    """A message whose reactions say who reacted, and whether this person did."""
    if not message.get("reactions"):
        return message
    reactions = []
    for reaction in message["reactions"]:
        users = guild.reactors(message["id"], reaction["emoji"]["name"])
        reactions.append(reaction | {"users": users, "me": user in users})
    return message | {"reactions": reactions}
