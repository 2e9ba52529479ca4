"""What was said: conversations.history and conversations.replies."""

import re
from collections.abc import Callable
from decimal import Decimal

from adapters.sandbox.slack import limits
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Wire

TIME = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")


def history(ask: Ask) -> Wire:
    """Newest first, without the replies that stayed in their threads."""
    channel = ask.channel(member=True)
    within = _within(ask)
    found = [m for m in reversed(channel.messages) if _in_channel(m) and within(m["ts"])]
    page, more = ask.page(found, most=limits.HISTORY_PAGE)
    return {**_answer(ask, page, more), "pin_count": len(channel.pins), "channel_actions_ts": None}


def replies(ask: Ask) -> Wire:
    """A thread, oldest first; its first message heads every answer."""
    channel = ask.channel(member=True)
    (ts,) = ask.required("ts")
    parent = channel.message(ts)
    if parent is None:
        raise Refusal("thread_not_found")
    first = channel.message(parent.get("thread_ts", ts)) or parent
    within = _within(ask)
    found = [m for m in channel.replies(first["ts"]) if within(m["ts"])]
    page, more = ask.page(found, default=1000, most=limits.PAGE)
    return _answer(ask, [first, *page], more)


def _answer(ask: Ask, messages: list[Wire], more: Wire) -> Wire:
    metadata = ask.flag("include_all_metadata")
    shown = [{k: v for k, v in m.items() if metadata or k != "metadata"} for m in messages]
    has_more = bool(more["response_metadata"]["next_cursor"])
    return {"messages": shown, "has_more": has_more, **(more if has_more else {})}


def _in_channel(message: Wire) -> bool:
    return message.get("thread_ts", message["ts"]) == message["ts"] or message.get("subtype") == "thread_broadcast"


def _within(ask: Ask) -> Callable[[str], bool]:
    """Whether a time stamp is between ``oldest`` and ``latest``, their own included if ``inclusive`` is set."""
    oldest, latest = _time(ask, "oldest"), _time(ask, "latest")
    inclusive = ask.flag("inclusive")

    def within(ts: str) -> bool:
        at = Decimal(ts)
        if inclusive and at in (oldest, latest):
            return True
        return (oldest is None or at > oldest) and (latest is None or at < latest)

    return within


def _time(ask: Ask, name: str) -> Decimal | None:
    value = ask.text(name)
    if not value or value == "now":
        return None
    if not TIME.fullmatch(value):
        raise Refusal(f"invalid_ts_{name}")
    return Decimal(value)
