"""Answers to interactions: the first one, within three seconds, and what is said later with the same token.

``reply`` (what the core keeps to answer somebody later) is ``KIND:APPLICATION:TOKEN``. Of kind ``own`` the private
answer is a message of ours (a command, a form opened by a command): what comes later takes its place, so that there
is one private message, however often it is tried. Of kind ``new`` the token belongs to a button on somebody's
message: what comes later is a further private message.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import discord

from adapters.discord.errors import Code
from adapters.discord.render import custom_id, message
from adapters.discord.wire import Wire
from bot.card import Button, ButtonStyle, Card
from bot.errors import Refused
from bot.forms import Form

Json = dict[str, Any]

EPHEMERAL = discord.MessageFlags(ephemeral=True).value
OWN, NEW = "own", "new"


class Callback(IntEnum):
    """Types of a first answer [discord-api-docs, Interaction Callback Type]."""

    MESSAGE = discord.InteractionResponseType.channel_message.value
    THINKING = discord.InteractionResponseType.deferred_channel_message.value
    LATER = discord.InteractionResponseType.deferred_message_update.value
    UPDATE = discord.InteractionResponseType.message_update.value
    CHOICES = discord.InteractionResponseType.autocomplete_result.value
    MODAL = discord.InteractionResponseType.modal.value


def reply_to(application: int | str, token: str, *, own: bool) -> str:
    """What is kept to answer later."""
    return f"{OWN if own else NEW}:{application}:{token}"


def private(card: Card, refs: Mapping[str, str]) -> Json:
    """The card as a message that only one person sees."""
    return message(card, refs) | {"flags": EPHEMERAL}


def opener(form: Form) -> Card:
    """A button that opens the form, for when it is too late to open it at once."""
    return Card(buttons=(Button(label=form.title, does=form.does, style=ButtonStyle.PRIMARY),))


class Answers:
    """Speaks with an interaction's token."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def first(self, interaction: int, token: str, kind: Callback, data: Json | None = None) -> None:
        """The first answer. Raises as the wire does; 40060 where there was one already."""
        body: Json = {"type": int(kind)} | ({"data": data} if data is not None else {})
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        await self._wire.ask("POST", path, body, webhook_id=interaction, webhook_token=token)

    async def later(self, reply: str, card: Card, refs: Mapping[str, str]) -> None:
        """A later answer: in place of our private one, or as a further one."""
        kind, application, token = _parts(reply)
        if kind == OWN:
            try:
                await self._original("PATCH", application, token, message(card, refs))
                return
            except discord.NotFound as error:
                if error.code != Code.UNKNOWN_MESSAGE:
                    raise
        path = "/webhooks/{webhook_id}/{webhook_token}"
        body = private(card, refs)
        await self._wire.ask("POST", path, body, webhook_id=application, webhook_token=token)

    async def replace(self, reply: str, card: Card) -> None:
        """Put the card in place of the message that the token's answer stands on."""
        _, application, token = _parts(reply)
        await self._original("PATCH", application, token, message(card, {}))

    async def drop(self, reply: str) -> None:
        """Take the "thinking" away."""
        _, application, token = _parts(reply)
        await self._original("DELETE", application, token)

    async def _original(self, method: str, application: str, token: str, body: Json | None = None) -> None:
        path = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
        await self._wire.ask(method, path, body, webhook_id=application, webhook_token=token)


def _parts(reply: str) -> tuple[str, str, str]:
    kind, _, rest = reply.partition(":")
    application, _, token = rest.partition(":")
    if kind not in (OWN, NEW) or not application.isdecimal() or not token:
        raise Refused(f"{Code.INVALID_TOKEN} this is no Discord reply")
    return kind, application, token


__all__ = ["Answers", "Callback", "custom_id", "opener", "private", "reply_to"]
