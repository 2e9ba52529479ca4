"""The guild that the sandbox starts with."""

from adapters.sandbox.discord.channels import blank_channel
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.permissions import BOT, EVERYONE, MEMBER
from adapters.sandbox.discord.world import World, user_object

CHANNELS = (("general", 0), ("incidents", 5), ("alerts", 0), ("ops", 0), ("random", 0))
"""Names and types; 5 is an announcement channel."""


def plant(world: World) -> None:
    """Fill an empty world."""
    world.guild_id = world.ids.new()
    world.application_id = world.ids.new()
    # A bot made after 2016 has its application's id, and libraries rely on it.
    world.bot_id = world.application_id
    _roles(world)
    _people(world)
    for name, kind in CHANNELS:
        furnish(world, name, kind=kind)
    world.commands[world.guild_id] = {}


def furnish(world: World, name: str, *, kind: int = 0) -> None:
    """One more channel that is there from the start."""
    channel = blank_channel(world, name, kind=kind)
    channel["position"] = len(world.channels)
    world.channels[channel["id"]] = channel


def _roles(world: World) -> None:
    everyone = role_object(world.guild_id, "@everyone", permissions=EVERYONE, position=0)
    members = role_object(world.ids.new(), "Members", permissions=MEMBER, position=1)
    bot = role_object(world.ids.new(), "Tocsin", permissions=BOT, position=2)
    bot |= {"managed": True, "tags": {"bot_id": world.bot_id}}
    world.bot_role_id = bot["id"]
    world.roles = {role["id"]: role for role in (everyone, members, bot)}


def _people(world: World) -> None:
    members_role = next(role["id"] for role in world.roles.values() if role["name"] == "Members")
    bot = user_object(world.bot_id, "Tocsin", username="Tocsin", bot=True)
    owner = user_object(world.owner_id, "Sandbox Owner", username="owner")
    people = [user_object(p.discord_id, p.name, username=p.key) for p in world.people.values()]
    for user in (owner, *people, bot):
        world.users[user["id"]] = user
        role = world.bot_role_id if user["bot"] else members_role
        world.members[user["id"]] = member_object(world, user, roles=[role])


def member_object(world: World, user: Wire, *, roles: list[str]) -> Wire:
    return {
        "user": user,
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": roles,
        "joined_at": world.now(),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }


def role_object(role_id: str, name: str, *, permissions: int, position: int, colour: int = 0) -> Wire:
    return {
        "id": role_id,
        "name": name,
        "description": None,
        "color": colour,
        "colors": {"primary_color": colour, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(int(permissions)),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
