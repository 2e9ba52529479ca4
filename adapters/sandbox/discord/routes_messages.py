"""REST: messages, reactions and pins."""

from adapters.sandbox.discord import edits, limits, messages, pins, reactions
from adapters.sandbox.discord.drafts import read_draft
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.forms import Problems, mapping, number, snowflake, words
from adapters.sandbox.discord.intents import MESSAGE_CONTENT, readable
from adapters.sandbox.discord.permissions import DM, P, require
from adapters.sandbox.discord.rest import Asked, Handler
from adapters.sandbox.discord.routes_channels import channel_of, person_of
from adapters.sandbox.discord.world import World


def shown(world: World, message: Wire) -> Wire:
    """A message as REST gives it: an application without the privilege reads no content here either."""
    told = dict(message)
    if world.channels[message["channel_id"]]["type"] == DM:
        return told
    intents = MESSAGE_CONTENT if world.privileged else 0
    told = readable(told | {"guild_id": world.guild_id}, intents=intents, bot_id=world.bot_id)
    return {key: value for key, value in told.items() if key != "guild_id"}


def _message(world: World, asked: Asked, *, needs: int = 0) -> Wire:
    channel = channel_of(world, asked)
    require(world, world.bot_id, channel=channel, needs=needs)
    return world.message(channel["id"], snowflake(asked.ids["message"], path="message_id"))


def _send(world: World, asked: Asked) -> Wire:
    channel = channel_of(world, asked)
    draft = read_draft(asked.body if asked.body is not None else {}, asked.uploads)
    return dict(messages.send(world, world.bot_id, channel=channel, draft=draft))


def _list(world: World, asked: Asked) -> list[Wire]:
    """Newest first."""
    channel = channel_of(world, asked)
    rights = require(world, world.bot_id, channel=channel)
    problems = Problems()
    query: Wire = dict(asked.query)
    limit = number(problems, query, key="limit", path="", low=1, high=limits.LIST_MESSAGES, default=50)
    edges: dict[str, int] = {
        key: int(snowflake(query[key], path=key)) for key in ("before", "after", "around") if key in query
    }
    problems.check()
    if not rights & P.READ_MESSAGE_HISTORY:
        return []
    found = _cut(list(world.logs.get(channel["id"], {}).values()), limit=limit, edges=edges)
    return [shown(world, message) for message in reversed(found)]


def _cut(log: list[Wire], *, limit: int, edges: dict[str, int]) -> list[Wire]:
    if "around" in edges:
        half = limit // 2
        before = [m for m in log if int(m["id"]) < edges["around"]][-half:] if half else []
        return before + [m for m in log if int(m["id"]) >= edges["around"]][: limit - len(before)]
    if "before" in edges:
        return [m for m in log if int(m["id"]) < edges["before"]][-limit:]
    if "after" in edges:
        return [m for m in log if int(m["id"]) > edges["after"]][:limit]
    return log[-limit:]


def _read(world: World, asked: Asked) -> Wire:
    return shown(world, _message(world, asked, needs=P.READ_MESSAGE_HISTORY))


def _edit(world: World, asked: Asked) -> Wire:
    message = _message(world, asked)
    draft = read_draft(asked.body, asked.uploads, flags_before=message["flags"])
    return dict(edits.change(world, world.bot_id, message=message, draft=draft))


def _delete(world: World, asked: Asked) -> None:
    edits.delete(world, world.bot_id, message=_message(world, asked))


def _delete_many(world: World, asked: Asked) -> None:
    channel = channel_of(world, asked)
    require(world, world.bot_id, channel=channel, needs=P.MANAGE_MESSAGES)
    problems = Problems()
    ids = words(problems, mapping(asked.body), key="messages", path="")
    problems.check()
    if not 2 <= len(ids) <= 100:
        raise refusal(50016)
    for message_id in ids:
        if message_id in world.logs.get(channel["id"], {}):
            edits.remove(world, world.message(channel["id"], message_id))


def _react(world: World, asked: Asked) -> None:
    reactions.add(world, world.bot_id, message=_message(world, asked), emoji=asked.ids["emoji"])


def _unreact(world: World, asked: Asked) -> None:
    message, user_id = _message(world, asked), person_of(world, asked)
    reactions.remove(world, world.bot_id, message=message, emoji=asked.ids["emoji"], user_id=user_id)


def _clear(world: World, asked: Asked) -> None:
    reactions.clear(world, world.bot_id, message=_message(world, asked), emoji=asked.ids.get("emoji", ""))


def _reactors(world: World, asked: Asked) -> list[Wire]:
    message = _message(world, asked, needs=P.READ_MESSAGE_HISTORY)
    problems = Problems()
    query = dict(asked.query)
    limit = number(problems, query, key="limit", path="", low=1, high=100, default=25)
    after = int(snowflake(query.get("after", 0), path="after"))
    problems.check()
    users = sorted(reactions.users_of(world, message=message, emoji=asked.ids["emoji"]), key=int)
    return [dict(world.users[user_id]) for user_id in users if int(user_id) > after][:limit]


def _pin(world: World, asked: Asked) -> None:
    pins.pin(world, world.bot_id, channel=channel_of(world, asked), message=_message(world, asked))


def _unpin(world: World, asked: Asked) -> None:
    pins.unpin(world, world.bot_id, channel=channel_of(world, asked), message=_message(world, asked))


def _pins(world: World, asked: Asked) -> Wire:
    channel = channel_of(world, asked)
    require(world, world.bot_id, channel=channel, needs=P.READ_MESSAGE_HISTORY)
    problems = Problems()
    query = dict(asked.query)
    limit = number(problems, query, key="limit", path="", low=1, high=limits.PINS_PAGE, default=limits.PINS_PAGE)
    problems.check()
    before = query.get("before", "")
    held = [(at, m) for at, m in pins.pinned(world, channel["id"]) if not before or at < before]
    items = [{"pinned_at": at, "message": shown(world, message)} for at, message in held[:limit]]
    return {"items": items, "has_more": len(held) > limit}


def _pins_before_2025(world: World, asked: Asked) -> list[Wire]:
    channel = channel_of(world, asked)
    require(world, world.bot_id, channel=channel, needs=P.READ_MESSAGE_HISTORY)
    return [shown(world, message) for _, message in pins.pinned(world, channel["id"])][: limits.PINS_PAGE]


MESSAGES = "/channels/{channel}/messages"
MESSAGE = "/channels/{channel}/messages/{message}"

ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", f"{MESSAGES}/pins", _pins),
    ("PUT", f"{MESSAGES}/pins/{{message}}", _pin),
    ("DELETE", f"{MESSAGES}/pins/{{message}}", _unpin),
    ("GET", "/channels/{channel}/pins", _pins_before_2025),
    ("PUT", "/channels/{channel}/pins/{message}", _pin),
    ("DELETE", "/channels/{channel}/pins/{message}", _unpin),
    ("POST", MESSAGES, _send),
    ("GET", MESSAGES, _list),
    ("POST", f"{MESSAGES}/bulk-delete", _delete_many),
    ("GET", MESSAGE, _read),
    ("PATCH", MESSAGE, _edit),
    ("DELETE", MESSAGE, _delete),
    ("DELETE", f"{MESSAGE}/reactions", _clear),
    ("GET", f"{MESSAGE}/reactions/{{emoji}}", _reactors),
    ("DELETE", f"{MESSAGE}/reactions/{{emoji}}", _clear),
    ("PUT", f"{MESSAGE}/reactions/{{emoji}}/@me", _react),
    ("DELETE", f"{MESSAGE}/reactions/{{emoji}}/{{user}}", _unreact),
]
