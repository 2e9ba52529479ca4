"""A town for stories: the sandbox, the real adapters on the real client libraries, a real database, a still clock.

A story is told from a *side*: Slack or Discord as a person sees it. The same story runs on both.
"""

import asyncio
import contextlib
import os
import warnings
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    from adapters.discord.adapter import DiscordAdapter

from adapters.alarm import SchedulerAlarm
from adapters.database import Database
from adapters.discord.settings import DiscordSettings
from adapters.health.adapter import HealthAdapter
from adapters.holidays import public
from adapters.keys import Keyring
from adapters.sandbox.alarm_posts import Stand
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.people import PEOPLE, SandboxPerson
from adapters.sandbox.server import Sandbox
from adapters.slack.adapter import SlackAdapter
from adapters.slack.settings import SlackSettings
from adapters.web.metrics import Metrics
from bot.building import SOURCES
from bot.connected import Connected
from bot.incident import Incident
from bot.ledger import Later
from bot.loading import named
from bot.patience import LONGEST_WAIT
from bot.playbook.shape import Playbook
from bot.ports import Lists
from bot.running import Bot, Outside
from bot.timeline import Link
from tests.support import seen
from tests.support.pattern import lay
from tests.support.seen import Seen, SeenFile
from tests.support.shipped import as_shipped

FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
"""When stories begin: a Friday, 14:00 UTC."""
PATIENCE = 20.0
"""Seconds until a story gives up waiting for something that should happen at once.

Its platforms wait as long for an answer, instead of three seconds: a story tells what happens, on a crowded machine as
well. What the bot does about the three seconds is tested where that is the subject, and measured by ``make bench``.
"""

ANA, BO, CLEO, DMITRI, ESHA, FINN = PEOPLE


class Side(Protocol):
    """One chat platform as people use it. Channels are named; messages are :class:`Seen`."""

    name: str

    async def says(self, person: SandboxPerson, words: str, *, room: str = "general") -> str:
        """Type ``/incident WORDS``; returns what the person is told at once (empty where a form opens)."""
        ...

    async def taps(self, person: SandboxPerson, label: str, message: Seen, *, room: str) -> str:
        """Press a button; returns what the person is told."""
        ...

    async def reacts(self, person: SandboxPerson, emoji: str, message: Seen, *, room: str) -> None:
        """Put a reaction on a message."""
        ...

    async def unreacts(self, person: SandboxPerson, emoji: str, message: Seen, *, room: str) -> None:
        """Take a reaction away."""
        ...

    async def writes(self, person: SandboxPerson, text: str, *, room: str) -> Seen:
        """Post a plain message."""
        ...

    async def posts_alert(
        self, alert: str, stand: Stand = Stand.FIRING, *, room: str, instead: Seen | None = None
    ) -> Seen:
        """A monitoring tool posts an alert (a key of ``adapters/sandbox/alarms.py``), or edits an earlier post."""
        ...

    async def posts_as(self, name: str, text: str, *, room: str, under: Seen | None = None) -> Seen:
        """Another app posts words of its own, in answer to a message where one is given."""
        ...

    async def sends_again(self) -> None:
        """The platform sends the last message's event once more."""
        ...

    async def from_message(self, person: SandboxPerson, message: Seen, *, room: str) -> None:
        """Use the message shortcut or command *Declare incident*."""
        ...

    async def fills(self, person: SandboxPerson, **values: str) -> None:
        """Send the form that is open."""
        ...

    def form(self, person: SandboxPerson) -> dict[str, Any] | None:
        """The form that the person sees."""
        ...

    def room(self, name: str) -> list[Seen]:
        """Messages that everybody sees in a channel, thread replies included, oldest first."""
        ...

    def private(self, person: SandboxPerson) -> list[str]:
        """Everything that only this person was told, oldest first."""
        ...

    def direct(self, person: SandboxPerson) -> list[Seen]:
        """The direct messages between the person and the bot, oldest first."""
        ...

    async def taps_directly(self, person: SandboxPerson, label: str, message: Seen) -> None:
        """Press a button of a direct message."""
        ...

    def rooms(self) -> list[str]:
        """Names of the channels."""
        ...

    def files(self, room: str) -> list[SeenFile]:
        """Files in a channel, oldest first."""
        ...

    def pinned(self, name: str) -> list[Seen]:
        """Pinned messages of a channel."""
        ...

    def sees(self, person: SandboxPerson, room: str) -> bool:
        """Whether the person is in the channel (Slack) or can see it (Discord)."""
        ...

    def at(self, person: SandboxPerson) -> str:
        """How the person is mentioned in words."""
        ...

    def topic(self, room: str) -> str:
        """The channel's topic."""
        ...

    def whispered(self, person: SandboxPerson) -> Seen:
        """The newest message that only this person sees."""
        ...

    async def dismisses(self, person: SandboxPerson) -> None:
        """Close the form that is open without sending it."""
        ...


