"""The composition root: builds everything from the settings and hands it in.

Adapters are loaded by name when a command first needs them, so that ``tocsin check`` does not wait for chat libraries.
"""

import os
import re
import secrets
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Container, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import structlog
from dotenv import dotenv_values
from pydantic import ValidationError

from bot import logs
from bot.audit import Verdict, audit, verdict
from bot.building import (
    chats,
    mailing_lists,
    page_names,
    phones,
    rooms,
    tools,
    tracker_names,
)
from bot.card import Card
from bot.doctor import Finding
from bot.errors import TryLater
from bot.examining import Examination
from bot.export.record import Record
from bot.heard import Spoken
from bot.loading import named
from bot.people import Person
from bot.playbook.load import FILE, Checked, check, load
from bot.playbook.reading import Reading
from bot.playbook.several import load_all
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.serving import Serving, heeded
from bot.settings import SHIPPED, Settings, folder
from bot.stopping import HANGING_UP
from bot.timeline import Anchor

log = structlog.get_logger()

DEMO_SECRET = "demo"  # noqa: S105  # opens the demo only
"""What senders of alerts have to know in the demo, which listens on this machine only."""


def holidays(country: str, subdivision: str) -> Container[date] | None:
    """Public holidays; their library is loaded once a playbook names a country."""
    found: Container[date] | None = named("adapters.holidays", "public")(country, subdivision)
    return found


def reading() -> Reading:
    """What playbooks are read against: the words of every verb, and the holidays that are known."""
    return Reading(verbs=commands, holidays=holidays)


def commands() -> dict[str, str]:
    """Every word that people type for a command, and the command's first word; all commands are loaded for it."""
    return {word: verb.words[0] for verb in named("bot.commands", "VERBS") for word in verb.words}


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC)


