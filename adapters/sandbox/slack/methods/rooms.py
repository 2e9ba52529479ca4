"""Conversations themselves: create, rename, archive, unarchive, setTopic, setPurpose, open."""

from adapters.sandbox.slack import limits, rooms, scopes
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.errors import Refusal, invalid_arguments
from adapters.sandbox.slack.model import Channel, Wire


def create(ask: Ask) -> Wire:
    private = ask.flag("is_private")
    kind = "private" if private else "public"
    if not scopes.allowed(ask.needs, ask.world.scopes, kind):
        raise ask.missing_scope(scopes.wanted(ask.needs, kind))
    return _shown(ask, rooms.create(ask.world, ask.text("name"), creator=ask.world.bot_user_id, private=private))


def rename(ask: Ask) -> Wire:
    channel = _own(ask, member=True, live=True)
    if channel.is_general or channel.creator != ask.world.bot_user_id:
        raise Refusal("not_authorized")
    rooms.rename(ask.world, channel, ask.text("name"), user=ask.world.bot_user_id)
    return _shown(ask, channel)


def archive(ask: Ask) -> Wire:
    channel = _own(ask)
    if channel.is_archived:
        raise Refusal("already_archived")
    if channel.is_general:
        raise Refusal("cant_archive_general")
    if ask.world.bot_user_id not in channel.members:
        raise Refusal("not_in_channel")
    rooms.archive(ask.world, channel, user=ask.world.bot_user_id)
    return {}


def unarchive(ask: Ask) -> Wire:
    channel = _own(ask)
    # Archiving takes bots out of the channel in effect, so a bot's token is told that it is not in there.
    if ask.world.refuses_unarchive and channel.is_archived:
        raise Refusal("not_in_channel")
    if not channel.is_archived:
        raise Refusal("not_archived")
    rooms.unarchive(ask.world, channel, user=ask.world.bot_user_id)
    return {}


def set_topic(ask: Ask) -> Wire:
    channel = ask.channel(member=True, live=True)
    topic = ask.text("topic")
    if len(topic) > limits.TOPIC:
        raise Refusal("too_long")
    rooms.set_topic(ask.world, channel, topic, user=ask.world.bot_user_id)
    return _shown(ask, channel)


def set_purpose(ask: Ask) -> Wire:
    channel = ask.channel(member=True, live=True)
    purpose = ask.text("purpose")
    if len(purpose) > limits.TOPIC:
        raise Refusal("too_long")
    rooms.set_purpose(ask.world, channel, purpose, user=ask.world.bot_user_id)
    return _shown(ask, channel)


def open_dm(ask: Ask) -> Wire:
    if ask.text("channel"):
        return _opened(ask, ask.channel(), was_open=True)
    users = list(dict.fromkeys(ask.words("users")))
    if not users:
        raise Refusal("users_list_not_supplied")
    others = [user for user in users if user != ask.world.bot_user_id]
    if any(user not in ask.world.users for user in others):
        raise Refusal("user_not_found")
    if len(others) > limits.MPIM_USERS:
        raise Refusal("too_many_users")
    if not others:
        raise Refusal("cannot_dm_bot")
    kind = "im" if len(others) == 1 else "mpim"
    if not scopes.allowed(ask.needs, ask.world.scopes, kind):
        raise ask.missing_scope(scopes.wanted(ask.needs, kind))
    known = len(ask.world.channels)
    channel = ask.world.dm(ask.world.bot_user_id, *others)
    return _opened(ask, channel, was_open=len(ask.world.channels) == known)


def _opened(ask: Ask, channel: Channel, *, was_open: bool) -> Wire:
    if channel.kind not in ("im", "mpim"):
        raise invalid_arguments("must be a direct message: channel")
    shown = channel.wire(ask.world.bot_user_id) if ask.flag("return_im") else {"id": channel.id}
    return {"channel": shown, **({"no_op": True, "already_open": True} if was_open else {})}


def _own(ask: Ask, *, member: bool = False, live: bool = False) -> Channel:
    """A channel that can be named and archived, which direct messages cannot."""
    channel = ask.channel(member=member, live=live)
    if channel.kind in ("im", "mpim"):
        raise Refusal("method_not_supported_for_channel_type")
    return channel


def _shown(ask: Ask, channel: Channel) -> Wire:
    return {"channel": channel.wire(ask.world.bot_user_id)}
