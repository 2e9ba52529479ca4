"""The guild's commands: ``/incident``, and “Declare incident” on any message."""

from typing import Any

import discord
from discord import app_commands

from adapters.discord.heard import pointed_at, spoken
from adapters.discord.responder import Responder
from adapters.discord.spans import NAME

Event = discord.Interaction[Any]


class Commands(app_commands.CommandTree[Any]):
    """The guild's commands: ``/incident``, and “Declare incident” on any message."""

    def __init__(self, client: discord.Client, responder: Responder, guild: int) -> None:
        super().__init__(client, fallback_to_global=False)
        self.guild = discord.Object(id=guild)
        self._responder = responder
        self.add_command(_incident(responder), guild=self.guild)
        self.add_command(_declare(responder), guild=self.guild)

    async def interaction_check(self, interaction: Event, /) -> bool:
        """Only who is welcome is heard.

        Suggestions are answered here: discord.py would log each one that another replica answered first.
        """
        if not await self._responder.welcomes(interaction):
            return False
        if interaction.type is not discord.InteractionType.autocomplete:
            return True
        await self._responder.suggest(interaction, NAME)
        return False


def _incident(responder: Responder) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="incident", description="Declare an incident, or say what is new in one")
    @app_commands.describe(
        what="A severity (sev1) or what to do (update, take ic, resolve); leave empty for a form",
        details="The rest of the words: a title, a text, who",
    )
    async def incident(event: Event, what: str = "", details: str = "") -> None:
        await responder.respond(event, spoken(event, f"{what} {details}".strip()))

    @incident.autocomplete("what")
    async def _(event: Event, typed: str) -> list[app_commands.Choice[str]]:
        return []  # marks the option; Commands.interaction_check answers

    return incident


def _declare(responder: Responder) -> app_commands.ContextMenu:
    async def declare(event: Event, message: discord.Message) -> None:
        await responder.respond(event, spoken(event, "", about=pointed_at(event)))

    return app_commands.ContextMenu(name="Declare incident", callback=declare)
