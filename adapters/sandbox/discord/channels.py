"""Channels and categories: making, changing and removing them, and their permission overwrites."""

from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.errors import RateLimited, Wire, refusal
from adapters.sandbox.discord.forms import REQUIRED, Problems, mapping, number, one_of, snowflake, text
from adapters.sandbox.discord.naming import TEXT_TYPES, channel_name
from adapters.sandbox.discord.overwrites import read_overwrites
from adapters.sandbox.discord.permissions import DM, THREADS, P, in_guild, require, require_in_guild
from adapters.sandbox.discord.windows import tries
from adapters.sandbox.discord.world import World

TEXT, VOICE, CATEGORY, NEWS = 0, 2, 4, 5
KINDS = (TEXT, VOICE, CATEGORY, NEWS)


def blank_channel(world: World, name: str, *, kind: int = TEXT) -> Wire:
    channel: Wire = {
        "id": world.ids.new(),
        "type": kind,
        "guild_id": world.guild_id,
        "name": name,
        "position": 0,
        "parent_id": None,
        "permission_overwrites": [],
        "flags": 0,
    }
    if kind in TEXT_TYPES:
        channel |= {"topic": None, "nsfw": False, "rate_limit_per_user": 0}
        channel |= {"last_message_id": None, "last_pin_timestamp": None, "default_auto_archive_duration": 1440}
    if kind == VOICE:
        channel |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None, "nsfw": False, "last_message_id": None}
    return channel


def create(world: World, maker_id: str, *, body: Any) -> Wire:
    form = mapping(body)
    rights = require_in_guild(world, maker_id, needs=P.MANAGE_CHANNELS)
    problems = Problems()
    kind = one_of(problems, form, key="type", path="", choices=KINDS, default=TEXT)
    channel = blank_channel(world, "", kind=kind)
    _set_fields(world, channel, form=form, problems=problems, fresh=True)
    problems.check()
    overwrites = read_overwrites(world, form.get("permission_overwrites"), rights=rights)
    if not overwrites and channel["parent_id"]:
        # An empty list counts as none given: discord.py always sends one.
        overwrites = [dict(o) for o in world.channels[channel["parent_id"]]["permission_overwrites"]]
    channel["permission_overwrites"] = overwrites
    if len(world.guild_channels()) >= limits.CHANNELS:
        raise refusal(30013)
    if "position" not in form:
        alike = [c["position"] for c in world.guild_channels() if (c["type"] == CATEGORY) == (kind == CATEGORY)]
        channel["position"] = max(alike, default=-1) + 1
    world.channels[channel["id"]] = channel
    world.emit("CHANNEL_CREATE", dict(channel))
    return channel


def _set_fields(world: World, channel: Wire, *, form: Wire, problems: Problems, fresh: bool) -> None:
    """Take over the fields that a form names."""
    if fresh or "name" in form:
        channel["name"] = _name(problems, form, kind=channel["type"])
    if "topic" in form and "topic" in channel:
        channel["topic"] = text(problems, form, key="topic", path="", high=limits.CHANNEL_TOPIC) or None
    if form.get("position") is not None:
        channel["position"] = number(problems, form, key="position", path="")
    if "rate_limit_per_user" in form and "rate_limit_per_user" in channel:
        high = limits.SLOW_MODE_SECONDS
        channel["rate_limit_per_user"] = number(problems, form, key="rate_limit_per_user", path="", high=high)
    if "nsfw" in form and "nsfw" in channel:
        channel["nsfw"] = bool(form["nsfw"])
    if "default_auto_archive_duration" in form:
        key = "default_auto_archive_duration"
        channel[key] = one_of(problems, form, key=key, path="", choices=limits.ARCHIVE_MINUTES, default=1440)
    if "parent_id" in form:
        channel["parent_id"] = _parent(world, channel, form=form, problems=problems)


