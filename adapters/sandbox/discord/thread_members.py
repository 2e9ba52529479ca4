"""Who is in a thread, and what wakes it."""

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.greeting import thread_for_bot
from adapters.sandbox.discord.world import World


def membership(world: World, user_id: str, thread: Wire) -> Wire:
    return {"id": thread["id"], "user_id": user_id, "join_timestamp": world.now(), "flags": 1}


def tell_members(world: World, thread: Wire, *, added: list[str], removed: str = "") -> None:
    joined = [
        world.thread_members[thread["id"]][user_id] | {"member": dict(world.members[user_id]), "presence": None}
        for user_id in added
        if user_id in world.members
    ]
    told = {"id": thread["id"], "guild_id": world.guild_id, "member_count": thread["member_count"]}
    told |= {"added_members": joined, "removed_member_ids": [removed] if removed else []}
    world.emit("THREAD_MEMBERS_UPDATE", told)


def join(world: World, user_id: str, *, thread: Wire) -> None:
    """Let somebody into a thread, without asking whether it may."""
    inside = world.thread_members.setdefault(thread["id"], {})
    if user_id in inside or user_id not in world.members:
        return
    if len(inside) >= limits.THREAD_MEMBERS:
        raise refusal(30033)
    inside[user_id] = membership(world, user_id, thread)
    thread["member_count"] = len(inside)
    tell_members(world, thread, added=[user_id])


def wake(world: World, thread: Wire) -> None:
    """Open an archived thread because somebody wrote in it."""
    if thread["thread_metadata"]["archived"]:
        thread["thread_metadata"] = thread["thread_metadata"] | {"archived": False, "archive_timestamp": world.now()}
        tell_thread(world, thread)


def tell_thread(world: World, thread: Wire) -> None:
    world.emit("THREAD_UPDATE", thread_for_bot(world, thread))
    source = world.logs.get(thread["parent_id"], {}).get(thread["id"])
    if source is not None:
        source["thread"] = dict(thread)
