"""bookmarks.add, .edit, .list, .remove."""

from urllib.parse import urlsplit

from adapters.sandbox.slack import marks
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Channel, Wire


def add(ask: Ask) -> Wire:
    channel = _channel(ask)
    title, kind = ask.required("title", "type")
    if kind != "link":
        raise Refusal("invalid_bookmark_type")
    link = _link(ask.text("link"))
    made = marks.bookmark(ask.world, channel, title, link=link, emoji=ask.text("emoji"), user=ask.world.bot_user_id)
    return {"bookmark": made}


def edit(ask: Ask) -> Wire:
    channel = _channel(ask)
    bookmark = _bookmark(ask, channel)
    if ask.text("link"):
        bookmark["link"] = _link(ask.text("link"))
    for name in ("title", "emoji"):
        if name in ask.arguments:
            bookmark[name] = ask.text(name)
    bookmark["date_updated"] = ask.world.stamps.seconds()
    bookmark["last_updated_by_user_id"] = ask.world.bot_user_id
    ask.world.changed("bookmark edited")
    return {"bookmark": bookmark}


def listing(ask: Ask) -> Wire:
    return {"bookmarks": ask.channel("channel_id", member=True).bookmarks}


def remove(ask: Ask) -> Wire:
    channel = _channel(ask)
    channel.bookmarks.remove(_bookmark(ask, channel))
    ask.world.changed("bookmark removed")
    return {}


def _channel(ask: Ask) -> Channel:
    return ask.channel("channel_id", member=True, live=True)


def _bookmark(ask: Ask, channel: Channel) -> Wire:
    (bookmark_id,) = ask.required("bookmark_id")
    found = next((bookmark for bookmark in channel.bookmarks if bookmark["id"] == bookmark_id), None)
    if found is None:
        raise Refusal("not_found")
    return found


def _link(link: str) -> str:
    try:
        parts = urlsplit(link)
    except ValueError as mistake:
        raise Refusal("invalid_link") from mistake
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in link:
        raise Refusal("invalid_link")
    return link
