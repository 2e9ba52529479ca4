"""Brings an interaction to the ear and its answer back: after it is saved, and within Discord's three seconds."""

import asyncio
from typing import Any

import discord
import structlog

from adapters.discord import limits
from adapters.discord.answers import Answers, Callback, opener, private
from adapters.discord.errors import WIRE_FAILURES, Code, outside
from adapters.discord.forms import modal
from adapters.discord.heard import owns_answer, room
from adapters.discord.render import message
from bot.card import Card
from bot.heard import Answer, Filled, Spoken
from bot.ports import Ear

log = structlog.get_logger(__name__)

Event = discord.Interaction[Any]

ELSEWHERE = Card(text=("Tocsin serves another server, so nothing was done here. Please say it there.",))


class Responder:
    """Answers what people type, press and send."""

    def __init__(self, ear: Ear, answers: Answers, server: int) -> None:
        self._ear = ear
        self._answers = answers
        self._server = server

    async def welcomes(self, event: Event) -> bool:
        """Whether somebody asks, on our server or in a direct message; who asks on another server is told.

        Only a button could be pressed there, under a message that was carried there: the commands are our server's.
        """
        if not isinstance(event.user, discord.User | discord.Member):  # what a payload without anybody becomes
            log.warning("discord: an interaction of nobody", interaction=event.id)
            return False
        if event.guild_id in (None, self._server):
            return True
        log.warning("discord: an interaction on another server", interaction=event.id, server=event.guild_id)
        if event.type is not discord.InteractionType.autocomplete:
            await self._tell(event, ELSEWHERE)
        return False

    async def _tell(self, event: Event, card: Card) -> None:
        try:
            await self._say(event, Callback.MESSAGE, private(card, {}))
        except WIRE_FAILURES as error:
            log.warning("discord: an answer was lost", interaction=event.id, why=outside(error).why)

    async def respond(self, event: Event, heard: Spoken | Filled) -> None:
        """Let it be heard, then answer. An answer that is lost is logged: what was done is saved all the same."""
        hearing = asyncio.create_task(self._ear.hear(heard))
        done, _ = await asyncio.wait({hearing}, timeout=limits.DEFER_AFTER)
        try:
            if done:
                await self._at_once(event, heard, hearing.result())
            else:
                await self._defer(event)
                await self._late(event, heard, await hearing)
        except WIRE_FAILURES as error:
            log.warning("discord: an answer was lost", interaction=event.id, why=outside(error).why)

    async def _at_once(self, event: Event, heard: Spoken | Filled, answer: Answer) -> None:
        if answer.elsewhere:
            return
        try:
            await self._first(event, answer)
        except discord.HTTPException as error:
            if error.code != Code.ALREADY_ANSWERED:
                raise
            if (card := _shown(answer)) is not None and heard.reply is not None:
                await self._answers.later(heard.reply, card, {})  # another replica only said that it takes a while

    async def _first(self, event: Event, answer: Answer) -> None:
        card = _shown(answer)
        if answer.form is not None and event.type is not discord.InteractionType.modal_submit:
            await self._say(event, Callback.MODAL, modal(answer.form))
        elif card is not None and answer.replaces and not owns_answer(event):
            await self._say(event, Callback.UPDATE, message(card, {}))
        elif card is not None:
            await self._say(event, Callback.MESSAGE, private(card, {}))
        elif event.type is not discord.InteractionType.application_command:
            await self._say(event, Callback.LATER)

    async def _defer(self, event: Event) -> None:
        """Say that the answer takes a while. That another replica has said so is as good."""
        try:
            if owns_answer(event):
                await self._say(event, Callback.THINKING, {"flags": discord.MessageFlags(ephemeral=True).value})
            else:
                await self._say(event, Callback.LATER)
        except WIRE_FAILURES as error:
            log.info("discord: could not ask for patience", interaction=event.id, why=outside(error).why)

    async def _late(self, event: Event, heard: Spoken | Filled, answer: Answer) -> None:
        card = _shown(answer)
        if answer.elsewhere or heard.reply is None:
            return
        if card is None:
            if owns_answer(event):
                await self._answers.drop(heard.reply)
        elif answer.replaces and not owns_answer(event):
            await self._answers.replace(heard.reply, card)
        else:
            await self._answers.later(heard.reply, card, {})

    async def suggest(self, event: Event, platform: str) -> None:
        """What the words typed so far could become."""
        typed = str(getattr(event.namespace, "what", None) or "")
        channel = str(event.channel_id) if event.channel_id is not None else None
        found = await self._ear.suggest(platform, channel, typed, room=room(event))
        choices = [
            {"name": each.label[: limits.CHOICE_TEXT] or each.words, "value": each.words[: limits.CHOICE_TEXT]}
            for each in found[: limits.CHOICES]
        ]
        try:
            await self._say(event, Callback.CHOICES, {"choices": choices})
        except WIRE_FAILURES as error:  # the person has typed on, or another replica was first
            log.debug("discord: suggestions came too late", why=outside(error).why)

    async def _say(self, event: Event, kind: Callback, data: dict[str, Any] | None = None) -> None:
        async with asyncio.timeout(limits.CALL):
            await self._answers.first(event.id, event.token, kind, data)


def _shown(answer: Answer) -> Card | None:
    """The answer as a message: a form that comes too late to be opened becomes a button that opens it."""
    if answer.card is None and answer.form is not None:
        return opener(answer.form)
    return answer.card