def _name(problems: Problems, form: Wire, *, kind: int) -> str:
    name = text(problems, form, key="name", path="", low=1, high=limits.CHANNEL_NAME, required=True)
    if kind not in TEXT_TYPES:
        return name.strip()
    written = channel_name(name)
    if name and not written:
        problems.at("name", *REQUIRED)
    return written


def _parent(world: World, channel: Wire, *, form: Wire, problems: Problems) -> str | None:
    if form["parent_id"] is None:
        return None
    parent_id = snowflake(form["parent_id"], path="parent_id")
    parent = world.channels.get(parent_id)
    if parent is None:
        problems.at("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist")
    elif parent["type"] != CATEGORY or channel["type"] == CATEGORY:
        problems.at("parent_id", "CHANNEL_PARENT_INVALID_TYPE", "Not a category")
    else:
        inside = [c for c in world.guild_channels() if c["parent_id"] == parent_id and c["id"] != channel["id"]]
        if len(inside) >= limits.CHANNELS_IN_CATEGORY:
            words = f"Maximum number of channels in category reached ({limits.CHANNELS_IN_CATEGORY})"
            problems.at("parent_id", "CHANNEL_PARENT_MAX_CHANNELS", words)
    return parent_id


def change(world: World, editor_id: str, *, channel: Wire, body: Any) -> Wire:
    """Edit a channel; threads are changed in ``threads.py``."""
    form = mapping(body)
    if channel["type"] == DM:
        raise refusal(50003)
    needs = int(P.MANAGE_CHANNELS) | (P.MANAGE_ROLES if "permission_overwrites" in form else 0)
    require(world, editor_id, channel=channel, needs=needs)
    after = dict(channel)
    problems = Problems()
    _set_fields(world, after, form=form, problems=problems, fresh=False)
    problems.check()
    if form.get("permission_overwrites") is not None:
        rights = in_guild(world, editor_id)
        after["permission_overwrites"] = read_overwrites(world, form["permission_overwrites"], rights=rights)
    _count_rename(world, channel, after=after)
    channel |= after
    world.emit("CHANNEL_UPDATE", dict(channel))
    return channel


def _count_rename(world: World, channel: Wire, *, after: Wire) -> None:
    if all(after.get(key) == channel.get(key) for key in ("name", "topic")):
        return
    times = world.renames.setdefault(channel["id"], [])
    seconds = tries(times, world.clock.now(), many=limits.RENAMES, seconds=limits.RENAMES_SECONDS)
    if seconds:
        raise RateLimited(seconds, shared=True)


def delete(world: World, deleter_id: str, *, channel: Wire) -> Wire:
    if channel["type"] == DM:
        return channel
    require(world, deleter_id, channel=channel, needs=P.MANAGE_CHANNELS)
    for child in list(world.channels.values()):
        if child.get("parent_id") == channel["id"]:
            _orphan(world, child)
    forget(world, channel["id"])
    world.emit("CHANNEL_DELETE", dict(channel))
    return channel


def _orphan(world: World, child: Wire) -> None:
    """Threads go with their channel; channels outlive their category."""
    if child["type"] in THREADS:
        forget(world, child["id"])
        return
    child["parent_id"] = None
    world.emit("CHANNEL_UPDATE", dict(child))


def forget(world: World, channel_id: str) -> None:
    for held in (world.channels, world.logs, world.pinned, world.thread_members, world.renames, world.old_edits):
        held.pop(channel_id, None)


def direct(world: World, *, recipient: Any) -> Wire:
    """The direct-message channel of the bot and somebody; made when first asked for."""
    user_id = str(recipient)
    if user_id not in world.users or user_id == world.bot_id:
        raise refusal(50033)
    for channel in world.channels.values():
        if channel["type"] == DM and channel["recipients"][0]["id"] == user_id:
            return channel
    channel = {
        "id": world.ids.new(),
        "type": DM,
        "last_message_id": None,
        "flags": 0,
        "recipients": [dict(world.users[user_id])],
        "bot_id": world.bot_id,
    }
    world.channels[channel["id"]] = channel
    world.emit("CHANNEL_CREATE", world.shown(channel))
    return channel
