"""Threads: started from a message or on their own, archived, locked, joined and left."""

from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.channels import forget
from adapters.sandbox.discord.edits import tell_update
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.forms import Problems, mapping, number, one_of, text
from adapters.sandbox.discord.greeting import thread_for_bot
from adapters.sandbox.discord.messages import SYSTEM, THREAD_NOTICE, notice
from adapters.sandbox.discord.permissions import PRIVATE_THREAD, THREADS, P, require
from adapters.sandbox.discord.thread_members import join, membership, tell_members, tell_thread
from adapters.sandbox.discord.world import World

NEWS_THREAD, PUBLIC_THREAD = 10, 11
HAS_THREAD = 1 << 5
"""Message flag."""


def start_from(world: World, maker_id: str, *, channel: Wire, message: Wire, body: Any) -> Wire:
    """A thread from a message; it has the message's id."""
    _may_start(world, maker_id, channel=channel, kind=PUBLIC_THREAD)
    if message["type"] in SYSTEM:
        raise refusal(50021)
    if message["id"] in world.channels:
        raise refusal(160004)
    kind = NEWS_THREAD if channel["type"] == 5 else PUBLIC_THREAD
    thread = _new(world, maker_id, parent=channel, form=mapping(body), kind=kind, thread_id=message["id"])
    message["flags"] |= HAS_THREAD
    _open(world, maker_id, thread)
    message["thread"] = dict(thread)
    tell_update(world, message)
    return thread


def start(world: World, maker_id: str, *, channel: Wire, body: Any) -> Wire:
    """A thread on its own: type 11, or 12 for a private one (Discord's default)."""
    form = mapping(body)
    problems = Problems()
    kinds = (NEWS_THREAD,) if channel["type"] == 5 else (PUBLIC_THREAD, PRIVATE_THREAD)
    kind = one_of(problems, form, key="type", path="", choices=kinds, default=kinds[-1])
    _may_start(world, maker_id, channel=channel, kind=kind)
    problems.check()
    thread = _new(world, maker_id, parent=channel, form=form, kind=kind, thread_id=world.ids.new())
    _open(world, maker_id, thread)
    if kind != PRIVATE_THREAD:
        told = {"channel_id": thread["id"], "guild_id": world.guild_id}
        notice(world, maker_id, channel=channel, kind=THREAD_NOTICE, content=thread["name"], message_reference=told)
    return thread


def _may_start(world: World, maker_id: str, *, channel: Wire, kind: int) -> None:
    if channel["type"] not in (0, 5):
        raise refusal(50024)
    needs = P.CREATE_PRIVATE_THREADS if kind == PRIVATE_THREAD else P.CREATE_PUBLIC_THREADS
    require(world, maker_id, channel=channel, needs=needs)


def _new(world: World, maker_id: str, *, parent: Wire, form: Wire, kind: int, thread_id: str) -> Wire:
    problems = Problems()
    name = text(problems, form, key="name", path="", low=1, high=limits.CHANNEL_NAME, required=True)
    minutes = _archive_minutes(problems, form, parent.get("default_auto_archive_duration") or 1440)
    slow = number(problems, form, key="rate_limit_per_user", path="", high=limits.SLOW_MODE_SECONDS)
    problems.check()
    metadata = {
        "archived": False,
        "archive_timestamp": world.now(),
        "auto_archive_duration": minutes,
        "locked": False,
        "create_timestamp": world.now(),
    }
    metadata |= {"invitable": bool(form.get("invitable", True))} if kind == PRIVATE_THREAD else {}
    return {
        "id": thread_id,
        "type": kind,
        "guild_id": world.guild_id,
        "parent_id": parent["id"],
        "owner_id": maker_id,
        "name": name,
        "last_message_id": None,
        "message_count": 0,
        "member_count": 0,
        "total_message_sent": 0,
        "rate_limit_per_user": slow,
        "flags": 0,
        "thread_metadata": metadata,
    }


