"""Changing and deleting messages."""

from datetime import timedelta

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.drafts import LOADING, Draft
from adapters.sandbox.discord.errors import RateLimited, Wire, refusal
from adapters.sandbox.discord.messages import SYSTEM, fill, gateway_form
from adapters.sandbox.discord.permissions import DM, THREADS, P, require
from adapters.sandbox.discord.snowflakes import time_of
from adapters.sandbox.discord.windows import tries
from adapters.sandbox.discord.world import EPHEMERAL, World


def change(world: World, editor_id: str, *, message: Wire, draft: Draft) -> Wire:
    """Edit a message, as its author (or, for its flags, as who manages messages)."""
    channel = world.channel(message["channel_id"])
    rights = require(world, editor_id, channel=channel)
    if channel["type"] in THREADS and channel["thread_metadata"]["archived"]:
        raise refusal(50083)
    if message["author"]["id"] != editor_id or "webhook_id" in message:
        if not draft.given <= {"flags", "allowed_mentions"} or not rights & P.MANAGE_MESSAGES:
            raise refusal(50005)
    elif message["type"] in SYSTEM:
        raise refusal(50021)
    _count_old_edit(world, message)
    return apply(world, message, draft=draft, rights=rights)


def _count_old_edit(world: World, message: Wire) -> None:
    now = world.clock.now()
    if now - time_of(message["id"]) < timedelta(seconds=limits.OLD_EDIT_AGE_SECONDS):
        return
    seconds = tries(
        world.old_edits.setdefault(message["channel_id"], []),
        now,
        many=limits.OLD_EDITS,
        seconds=limits.OLD_EDITS_SECONDS,
    )
    if seconds:
        raise RateLimited(seconds, code=30046)


def apply(world: World, message: Wire, *, draft: Draft, rights: int) -> Wire:
    """Change a message and tell everybody who can see it; raises 50006 if nothing would be left of it."""
    after = dict(message)
    fill(world, after, draft=draft, rights=rights)
    if not any(after[part] for part in ("content", "embeds", "components", "attachments")):
        raise refusal(50006)
    content = ("content", "embeds", "components", "attachments", "allowed_mentions")
    if any(part in draft.given for part in content) and not message["flags"] & LOADING:
        after["edited_timestamp"] = world.now()
    after["flags"] &= ~LOADING
    message |= after
    tell_update(world, message)
    return message


def tell_update(world: World, message: Wire) -> None:
    if message["flags"] & EPHEMERAL:
        world.changed("EPHEMERAL_UPDATE")
    else:
        world.emit("MESSAGE_UPDATE", gateway_form(world, message))


def delete(world: World, deleter_id: str, *, message: Wire) -> None:
    channel = world.channel(message["channel_id"])
    rights = require(world, deleter_id, channel=channel)
    own = message["author"]["id"] == deleter_id and "webhook_id" not in message
    if channel["type"] == DM and not own:
        raise refusal(50003)
    if not own and not rights & P.MANAGE_MESSAGES:
        raise refusal(50013)
    remove(world, message)


def remove(world: World, message: Wire) -> None:
    """Take a message away and tell everybody who could see it."""
    channel = world.channels[message["channel_id"]]
    if message["flags"] & EPHEMERAL:
        for held in world.whispers.values():
            held.pop(message["id"], None)
        world.changed("EPHEMERAL_DELETE")
        return
    world.logs[channel["id"]].pop(message["id"], None)
    world.pinned.get(channel["id"], {}).pop(message["id"], None)
    world.reactors.pop(message["id"], None)
    gone = {"id": message["id"], "channel_id": channel["id"]}
    world.emit("MESSAGE_DELETE", gone if channel["type"] == DM else gone | {"guild_id": world.guild_id})
