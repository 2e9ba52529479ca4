"""OAuth scopes: what each method and each event needs, by the kind of conversation it touches."""

from collections.abc import Mapping

Needs = Mapping[str, tuple[str, ...]]
"""Scopes of which one is enough, by kind of conversation; under ``any`` where the kind does not matter."""


def _each(ability: str) -> Needs:
    kinds = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
    return {kind: (f"{noun}:{ability}",) for kind, noun in kinds.items()}


def _plain(*scopes: str) -> Needs:
    return {"any": scopes}


NONE: Needs = {}
READ = _each("read")
HISTORY = _each("history")
MANAGE: Needs = {
    "public": ("channels:manage",),
    "private": ("groups:write",),
    "im": ("im:write",),
    "mpim": ("mpim:write",),
}
INVITE: Needs = {
    **MANAGE,
    "public": ("channels:manage", "channels:write.invites"),
    "private": ("groups:write", "groups:write.invites"),
}
TOPIC: Needs = {
    "public": ("channels:manage", "channels:write.topic"),
    "private": ("groups:write", "groups:write.topic"),
    "im": ("im:write", "im:write.topic"),
    "mpim": ("mpim:write", "mpim:write.topic"),
}
OPEN: Needs = {"im": ("im:write",), "mpim": ("mpim:write",)}
JOIN = _plain("channels:join")
CHAT = _plain("chat:write")
PINS_READ, PINS_WRITE = _plain("pins:read"), _plain("pins:write")
BOOKMARKS_READ, BOOKMARKS_WRITE = _plain("bookmarks:read"), _plain("bookmarks:write")
REACTIONS_READ, REACTIONS_WRITE = _plain("reactions:read"), _plain("reactions:write")
USERS, EMAIL = _plain("users:read"), _plain("users:read.email")
USERGROUPS, TEAM, FILES = _plain("usergroups:read"), _plain("team:read"), _plain("files:write")

POST_ANYWHERE = "chat:write.public"
CUSTOMIZE = "chat:write.customize"
COMMANDS = "commands"

EVENTS: Mapping[str, Needs] = {
    "message": HISTORY,
    "app_mention": _plain("app_mentions:read"),
    "reaction_added": REACTIONS_READ,
    "reaction_removed": REACTIONS_READ,
    "pin_added": PINS_READ,
    "pin_removed": PINS_READ,
    "member_joined_channel": READ,
    "member_left_channel": READ,
    "channel_created": _plain("channels:read"),
    "channel_rename": READ,
    "channel_archive": READ,
    "channel_unarchive": READ,
    "channel_left": READ,
    "file_shared": _plain("files:read"),
}
"""An event that is not here, such as app_home_opened, needs none."""

FULL = frozenset(
    scope
    for needs in (READ, HISTORY, MANAGE, JOIN, CHAT, PINS_READ, PINS_WRITE, BOOKMARKS_READ, BOOKMARKS_WRITE)
    for scopes in needs.values()
    for scope in scopes
) | {
    *("reactions:read", "reactions:write", "users:read", "users:read.email", "usergroups:read", "team:read"),
    *("files:read", "files:write", "app_mentions:read", POST_ANYWHERE, CUSTOMIZE, COMMANDS),
}
"""What a full-grown bot asks for."""


def allowed(needs: Needs, granted: set[str], kind: str = "") -> bool:
    """Whether a token with these scopes may do it: in this kind of conversation, or in some kind when none is named."""
    if not needs:
        return True
    found = needs.get(kind) or needs.get("any")
    options = [found] if found else [] if kind else list(needs.values())
    return any(granted.intersection(scopes) for scopes in options)


def wanted(needs: Needs, kind: str = "") -> str:
    """The ``needed`` of a missing_scope: the first that would do for each kind in question."""
    found = needs.get(kind) or needs.get("any")
    return ",".join([found[0]] if found else [scopes[0] for scopes in needs.values()])
