"""Roles, and who has them."""

from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.forms import Problems, mapping, number, text
from adapters.sandbox.discord.permissions import P, require_in_guild
from adapters.sandbox.discord.seeds import role_object
from adapters.sandbox.discord.world import World


def create(world: World, maker_id: str, *, body: Any) -> Wire:
    form = mapping(body if body is not None else {})
    rights = require_in_guild(world, maker_id, needs=P.MANAGE_ROLES)
    if len(world.roles) >= limits.ROLES:
        raise refusal(30005)
    default = world.roles[world.guild_id]["permissions"]
    role = role_object(world.ids.new(), "new role", permissions=int(default), position=1)
    _set(role, form, rights=rights)
    world.roles[role["id"]] = role
    world.emit("GUILD_ROLE_CREATE", {"guild_id": world.guild_id, "role": dict(role)})
    return role


def change(world: World, editor_id: str, *, role: Wire, body: Any) -> Wire:
    rights = _may_touch(world, editor_id, role=role)
    _set(role, mapping(body), rights=rights)
    tell(world, role)
    return role


def tell(world: World, role: Wire) -> None:
    world.emit("GUILD_ROLE_UPDATE", {"guild_id": world.guild_id, "role": dict(role)})


def delete(world: World, deleter_id: str, *, role: Wire) -> None:
    _may_touch(world, deleter_id, role=role)
    if role["managed"] or role["id"] == world.guild_id:
        raise refusal(50028)
    del world.roles[role["id"]]
    for member in world.members.values():
        member["roles"] = [held for held in member["roles"] if held != role["id"]]
    world.emit("GUILD_ROLE_DELETE", {"guild_id": world.guild_id, "role_id": role["id"]})


def find(world: World, role_id: str) -> Wire:
    role = world.roles.get(role_id)
    if role is None:
        raise refusal(10011)
    return role


def _set(role: Wire, form: Wire, *, rights: int) -> None:
    problems = Problems()
    after: Wire = {}
    if form.get("name") is not None:
        after["name"] = text(problems, form, key="name", path="", low=1, high=limits.ROLE_NAME)
    for key in ("hoist", "mentionable"):
        after |= {key: bool(form[key])} if form.get(key) is not None else {}
    if form.get("permissions") is not None:
        bits = number(problems, form, key="permissions", path="")
        if bits & ~rights:
            raise refusal(50013)
        after["permissions"] = str(bits)
    after |= _colour(problems, form)
    problems.check()
    role |= after


def _colour(problems: Problems, form: Wire) -> Wire:
    if isinstance(form.get("colors"), dict):
        inner = form["colors"]
        number(problems, inner, key="primary_color", path="colors", high=limits.COLOUR)
        colours = {key: inner.get(key) for key in ("primary_color", "secondary_color", "tertiary_color")}
        return {
            "color": inner.get("primary_color") or 0,
            "colors": colours | {"primary_color": colours["primary_color"] or 0},
        }
    if form.get("color") is not None:
        colour = number(problems, form, key="color", path="", high=limits.COLOUR)
        return {"color": colour, "colors": {"primary_color": colour, "secondary_color": None, "tertiary_color": None}}
    return {}


def _may_touch(world: World, actor_id: str, *, role: Wire) -> int:
    """Nobody may touch a role that is not below its own highest one."""
    rights = require_in_guild(world, actor_id, needs=P.MANAGE_ROLES)
    held = [world.roles[role_id]["position"] for role_id in world.members[actor_id]["roles"] if role_id in world.roles]
    if actor_id != world.owner_id and role["position"] >= max(held, default=0):
        raise refusal(50013)
    return rights


def give(world: World, actor_id: str, *, user_id: str, role_id: str) -> None:
    member, role = world.member(user_id), find(world, role_id)
    _may_touch(world, actor_id, role=role)
    if role["managed"] or role_id == world.guild_id:
        raise refusal(50028)
    if role_id not in member["roles"]:
        member["roles"] = [*member["roles"], role_id]
        tell_member(world, member)


def take(world: World, actor_id: str, *, user_id: str, role_id: str) -> None:
    member, role = world.member(user_id), find(world, role_id)
    _may_touch(world, actor_id, role=role)
    if role_id in member["roles"]:
        member["roles"] = [held for held in member["roles"] if held != role_id]
        tell_member(world, member)


def tell_member(world: World, member: Wire) -> None:
    world.emit("GUILD_MEMBER_UPDATE", dict(member) | {"guild_id": world.guild_id})
