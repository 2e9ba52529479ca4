"""What happens to messages: they are posted, changed and deleted, form threads, and the app hears of it."""

from copy import deepcopy
from typing import Any

from adapters.sandbox.slack.model import Channel, Wire
from adapters.sandbox.slack.world import World

UNTOLD = ("metadata", "pinned_info")
"""Parts of a message that its events do not carry."""


def post(world: World, channel: Channel, message: Wire, *, thread_ts: str = "", broadcast: bool = False) -> Wire:
    """Add a message; ``thread_ts`` puts it into a thread, ``broadcast`` shows the reply in the channel too."""
    wire: Wire = {"type": "message", "ts": world.stamps.ts(), "team": world.team_id, **message}
    parent = channel.message(thread_ts) if thread_ts else None
    if parent is not None:
        wire["thread_ts"] = parent.get("thread_ts", parent["ts"])
        parent = channel.message(wire["thread_ts"]) or parent
        wire["parent_user_id"] = parent.get("user", "")
        if broadcast:
            wire["subtype"] = "thread_broadcast"
            wire["root"] = _told(parent)
    channel.messages.append(wire)
    if parent is not None:
        recount(channel, parent)
    tell(world, channel, wire)
    world.changed("message posted")
    return wire


def system(world: World, channel: Channel, subtype: str, *, user: str, text: str, **more: Any) -> Wire:
    """A message that Slack itself writes about what somebody did."""
    return post(world, channel, {"subtype": subtype, "user": user, "text": text, **more})


def amend(world: World, channel: Channel, message: Wire, changes: Wire, *, edited_by: str = "") -> Wire:
    """Change a message; a value of ``None`` takes the part away. ``edited_by`` marks it as edited."""
    previous = _told(message)
    for name, value in changes.items():
        if value is None:
            message.pop(name, None)
        else:
            message[name] = value
    ts = world.stamps.ts()
    if edited_by:
        message["edited"] = {"user": edited_by, "ts": ts}
    _announce(world, channel, "message_changed", ts, message=_told(message), previous_message=previous)
    world.changed("message changed")
    return message


def erase(world: World, channel: Channel, message: Wire) -> None:
    """Delete a message; one that has replies leaves a tombstone, for its thread to hang on."""
    channel.pins = [pin for pin in channel.pins if pin["message"]["ts"] != message["ts"]]
    if message.get("reply_count"):
        gone = {"subtype": "tombstone", "hidden": True, "text": "This message was deleted.", "user": "USLACKBOT"}
        kept = ("type", "ts", "team", "thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
        amend(world, channel, message, {**{name: None for name in message if name not in kept}, **gone})
        return
    channel.messages.remove(message)
    parent = channel.message(message.get("thread_ts", ""))
    if parent is not None:
        recount(channel, parent)
    ts = world.stamps.ts()
    _announce(world, channel, "message_deleted", ts, deleted_ts=message["ts"], previous_message=_told(message))
    world.changed("message deleted")


def recount(channel: Channel, parent: Wire) -> None:
    """Let the first message of a thread tell how many replies it has."""
    replies = channel.replies(parent["ts"])
    users = list(dict.fromkeys(reply.get("user") or reply.get("bot_id", "") for reply in replies))
    for name in ("thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply"):
        parent.pop(name, None)
    if replies:
        parent.update(
            thread_ts=parent["ts"],
            reply_count=len(replies),
            reply_users=users[:5],
            reply_users_count=len(users),
            latest_reply=replies[-1]["ts"],
            is_locked=False,
            subscribed=False,
        )


def tell(world: World, channel: Channel, message: Wire) -> None:
    """The events of a new message: the message, and a mention of the app if it is one."""
    place = {"channel": channel.id, "event_ts": message["ts"]}
    world.emit({**_told(message), **place, "channel_type": channel.event_type}, channel)
    mentioned = f"<@{world.bot_user_id}>" in message.get("text", "")
    if mentioned and not channel.is_im and message.get("subtype") in (None, "bot_message", "file_share"):
        world.emit({**_told(message), **place, "type": "app_mention"}, channel)


def whisper(world: World, user_id: str, channel_id: str, message: Wire) -> Wire:
    """A message that only one person sees; no event tells of it."""
    wire: Wire = {
        "type": "message",
        "subtype": "bot_message",
        "ts": world.stamps.ts(),
        "team": world.team_id,
        "channel": channel_id,
        "is_ephemeral": True,
        **message,
    }
    world.whispers.setdefault(user_id, []).append(wire)
    world.changed("ephemeral message")
    return wire


def _announce(world: World, channel: Channel, subtype: str, ts: str, **parts: Any) -> None:
    event = {"type": "message", "subtype": subtype, "channel": channel.id, "hidden": True, "ts": ts, "event_ts": ts}
    world.emit({**event, "channel_type": channel.event_type, **parts}, channel)


def _told(message: Wire) -> Wire:
    """A copy of the message as events carry it."""
    return deepcopy({name: value for name, value in message.items() if name not in UNTOLD})
