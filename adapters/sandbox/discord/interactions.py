"""Interactions: what a person did with the bot's commands, buttons and forms, and the bot's answer."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from adapters.sandbox.discord import limits
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.messages import blank
from adapters.sandbox.discord.permissions import DM, in_channel
from adapters.sandbox.discord.world import EPHEMERAL, World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
NO_ANSWER = "The application did not respond"
FAILED = "This interaction failed"


@dataclass(slots=True)
class Interaction:
    """One act of a person, as the bot receives it, and what came of it."""

    id: str
    token: str
    kind: int
    user_id: str
    channel_id: str
    payload: Wire
    """What INTERACTION_CREATE holds."""
    made: datetime
    """The sandbox's time: the token lives for 15 minutes of it."""
    name: str = ""
    source: Wire | None = None
    """The message whose component was used, or whose component opened the form."""
    answered: bool = False
    timed_out: bool = False
    response: Wire | None = None
    """The body of the callback."""
    message: Wire | None = None
    """The original response: the message it created; it changes as the bot edits it."""
    followups: list[Wire] = field(default_factory=list)
    modal: Wire | None = None
    choices: list[Wire] = field(default_factory=list)
    seconds: float = 0.0
    """How long the answer took, in real time."""
    began: float = field(default_factory=time.monotonic)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def expired(self, now: datetime) -> bool:
        return now - self.made >= timedelta(seconds=limits.TOKEN_SECONDS)

    def settle(self, response: Wire) -> None:
        self.answered, self.response = True, response
        self.seconds = time.monotonic() - self.began
        self.done.set()


class Interactions:
    """Every interaction so far, and the forms that are open."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answer_within = limits.ANSWER_SECONDS
        """Real seconds that the bot has for its first answer."""
        self.by_id: dict[str, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.open_modals: dict[str, Interaction] = {}
        """By person: the interaction that was answered with a form."""

    def make(self, kind: int, user_id: str, *, channel: Wire, data: Wire, source: Wire | None = None) -> Interaction:
        """An interaction that nobody has heard of yet."""
        self._forget_old()
        token = secrets.token_urlsafe(72)
        interaction_id = self.world.ids.new()
        payload = self._payload(kind, user_id, channel=channel, data=data)
        payload |= {"id": interaction_id, "token": token}
        if source is not None:
            payload["message"] = dict(source)
        made = Interaction(interaction_id, token, kind, user_id, channel["id"], payload, self.world.clock.now())
        made.source = source
        made.name = str(data.get("name", data.get("custom_id", "")))
        self.by_id[made.id] = self.by_token[token] = made
        return made

    def _payload(self, kind: int, user_id: str, *, channel: Wire, data: Wire) -> Wire:
        world = self.world
        rights = in_channel(world, user_id, channel=channel)
        shown = world.shown(channel) | {"permissions": str(rights)}
        payload: Wire = {
            "application_id": world.application_id,
            "type": kind,
            "version": 1,
            "data": data,
            "channel_id": channel["id"],
            "channel": shown,
            "locale": world.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "app_permissions": str(in_channel(world, world.bot_id, channel=channel)),
            "attachment_size_limit": limits.UPLOAD_BYTES,
        }
        if channel["type"] == DM:
            owners = {"1": user_id}
            return payload | {
                "user": dict(world.users[user_id]),
                "context": 1,
                "authorizing_integration_owners": owners,
            }
        guild = {"id": world.guild_id, "locale": world.locale, "features": ["COMMUNITY", "NEWS"]}
        return payload | {
            "guild": guild,
            "guild_id": world.guild_id,
            "guild_locale": world.locale,
            "member": dict(world.members[user_id]) | {"permissions": str(rights)},
            "context": 0,
            "authorizing_integration_owners": {"0": world.guild_id},
        }

    async def send(self, interaction: Interaction) -> Interaction:
        """Tell all sessions and wait for the answer, as long as Discord would."""
        interaction.began = time.monotonic()
        self.world.emit("INTERACTION_CREATE", interaction.payload)
        try:
            await asyncio.wait_for(interaction.done.wait(), self.answer_within)
        except TimeoutError:
            self._give_up(interaction)
        return interaction

    def _give_up(self, interaction: Interaction) -> None:
        if interaction.answered:
            return
        interaction.timed_out = True
        interaction.seconds = time.monotonic() - interaction.began
        if interaction.kind != AUTOCOMPLETE:
            words = NO_ANSWER if interaction.kind == COMMAND else FAILED
            channel = self.world.channels.get(interaction.channel_id)
            if channel is not None:
                self.whisper(interaction, channel, content=words)

    def whisper(self, interaction: Interaction, channel: Wire, **fields: Any) -> Wire:
        """A message that only this person sees."""
        message = blank(self.world, channel, self.world.users[self.world.bot_id], **fields)
        message |= self.marks(interaction)
        message["flags"] |= EPHEMERAL
        self.world.whispers.setdefault(interaction.user_id, {})[message["id"]] = message
        self.world.changed("EPHEMERAL_CREATE")
        return message

    def marks(self, interaction: Interaction) -> Wire:
        """What every message says that an interaction led to."""
        user = dict(self.world.users[interaction.user_id])
        owners = dict(interaction.payload["authorizing_integration_owners"])
        metadata: Wire = {"id": interaction.id, "type": interaction.kind, "user": user}
        metadata |= {"authorizing_integration_owners": owners}
        if interaction.kind == COMMAND:
            metadata |= {"name": interaction.name, "command_type": interaction.payload["data"].get("type", 1)}
        elif interaction.source is not None:
            metadata["interacted_message_id"] = interaction.source["id"]
        marks: Wire = {"application_id": self.world.application_id, "webhook_id": self.world.application_id}
        marks |= {"interaction_metadata": metadata}
        if interaction.kind == COMMAND:
            marks["interaction"] = {"id": interaction.id, "type": COMMAND, "name": interaction.name, "user": user}
        return marks

    def _forget_old(self) -> None:
        """Forget what nobody can answer any more, once there is much of it."""
        if len(self.by_id) < 10_000:
            return
        now = self.world.clock.now()
        for old in [held for held in self.by_id.values() if held.expired(now)]:
            del self.by_id[old.id], self.by_token[old.token]