class Tocsin:
    """Everything that a command may need; see ``adapters.terminal.app.Composition``."""

    def __init__(self, settings: Settings | None = None, *, clock: Clock | None = None) -> None:
        self.settings = settings or Settings()
        self._clock = clock or SystemClock()
        """By which a running bot lives; the demo has its sandbox's."""
        self._people: tuple[Person, ...] = ()
        """Who is known besides the playbook's own people: those of the sandbox, in the demo."""
        self._phones: dict[str, str] = {}
        """Where the demo's pages go."""

    def _database(self) -> Any:
        return named("adapters.database", "Database")(self.settings.database_url)

    @asynccontextmanager
    async def _saving(self) -> AsyncIterator[Any]:
        """The database for a command that saves or reads and leaves the delivery to the running bot."""
        database = self._database()
        try:
            await database.start(delivers=False)
            yield database
        finally:
            await database.stop()

    @asynccontextmanager
    async def _looking(self) -> AsyncIterator[Any]:
        """The database for a command that only reads: nothing is made or changed."""
        database = self._database()
        try:
            await database.look()
            yield database
        finally:
            await database.stop()

    def off(self) -> list[str]:
        """Why the platforms that are off are off."""
        slack = named("adapters.slack.settings", "SlackSettings")()
        discord = named("adapters.discord.settings", "DiscordSettings")()
        said = [slack.reason] if slack.mode == "off" else []
        return said + ([f"{discord.off}, so Discord is off."] if discord.off else [])

    def anything_on(self) -> bool:
        """Whether any chat platform is switched on."""
        return len(self.off()) < len(("slack", "discord"))

    def playbook(self, name: str = "") -> Playbook:
        """The playbook of this name or folder, or the one in force where nothing else is said."""
        found = load(folder(name) if name else self.settings.playbook_folders[0], reading=reading())
        return self._acquainted(found)

    def playbooks(self) -> tuple[Playbook, ...]:
        """The playbooks loaded, the one in force first."""
        loaded = load_all(self.settings.playbook_folders, reading=reading())
        return tuple(self._acquainted(playbook) for playbook in loaded)

    def _acquainted(self, playbook: Playbook) -> Playbook:
        """A playbook that knows the sandbox's people besides its own."""
        known = {person.key for person in playbook.people}
        more = tuple(person for person in self._people if person.key not in known)
        return playbook.model_copy(update={"people": (*playbook.people, *more)}) if more else playbook

    def check(self, playbook: str) -> Checked:
        """The playbook of this name or folder, with the doubts about it."""
        return check(folder(playbook), reading=reading())

    def loaded(self) -> list[str]:
        """Folders of the playbooks in force."""
        return [str(path) for path in self.settings.playbook_folders]

    def shipped(self) -> list[str]:
        """Names of the playbooks that come with Tocsin."""
        return sorted(file.parent.name for file in SHIPPED.glob(f"*/{FILE}"))

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of playbooks."""
        made: dict[str, Any] = named("bot.playbook.schema", "schema")()
        return made

    def imported(self, source: str, id: str, *, zone: str, playbook: str) -> str:
        """A schedule kept elsewhere, as YAML for a playbook; see :mod:`bot.importing`."""
        into = self.playbook(playbook)
        made: str = named("adapters.calendar.importing", "text")(source, id, into, zone=zone, now=datetime.now(UTC))
        return made

    async def paid(self, asked: Any, *, playbook: str) -> list[Any]:
        """What on-call is paid for a month; see :mod:`bot.paying`."""
        loaded = [self.playbook(playbook)] if playbook else self.playbooks()
        async with self._saving() as database:
            found: list[Any] = await named("bot.paying", "lines")(database.reader, loaded, asked)
        return found

    async def rehearse(self, name: str, plan: Any) -> list[Any]:
        """Rehearse an incident under a playbook on a virtual clock; see :mod:`bot.rehearsal`."""
        store = named("adapters.memory", "MemoryStore")()
        rehearsal = named("bot.rehearsal", "Rehearsal")
        now = plan.at or datetime.now(UTC).replace(microsecond=0)
        told: list[Any] = await rehearsal(
            store, self.playbook(name), changes=store.changes, now=now, holidays=holidays
        ).run(plan)
        return told

    async def run(self, served: Callable[[str], None] = lambda _: None) -> None:
        """Run the bot until SIGINT or SIGTERM; ``served`` is given its own address once it is ready."""
        pulse, clock = heeded(), self._clock
        for why in self.off():
            log.info("platform_off", why=why)
        playbooks = self.playbooks()
        await self._serving(clock, playbooks).run(pulse, served)

    async def demo(self, port: int, told: Callable[[str], None], served: Callable[[str], None]) -> None:
        """Run the bot beside a sandbox, on an empty database."""
        pulse = heeded()
        sandbox = named("adapters.sandbox.server", "Sandbox")()
        try:
            await sandbox.start(port=port)
        except OSError:
            await sandbox.start(port=0)
        os.environ.update(sandbox_settings(sandbox))
        os.environ.setdefault("WEBHOOK_SECRET", DEMO_SECRET)
        watched = self.settings.alert_channels or "alerts"
        aside = {"database_url": fresh_database(Path("var")), "http_port": 0, "alert_channels": watched}
        self.settings = self.settings.model_copy(update=aside)
        told(f"{sandbox.url}/")
        self._people = tuple(
            Person(key=p.key, name=p.name, handles={"slack": p.slack_id, "discord": p.discord_id}, timezone=p.timezone)
            for p in sandbox.people
        )
        try:
            playbooks = self.playbooks()
            wanted = {on: [*rooms(on, playbooks), *self.settings.watched] for on in ("slack", "discord")}
            sandbox.furnish(wanted)
            self._phones = phones(sandbox, playbooks)
            await self._serving(sandbox.clock, playbooks).run(pulse, served)
        finally:
            pulse.stop.ask()
            await pulse.stop.part(HANGING_UP, sandbox=sandbox.stop())

    def _serving(self, clock: Clock, playbooks: Sequence[Playbook]) -> Serving:
        return Serving(
            self.settings,
            self._database(),
            clock,
            chats=chats(clock, playbooks),
            playbooks=playbooks,
            holidays=holidays,
            phones=self._phones,
            demo=bool(self._people),
        )

    async def examine(self) -> list[Finding]:
        """What the doctor finds."""
        examination = Examination(
            self.settings, SystemClock(), loaded=self.playbooks, checked=self.check, reading=self._looking
        )
        return await examination.findings()

    async def migrate(self) -> None:
        """Bring the database up to date."""
        database = self._database()
        try:
            await database.migrate()
        finally:
            await database.stop()

    async def backup(self, into: Path) -> Any:
        """Copy the database and its key; see :mod:`bot.keeping`."""
        return await named("bot.keeping", "backup")(self.settings, into)

    async def restore(self, source: Path | None, *, beyond: int) -> Any:
        """Put a copy in the database's place; see :mod:`bot.keeping`."""
        return await named("bot.keeping", "restore")(self.settings, source, beyond=beyond, at=datetime.now(UTC))

    async def verify(self, numbers: Sequence[int], anchors: Sequence[Anchor] = ()) -> list[Verdict]:
        """Whether each incident's timeline is whole, and is the one that the anchors were kept of."""
        async with self._saving() as database:
            asked = numbers or await database.reader.numbers()
            found = [(number, await audit(database.reader, number, anchors)) for number in asked]
        return [verdict(number, one) for number, one in found]

    async def records(self, numbers: Sequence[int]) -> AsyncGenerator[tuple[int, Record | None]]:
        """Everything that is known of these incidents, of every one where none is named, one after the other."""
        gather = named("bot.export.gather", "gather")
        async with self._saving() as database:
            for number in numbers or await database.reader.numbers():
                yield number, await gather(database.reader, number, now=datetime.now(UTC))

    async def frozen(self, *, change: str = "", url: str = "") -> Any:
        """Whether production is frozen, as the bot at ``url`` says, or without one the database; see
        :class:`bot.freezing.FreezeState`."""
        if url:
            token = named("adapters.web.settings", "freeze_token")()
            return await named("adapters.web.asking", "frozen")(url, token=token, change=change)
        database = self._database()
        try:
            await database.look()
            return named("bot.freezing", "state")(await database.reader.frozen(None), change=change, told=True)
        except TryLater as gone:
            raise TryLater("the database does not answer", unreachable=True) from gone
        finally:
            await database.stop()

    async def say(self, words: str, who: str) -> Card:
        """Say something to the bot as somebody at this machine; only saved, the running bot delivers."""
        clock, playbooks = SystemClock(), self.playbooks()
        name = who or os.environ.get("USER", "") or "operator"
        known = (found for playbook in playbooks if (found := playbook.person(name)) is not None)
        actor = next(known, Person(key=f"cli:{name}", name=name))
        platforms = [chat.platform.name for chat in chats(clock)]
        about = tools(clock, playbooks)
        async with self._saving() as database:
            library = named("bot.library", "Library")(playbooks, database.reader)
            desk = named("bot.running", "desk_alone")(
                database,
                library,
                clock=clock,
                holidays=holidays,
                platforms=platforms,
                connected=named("bot.connected", "Connected")(
                    tools=frozenset(tool.platform.name for tool in about),
                    trackers=frozenset(tracker_names(about)),
                    pages=frozenset(page_names(about, playbooks)),
                    lists=mailing_lists(about),
                ),
            )
            key = f"cli:{secrets.token_hex(16)}"
            answer = await desk.hear(Spoken(key=key, platform="cli", actor=actor, words=words))
        return answer.card or Card(text=("Done.",))


