"""Pinned messages."""

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.edits import tell_update
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.messages import PIN_NOTICE, SYSTEM, notice, reference
from adapters.sandbox.discord.permissions import DM, THREADS, P, require
from adapters.sandbox.discord.world import World


def pin(world: World, pinner_id: str, *, channel: Wire, message: Wire) -> None:
    """Pin a message; one that is pinned already stays so, without a second notice."""
    _may(world, pinner_id, channel)
    if message["type"] in SYSTEM:
        raise refusal(50021)
    held = world.pinned.setdefault(channel["id"], {})
    if message["id"] in held:
        return
    if len(held) >= limits.PINS:
        raise refusal(30003)
    held[message["id"]] = world.now()
    _tell(world, channel, message=message, pinned=True)
    notice(world, pinner_id, channel=channel, kind=PIN_NOTICE, message_reference=reference(world, message))


def unpin(world: World, pinner_id: str, *, channel: Wire, message: Wire) -> None:
    _may(world, pinner_id, channel)
    if world.pinned.get(channel["id"], {}).pop(message["id"], None) is not None:
        _tell(world, channel, message=message, pinned=False)


def _may(world: World, pinner_id: str, channel: Wire) -> None:
    require(world, pinner_id, channel=channel, needs=P.PIN_MESSAGES)
    if channel["type"] in THREADS and channel["thread_metadata"]["archived"]:
        raise refusal(50083)


def _tell(world: World, channel: Wire, *, message: Wire, pinned: bool) -> None:
    message["pinned"] = pinned
    last = max(world.pinned.get(channel["id"], {}).values(), default=None)
    channel["last_pin_timestamp"] = last
    tell_update(world, message)
    told = {"channel_id": channel["id"], "last_pin_timestamp": last}
    world.emit("CHANNEL_PINS_UPDATE", told if channel["type"] == DM else told | {"guild_id": world.guild_id})


def pinned(world: World, channel_id: str) -> list[tuple[str, Wire]]:
    """When each was pinned, and the message; the one pinned last first."""
    log = world.logs.get(channel_id, {})
    held = world.pinned.get(channel_id, {})
    return [(at, log[message_id]) for message_id, at in reversed(held.items()) if message_id in log]