THINKING = 5
"""Discord's first answer where the answer itself takes a while."""


class SlackSide:
    """Slack as people use it."""

    name = "slack"

    def __init__(self, sandbox: Sandbox) -> None:
        self._it = sandbox.slack

    def _id(self, room: str) -> str:
        return self._it.channel_named(room).id

    def _read(self, message: dict[str, Any]) -> Seen:
        return seen.slack(message, bot=self._it.bot_user_id)

    async def says(self, person: SandboxPerson, words: str, *, room: str = "general") -> str:
        before = len(self._it.ephemerals(person.slack_id))
        delivery = await self._it.command(person.slack_id, self._id(room), words)
        assert not delivery.timed_out, "the command was not acknowledged in time"
        await _until(lambda: len(self._it.ephemerals(person.slack_id)) > before or bool(self.form(person)), soft=True)
        return "\n".join(self._read(m).text for m in self._it.ephemerals(person.slack_id)[before : before + 1])

    async def taps(self, person: SandboxPerson, label: str, message: Seen, *, room: str) -> str:
        before = len(self._it.ephemerals(person.slack_id))
        delivery = await self._it.press(person.slack_id, self._id(room), message.ref, label)
        assert not delivery.timed_out, "the button was not acknowledged in time"
        await _until(lambda: len(self._it.ephemerals(person.slack_id)) > before or bool(self.form(person)), soft=True)
        return "\n".join(self._read(m).text for m in self._it.ephemerals(person.slack_id)[before:])

    async def reacts(self, person: SandboxPerson, emoji: str, message: Seen, *, room: str) -> None:
        await self._it.react(person.slack_id, self._id(room), message.ref, _SLACK_NAMES[emoji])

    async def unreacts(self, person: SandboxPerson, emoji: str, message: Seen, *, room: str) -> None:
        await self._it.unreact(person.slack_id, self._id(room), message.ref, _SLACK_NAMES[emoji])

    async def writes(self, person: SandboxPerson, text: str, *, room: str) -> Seen:
        return self._read(await self._it.post(person.slack_id, self._id(room), text))

    async def posts_alert(
        self, alert: str, stand: Stand = Stand.FIRING, *, room: str, instead: Seen | None = None
    ) -> Seen:
        before = instead.ref if instead is not None else ""
        return self._read(await self._it.post_alert(self._id(room), alert, stand=stand, instead=before))

    async def posts_as(self, name: str, text: str, *, room: str, under: Seen | None = None) -> Seen:
        thread = under.ref if under is not None else ""
        said = await self._it.post_as_bot(
            self._id(room), name=name, attachments=[{"title": text, "color": "danger"}], thread_ts=thread
        )
        return self._read(said)

    async def sends_again(self) -> None:
        journal = self._it.courier.journal
        last = max(n for n, one in enumerate(journal) if one.payload.get("event", {}).get("type") == "message")
        await self._it.redeliver(last)

    async def from_message(self, person: SandboxPerson, message: Seen, *, room: str) -> None:
        before = len(self._it.ephemerals(person.slack_id))
        await self._it.shortcut(person.slack_id, "declare", channel_id=self._id(room), ts=message.ref)
        await _until(lambda: bool(self.form(person)) or len(self._it.ephemerals(person.slack_id)) > before)

    async def fills(self, person: SandboxPerson, **values: str) -> None:
        await _until(lambda: self.form(person) is not None)
        delivery = await self._it.submit_view(person.slack_id, values)
        assert not delivery.timed_out, "the form was not acknowledged in time"

    def form(self, person: SandboxPerson) -> dict[str, Any] | None:
        return self._it.open_view(person.slack_id)

    def room(self, name: str) -> list[Seen]:
        found = [m for m in self._it.messages(self._id(name)) if not m.get("is_ephemeral")]
        return [
            self._read(m) for m in found if m.get("subtype") in (None, "bot_message", "thread_broadcast", "file_share")
        ]

    def private(self, person: SandboxPerson) -> list[str]:
        alone = [self._read(m).text for m in self._it.ephemerals(person.slack_id)]
        return alone + [one.text for one in self.direct(person)]

    def _talk(self, person: SandboxPerson) -> str | None:
        """The id of the direct channel with the bot."""
        mine = (c.id for c in self._it.channels.values() if c.id.startswith("D") and person.slack_id in c.members)
        return next(mine, None)

    def direct(self, person: SandboxPerson) -> list[Seen]:
        talk = self._talk(person)
        said = self._it.messages(talk) if talk is not None else []
        return [self._read(m) for m in said if not m.get("is_ephemeral")]

    async def taps_directly(self, person: SandboxPerson, label: str, message: Seen) -> None:
        delivery = await self._it.press(person.slack_id, self._talk(person) or "", message.ref, label)
        assert not delivery.timed_out, "the button was not acknowledged in time"

    def rooms(self) -> list[str]:
        return [channel.name for channel in self._it.channels.values() if not channel.id.startswith("D")]

    def files(self, room: str) -> list[SeenFile]:
        held = self._it.files
        return [
            SeenFile(file["name"], (held[file["id"]].content or b"").decode(), one.text.strip())
            for one in self.room(room)
            for file in one.raw.get("files", [])
        ]

    def pinned(self, name: str) -> list[Seen]:
        pins = self._it.channel_named(name).pins
        return [one for one in self.room(name) if any(one.ref in str(pin) for pin in pins)]

    def sees(self, person: SandboxPerson, room: str) -> bool:
        return person.slack_id in self._it.channel_named(room).members

    def at(self, person: SandboxPerson) -> str:
        return f"<@{person.slack_id}|{person.key}>"

    def topic(self, room: str) -> str:
        return self._it.channel_named(room).topic

    def whispered(self, person: SandboxPerson) -> Seen:
        return self._read(self._it.ephemerals(person.slack_id)[-1])

    async def dismisses(self, person: SandboxPerson) -> None:
        await _until(lambda: self.form(person) is not None)
        await self._it.close_view(person.slack_id)


