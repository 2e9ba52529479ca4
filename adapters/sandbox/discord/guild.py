"""The sandbox's Discord in one object: its state, its people's acts, its gateway and its REST API."""

import json
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web

from adapters.sandbox.calls import CallBook
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord import pins, roles
from adapters.sandbox.discord.acts import Acts
from adapters.sandbox.discord.emoji import bare
from adapters.sandbox.discord.errors import Wire
from adapters.sandbox.discord.gateway import INVALID, RECONNECT, Gateway
from adapters.sandbox.discord.interactions import Interactions
from adapters.sandbox.discord.permissions import DM, THREADS
from adapters.sandbox.discord.rest import Rest
from adapters.sandbox.discord.seeds import plant
from adapters.sandbox.discord.serving import application
from adapters.sandbox.discord.sessions import Sessions
from adapters.sandbox.discord.world import World
from adapters.sandbox.faults import Faults
from adapters.sandbox.people import PEOPLE, SandboxPerson

TOKEN = "c2FuZGJveA.sandbox.discord-bot-token"  # noqa: S105 - opens nothing but this sandbox
REDELIVERABLE = ("INTERACTION_CREATE", "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE")
UNSEEN = ("MESSAGE", "THREAD", "CHANNEL_PINS", "TYPING")
"""Events that a bot does not get of channels it cannot see."""