def sandbox_settings(sandbox: Any) -> dict[str, str]:
    """The settings that point a bot at a sandbox."""
    return {
        "SLACK_BOT_TOKEN": sandbox.slack.bot_token,
        "SLACK_APP_TOKEN": sandbox.slack.app_token,
        "SLACK_API_URL": sandbox.slack_api_url,
        "DISCORD_TOKEN": sandbox.discord.token,
        "DISCORD_GUILD_ID": str(sandbox.discord.guild_id),
        "DISCORD_API_URL": sandbox.discord_api_url,
        "ANNOUNCE_CHANNEL": "incidents",
    }


def fresh_database(folder: Path) -> str:
    """An empty database for the demo: what was in the last one belongs to a sandbox that is gone."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("demo.db*"):
        old.unlink()
    return f"sqlite:///{folder / 'demo.db'}"


def known_secrets() -> list[str]:
    """Values of settings, from the environment and ``.env``, that must never be logged."""
    words = ("TOKEN", "SECRET", "PASSWORD", "PAGER_URLS", "API_KEY", "RECORD_REPOSITORY", "SMTP_URL")
    values = {**dotenv_values(".env"), **os.environ}
    found = [value for name, value in values.items() if value and any(word in name.upper() for word in words)]
    lists = [value for name, value in values.items() if name == "SECRET_KEY" or "PAGER_URLS" in name.upper()]
    found += [part for one in lists for part in re.split(r"[\s,;]+", one or "") if part]
    return [*found, *(password for value in values.values() if (password := logs.password_in(value or "")))]


def main(clock: Clock | None = None) -> None:
    """The console script; ``clock`` is the machine's where none is handed in."""
    try:
        settings = Settings()
        logs.set_up(format=settings.log_format, level=settings.log_level, secrets=known_secrets())
        named("adapters.terminal.app", "build")(Tocsin(settings, clock=clock))()
    except ValidationError as wrong:
        for error in wrong.errors(include_input=False, include_url=False):
            name = ".".join(str(part) for part in error["loc"]).upper()
            says = error["msg"].removeprefix("Value error, ")
            sys.stderr.write(f"The setting {name} is wrong: {says}. See .env.example.\n")
        sys.exit(2)
