"""REST: channels, their overwrites, threads and direct messages."""

from typing import Any

from adapters.sandbox.discord import channels, overwrites, threads
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.forms import mapping, snowflake
from adapters.sandbox.discord.greeting import thread_for_bot
from adapters.sandbox.discord.permissions import PRIVATE_THREAD, THREADS, P, require
from adapters.sandbox.discord.rest import Asked, Handler
from adapters.sandbox.discord.world import World


def channel_of(world: World, asked: Asked, *, place: str = "channel") -> Wire:
    return world.channel(snowflake(asked.ids[place], path="channel_id"))


def in_own_guild(world: World, asked: Asked) -> None:
    if snowflake(asked.ids["guild"], path="guild_id") != world.guild_id:
        raise refusal(10004)


def person_of(world: World, asked: Asked) -> str:
    """The user in the path; ``@me`` is the bot."""
    given = asked.ids["user"]
    return world.bot_id if given == "@me" else snowflake(given, path="user_id")


def _list(world: World, asked: Asked) -> list[Wire]:
    in_own_guild(world, asked)
    return [dict(channel) for channel in world.guild_channels()]


def _create(world: World, asked: Asked) -> Wire:
    in_own_guild(world, asked)
    return dict(channels.create(world, world.bot_id, body=asked.body))


def _move(world: World, asked: Asked) -> None:
    """Positions of many channels at once."""
    in_own_guild(world, asked)
    for entry in asked.body if isinstance(asked.body, list) else []:
        given = mapping(entry)
        channel = world.channel(snowflake(given.get("id"), path="id"))
        form = {key: given[key] for key in ("position", "parent_id") if key in given}
        channels.change(world, world.bot_id, channel=channel, body=form)


def _read(world: World, asked: Asked) -> Wire:
    channel = channel_of(world, asked)
    require(world, world.bot_id, channel=channel)
    return thread_for_bot(world, channel) if channel["type"] in THREADS else world.shown(channel)


def _change(world: World, asked: Asked) -> Wire:
    channel = channel_of(world, asked)
    if channel["type"] in THREADS:
        return thread_for_bot(world, threads.change(world, world.bot_id, thread=channel, body=asked.body))
    return dict(channels.change(world, world.bot_id, channel=channel, body=asked.body))


def _delete(world: World, asked: Asked) -> Wire:
    channel = channel_of(world, asked)
    if channel["type"] in THREADS:
        return dict(threads.delete(world, world.bot_id, thread=channel))
    return world.shown(channels.delete(world, world.bot_id, channel=channel))


def _permit(world: World, asked: Asked) -> None:
    channel, target = channel_of(world, asked), snowflake(asked.ids["target"], path="overwrite_id")
    overwrites.permit(world, world.bot_id, channel=channel, target=target, body=asked.body)


def _unpermit(world: World, asked: Asked) -> None:
    channel, target = channel_of(world, asked), snowflake(asked.ids["target"], path="overwrite_id")
    overwrites.unpermit(world, world.bot_id, channel=channel, target=target)


def _type(world: World, asked: Asked) -> None:
    channel = channel_of(world, asked)
    require(world, world.bot_id, channel=channel, needs=P.SEND_MESSAGES)


def _direct(world: World, asked: Asked) -> Wire:
    form = mapping(asked.body)
    return world.shown(channels.direct(world, recipient=form.get("recipient_id")))


def _thread_from(world: World, asked: Asked) -> Wire:
    channel = channel_of(world, asked)
    require(world, world.bot_id, channel=channel)
    message = world.message(channel["id"], snowflake(asked.ids["message"], path="message_id"))
    made = threads.start_from(world, world.bot_id, channel=channel, message=message, body=asked.body)
    return thread_for_bot(world, made)


def _thread(world: World, asked: Asked) -> Wire:
    made = threads.start(world, world.bot_id, channel=channel_of(world, asked), body=asked.body)
    return thread_for_bot(world, made)


def _join(world: World, asked: Asked) -> None:
    threads.bring(world, world.bot_id, thread=channel_of(world, asked), user_id=person_of(world, asked))


def _leave(world: World, asked: Asked) -> None:
    threads.leave(world, world.bot_id, thread=channel_of(world, asked), user_id=person_of(world, asked))


def _thread_members(world: World, asked: Asked) -> list[Wire]:
    thread = channel_of(world, asked)
    require(world, world.bot_id, channel=thread)
    return [dict(member) for member in world.thread_members.get(thread["id"], {}).values()]


def _thread_member(world: World, asked: Asked) -> Wire:
    thread = channel_of(world, asked)
    require(world, world.bot_id, channel=thread)
    found = world.thread_members.get(thread["id"], {}).get(person_of(world, asked))
    if found is None:
        raise refusal(10007)
    return dict(found)


def _page(world: World, found: list[Wire]) -> Wire:
    own = [world.thread_members[t["id"]].get(world.bot_id) for t in found]
    told = [thread_for_bot(world, thread) for thread in found]
    return {"threads": told, "members": [member for member in own if member], "has_more": False}


def _active(world: World, asked: Asked) -> Wire:
    in_own_guild(world, asked)
    found = [t for t in world.threads() if not t["thread_metadata"]["archived"] and world.sees(world.bot_id, t)]
    return _page(world, found)


def _archived(*kinds: int) -> Handler:
    def handle(world: World, asked: Asked) -> Any:
        channel = channel_of(world, asked)
        needs = int(P.READ_MESSAGE_HISTORY) | (P.MANAGE_THREADS if PRIVATE_THREAD in kinds else 0)
        require(world, world.bot_id, channel=channel, needs=needs)
        return _page(world, threads.archived(world, parent_id=channel["id"], kinds=kinds))

    return handle


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/guilds/{guild}/channels", _list),
    ("POST", "/guilds/{guild}/channels", _create),
    ("PATCH", "/guilds/{guild}/channels", _move),
    ("GET", "/guilds/{guild}/threads/active", _active),
    ("GET", "/channels/{channel}", _read),
    ("PATCH", "/channels/{channel}", _change),
    ("DELETE", "/channels/{channel}", _delete),
    ("PUT", "/channels/{channel}/permissions/{target}", _permit),
    ("DELETE", "/channels/{channel}/permissions/{target}", _unpermit),
    ("POST", "/channels/{channel}/typing", _type),
    ("POST", "/users/@me/channels", _direct),
    ("POST", "/channels/{channel}/messages/{message}/threads", _thread_from),
    ("POST", "/channels/{channel}/threads", _thread),
    ("GET", "/channels/{channel}/threads/archived/public", _archived(10, 11)),
    ("GET", "/channels/{channel}/threads/archived/private", _archived(PRIVATE_THREAD)),
    ("GET", "/channels/{channel}/thread-members", _thread_members),
    ("GET", "/channels/{channel}/thread-members/{user}", _thread_member),
    ("PUT", "/channels/{channel}/thread-members/{user}", _join),
    ("DELETE", "/channels/{channel}/thread-members/{user}", _leave),
]