class DiscordGuild(Acts):
    """One guild with one bot.

    ``on_change`` is called with the name of what happened: a gateway event's, or ``EPHEMERAL_CREATE``,
    ``EPHEMERAL_UPDATE``, ``EPHEMERAL_DELETE``, ``INTERACTION_ANSWER``, ``MODAL_CLOSE``, ``COMMANDS_UPDATE``,
    ``CONNECTED``, ``DISCONNECTED``.
    """

    def __init__(
        self,
        clock: SandboxClock,
        people: Iterable[SandboxPerson] = PEOPLE,
        faults: Faults | None = None,
        calls: CallBook | None = None,
    ) -> None:
        world = World(clock, people)
        plant(world)
        super().__init__(world, Interactions(world))
        self.token = TOKEN
        self.application_id, self.bot_user_id, self.guild_id = world.application_id, world.bot_id, world.guild_id
        self.faults = faults if faults is not None else Faults()
        self.calls = calls if calls is not None else CallBook()
        self.on_change: list[Callable[[str], None]] = []
        self.sessions = Sessions()
        self.gateway = Gateway(world, self.sessions, token=self.token)
        self.rest = Rest(world, faults=self.faults, calls=self.calls, token=self.token)
        self._told: deque[tuple[str, str]] = deque(maxlen=1000)
        self._base_url = ""
        world.emit, world.changed, self.sessions.changed = self._emit, self._changed, self._changed

    def application(self) -> web.Application:
        """To mount at ``/discord``."""
        return application(self.world, rest=self.rest, gateway=self.gateway, interactions=self.interactions)

    @property
    def base_url(self) -> str:
        """Where the application is mounted: ``http://127.0.0.1:PORT/discord``; set before the server starts."""
        return self._base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self._base_url = self.world.origin = url.rstrip("/")
        self.gateway.url = self.gateway_url

    @property
    def api_url(self) -> str:
        """For ``discord.http.Route.BASE``."""
        return f"{self._base_url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """For ``discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY``."""
        return self._base_url.replace("http", "ws", 1) + "/gateway"

    @property
    def latency(self) -> float:
        """Real seconds that every REST call takes: half before its effect, half after."""
        return self.rest.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self.rest.latency = seconds

    @property
    def enforce_limits(self) -> bool:
        """Whether more than 50 calls a second, or 5 messages in 5 s to one channel, are answered 429."""
        return self.rest.rates.enforced

    @enforce_limits.setter
    def enforce_limits(self, on: bool) -> None:
        self.rest.rates.enforced = on

    @property
    def privileged_intents_enabled(self) -> bool:
        """The three switches in the developer portal; without them IDENTIFY with such an intent closes with 4014."""
        return self.world.privileged

    @privileged_intents_enabled.setter
    def privileged_intents_enabled(self, on: bool) -> None:
        self.world.privileged = on

    @property
    def bot_permissions(self) -> int:
        """What the bot's own role grants; @everyone grants next to nothing here."""
        return int(self.world.roles[self.world.bot_role_id]["permissions"])

    @bot_permissions.setter
    def bot_permissions(self, bits: int) -> None:
        role = self.world.roles[self.world.bot_role_id]
        role["permissions"] = str(int(bits))
        roles.tell(self.world, role)

    @property
    def answer_within(self) -> float:
        """Real seconds that the bot has to answer an interaction; Discord's are 3."""
        return self.interactions.answer_within

    @answer_within.setter
    def answer_within(self, seconds: float) -> None:
        self.interactions.answer_within = seconds

    @property
    def channels(self) -> dict[str, dict[str, Any]]:
        """Channels, categories, threads and direct messages by id, wire-shaped."""
        return self.world.channels

    @property
    def users(self) -> dict[str, dict[str, Any]]:
        return self.world.users

    @property
    def members(self) -> dict[str, dict[str, Any]]:
        return self.world.members

    @property
    def roles(self) -> dict[str, dict[str, Any]]:
        return self.world.roles

    @property
    def commands(self) -> list[dict[str, Any]]:
        """Every registered command, the guild's own first."""
        return [command for scope in (self.guild_id, "") for command in self.world.commands[scope].values()]

    def channel_named(self, name: str) -> dict[str, Any]:
        """The channel of a name, or else the thread; ``KeyError`` if there is none."""
        named = [c for c in self.channels.values() if c.get("name") == name]
        for channel in sorted(named, key=lambda c: c["type"] in THREADS):
            return channel
        raise KeyError(name)

    def messages(self, channel_id: str, *, viewer: str | None = None) -> list[dict[str, Any]]:
        """A channel's messages in order, with those that only ``viewer`` sees."""
        seen = list(self.world.logs.get(channel_id, {}).values())
        whispers = self.ephemerals(viewer) if viewer is not None else []
        seen += [message for message in whispers if message["channel_id"] == channel_id]
        return sorted(seen, key=lambda message: int(message["id"]))

    def ephemerals(self, user_id: str) -> list[dict[str, Any]]:
        """What only this person sees, in any channel."""
        return list(self.world.whispers.get(user_id, {}).values())

    def can_see(self, user_id: str, channel_id: str) -> bool:
        channel = self.channels.get(channel_id)
        return channel is not None and self.world.sees(user_id, channel)

    def pins(self, channel_id: str) -> list[dict[str, Any]]:
        """Pinned messages, the one pinned last first."""
        return [message for _, message in pins.pinned(self.world, channel_id)]

    def reactors(self, message_id: str, emoji: str) -> list[str]:
        """The ids of who reacted to a message with an emoji."""
        held = self.world.reactors.get(message_id, {})
        return list(held.get(bare(emoji), []))

    def direct_channel(self, user_id: str) -> dict[str, Any] | None:
        """The direct messages between the bot and somebody, once there are any."""
        held = (c for c in self.channels.values() if c["type"] == DM)
        return next((c for c in held if c["recipients"][0]["id"] == user_id), None)

    @property
    def connected(self) -> bool:
        """Whether a session of the bot has its guild (and its members, if it asked for them)."""
        return self.sessions.connected

    async def wait_connected(self) -> None:
        await self.sessions.wait_connected()

    async def drop_sockets(self, *, code: int = 1001) -> None:
        """Close every gateway socket; their sessions can be resumed."""
        for outlet in list(self.sessions.outlets):
            outlet.close(code)

    async def ask_reconnect(self) -> None:
        """Op 7: please reconnect and resume."""
        for outlet in list(self.sessions.outlets):
            outlet.send(RECONNECT)

    async def invalidate_sessions(self) -> None:
        """Op 9: start over with a new IDENTIFY."""
        for session in list(self.sessions.by_id.values()):
            self.sessions.drop(session)
            if session.outlet is not None:
                session.outlet.send(INVALID, False)
        self.sessions.note()

    async def redeliver(self, which: int = -1, *, event: str = "") -> None:
        """Send one of the last interaction and message events again, with the same ids; -1 is the last of them.

        ``event`` counts only those of that name: ``INTERACTION_CREATE``.
        """
        told = [(name, data) for name, data in self._told if event in ("", name)]
        name, data = told[which]
        self.sessions.dispatch(name, json.loads(data))

    def _emit(self, event: str, data: Wire) -> None:
        if event in REDELIVERABLE:
            self._told.append((event, json.dumps(data)))
        channel = self.channels.get(str(data.get("channel_id") or data.get("parent_id") or ""))
        if not (event.startswith(UNSEEN) and channel and not self.world.sees(self.bot_user_id, channel)):
            self.sessions.dispatch(event, data)
        self._changed(event)

    def _changed(self, what: str) -> None:
        for callback in list(self.on_change):
            callback(what)