class DiscordSide:
    """Discord as people use it."""

    name = "discord"

    def __init__(self, sandbox: Sandbox) -> None:
        self._it = sandbox.discord

    def _id(self, room: str) -> str:
        return str(self._it.channel_named(room)["id"])

    def _read(self, message: dict[str, Any]) -> Seen:
        return seen.discord(message, bot=str(self._it.bot_user_id))

    async def says(self, person: SandboxPerson, words: str, *, room: str = "general") -> str:
        what, _, details = words.partition(" ")
        options = {"what": what} | ({"details": details} if details else {}) if what else {}
        interaction = await self._it.command(person.discord_id, self._id(room), "incident", options)
        assert not interaction.timed_out, "the application did not respond"
        if (interaction.response or {}).get("type") == THINKING:  # a slow machine: what is told at last is what counts
            with contextlib.suppress(AssertionError):  # nothing may be told: then the message goes
                await _until(lambda: bool(interaction.message and self._read(interaction.message).text))
        return self._read(interaction.message).text if interaction.message else ""

    async def taps(self, person: SandboxPerson, label: str, message: Seen, *, room: str) -> str:
        interaction = await self._it.press(person.discord_id, self._id(room), message.ref, label)
        assert not interaction.timed_out, "the application did not respond"
        told = interaction.message
        await _until(lambda: interaction.message is not None or interaction.modal is not None, soft=told is None)
        return self._read(interaction.message).text if interaction.message else ""

    async def reacts(self, person: SandboxPerson, emoji: str, message: Seen, *, room: str) -> None:
        await self._it.react(person.discord_id, self._id(room), message.ref, emoji)

    async def unreacts(self, person: SandboxPerson, emoji: str, message: Seen, *, room: str) -> None:
        await self._it.unreact(person.discord_id, self._id(room), message.ref, emoji)

    async def writes(self, person: SandboxPerson, text: str, *, room: str) -> Seen:
        return self._read(await self._it.post(person.discord_id, self._id(room), text))

    async def posts_alert(
        self, alert: str, stand: Stand = Stand.FIRING, *, room: str, instead: Seen | None = None
    ) -> Seen:
        before = instead.ref if instead is not None else ""
        return self._read(await self._it.post_alert(self._id(room), alert, stand=stand, instead=before))

    async def posts_as(self, name: str, text: str, *, room: str, under: Seen | None = None) -> Seen:
        reply = under.ref if under is not None else ""
        embed = {"title": text[:256], "description": text[256:], "color": 0xD63232}
        said = await self._it.post_as_webhook(self._id(room), name=name, embeds=[embed], reply_to=reply)
        return self._read(said)

    async def sends_again(self) -> None:
        await self._it.redeliver(event="MESSAGE_CREATE")

    async def from_message(self, person: SandboxPerson, message: Seen, *, room: str) -> None:
        await self._it.message_command(person.discord_id, self._id(room), message.ref, "Declare incident")

    async def fills(self, person: SandboxPerson, **values: str) -> None:
        interaction = await self._it.submit_modal(person.discord_id, values)
        assert not interaction.timed_out, "the application did not respond"

    def form(self, person: SandboxPerson) -> dict[str, Any] | None:
        return self._it.open_modal(person.discord_id)

    def room(self, name: str) -> list[Seen]:
        found = [m for m in self._it.messages(self._id(name)) if not m.get("flags", 0) & 64]
        here = [self._read(m) for m in found if m.get("type", 0) in (0, 19, 20, 23)]
        for channel in self._it.channels.values():
            if str(channel.get("parent_id")) == self._id(name) and channel["type"] in (10, 11, 12):
                here += [self._in_thread(m) for m in self._it.messages(str(channel["id"])) if m.get("type", 0) == 0]
        return here

    def _in_thread(self, message: dict[str, Any]) -> Seen:
        read = self._read(message)
        return Seen(read.ref, read.text, read.buttons, read.by_bot, str(message["channel_id"]), read.rings,
                    read.reactions, read.raw)  # fmt: skip

    def private(self, person: SandboxPerson) -> list[str]:
        alone = [self._read(m).text for m in self._it.ephemerals(person.discord_id)]
        return alone + [one.text for one in self.direct(person)]

    def _talk(self, person: SandboxPerson) -> str | None:
        """The id of the direct channel with the bot."""
        talks = (str(c["id"]) for c in self._it.channels.values() if c["type"] == 1)
        return next((talk for talk in talks if self._it.can_see(person.discord_id, talk)), None)

    def direct(self, person: SandboxPerson) -> list[Seen]:
        talk = self._talk(person)
        said = self._it.messages(talk) if talk is not None else []
        return [self._read(m) for m in said if not m.get("flags", 0) & 64]

    async def taps_directly(self, person: SandboxPerson, label: str, message: Seen) -> None:
        interaction = await self._it.press(person.discord_id, self._talk(person) or "", message.ref, label)
        assert not interaction.timed_out, "the application did not respond"

    def rooms(self) -> list[str]:
        return [str(channel["name"]) for channel in self._it.channels.values() if channel["type"] == 0]

    def files(self, room: str) -> list[SeenFile]:
        held = self._it.world.files
        return [
            SeenFile(file["filename"], held[file["id"]][1].decode(), one.text.strip())
            for one in self.room(room)
            for file in one.raw["attachments"]
        ]

    def pinned(self, name: str) -> list[Seen]:
        return sorted((self._read(m) for m in self._it.pins(self._id(name))), key=lambda one: int(one.ref))

    def sees(self, person: SandboxPerson, room: str) -> bool:
        return self._it.can_see(person.discord_id, self._id(room))

    def at(self, person: SandboxPerson) -> str:
        return f"<@{person.discord_id}>"

    def topic(self, room: str) -> str:
        return str(self._it.channel_named(room).get("topic") or "")

    def whispered(self, person: SandboxPerson) -> Seen:
        return self._read(self._it.ephemerals(person.discord_id)[-1])

    async def dismisses(self, person: SandboxPerson) -> None:
        await self._it.dismiss_modal(person.discord_id)


