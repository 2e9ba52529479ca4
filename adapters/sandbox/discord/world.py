"""All that the sandbox's Discord remembers: one guild, its people, roles, channels and messages."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.permissions import DM, THREADS, P, in_channel
from adapters.sandbox.discord.snowflakes import Snowflakes
from adapters.sandbox.people import SandboxPerson

EPHEMERAL = 1 << 6
"""Message flag: only the one who is answered sees it."""


class World:
    """State and the look-ups on it; what changes it stands in the files named after what is changed."""

    guild_name = "Tocsin Sandbox"
    owner_id = "200000000000000000"
    locale = "en-US"

    def __init__(self, clock: SandboxClock, people: Iterable[SandboxPerson]) -> None:
        self.clock = clock
        self.ids = Snowflakes(clock)
        self.people = {person.discord_id: person for person in people}
        self.guild_id = ""
        self.application_id = ""
        self.bot_id = ""
        self.bot_role_id = ""
        self.privileged = True
        self.mfa_level = 0
        """1 where moderators, and so the bot's owner, need two-factor authentication."""
        self.endpoint = ""
        """The Interactions Endpoint URL of the application, as the developer portal has it."""
        self.origin = "http://127.0.0.1"
        """Scheme, host and port, with the path under which the application is mounted."""
        self.users: dict[str, Wire] = {}
        self.members: dict[str, Wire] = {}
        self.roles: dict[str, Wire] = {}
        self.channels: dict[str, Wire] = {}
        self.logs: dict[str, dict[str, Wire]] = {}
        """Messages by channel, then by id, oldest first."""
        self.whispers: dict[str, dict[str, Wire]] = {}
        """Ephemeral answers by the one who sees them, then by id."""
        self.pinned: dict[str, dict[str, str]] = {}
        """When each message of a channel was pinned."""
        self.reactors: dict[str, dict[str, list[str]]] = {}
        """Who reacted to a message, by emoji, first come first."""
        self.thread_members: dict[str, dict[str, Wire]] = {}
        self.commands: dict[str, dict[str, Wire]] = {"": {}}
        """Application commands by guild (``""``: everywhere), then by id."""
        self.command_creates: list[datetime] = []
        self.nonces: dict[tuple[str, str], tuple[datetime, str, str]] = {}
        self.old_edits: dict[str, list[datetime]] = {}
        self.renames: dict[str, list[datetime]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.closed_dms: set[str] = set()
        """People who take no direct messages from the bot."""
        self.emit: Callable[..., None] = lambda event, data, **how: None
        """Tell the gateway's sessions; set by the guild once there is a gateway."""
        self.changed: Callable[[str], None] = lambda what: None

    def now(self) -> str:
        """The sandbox's time as Discord writes it."""
        return stamp(self.clock.now())

    def channel(self, channel_id: str) -> Wire:
        found = self.channels.get(channel_id)
        if found is None:
            raise refusal(10003)
        return found

    def message(self, channel_id: str, message_id: str) -> Wire:
        """A message that everybody in the channel can see."""
        found = self.logs.get(channel_id, {}).get(message_id)
        if found is None:
            raise refusal(10008)
        return found

    def whisper(self, message_id: str) -> Wire | None:
        """An ephemeral message, whoever sees it."""
        seen = (held[message_id] for held in self.whispers.values() if message_id in held)
        return next(seen, None)

    def sees(self, user_id: str, channel: Wire) -> bool:
        return bool(in_channel(self, user_id, channel=channel) & P.VIEW_CHANNEL)

    def user(self, user_id: str) -> Wire:
        found = self.users.get(user_id)
        if found is None:
            raise refusal(10013)
        return found

    def member(self, user_id: str) -> Wire:
        """A member of the guild, with its ``user``."""
        found = self.members.get(user_id)
        if found is None:
            raise refusal(10007 if user_id in self.users else 10013)
        return found

    def member_without_user(self, user_id: str) -> Wire:
        """How events about messages hold the author's membership."""
        return {key: value for key, value in self.members[user_id].items() if key != "user"}

    def guild_channels(self) -> list[Wire]:
        """Channels and categories, without threads and direct messages."""
        return [c for c in self.channels.values() if c["type"] != DM and c["type"] not in THREADS]

    def threads(self) -> list[Wire]:
        return [c for c in self.channels.values() if c["type"] in THREADS]

    def shown(self, channel: Wire) -> Wire:
        """A channel as the bot is shown it: without our own notes."""
        return {key: value for key, value in channel.items() if key != "bot_id"}


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def user_object(user_id: str, name: str, *, username: str, bot: bool = False, **more: Any) -> Wire:
    return {
        "id": user_id,
        "username": username,
        "global_name": None if bot else name,
        "discriminator": "0" if not bot else "0001",
        "avatar": None,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "clan": None,
        "primary_guild": None,
        "public_flags": 0,
        "bot": bot,
        "system": False,
    } | more
