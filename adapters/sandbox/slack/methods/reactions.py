"""reactions.add, .get, .remove."""

import re

from adapters.sandbox.slack import marks
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Wire

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def add(ask: Ask) -> Wire:
    name = _name(ask)
    channel = ask.channel(member=True, live=True)
    marks.react(ask.world, channel, ask.message(channel), name, user=ask.world.bot_user_id)
    return {}


def get(ask: Ask) -> Wire:
    channel = ask.channel(member=True)
    message = ask.message(channel)
    shown = {**message, "permalink": ask.world.permalink(channel.id, message)}
    return {"type": "message", "channel": channel.id, "message": shown}


def remove(ask: Ask) -> Wire:
    name = _name(ask)
    channel = ask.channel(member=True, live=True)
    marks.unreact(ask.world, channel, ask.message(channel), name, user=ask.world.bot_user_id)
    return {}


def _name(ask: Ask) -> str:
    (name,) = ask.required("name")
    bare = name.strip(":")
    if not NAME.fullmatch(bare):
        raise Refusal("invalid_name")
    return bare
