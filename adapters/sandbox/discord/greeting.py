"""What a bot is told when it connects: READY, its guild, and the guild's members."""

from collections.abc import Iterator
from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.world import World

VERSION = 10
LIMITED_INTENTS = 1 << 13 | 1 << 15 | 1 << 19
"""Application flags: presences, members and message content are switched on for a bot in few guilds [D]."""


def application(world: World) -> Wire:
    owner = dict(world.users[world.owner_id])
    return {
        "id": world.application_id,
        "name": "Tocsin",
        "icon": None,
        "description": "The bot of the sandbox.",
        "type": None,
        "bot": dict(world.users[world.bot_id]),
        "bot_public": False,
        "bot_require_code_grant": False,
        "owner": owner,
        "team": None,
        "summary": "",
        "verify_key": "0" * 64,
        "flags": LIMITED_INTENTS if world.privileged else 0,
        "guild_id": None,
        "tags": [],
        "redirect_uris": [],
        "interactions_endpoint_url": world.endpoint or None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "integration_types_config": {"0": {}},
    }


def bot_user(world: World) -> Wire:
    private = {"verified": True, "mfa_enabled": False, "email": None, "flags": 0, "locale": world.locale}
    return world.users[world.bot_id] | private


def ready(world: World, *, session_id: str, resume_url: str, shard: Any) -> Wire:
    app = application(world)
    told = {
        "v": VERSION,
        "user": bot_user(world),
        "user_settings": {},
        "guilds": [{"id": world.guild_id, "unavailable": True}],
        "private_channels": [],
        "relationships": [],
        "session_id": session_id,
        "session_type": "normal",
        "resume_gateway_url": resume_url,
        "application": {"id": app["id"], "flags": app["flags"]},
        "_trace": ["sandbox"],
    }
    return told if shard is None else told | {"shard": shard}


def guild_object(world: World) -> Wire:
    """The guild as REST shows it."""
    return {
        "id": world.guild_id,
        "name": world.guild_name,
        "icon": None,
        "icon_hash": None,
        "splash": None,
        "discovery_splash": None,
        "owner_id": world.owner_id,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [dict(role) for role in world.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": ["COMMUNITY", "NEWS"],
        "mfa_level": world.mfa_level,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "max_presences": None,
        "max_members": 500000,
        "vanity_url_code": None,
        "description": None,
        "banner": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": world.locale,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "nsfw_level": 0,
        "premium_progress_bar_enabled": False,
        "region": "deprecated",
        "incidents_data": None,
    }


def guild_create(world: World, *, everybody: bool) -> Wire:
    """The guild as a session receives it. Without the presences intent it holds no member but the bot [D]."""
    told = list(world.members) if everybody else [world.bot_id]
    threads = [t for t in world.threads() if not t["thread_metadata"]["archived"] and world.sees(world.bot_id, t)]
    return guild_object(world) | {
        "joined_at": world.members[world.bot_id]["joined_at"],
        "large": False,
        "unavailable": False,
        "member_count": len(world.members),
        "voice_states": [],
        "members": [dict(world.members[user_id]) for user_id in told],
        "channels": [dict(channel) for channel in world.guild_channels()],
        "threads": [thread_for_bot(world, thread) for thread in threads],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def thread_for_bot(world: World, thread: Wire) -> Wire:
    """A thread with the bot's own membership, if it has joined."""
    own = world.thread_members.get(thread["id"], {}).get(world.bot_id)
    return thread | {"member": own} if own else dict(thread)


def members_chunks(world: World, asked: Wire) -> Iterator[Wire]:
    """The answers to a request for members (op 8)."""
    found, missing = _asked_for(world, asked)
    parts = [found[start : start + limits.CHUNK] for start in range(0, len(found), limits.CHUNK)] or [[]]
    for index, part in enumerate(parts):
        chunk = {
            "guild_id": world.guild_id,
            "members": [dict(member) for member in part],
            "chunk_index": index,
            "chunk_count": len(parts),
            "not_found": missing,
        }
        chunk |= {"presences": []} if asked.get("presences") else {}
        yield chunk | ({"nonce": asked["nonce"]} if asked.get("nonce") else {})


def _asked_for(world: World, asked: Wire) -> tuple[list[Wire], list[str]]:
    given = asked.get("user_ids")
    if given:
        ids = [str(one) for one in (given if isinstance(given, list) else [given])]
        return [world.members[i] for i in ids if i in world.members], [i for i in ids if i not in world.members]
    members = matching(world, str(asked.get("query") or ""))
    limit = asked.get("limit") or 0
    return (members[: int(limit)] if isinstance(limit, int) and limit > 0 else members), []


def matching(world: World, query: str) -> list[Wire]:
    """Members whose name begins with the query, in any case."""
    start = query.lower()
    return [
        member
        for member in world.members.values()
        if any(
            str(name).lower().startswith(start)
            for name in (member["user"]["username"], member["user"]["global_name"], member["nick"])
            if name
        )
    ]
