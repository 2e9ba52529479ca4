"""Reactions to messages."""

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.emoji import bare, key_of
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.permissions import DM, THREADS, P, require
from adapters.sandbox.discord.world import EPHEMERAL, World


def add(world: World, user_id: str, *, message: Wire, emoji: str) -> None:
    channel = world.channel(message["channel_id"])
    key = key_of(emoji)
    held = world.reactors.setdefault(message["id"], {})
    needs = int(P.READ_MESSAGE_HISTORY) | (0 if key in held else P.ADD_REACTIONS)
    _may(world, user_id, channel=channel, message=message, needs=needs)
    if key not in held and len(held) >= limits.REACTIONS:
        raise refusal(30010)
    users = held.setdefault(key, [])
    if user_id in users:
        return
    users.append(user_id)
    _count(world, message, key=key, shown=emoji)
    told = _event(world, channel, message=message, user_id=user_id, emoji=_shown(message, key))
    if "guild_id" in told and user_id in world.members:
        told["member"] = dict(world.members[user_id])
    world.emit("MESSAGE_REACTION_ADD", told | {"message_author_id": message["author"]["id"], "burst_colors": []})


def remove(world: World, actor_id: str, *, message: Wire, emoji: str, user_id: str) -> None:
    channel = world.channel(message["channel_id"])
    key = key_of(emoji)
    others = actor_id != user_id
    _may(world, actor_id, channel=channel, message=message, needs=P.MANAGE_MESSAGES if others else 0)
    users = world.reactors.get(message["id"], {}).get(key, [])
    if user_id not in users:
        return
    shown = _shown(message, key)
    users.remove(user_id)
    _count(world, message, key=key, shown=emoji)
    world.emit("MESSAGE_REACTION_REMOVE", _event(world, channel, message=message, user_id=user_id, emoji=shown))


def clear(world: World, actor_id: str, *, message: Wire, emoji: str = "") -> None:
    """Take all reactions away, or all with one emoji."""
    channel = world.channel(message["channel_id"])
    _may(world, actor_id, channel=channel, message=message, needs=P.MANAGE_MESSAGES)
    key = key_of(emoji) if emoji else ""
    shown = _shown(message, key) if emoji else emoji
    held = world.reactors.get(message["id"], {})
    for gone in [key] if emoji else list(held):
        held.get(gone, []).clear()
        _count(world, message, key=gone, shown=emoji)
    told = {"channel_id": channel["id"], "message_id": message["id"]}
    told |= {} if channel["type"] == DM else {"guild_id": world.guild_id}
    if emoji:
        world.emit("MESSAGE_REACTION_REMOVE_EMOJI", told | {"emoji": _emoji(shown)})
    else:
        world.emit("MESSAGE_REACTION_REMOVE_ALL", told)


def users_of(world: World, *, message: Wire, emoji: str) -> list[str]:
    return list(world.reactors.get(message["id"], {}).get(key_of(emoji), []))


def _may(world: World, user_id: str, *, channel: Wire, message: Wire, needs: int) -> None:
    require(world, user_id, channel=channel, needs=needs)
    if message["flags"] & EPHEMERAL:
        raise refusal(10008)
    if channel["type"] in THREADS and channel["thread_metadata"]["archived"]:
        raise refusal(50083)


def _count(world: World, message: Wire, *, key: str, shown: str) -> None:
    """Bring the message's own list of reactions up to date."""
    users = world.reactors[message["id"]].get(key, []) if message["id"] in world.reactors else []
    entries = [entry for entry in message.get("reactions", []) if bare(entry["emoji"]["name"]) != key]
    before = next((e for e in message.get("reactions", []) if e not in entries), None)
    if not users:
        world.reactors.get(message["id"], {}).pop(key, None)
        message["reactions"] = entries
        return
    entry = before or {
        "emoji": _emoji(shown),
        "me_burst": False,
        "burst_me": False,
        "burst_count": 0,
        "burst_colors": [],
    }
    entry |= {"count": len(users), "me": world.bot_id in users, "count_details": {"burst": 0, "normal": len(users)}}
    if before is None:
        message["reactions"] = [*entries, entry]


def _emoji(name: str) -> Wire:
    return {"id": None, "name": name}


def _shown(message: Wire, key: str) -> str:
    """The emoji as whoever came first wrote it."""
    names = [str(entry["emoji"]["name"]) for entry in message.get("reactions", [])]
    return next((name for name in names if bare(name) == key), key)


def _event(world: World, channel: Wire, *, message: Wire, user_id: str, emoji: str) -> Wire:
    told = {"user_id": user_id, "channel_id": channel["id"], "message_id": message["id"]}
    told |= {"emoji": _emoji(emoji), "type": 0, "burst": False}
    return told if channel["type"] == DM else told | {"guild_id": world.guild_id}