def _archive_minutes(problems: Problems, form: Wire, default: int) -> int:
    if form.get("auto_archive_duration") is None:
        return default
    choices = limits.ARCHIVE_MINUTES
    return one_of(problems, form, key="auto_archive_duration", path="", choices=choices, default=default)


def _open(world: World, maker_id: str, thread: Wire) -> None:
    """Let the thread into the world, its maker first."""
    world.channels[thread["id"]] = thread
    world.thread_members[thread["id"]] = {maker_id: membership(world, maker_id, thread)}
    thread["member_count"] = 1
    world.emit("THREAD_CREATE", thread_for_bot(world, thread) | {"newly_created": True})
    tell_members(world, thread, added=[maker_id])


def bring(world: World, actor_id: str, *, thread: Wire, user_id: str) -> None:
    """Add a member, as somebody who may write there."""
    _is_thread(thread)
    require(world, actor_id, channel=thread, needs=0 if actor_id == user_id else P.SEND_MESSAGES_IN_THREADS)
    world.member(user_id)
    if thread["thread_metadata"]["archived"]:
        raise refusal(50083)
    if not world.sees(user_id, world.channel(thread["parent_id"])):
        raise refusal(50001)
    join(world, user_id, thread=thread)


def leave(world: World, actor_id: str, *, thread: Wire, user_id: str) -> None:
    _is_thread(thread)
    require(world, actor_id, channel=thread, needs=0 if user_id == actor_id else P.MANAGE_THREADS)
    if world.thread_members[thread["id"]].pop(user_id, None) is None:
        raise refusal(10007)
    thread["member_count"] = len(world.thread_members[thread["id"]])
    tell_members(world, thread, added=[], removed=user_id)


def _is_thread(channel: Wire) -> None:
    if channel["type"] not in THREADS:
        raise refusal(50024)


def change(world: World, editor_id: str, *, thread: Wire, body: Any) -> Wire:
    """Rename, archive, lock …; an archived thread must be opened by the same request or before."""
    form = mapping(body)
    rights = require(world, editor_id, channel=thread)
    metadata = dict(thread["thread_metadata"])
    if metadata["archived"] and form.get("archived") is not False:
        raise refusal(50083)
    own = thread["owner_id"] == editor_id and not metadata["locked"] and "locked" not in form
    opens = set(form) <= {"archived"} and form.get("archived") is False and not metadata["locked"]
    if not (own or opens or rights & P.MANAGE_THREADS):
        raise refusal(50013)
    problems = Problems()
    name = thread["name"]
    if "name" in form:
        name = text(problems, form, key="name", path="", low=1, high=limits.CHANNEL_NAME, required=True)
    metadata["auto_archive_duration"] = _archive_minutes(problems, form, metadata["auto_archive_duration"])
    high = limits.SLOW_MODE_SECONDS
    slow = number(problems, form, key="rate_limit_per_user", path="", high=high, default=thread["rate_limit_per_user"])
    problems.check()
    for key in ("locked", "archived"):
        metadata[key] = bool(form.get(key, metadata[key]))
    if metadata["archived"] != thread["thread_metadata"]["archived"]:
        metadata["archive_timestamp"] = world.now()
    thread |= {"name": name, "rate_limit_per_user": slow, "thread_metadata": metadata}
    tell_thread(world, thread)
    return thread


def delete(world: World, deleter_id: str, *, thread: Wire) -> Wire:
    require(world, deleter_id, channel=thread, needs=P.MANAGE_THREADS)
    forget(world, thread["id"])
    gone = {key: thread[key] for key in ("id", "guild_id", "parent_id", "type")}
    world.emit("THREAD_DELETE", gone)
    return thread


def archived(world: World, *, parent_id: str, kinds: tuple[int, ...]) -> list[Wire]:
    """Archived threads of a channel, the one archived last first."""
    found = [t for t in world.threads() if t["parent_id"] == parent_id and t["type"] in kinds]
    found = [t for t in found if t["thread_metadata"]["archived"]]
    return sorted(found, key=lambda t: str(t["thread_metadata"]["archive_timestamp"]), reverse=True)
