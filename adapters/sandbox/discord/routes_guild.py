"""REST: the bot itself, its commands, the guild, its members and roles."""

from adapters.sandbox.discord import commands, roles
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.forms import Problems, number, snowflake
from adapters.sandbox.discord.greeting import application, bot_user, guild_object, matching
from adapters.sandbox.discord.permissions import in_guild
from adapters.sandbox.discord.rest import Answer, Asked, Handler
from adapters.sandbox.discord.routes_channels import in_own_guild, person_of
from adapters.sandbox.discord.world import World


def _me(world: World, asked: Asked) -> Wire:
    return bot_user(world)


def _application(world: World, asked: Asked) -> Wire:
    return application(world)


def _user(world: World, asked: Asked) -> Wire:
    return dict(world.user(person_of(world, asked)))


def _guild(world: World, asked: Asked) -> Wire:
    in_own_guild(world, asked)
    counts = {"approximate_member_count": len(world.members), "approximate_presence_count": len(world.members)}
    wanted = asked.query.get("with_counts", "").lower() in ("1", "true")
    return guild_object(world) | (counts if wanted else {})


def _guilds(world: World, asked: Asked) -> list[Wire]:
    whole = guild_object(world)
    kept = {key: whole[key] for key in ("id", "name", "icon", "banner", "features")}
    return [kept | {"owner": False, "permissions": str(in_guild(world, world.bot_id))}]


def _member(world: World, asked: Asked) -> Wire:
    in_own_guild(world, asked)
    return dict(world.member(person_of(world, asked)))


def _members(world: World, asked: Asked) -> list[Wire]:
    in_own_guild(world, asked)
    if not world.privileged:
        raise refusal(50001)
    problems = Problems()
    limit = number(problems, dict(asked.query), key="limit", path="", low=1, high=1000, default=1)
    after = int(snowflake(asked.query.get("after", 0), path="after"))
    problems.check()
    found = sorted(world.members.values(), key=lambda member: int(member["user"]["id"]))
    return [dict(member) for member in found if int(member["user"]["id"]) > after][:limit]


def _search(world: World, asked: Asked) -> list[Wire]:
    in_own_guild(world, asked)
    problems = Problems()
    limit = number(problems, dict(asked.query), key="limit", path="", low=1, high=1000, default=1)
    if not asked.query.get("query"):
        problems.at("query", "BASE_TYPE_REQUIRED", "This field is required")
    problems.check()
    return [dict(member) for member in matching(world, asked.query["query"])][:limit]


def _roles(world: World, asked: Asked) -> list[Wire]:
    in_own_guild(world, asked)
    return [dict(role) for role in world.roles.values()]


def _role(world: World, asked: Asked) -> Wire:
    in_own_guild(world, asked)
    return dict(roles.find(world, asked.ids["role"]))


def _create_role(world: World, asked: Asked) -> Wire:
    in_own_guild(world, asked)
    return dict(roles.create(world, world.bot_id, body=asked.body))


def _change_role(world: World, asked: Asked) -> Wire:
    role = _held_role(world, asked)
    return dict(roles.change(world, world.bot_id, role=role, body=asked.body))


def _delete_role(world: World, asked: Asked) -> None:
    roles.delete(world, world.bot_id, role=_held_role(world, asked))


def _held_role(world: World, asked: Asked) -> Wire:
    in_own_guild(world, asked)
    return roles.find(world, asked.ids["role"])


def _give(world: World, asked: Asked) -> None:
    in_own_guild(world, asked)
    roles.give(world, world.bot_id, user_id=person_of(world, asked), role_id=asked.ids["role"])


def _take(world: World, asked: Asked) -> None:
    in_own_guild(world, asked)
    roles.take(world, world.bot_id, user_id=person_of(world, asked), role_id=asked.ids["role"])


def _scope(world: World, asked: Asked) -> str:
    """The guild whose commands are meant, or ``""`` for everywhere."""
    if snowflake(asked.ids["application"], path="application_id") != world.application_id:
        raise refusal(20012)
    return asked.ids.get("guild", "")


def _commands(world: World, asked: Asked) -> list[Wire]:
    return list(commands.scope(world, _scope(world, asked)).values())


def _replace_commands(world: World, asked: Asked) -> list[Wire]:
    return commands.replace_all(world, _scope(world, asked), body=asked.body)


def _register_command(world: World, asked: Asked) -> Answer:
    command, fresh = commands.register(world, _scope(world, asked), body=asked.body)
    return Answer(201 if fresh else 200, command)


def _command(world: World, asked: Asked) -> Wire:
    return commands.find(world, _scope(world, asked), command_id=asked.ids["command"])


def _change_command(world: World, asked: Asked) -> Wire:
    return commands.change(world, _scope(world, asked), command_id=asked.ids["command"], body=asked.body)


def _delete_command(world: World, asked: Asked) -> None:
    commands.delete(world, _scope(world, asked), command_id=asked.ids["command"])


def _command_routes(base: str) -> list[tuple[str, str, Handler]]:
    return [
        ("GET", base, _commands),
        ("PUT", base, _replace_commands),
        ("POST", base, _register_command),
        ("GET", f"{base}/{{command}}", _command),
        ("PATCH", f"{base}/{{command}}", _change_command),
        ("DELETE", f"{base}/{{command}}", _delete_command),
    ]


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/users/@me", _me),
    ("GET", "/users/@me/guilds", _guilds),
    ("GET", "/users/{user}", _user),
    ("GET", "/oauth2/applications/@me", _application),
    ("GET", "/applications/@me", _application),
    ("GET", "/guilds/{guild}", _guild),
    ("GET", "/guilds/{guild}/members", _members),
    ("GET", "/guilds/{guild}/members/search", _search),
    ("GET", "/guilds/{guild}/members/{user}", _member),
    ("PUT", "/guilds/{guild}/members/{user}/roles/{role}", _give),
    ("DELETE", "/guilds/{guild}/members/{user}/roles/{role}", _take),
    ("GET", "/guilds/{guild}/roles", _roles),
    ("POST", "/guilds/{guild}/roles", _create_role),
    ("GET", "/guilds/{guild}/roles/{role}", _role),
    ("PATCH", "/guilds/{guild}/roles/{role}", _change_role),
    ("DELETE", "/guilds/{guild}/roles/{role}", _delete_role),
    *_command_routes("/applications/{application}/commands"),
    *_command_routes("/applications/{application}/guilds/{guild}/commands"),
]
