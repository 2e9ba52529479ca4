"""Permission overwrites: what a channel allows or denies to one role or member."""

from typing import Any

from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.forms import Problems, joined, listed, mapping, number, snowflake
from adapters.sandbox.discord.permissions import DM, EVERY, THREADS, P, in_guild, require
from adapters.sandbox.discord.world import World

ROLE, MEMBER = 0, 1


def read_overwrites(world: World, given: Any, *, rights: int) -> list[Wire]:
    """Overwrites of a form, by somebody with these rights: nobody may allow or deny what it may not do itself."""
    problems = Problems()
    entries = listed(problems, {"permission_overwrites": given}, key="permission_overwrites", path="", high=1000)
    problems.check()
    return [
        read_overwrite(world, entry, rights=rights, path=f"permission_overwrites.{index}")
        for index, entry in enumerate(entries)
    ]


def read_overwrite(world: World, entry: Wire, *, rights: int, path: str) -> Wire:
    target = snowflake(entry.get("id"), path=joined(path, "id"))
    problems = Problems()
    bits = {key: number(problems, entry, key=key, path=path) for key in ("allow", "deny")}
    kind = ROLE if target in world.roles else MEMBER
    if entry.get("type") is not None and entry["type"] not in (kind, str(kind), ("role", "member")[kind]):
        kind = MEMBER if kind == ROLE else ROLE
    problems.check()
    if target not in (world.roles if kind == ROLE else world.members):
        raise refusal(10011 if kind == ROLE else 10013)
    touched = bits["allow"] | bits["deny"]
    if touched & ~rights or (touched & P.MANAGE_ROLES and rights != EVERY):
        raise refusal(50013)
    return {"id": target, "type": kind, "allow": str(bits["allow"]), "deny": str(bits["deny"])}


def permit(world: World, editor_id: str, *, channel: Wire, target: str, body: Any) -> None:
    """Set the overwrite of one role or member."""
    _may_permit(world, editor_id, channel=channel)
    entry = {"allow": 0, "deny": 0} | mapping(body) | {"id": target}
    overwrite = read_overwrite(world, entry, rights=in_guild(world, editor_id), path="")
    others = [o for o in channel["permission_overwrites"] if o["id"] != target]
    channel["permission_overwrites"] = [*others, overwrite]
    world.emit("CHANNEL_UPDATE", dict(channel))


def unpermit(world: World, editor_id: str, *, channel: Wire, target: str) -> None:
    _may_permit(world, editor_id, channel=channel)
    others = [o for o in channel["permission_overwrites"] if o["id"] != target]
    if len(others) == len(channel["permission_overwrites"]):
        raise refusal(10009)
    channel["permission_overwrites"] = others
    world.emit("CHANNEL_UPDATE", dict(channel))


def _may_permit(world: World, editor_id: str, *, channel: Wire) -> None:
    if channel["type"] == DM or channel["type"] in THREADS:
        raise refusal(50024)
    require(world, editor_id, channel=channel, needs=P.MANAGE_ROLES)
