"""Whom a message mentions, once its ``allowed_mentions`` are respected."""

import re
from dataclasses import dataclass, field

from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.forms import Problems, joined, words
from adapters.sandbox.discord.permissions import P
from adapters.sandbox.discord.world import World

USER = re.compile(r"<@!?(\d{1,20})>")
ROLE = re.compile(r"<@&(\d{1,20})>")
EVERYBODY = re.compile(r"@(everyone|here)\b")
KINDS = ("users", "roles", "everyone")


@dataclass(slots=True)
class Allowed:
    """Which mentions may take effect; the default, as without ``allowed_mentions``, is all of them."""

    parse: tuple[str, ...] = KINDS
    users: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    replied: bool = True


def check_allowed(problems: Problems, body: Wire, *, path: str) -> Allowed:
    given = body.get("allowed_mentions")
    here = joined(path, "allowed_mentions")
    if given is None:
        return Allowed()
    if not isinstance(given, dict):
        problems.at(here, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return Allowed()
    parse = tuple(words(problems, given, key="parse", path=here))
    named = {kind: words(problems, given, key=kind, path=here) for kind in ("users", "roles")}
    for index, kind in enumerate(parse):
        if kind not in KINDS:
            problems.at(
                f"{here}.parse.{index}", "BASE_TYPE_CHOICES", "Value must be one of ('roles', 'users', 'everyone')."
            )
    for kind, ids in named.items():
        if ids and kind in parse:
            why = f"parse:[{kind!r}] and {kind}: [ids...] are mutually exclusive."
            problems.at(here, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", why)
        if len(ids) > 100:
            problems.at(joined(here, kind), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
    return Allowed(parse, named["users"], named["roles"], replied=bool(given.get("replied_user", False)))


def mentioned(world: World, content: str, *, allowed: Allowed, rights: int, replied_to: str = "") -> Wire:
    """``mentions``, ``mention_roles`` and ``mention_everyone`` of a message by somebody with these rights."""
    users = [found for found in dict.fromkeys(USER.findall(content)) if found in world.users]
    users = [found for found in users if "users" in allowed.parse or found in allowed.users]
    if replied_to in world.users and allowed.replied and replied_to not in users:
        users.append(replied_to)
    roles = [found for found in dict.fromkeys(ROLE.findall(content)) if found in world.roles]
    roles = [found for found in roles if "roles" in allowed.parse or found in allowed.roles]
    loud = bool(rights & P.MENTION_EVERYONE)
    return {
        "mentions": [dict(world.users[found]) for found in users],
        "mention_roles": [found for found in roles if loud or world.roles[found]["mentionable"]],
        "mention_everyone": loud and "everyone" in allowed.parse and bool(EVERYBODY.search(content)),
    }
