"""Discord's permissions: the bits, and what somebody may do in a channel once roles and overwrites are counted."""

from enum import IntFlag
from typing import Protocol

from adapters.sandbox.discord.errors import Wire, refusal


class Permission(IntFlag):
    """The bits that the sandbox knows by name."""

    CREATE_INSTANT_INVITE = 1 << 0
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    PIN_MESSAGES = 1 << 51


P = Permission
EVERY = (1 << 53) - 1
TALK = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.SEND_MESSAGES_IN_THREADS
    | P.CREATE_PUBLIC_THREADS
    | P.CREATE_PRIVATE_THREADS
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.MENTION_EVERYONE
    | P.ADD_REACTIONS
)
BOT = TALK | P.MANAGE_CHANNELS | P.MANAGE_ROLES | P.MANAGE_THREADS | P.MANAGE_MESSAGES | P.PIN_MESSAGES
"""What an incident bot is invited with."""
MEMBER = TALK | P.USE_APPLICATION_COMMANDS | P.CONNECT | P.SPEAK | P.CREATE_INSTANT_INVITE
EVERYONE = P.CHANGE_NICKNAME
"""@everyone grants next to nothing here (the role Members does), so that taking a bit from the bot's role tells."""
IN_DM = TALK | P.USE_APPLICATION_COMMANDS | P.PIN_MESSAGES

DM = 1
PRIVATE_THREAD = 12
THREADS = (10, 11, 12)


class Holds(Protocol):
    """The part of the guild that permissions are computed from."""

    guild_id: str
    owner_id: str
    roles: dict[str, Wire]
    members: dict[str, Wire]
    channels: dict[str, Wire]
    thread_members: dict[str, dict[str, Wire]]


def in_guild(world: Holds, user_id: str) -> int:
    """What the roles of a member add up to."""
    member = world.members.get(user_id)
    if member is None:
        return 0
    if user_id == world.owner_id:
        return EVERY
    total = int(world.roles[world.guild_id]["permissions"])
    for role_id in member["roles"]:
        total |= int(world.roles[role_id]["permissions"]) if role_id in world.roles else 0
    return EVERY if total & P.ADMINISTRATOR else total


def in_channel(world: Holds, user_id: str, *, channel: Wire) -> int:
    """What a member may do in a channel; 0 when it may not even see it."""
    if channel["type"] == DM:
        return IN_DM if user_id in [user["id"] for user in channel["recipients"]] + [channel["bot_id"]] else 0
    base = in_guild(world, user_id)
    if base == EVERY or user_id not in world.members:
        return base
    if channel["type"] in THREADS:
        return _in_thread(world, user_id, thread=channel)
    allowed = _overwritten(world, user_id, base=base, overwrites=channel["permission_overwrites"])
    return allowed if allowed & P.VIEW_CHANNEL else 0


def _overwritten(world: Holds, user_id: str, *, base: int, overwrites: list[Wire]) -> int:
    """Discord's order: @everyone's overwrite, then all roles' together, then the member's own."""
    by_id = {overwrite["id"]: overwrite for overwrite in overwrites}
    total = base
    if world.guild_id in by_id:
        total = total & ~int(by_id[world.guild_id]["deny"]) | int(by_id[world.guild_id]["allow"])
    deny = allow = 0
    for role_id in world.members[user_id]["roles"]:
        if role_id in by_id:
            deny |= int(by_id[role_id]["deny"])
            allow |= int(by_id[role_id]["allow"])
    total = total & ~deny | allow
    if user_id in by_id:
        total = total & ~int(by_id[user_id]["deny"]) | int(by_id[user_id]["allow"])
    return total


def _in_thread(world: Holds, user_id: str, *, thread: Wire) -> int:
    parent = world.channels.get(thread["parent_id"])
    if parent is None:
        return 0
    allowed = in_channel(world, user_id, channel=parent)
    hidden = thread["type"] == PRIVATE_THREAD and not allowed & P.MANAGE_THREADS
    if hidden and user_id not in world.thread_members.get(thread["id"], {}):
        return 0
    return allowed


def require(world: Holds, user_id: str, *, channel: Wire, needs: int = 0) -> int:
    """Raise 50001 if somebody cannot see the channel, 50013 if one of ``needs`` is missing; returns the rights."""
    allowed = in_channel(world, user_id, channel=channel)
    if not allowed & P.VIEW_CHANNEL:
        raise refusal(50001)
    if needs & ~allowed:
        raise refusal(50013)
    return allowed


def require_in_guild(world: Holds, user_id: str, *, needs: int) -> int:
    allowed = in_guild(world, user_id)
    if needs & ~allowed:
        raise refusal(50013)
    return allowed
