"""Who is in a conversation: conversations.invite, .kick, .join, .leave."""

from adapters.sandbox.slack import limits, rooms
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Channel, Wire


def invite(ask: Ask) -> Wire:
    channel = _channel(ask, member=True, live=True)
    users = ask.words("users")
    if not users:
        raise Refusal("no_user")
    if len(users) > limits.INVITE_USERS:
        raise Refusal("too_many_users")
    found = {user: _obstacle(ask, channel, user) for user in dict.fromkeys(users)}
    errors = [{"user": user, "ok": False, "error": error} for user, error in found.items() if error]
    welcome = [user for user, error in found.items() if not error]
    if errors and not (ask.flag("force") and welcome):
        raise Refusal(next(error for error in found.values() if error), errors=errors)
    for user in welcome:
        rooms.enter(ask.world, channel, user, inviter=ask.world.bot_user_id)
    return {"channel": channel.wire(ask.world.bot_user_id), **({"errors": errors} if errors else {})}


def kick(ask: Ask) -> Wire:
    channel = _channel(ask, member=True, live=True)
    user = ask.user()
    if user == ask.world.bot_user_id:
        raise Refusal("cant_kick_self")
    if channel.is_general:
        raise Refusal("cant_kick_from_general")
    if user not in channel.members:
        raise Refusal("not_in_channel")
    rooms.quit(ask.world, channel, user, removed_by=ask.world.bot_user_id)
    return {"errors": {}}


def join(ask: Ask) -> Wire:
    channel = _channel(ask, live=True)
    if channel.is_private:
        raise Refusal("method_not_supported_for_channel_type")
    if ask.world.bot_user_id in channel.members:
        warnings = ["already_in_channel"]
        shown = channel.wire(ask.world.bot_user_id)
        return {"channel": shown, "warning": warnings[0], "response_metadata": {"warnings": warnings}}
    rooms.enter(ask.world, channel, ask.world.bot_user_id)
    return {"channel": channel.wire(ask.world.bot_user_id)}


def leave(ask: Ask) -> Wire:
    channel = _channel(ask, live=True)
    if channel.is_general:
        raise Refusal("cant_leave_general")
    if ask.world.bot_user_id not in channel.members:
        return {"not_in_channel": True}
    if channel.is_private and len(channel.members) == 1:
        raise Refusal("last_member")
    rooms.quit(ask.world, channel, ask.world.bot_user_id)
    return {}


def _channel(ask: Ask, *, member: bool = False, live: bool = False) -> Channel:
    channel = ask.channel(member=member, live=live)
    if channel.kind in ("im", "mpim"):
        raise Refusal("method_not_supported_for_channel_type")
    return channel


def _obstacle(ask: Ask, channel: Channel, user: str) -> str:
    """Slack's word for why this user cannot be invited, or nothing."""
    if user == ask.world.bot_user_id:
        return "cant_invite_self"
    if user not in ask.world.users:
        return "user_not_found"
    return "already_in_channel" if user in channel.members else ""
