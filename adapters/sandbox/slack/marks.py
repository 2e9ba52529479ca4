"""What is put onto messages and channels: reactions, pins and bookmarks."""

from adapters.sandbox.slack import limits, log
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Channel, Wire
from adapters.sandbox.slack.world import World


def react(world: World, channel: Channel, message: Wire, name: str, *, user: str) -> None:
    """Add an emoji, by name without colons. Raises :class:`Refusal` if that user already has."""
    reactions: list[Wire] = message.setdefault("reactions", [])
    found = next((reaction for reaction in reactions if reaction["name"] == name), None)
    if found is not None and user in found["users"]:
        raise Refusal("already_reacted")
    if sum(user in reaction["users"] for reaction in reactions) >= limits.REACTIONS_EACH:
        raise Refusal("too_many_reactions")
    if found is None:
        found = {"name": name, "users": [], "count": 0}
        reactions.append(found)
    found["users"].append(user)
    found["count"] = len(found["users"])
    _tell_reaction(world, channel, message, "reaction_added", name, user)


def unreact(world: World, channel: Channel, message: Wire, name: str, *, user: str) -> None:
    """Take an emoji away. Raises :class:`Refusal` if that user had not put it there."""
    reactions: list[Wire] = message.get("reactions", [])
    found = next((reaction for reaction in reactions if reaction["name"] == name), None)
    if found is None or user not in found["users"]:
        raise Refusal("no_reaction")
    found["users"].remove(user)
    found["count"] = len(found["users"])
    message["reactions"] = [reaction for reaction in reactions if reaction["users"]]
    if not message["reactions"]:
        del message["reactions"]
    _tell_reaction(world, channel, message, "reaction_removed", name, user)


def pin(world: World, channel: Channel, message: Wire, *, user: str) -> None:
    """Pin a message to its channel, which Slack then says in the channel."""
    if channel.pin_of(message["ts"]):
        raise Refusal("already_pinned")
    if len(channel.pins) >= limits.PINS:
        raise Refusal("too_many_pins")
    at = world.stamps.seconds()
    item = {"type": "message", "channel": channel.id, "created": at, "created_by": user, "message": message}
    channel.pins.append(item)
    message["pinned_to"] = [channel.id]
    message["pinned_info"] = {"channel": channel.id, "pinned_by": user, "pinned_ts": at}
    text = f"<@{user}> pinned a message to this channel."
    log.system(world, channel, "pinned_item", user=user, text=text, item_type="C", item={"ts": message["ts"]})
    _tell_pin(world, channel, "pin_added", item, user)


def unpin(world: World, channel: Channel, message: Wire, *, user: str) -> None:
    item = channel.pin_of(message["ts"])
    if item is None:
        raise Refusal("no_pin")
    channel.pins.remove(item)
    message.pop("pinned_to", None)
    message.pop("pinned_info", None)
    _tell_pin(world, channel, "pin_removed", item, user)


def bookmark(world: World, channel: Channel, title: str, *, link: str, emoji: str = "", user: str) -> Wire:
    """Add a link to the top of a channel."""
    if len(channel.bookmarks) >= limits.BOOKMARKS:
        raise Refusal("too_many_bookmarks")
    at = world.stamps.seconds()
    made: Wire = {
        "id": world.stamps.id("Bk"),
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "emoji": emoji,
        "icon_url": "",
        "type": "link",
        "entity_id": None,
        "date_created": at,
        "date_updated": 0,
        "rank": "i" * (len(channel.bookmarks) + 1),
        "last_updated_by_user_id": user,
        "last_updated_by_team_id": world.team_id,
        "shortcut_id": None,
        "app_id": None,
    }
    channel.bookmarks.append(made)
    world.changed("bookmark added")
    return made


def _tell_reaction(world: World, channel: Channel, message: Wire, kind: str, name: str, user: str) -> None:
    item = {"type": "message", "channel": channel.id, "ts": message["ts"]}
    author = {"item_user": message["user"]} if message.get("user") else {}
    event = {"type": kind, "user": user, "reaction": name, "item": item, **author, "event_ts": world.stamps.ts()}
    world.emit(event, channel)
    world.changed(kind)


def _tell_pin(world: World, channel: Channel, kind: str, item: Wire, user: str) -> None:
    told = {**item, "message": {k: v for k, v in item["message"].items() if k not in log.UNTOLD}}
    event = {"type": kind, "user": user, "channel_id": channel.id, "item": told, "event_ts": world.stamps.ts()}
    world.emit({**event, "has_pins": True} if kind == "pin_removed" and channel.pins else event, channel)
    world.changed(kind)
