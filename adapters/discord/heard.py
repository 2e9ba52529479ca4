"""From discord.py's events to what the core hears: who, where, which words."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any

import discord

from adapters.discord.answers import reply_to
from adapters.discord.forms import answers
from adapters.discord.render import does
from adapters.discord.spans import NAME
from bot.heard import Filled, Original, Reacted, Spoken
from bot.people import Person, stranger

Json = dict[str, Any]

WINDOW = timedelta(seconds=10)
"""Within it, changes of one reaction are told apart by their order; later ones by the window's place in time."""
REMEMBERED = 5000
"""Reactions, and names, that are kept in mind."""


def person(user: discord.abc.User) -> Person:
    """The person as Discord names them here."""
    return stranger(NAME, str(user.id), user.display_name)


def original(message: Json, guild: int) -> Original:
    """A message that somebody points at, as Discord describes it; without a text of its own, its embeds' words."""
    embeds = (f"{e.get('title') or ''}\n{e.get('description') or ''}".strip() for e in message.get("embeds") or ())
    author = message["author"]
    return Original(
        text="\n".join(filter(None, (message.get("content") or "", *embeds))),
        author=author.get("global_name") or author["username"],
        at=discord.utils.parse_time(message["timestamp"]),
        url=f"https://discord.com/channels/{guild}/{message['channel_id']}/{message['id']}",
    )


def pointed_at(event: discord.Interaction[Any]) -> Original | None:
    """The message of a message command."""
    data: Any = event.data or {}
    found = ((data.get("resolved") or {}).get("messages") or {}).get(str(data.get("target_id")))
    return original(found, event.guild_id or 0) if found else None


def spoken(event: discord.Interaction[Any], words: str, *, about: Original | None = None) -> Spoken:
    """Words typed after ``/incident``, or carried by a button."""
    return Spoken(**_where(event), words=words, original=about)


def pressed(event: discord.Interaction[Any]) -> Spoken:
    """A button: its words are in the component itself, so that it works after any restart."""
    data: Any = event.data or {}
    return spoken(event, does(str(data.get("custom_id") or "")))


def filled(event: discord.Interaction[Any]) -> Filled:
    """A form that was sent."""
    data: Any = event.data or {}
    return Filled(
        **_where(event),
        words=does(str(data.get("custom_id") or "")),
        values=answers(list(data.get("components") or ())),
    )


def owns_answer(event: discord.Interaction[Any]) -> bool:
    """Whether the private answer is a message of its own, not somebody's message whose button was pressed."""
    return event.message is None


def room(event: discord.Interaction[Any]) -> str:
    """Name of the channel it happened in, as Discord sends it along; a direct message has none."""
    return str(getattr(event.channel, "name", None) or "")


def _where(event: discord.Interaction[Any]) -> Json:
    message = event.message
    return {
        "key": f"discord:interaction:{event.id}",
        "platform": NAME,
        "actor": person(event.user),
        "channel": str(event.channel_id) if event.channel_id is not None else None,
        "room": room(event),
        "message": f"{event.channel_id}:{message.id}" if message is not None else None,
        "reply": reply_to(event.application_id, event.token, own=owns_answer(event)),
    }


class Moments:
    """Names each change of a reaction alike on every replica.

    Discord gives a reaction's change no id, and every replica receives each one. A key without a moment would make
    the second ✅ after a removal look like the first again; a key with each replica's own time would differ from
    replica to replica. So the moment is a window of ten seconds and, within it, the change's place in order. Only
    where replicas see one change on either side of a window's edge do both act; the desk takes reactions as state,
    so that the second finds nothing left to do.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def of(self, what: str, now: datetime) -> str:
        """The moment of this change of ``what``."""
        window = int(now.timestamp() // WINDOW.total_seconds())
        before, count = self._seen.pop(what, (window, 0))
        count = count + 1 if before == window else 1
        self._seen[what] = (window, count)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return f"{window}.{count}"


def reacted(
    event: discord.RawReactionActionEvent, who: Person, emoji: str, *, key: str, about: Original | None
) -> Reacted:
    """A reaction put on a message, or taken away."""
    return Reacted(
        key=key,
        platform=NAME,
        actor=who,
        channel=str(event.channel_id),
        message=f"{event.channel_id}:{event.message_id}",
        emoji=emoji,
        added=event.event_type == "REACTION_ADD",
        original=about,
    )
