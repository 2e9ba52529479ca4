"""Sending, editing and deleting messages."""

from datetime import timedelta
from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.drafts import LOADING, SUPPRESS_EMBEDS, Draft
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.files import stored
from adapters.sandbox.discord.forms import mapping, snowflake, wrong
from adapters.sandbox.discord.mentions import mentioned
from adapters.sandbox.discord.permissions import DM, THREADS, P, require
from adapters.sandbox.discord.thread_members import join, wake
from adapters.sandbox.discord.world import EPHEMERAL, World

DEFAULT, PIN_NOTICE, THREAD_NOTICE, REPLY, SLASH, STARTER, CONTEXT = 0, 6, 18, 19, 20, 21, 23
MANY_NONCES = 10_000
"""From so many on, those that have expired are forgotten."""
SYSTEM = (PIN_NOTICE, THREAD_NOTICE, STARTER)


def blank(world: World, channel: Wire, author: Wire, *, kind: int = DEFAULT, **more: Any) -> Wire:
    """A message with every field that a client may count on."""
    return {
        "id": world.ids.new(),
        "channel_id": channel["id"],
        "author": dict(author),
        "content": "",
        "timestamp": world.now(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "type": kind,
        "flags": 0,
    } | more


def send(world: World, author_id: str, *, channel: Wire, draft: Draft) -> Wire:
    """A member's message, with all the checks that Discord makes."""
    rights = _may_send(world, author_id, channel=channel, draft=draft)
    if draft.nonce and draft.enforce_nonce and (sent := _already_sent(world, author_id, draft.nonce)):
        return sent
    if draft.empty:
        raise refusal(50006)
    replied = _replied_to(world, channel, draft=draft, rights=rights)
    message = blank(world, channel, world.user(author_id), kind=REPLY if replied else DEFAULT, tts=draft.tts)
    if replied:
        message |= {"message_reference": reference(world, replied), "referenced_message": replied}
    fill(world, message, draft=draft, rights=rights)
    if draft.nonce:
        message["nonce"] = draft.nonce
        _remember(world, author_id, nonce=draft.nonce, message=message)
    return add(world, message)


def _may_send(world: World, author_id: str, *, channel: Wire, draft: Draft) -> int:
    if channel["type"] == 4:
        raise refusal(50024)
    if channel["type"] == DM and channel["recipients"][0]["id"] in world.closed_dms:
        raise refusal(50007)
    needs = int(P.SEND_MESSAGES_IN_THREADS if channel["type"] in THREADS else P.SEND_MESSAGES)
    needs |= P.EMBED_LINKS if draft.embeds else 0
    needs |= P.ATTACH_FILES if draft.uploads else 0
    rights = require(world, author_id, channel=channel, needs=needs)
    locked = channel["type"] in THREADS and channel["thread_metadata"]["locked"]
    if locked and not rights & P.MANAGE_THREADS:
        raise refusal(50083 if channel["thread_metadata"]["archived"] else 160005)
    return rights


def _already_sent(world: World, author_id: str, nonce: str) -> Wire | None:
    at, channel_id, message_id = world.nonces.get((author_id, nonce), (None, "", ""))
    if at is None or abs(world.clock.now() - at) > timedelta(seconds=limits.NONCE_SECONDS):
        return None
    return world.logs.get(channel_id, {}).get(message_id)


def _remember(world: World, author_id: str, *, nonce: str, message: Wire) -> None:
    now = world.clock.now()
    if len(world.nonces) > MANY_NONCES:
        fresh = timedelta(seconds=limits.NONCE_SECONDS)
        world.nonces = {key: kept for key, kept in world.nonces.items() if abs(now - kept[0]) <= fresh}
    world.nonces[author_id, nonce] = (now, message["channel_id"], message["id"])


def _replied_to(world: World, channel: Wire, *, draft: Draft, rights: int) -> Wire | None:
    if draft.reference is None:
        return None
    given = mapping(draft.reference)
    message_id = snowflake(given.get("message_id"), path="message_reference.message_id")
    if not rights & P.READ_MESSAGE_HISTORY:
        raise refusal(160002)
    found = world.logs.get(channel["id"], {}).get(message_id)
    if found is None and given.get("fail_if_not_exists", True):
        raise wrong("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    if found is not None and found["type"] in SYSTEM:
        words = "Cannot reply to a system message"
        raise wrong("message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", words)
    return found


def reference(world: World, message: Wire) -> Wire:
    return {"type": 0, "channel_id": message["channel_id"], "message_id": message["id"], "guild_id": world.guild_id}


def fill(world: World, message: Wire, *, draft: Draft, rights: int) -> None:
    """Put into a message what the draft names."""
    for name, value in (("content", draft.content), ("embeds", draft.embeds), ("components", draft.components)):
        if name in draft.given:
            message[name] = value
    if "attachments" in draft.given:
        message["attachments"] = stored(world, message, draft=draft)
    if "flags" in draft.given:
        kept = message["flags"] & ~(SUPPRESS_EMBEDS | LOADING)
        message["flags"] = kept | draft.flags & ~EPHEMERAL
    if "content" in draft.given or "allowed_mentions" in draft.given:
        replied = (message.get("referenced_message") or {}).get("author", {}).get("id", "")
        content = message["content"]
        message |= mentioned(world, content, allowed=draft.allowed, rights=rights, replied_to=replied)


def add(world: World, message: Wire) -> Wire:
    """Put a finished message into its channel and tell everybody."""
    channel = world.channels[message["channel_id"]]
    if channel["type"] in THREADS:
        _enter(world, channel, message=message)
    world.logs.setdefault(channel["id"], {})[message["id"]] = message
    channel["last_message_id"] = message["id"]
    world.emit("MESSAGE_CREATE", gateway_form(world, message))
    return message


def _enter(world: World, thread: Wire, *, message: Wire) -> None:
    """A message opens an archived thread, and lets in its author and those it mentions."""
    wake(world, thread)
    thread["message_count"] += 1
    thread["total_message_sent"] += 1
    for user in (message["author"], *message["mentions"]):
        join(world, user["id"], thread=thread)


def notice(world: World, author_id: str, *, channel: Wire, kind: int, **more: Any) -> Wire:
    """A system message: somebody pinned something, a thread was started."""
    return add(world, blank(world, channel, world.user(author_id), kind=kind, **more))


def gateway_form(world: World, message: Wire) -> Wire:
    """A message as events hold it: with its guild and its author's membership."""
    channel = world.channels[message["channel_id"]]
    if channel["type"] == DM:
        return dict(message)
    told = message | {"guild_id": world.guild_id}
    author_id = message["author"]["id"]
    if author_id in world.members and "webhook_id" not in message:
        told["member"] = world.member_without_user(author_id)
    told["mentions"] = [
        user | ({"member": world.member_without_user(user["id"])} if user["id"] in world.members else {})
        for user in message["mentions"]
    ]
    return told