_SLACK_NAMES = {
    "✅": "white_check_mark", "👀": "eyes", "⏰": "alarm_clock", "🙋": "raising_hand", "🔕": "no_bell",
    "📌": "pushpin", "📝": "memo", "🎉": "tada",
}  # fmt: skip


async def _until(holds: Callable[[], bool], *, soft: bool = False) -> None:
    """Wait until something holds; ``soft``: only for a moment, and without complaint."""
    deadline = asyncio.get_running_loop().time() + (0.5 if soft else PATIENCE)
    while not holds():
        if asyncio.get_running_loop().time() > deadline:
            assert soft, "waited in vain"
            return
        await asyncio.sleep(0.01)


class Town:
    """Everything together; ``async with Town(...)`` starts and stops it."""

    def __init__(
        self,
        database: str,
        *,
        platforms: tuple[str, ...] = ("slack", "discord"),
        playbook: Playbook | None = None,
        beside: tuple[Playbook, ...] = (),
        running_clock: bool = False,
    ) -> None:
        for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            os.environ.pop(proxy, None)
        self.clock = SandboxClock(None if running_clock else FRIDAY)
        self.sandbox = Sandbox(self.clock)
        self.sandbox.slack.courier.ack_seconds = self.sandbox.discord.answer_within = PATIENCE
        self.playbook = playbook or as_shipped("default")
        self.beside = beside
        """The playbooks that are loaded besides."""
        self._database = database
        self.store = Database(database)
        self._platforms = platforms
        self.metrics = Metrics()
        self.sources = [named(f"adapters.{module}", member)() for module, member in SOURCES.items()]
        """The senders of alerts that are known."""
        self.trackers: tuple[str, ...] = ()
        """The issue trackers that are switched on, from the next start on."""
        self.keys = Keyring(["the-secret-key-of-this-town"])
        self.pages: tuple[str, ...] = ()
        """The status pages that the bot writes, from the next start on."""
        self.tools: list[Outside] = []
        """Tools in place of the health checks, from the next start on."""
        self.lists: Lists | None = None
        """The operator's lists of customers' addresses, from the next start on."""
        self.bot: Bot
        sides: dict[str, Side] = {"slack": SlackSide(self.sandbox), "discord": DiscordSide(self.sandbox)}
        self.sides = {name: side for name, side in sides.items() if name in platforms}

    async def __aenter__(self) -> "Town":
        await lay(self._database)
        await self.sandbox.start()
        await self.store.start()
        await self.start_bot()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.bot.stop()
        await self.store.stop()
        await self.sandbox.stop()

    async def start_bot(self, worker: str = "one") -> None:
        """Start the bot (again)."""
        make: dict[str, Callable[[], Any]] = {"slack": self._slack, "discord": self._discord}
        chats = [make[name]() for name in self._platforms]
        self.bot = Bot(
            store=self.store,
            playbooks=(self.playbook, *self.beside),
            clock=self.clock,
            holidays=public,
            chats=chats,
            tools=self.tools or [HealthAdapter()],
            alarm=SchedulerAlarm,
            meter=self.metrics,
            sources=self.sources,
            connected=Connected(
                trackers=frozenset(self.trackers),
                pages=frozenset(self.pages),
                addresses={chat.platform.name: chat.address for chat in chats},
                lists=self.lists,
                keys=self.keys,
            ),
            worker=worker,
        )
        await self.bot.start()
        async with asyncio.timeout(PATIENCE):
            for name in self._platforms:
                await getattr(self.sandbox, name).wait_connected()
            while await self.bot.state():
                await asyncio.sleep(0.01)

    def _slack(self) -> SlackAdapter:
        box = self.sandbox.slack
        settings = SlackSettings.model_validate(
            {
                "slack_bot_token": box.bot_token,
                "slack_app_token": box.app_token,
                "slack_api_url": self.sandbox.slack_api_url,
            }
        )
        return SlackAdapter(settings, self.clock)

    def _discord(self) -> DiscordAdapter:
        box = self.sandbox.discord
        settings = DiscordSettings.model_validate(
            {
                "DISCORD_TOKEN": box.token,
                "DISCORD_GUILD_ID": box.guild_id,
                "DISCORD_API_URL": self.sandbox.discord_api_url,
            }
        )
        return DiscordAdapter(settings, self.clock)

    async def settle(self) -> None:
        """Wait until nothing is due and everything owed is done."""
        async with asyncio.timeout(PATIENCE):
            await self.bot.settled()

    async def patiently(self) -> None:
        """As :meth:`settle`, for what is refused and tried again several times."""
        async with asyncio.timeout(PATIENCE * 5):
            await self.bot.settled()

    async def until(self, holds: Callable[[], Awaitable[bool]], *, within: float = PATIENCE) -> None:
        """Wait until something holds that reaches the bot by itself (an event of the platform has no answer); gives up
        after so many seconds."""
        async with asyncio.timeout(within):
            while not await holds():
                await asyncio.sleep(0.01)

    async def aged(self, platform: str, *, by: int) -> None:
        """Let what is owed to a platform or tool be tried in vain so often, by somebody else: as after a long time."""
        ledger, tries = self.store.ledger("time", self.clock), 0

        async def grown() -> bool:
            nonlocal tries
            while claims := await ledger.claim(platform, limit=9):  # at once again, before the bot takes it in hand
                await ledger.finish([Later(claim, timedelta(0), "away", maybe_done=True) for claim in claims])
                tries += len(claims)
                if tries >= by:
                    return True
            return False

        # The bot may have what is owed in hand each time that we look, and then waits as long as it ever does.
        await self.until(grown, within=3 * LONGEST_WAIT + PATIENCE)

    async def forward(self, **by: float) -> None:
        """Move the clock forward (``minutes=15``) and wait until everything due has happened."""
        self.clock.forward(timedelta(**by))
        await self.settle()

    async def incident(self, number: int = 1) -> Incident:
        """The incident as saved."""
        found = await self.store.reader.incident(number)
        assert found is not None
        return found

    async def timeline(self, number: int = 1) -> list[Link]:
        """Its whole timeline."""
        return [link async for link in self.store.reader.chain(number)]


class SystemReadiness:
    """A bot that says of itself what a test puts there."""

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}
        self.said: dict[str, str] = {}

    async def state(self) -> dict[str, str]:
        """What is wrong."""
        return dict(self.wrong)

    async def remarks(self) -> dict[str, str]:
        """What is not as it should be."""
        return dict(self.said)


def sqlite(folder: Path) -> str:
    """The address of a fresh SQLite database in a folder."""
    return f"sqlite:///{folder / 'tocsin.db'}"
