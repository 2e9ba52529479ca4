"""What happens to channels: made, joined, left, named, archived, each with Slack's own message about it."""

from adapters.sandbox.slack import limits, log
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Channel
from adapters.sandbox.slack.world import World


def check_name(world: World, name: str, *, but: str = "") -> None:
    """Refuse a channel name that Slack refuses; ``but`` is the channel that may keep its own."""
    if not name:
        raise Refusal("invalid_name_required")
    if len(name) > limits.CHANNEL_NAME:
        raise Refusal("invalid_name_maxlength")
    if any(not (sign in "-_" or (sign.isalnum() and sign == sign.lower())) for sign in name):
        raise Refusal("invalid_name_specials" if any(sign.isalnum() for sign in name) else "invalid_name_punctuation")
    if not any(sign.isalnum() for sign in name):
        raise Refusal("invalid_name_punctuation")
    if any(channel.name == name and channel.id != but for channel in world.channels.values()):
        raise Refusal("name_taken")


def create(world: World, name: str, *, creator: str, private: bool = False) -> Channel:
    """A new channel with its creator in it. Raises :class:`Refusal` for a bad or a taken name."""
    check_name(world, name)
    channel = Channel(world.stamps.id("C"), name, creator, world.stamps.seconds(), is_private=private)
    world.channels[channel.id] = channel
    if not private:
        made = {"id": channel.id, "name": name, "created": channel.created, "creator": creator}
        world.emit({"type": "channel_created", "channel": made, "event_ts": world.stamps.ts()}, None)
    enter(world, channel, creator)
    return channel


def enter(world: World, channel: Channel, user: str, *, inviter: str = "") -> None:
    """Make somebody a member."""
    channel.members.append(user)
    by = {"inviter": inviter} if inviter else {}
    message = log.system(world, channel, "channel_join", user=user, text=f"<@{user}> has joined the channel", **by)
    event = {"type": "member_joined_channel", "user": user, "channel": channel.id, "team": world.team_id, **by}
    letter = "G" if channel.is_private else "C"
    world.emit({**event, "channel_type": letter, "event_ts": message["ts"]}, channel)
    world.changed("member joined")


def quit(world: World, channel: Channel, user: str, *, removed_by: str = "") -> None:
    """Take somebody out of the members."""
    letter = "G" if channel.is_private else "C"
    event = {"type": "member_left_channel", "user": user, "channel": channel.id, "team": world.team_id}
    if removed_by:
        text, subtype = f"<@{removed_by}> removed <@{user}> from the channel", "channel_leave"
    else:
        text, subtype = f"<@{user}> has left the channel", "channel_leave"
    if user == world.bot_user_id:
        left = {"type": "channel_left", "channel": channel.id, "actor_id": removed_by or user}
        world.emit({**left, "event_ts": world.stamps.ts()}, channel)
    channel.members.remove(user)
    message = log.system(world, channel, subtype, user=user, text=text)
    world.emit({**event, "channel_type": letter, "event_ts": message["ts"]}, channel)
    world.changed("member left")


def rename(world: World, channel: Channel, name: str, *, user: str) -> None:
    check_name(world, name, but=channel.id)
    old = channel.name
    channel.previous_names.append(old)
    channel.name = name
    text = f'has renamed the channel from "{old}" to "{name}"'
    log.system(world, channel, "channel_name", user=user, text=text, old_name=old, name=name)
    renamed = {"id": channel.id, "name": name, "created": channel.created}
    world.emit({"type": "channel_rename", "channel": renamed, "event_ts": world.stamps.ts()}, channel)
    world.changed("channel renamed")


def set_topic(world: World, channel: Channel, topic: str, *, user: str) -> None:
    channel.topic, channel.topic_by, channel.topic_at = topic, user, world.stamps.seconds()
    text = f"set the channel topic: {topic}" if topic else "cleared the channel topic"
    log.system(world, channel, "channel_topic", user=user, text=text, topic=topic)


def set_purpose(world: World, channel: Channel, purpose: str, *, user: str) -> None:
    channel.purpose, channel.purpose_by, channel.purpose_at = purpose, user, world.stamps.seconds()
    text = f"set the channel description: {purpose}" if purpose else "cleared the channel description"
    log.system(world, channel, "channel_purpose", user=user, text=text, purpose=purpose)


def archive(world: World, channel: Channel, *, user: str) -> None:
    log.system(world, channel, "channel_archive", user=user, text=f"<@{user}> archived the channel")
    channel.is_archived = True
    event = {"type": "channel_archive", "channel": channel.id, "user": user, "is_moved": 0}
    world.emit({**event, "event_ts": world.stamps.ts()}, channel)
    world.changed("channel archived")


def unarchive(world: World, channel: Channel, *, user: str) -> None:
    channel.is_archived = False
    log.system(world, channel, "channel_unarchive", user=user, text=f"<@{user}> un-archived the channel")
    event = {"type": "channel_unarchive", "channel": channel.id, "user": user}
    world.emit({**event, "event_ts": world.stamps.ts()}, channel)
    world.changed("channel unarchived")


def seed(world: World) -> None:
    """The channels of a fresh workspace; nobody is told of them."""
    for name, bot, everybody in (
        ("general", False, True),
        ("incidents", True, True),
        ("alerts", True, True),
        ("random", False, False),
    ):
        furnish(world, name, bot=bot, everybody=everybody)


def furnish(world: World, name: str, *, bot: bool = True, everybody: bool = True) -> None:
    """One more channel that is there from the start; nobody is told of it."""
    people = [person.slack_id for person in world.people]
    owner = people[0] if people else world.bot_user_id
    members = [*people] if everybody else people[:3]
    channel = Channel(world.stamps.id("C"), name, owner, world.stamps.seconds(), members=members)
    channel.is_general = name == "general"
    if bot:
        channel.members.append(world.bot_user_id)
    world.channels[channel.id] = channel
