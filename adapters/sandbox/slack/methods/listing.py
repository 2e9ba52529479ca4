"""Looking conversations up: conversations.list, .info, .members and users.conversations."""

from adapters.sandbox.slack import scopes
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Channel, Wire

TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def everything(ask: Ask) -> Wire:
    kinds, bot = _kinds(ask), ask.world.bot_user_id
    found = [c for c in ask.world.channels.values() if c.kind in kinds and (c.kind == "public" or bot in c.members)]
    return _page(ask, found)


def of_user(ask: Ask) -> Wire:
    kinds, bot = _kinds(ask), ask.world.bot_user_id
    user = ask.user() if ask.text("user") else bot
    # Of somebody else one learns only what the bot can see itself.
    found = [
        c
        for c in ask.world.channels.values()
        if c.kind in kinds and user in c.members and (c.kind == "public" or bot in c.members)
    ]
    return _page(ask, found)


def info(ask: Ask) -> Wire:
    channel = ask.channel()
    wire = channel.wire(ask.world.bot_user_id)
    if not ask.flag("include_num_members"):
        wire.pop("num_members", None)
    return {"channel": wire}


def members(ask: Ask) -> Wire:
    channel = ask.channel()
    page, more = ask.page(channel.members)
    return {"members": page, **more}


def _page(ask: Ask, channels: list[Channel]) -> Wire:
    if ask.flag("exclude_archived"):
        channels = [channel for channel in channels if not channel.is_archived]
    page, more = ask.page([channel.wire(ask.world.bot_user_id) for channel in channels])
    return {"channels": page, **more}


def _kinds(ask: Ask) -> list[str]:
    names = ask.words("types") or ["public_channel"]
    if any(name not in TYPES for name in names):
        raise Refusal("invalid_types")
    kinds = [TYPES[name] for name in names]
    refused = [kind for kind in kinds if not scopes.allowed(ask.needs, ask.world.scopes, kind)]
    if refused:
        raise ask.missing_scope(",".join(scopes.wanted(ask.needs, kind) for kind in refused))
    return kinds
