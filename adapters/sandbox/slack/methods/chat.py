"""Messages of the app: chat.postMessage, .postEphemeral, .update, .delete, .getPermalink."""

from adapters.sandbox.slack import log, scopes
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.draft import as_bot, changes, content
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Channel, Wire


def post_message(ask: Ask) -> Wire:
    channel = _destination(ask)
    message = {**as_bot(ask.world), **_guise(ask), **content(ask)}
    thread_ts = _thread(ask, channel)
    posted = log.post(ask.world, channel, message, thread_ts=thread_ts, broadcast=ask.flag("reply_broadcast"))
    return {"channel": channel.id, "ts": posted["ts"], "message": {**posted}}


def post_ephemeral(ask: Ask) -> Wire:
    channel = ask.channel(live=True)
    user = ask.user()
    if ask.world.bot_user_id not in channel.members:
        raise Refusal("not_in_channel")
    if user not in channel.members:
        raise Refusal("user_not_in_channel")
    message = {**as_bot(ask.world), **_guise(ask), **content(ask)}
    thread_ts = ask.text("thread_ts")
    if thread_ts:
        message["thread_ts"] = thread_ts
    shown = log.whisper(ask.world, user, channel.id, message)
    return {"message_ts": shown["ts"]}


def update(ask: Ask) -> Wire:
    channel = ask.channel(live=True)
    message = ask.message(channel, "ts")
    if message.get("bot_id") != ask.world.bot_id:
        raise Refusal("cant_update_message")
    log.amend(ask.world, channel, message, changes(ask, message), edited_by=ask.world.bot_user_id)
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": {**message}}


def delete(ask: Ask) -> Wire:
    channel = ask.channel(live=True)
    message = ask.message(channel, "ts")
    if message.get("bot_id") != ask.world.bot_id:
        raise Refusal("cant_delete_message")
    log.erase(ask.world, channel, message)
    return {"channel": channel.id, "ts": message["ts"]}


def get_permalink(ask: Ask) -> Wire:
    channel = ask.channel()
    message = ask.message(channel, "message_ts")
    return {"channel": channel.id, "permalink": ask.world.permalink(channel.id, message)}


def _destination(ask: Ask) -> Channel:
    """Where to post: a conversation's id, a channel's name, or a user, whose direct messages it then is."""
    (name,) = ask.required("channel")
    world = ask.world
    if name in world.users:
        if world.users[name]["is_bot"]:
            raise Refusal("cannot_dm_bot" if name == world.bot_user_id else "channel_not_found")
        return world.dm(world.bot_user_id, name)
    channel = world.channels.get(name)
    if channel is None:
        wanted = name.removeprefix("#")
        channel = next((c for c in world.channels.values() if c.name == wanted and not c.is_im), None)
    channel = ask.reach(channel, live=True)
    if world.bot_user_id not in channel.members and scopes.POST_ANYWHERE not in world.scopes:
        raise Refusal("not_in_channel")
    return channel


def _thread(ask: Ask, channel: Channel) -> str:
    thread_ts = ask.text("thread_ts")
    if thread_ts and channel.message(thread_ts) is None:
        raise Refusal("thread_not_found")
    return thread_ts


def _guise(ask: Ask) -> Wire:
    """Another name and picture for one message, where the token may."""
    given = {name: ask.text(name) for name in ("username", "icon_emoji", "icon_url") if ask.text(name)}
    if not given:
        return {}
    if scopes.CUSTOMIZE not in ask.world.scopes:
        raise ask.missing_scope(scopes.CUSTOMIZE)
    icons = {"emoji": given["icon_emoji"]} if "icon_emoji" in given else {}
    if "icon_url" in given:
        icons = {"image_48": given["icon_url"]}
    return {"subtype": "bot_message", "username": given.get("username", ask.world.bot_name), "icons": icons}
