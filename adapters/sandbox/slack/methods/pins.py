"""pins.add, pins.list, pins.remove."""

from adapters.sandbox.slack import marks
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.log import UNTOLD
from adapters.sandbox.slack.model import Wire


def add(ask: Ask) -> Wire:
    channel = ask.channel(member=True, live=True)
    marks.pin(ask.world, channel, ask.message(channel), user=ask.world.bot_user_id)
    return {}


def listing(ask: Ask) -> Wire:
    """Newest first."""
    channel = ask.channel(member=True)
    return {
        "items": [
            {**pin, "message": {k: v for k, v in pin["message"].items() if k not in UNTOLD}}
            for pin in reversed(channel.pins)
        ]
    }


def remove(ask: Ask) -> Wire:
    channel = ask.channel(member=True, live=True)
    (ts,) = ask.required("timestamp")
    message = channel.message(ts)
    if message is None:
        raise Refusal("message_not_found")
    marks.unpin(ask.world, channel, message, user=ask.world.bot_user_id)
    return {}
