"""All that the sandbox's Slack remembers: one workspace, its people, channels, messages and views."""

from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import urlsplit

from adapters.sandbox.calls import CallBook
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.faults import Faults
from adapters.sandbox.guard import is_loopback
from adapters.sandbox.people import PEOPLE, SandboxPerson
from adapters.sandbox.slack import scopes
from adapters.sandbox.slack.directory import bot_user_wire, bot_wire, person_wire
from adapters.sandbox.slack.errors import Impossible
from adapters.sandbox.slack.model import Channel, ResponseUrl, Trigger, Upload, Wire
from adapters.sandbox.slack.stamps import Stamps
from adapters.sandbox.slack.text import typed


class World:
    """State and the look-ups on it; what changes it stands in the files named after what is changed."""

    team_id = "T0TOCSIN1"
    team_name = "Tocsin Sandbox"
    team_domain = "tocsin-sandbox"
    app_id = "A0TOCSIN1"
    org_install = False
    """Whether the app is installed in a whole Enterprise organisation."""
    bot_name = "Tocsin"
    bot_user_id = "U0TOCSIN1"
    bot_id = "B0TOCSIN1"
    base_url = ""
    """Scheme, host, port and the path of the application; set by whoever serves it."""

    def __init__(
        self,
        clock: SandboxClock | None = None,
        people: Iterable[SandboxPerson] = PEOPLE,
        faults: Faults | None = None,
        calls: CallBook | None = None,
    ) -> None:
        self.clock = clock or SandboxClock()
        self.people = tuple(people)
        self.faults = faults or Faults()
        self.calls = calls or CallBook()
        self.stamps = Stamps(self.clock)
        self.bot_token = f"xoxb-1000000000001-1000000000002-{self.stamps.secret('bot token')}"
        self.app_token = f"xapp-1-{self.app_id}-1000000000003-{self.stamps.secret('app token') * 2}"
        self.signing_secret = self.stamps.secret("signing secret") + "5ec4e75e"
        self.verification_token = self.stamps.secret("verification token")
        self.latency = 0.0
        """Real seconds that every API call takes at least."""
        self.sharing = 0.0
        """Real seconds from completing an upload to its message; ``inf`` for a share that never comes (Slack has had
        both [I bolt-js#2115])."""
        self._http_url: str | None = None
        self.scopes = set(scopes.FULL)
        self.subscriptions: set[str] | None = None
        """Types of events that the app subscribed to; ``None`` for all."""
        self.enforce_limits = False
        self.refuses_unarchive = True
        self.users = self._members()
        self.bots = {self.bot_id: bot_wire(self.bot_id, self.bot_name, app_id=self.app_id, user_id=self.bot_user_id)}
        self.usergroups: list[Wire] = []
        self.channels: dict[str, Channel] = {}
        self.whispers: dict[str, list[Wire]] = {}
        """Ephemeral messages by the one who sees them; each has its ``channel``."""
        self.homes: dict[str, Wire] = {}
        self.modals: dict[str, list[Wire]] = {}
        """The modals in front of each user, the top one last."""
        self.view_errors: dict[str, dict[str, str]] = {}
        """What is wrong by block, as the app said about the modal that a user sees."""
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, Upload] = {}
        self.on_change: list[Callable[[str], None]] = []
        self.emit: Callable[[Wire, Channel | None], None] = lambda event, channel: None
        """Send an event to the app; set by the workspace once there is a way to."""

    def _members(self) -> dict[str, Wire]:
        bot = bot_user_wire(self.bot_user_id, self.bot_name, self.team_id, bot_id=self.bot_id, app_id=self.app_id)
        people = [person_wire(person, self.team_id, self.clock.now()) for person in self.people]
        return {user["id"]: user for user in [*people, bot]}

    @property
    def http_url(self) -> str | None:
        """Where events, commands and interactions are posted; ``None`` sends them through Socket Mode.

        Raises :class:`ValueError` when it is set to anything but an address on this machine.
        """
        return self._http_url

    @http_url.setter
    def http_url(self, url: str | None) -> None:
        if url is not None and not is_loopback(urlsplit(url).hostname or ""):
            raise ValueError(f"the sandbox posts to this machine only, such as http://127.0.0.1:3000/, not to {url!r}")
        self._http_url = url

    def now(self) -> datetime:
        return self.clock.now()

    def changed(self, reason: str) -> None:
        """Tell whoever watches that something is different."""
        for listener in list(self.on_change):
            listener(reason)

    def channel_named(self, name: str) -> Channel:
        """The channel of that name, archived or not, with or without ``#``. Raises KeyError if there is none."""
        wanted = name.removeprefix("#")
        for channel in self.channels.values():
            if channel.name == wanted and not channel.is_im:
                return channel
        raise KeyError(f"there is no channel #{wanted}")

    def place(self, channel_id: str) -> Channel:
        """A channel by id, for the class's own methods. Raises :class:`Impossible` if there is none."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise Impossible(f"there is no channel {channel_id}")
        return channel

    def dm(self, *users: str) -> Channel:
        """The direct messages between these users, opened if they are not."""
        wanted = set(users)
        for channel in self.channels.values():
            if (channel.is_im or channel.is_mpim) and set(channel.members) == wanted:
                return channel
        several = len(wanted) > 2
        names = "--".join(self.users[user]["name"] for user in users)
        channel = Channel(
            self.stamps.id("G" if several else "D"),
            f"mpdm-{names}-1" if several else "",
            creator=users[0],
            created=self.stamps.seconds(),
            is_im=not several,
            is_mpim=several,
            members=list(dict.fromkeys(users)),
        )
        self.channels[channel.id] = channel
        self.changed("conversation opened")
        return channel

    def whisper(self, user_id: str, ts: str) -> Wire | None:
        """An ephemeral message that this user sees."""
        return next((message for message in self.whispers.get(user_id, []) if message["ts"] == ts), None)

    def bot_named(self, name: str) -> Wire:
        """Another app's bot, made the first time it is asked for."""
        for bot in self.bots.values():
            if bot["name"] == name and bot["id"] != self.bot_id:
                return bot
        bot = bot_wire(self.stamps.id("B"), name, app_id=self.stamps.id("A"))
        self.bots[bot["id"]] = bot
        return bot

    def typed(self, text: str, *, named: bool = False) -> str:
        """What a person typed, as Slack's client sends it."""
        people = {user["name"]: user_id for user_id, user in self.users.items()}
        rooms = {channel.name: channel.id for channel in self.channels.values() if channel.name}
        return typed(text, people=people, rooms=rooms, named=named)

    def trigger(self, user_id: str) -> str:
        """A trigger_id for somebody who just acted."""
        trigger_id = f"{self.stamps.ts()}.{self.stamps.secret('trigger')}"
        self.triggers[trigger_id] = Trigger(user_id, self.now())
        return trigger_id

    def response_url(self, user_id: str, channel_id: str, *, ts: str = "", kind: str = "actions") -> str:
        """Where the app may answer what was just done."""
        secret = self.stamps.secret("response url")
        self.response_urls[secret] = ResponseUrl(user_id, channel_id, self.now(), ts)
        return f"{self.base_url}/{kind}/{self.team_id}/{secret}"

    def permalink(self, channel_id: str, message: Wire) -> str:
        """A link to a message. It stays on the sandbox's own server, where Slack's names ``slack.com``."""
        link = f"{self.base_url}/archives/{channel_id}/p{message['ts'].replace('.', '')}"
        thread = message.get("thread_ts")
        return f"{link}?thread_ts={thread}&cid={channel_id}" if thread and thread != message["ts"] else link
