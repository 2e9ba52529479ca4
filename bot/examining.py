"""The doctor's round: every part is examined side by side, within a time of its own, and by whoever knows it.

What is found out about a part is its adapter's business (``checks.py`` there); here stands only what each is given. A
part that fails or does not answer is a finding like any other: the rest of the round goes on.
"""

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog
from pydantic import ValidationError

from bot import inspecting
from bot.building import announcing, filing, setting_names, sources, status_pages, trackers, watching
from bot.doctor import Finding, doubt, fine, wrong
from bot.errors import TocsinError
from bot.loading import named
from bot.people import Person
from bot.playbook.load import BadPlaybook, Checked
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.settings import Settings

log = structlog.get_logger()

PATIENCE = 12.0
"""Seconds that one part is given; each of its questions has a shorter time of its own and says better what is amiss."""

MODULES = (
    "database.checks",
    "discord.checks",
    "git.checks",
    "health.checks",
    "keys.checks",
    "machine.environment",
    "machine.ways",
    "mail.checks",
    "pager.checks",
    "publicpage.checks",
    "slack.checks",
    "statuspage.adapter",
    "tracker.adapter",
    "tracker.forge",
    "web.checks",
)
"""Under ``adapters/``: what examines."""

Look = Callable[[], Awaitable[Sequence[Finding]]]


async def look(what: str, at: Look, *, patience: float = PATIENCE) -> list[Finding]:
    """Examine one part; whatever happens on the way is a finding."""
    try:
        async with asyncio.timeout(patience):
            return list(await at())
    except TimeoutError:
        mend = "Look at the network between here and there, and ask again."
        return [doubt("doctor.no-answer", what, f"It did not answer within {patience:g} seconds.", mend)]
    except ValidationError as error:
        return [_setting(one) for one in error.errors(include_input=False, include_url=False)]
    except Exception as broken:  # the outermost edge of one part: the others are examined all the same
        log.warning("examination_failed", part=what, exc_info=True)
        says = f"It could not be examined ({type(broken).__name__})."
        return [wrong("doctor.broken", what, says, "The log above says more; please report it, with that, as a bug.")]


def _setting(error: Any) -> Finding:
    """A setting that cannot be read."""
    name = ".".join(str(part) for part in error["loc"]).upper() or "Settings"
    says = f"{str(error['msg']).removeprefix('Value error, ')}."
    return wrong("settings.wrong", name, says, "See .env.example, which explains each setting.")


class Examination:
    """One call of the doctor's."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        loaded: Callable[[], tuple[Playbook, ...]],
        checked: Callable[[str], Checked],
        reading: Callable[[], AbstractAsyncContextManager[Any]],
    ) -> None:
        """``reading`` opens the database without changing it."""
        self._settings, self._clock, self._reading = settings, clock, reading
        self._loaded, self._checked = loaded, checked
        self._playbooks: tuple[Playbook, ...] = ()

    async def findings(self) -> list[Finding]:
        """All of them, what is right as well, in the order in which they are best mended."""
        for module in MODULES:  # loading takes a second; meanwhile nobody's answer would be heard in time
            named(f"adapters.{module}", "Finding")
        read = await look("Playbook", self._read)
        parts: tuple[tuple[str, Look], ...] = (
            ("Settings", self._environment),
            ("Network", self._ways),
            ("Database", self._database),
            ("Secret key", self._keys),
            ("Playbook", self._doubts),
            ("Slack", self._slack),
            ("Discord", self._discord),
            ("Chat", self._chats),
            ("Alerts", self._alerts),
            ("Pager", self._pager),
            ("E-mail to customers", self._mail),
            ("Issue trackers", self._trackers),
            ("GitHub", self._forge),
            ("Repository for post-mortems", self._repository),
            ("Status pages", self._status_pages),
            ("Public page", self._public_page),
            ("Runbooks", self._runbooks),
            ("Health checks", self._health),
            ("Running bot", self._running),
        )
        found = await asyncio.gather(*(look(what, at) for what, at in parts))
        return [*read, *(one for some in found for one in some)]

    @property
    def _people(self) -> list[Person]:
        """Those whom the playbooks name, each once."""
        return list({one.key: one for playbook in self._playbooks for one in playbook.people}.values())

    def _on(self) -> list[str]:
        """The chat platforms that are on; settings that cannot be read are told where they are examined."""
        found = []
        for chat, settings in (("slack", "SlackSettings"), ("discord", "DiscordSettings")):
            try:
                made = named(f"adapters.{chat}.settings", settings)()
            except ValidationError:
                continue
            if made.on if chat == "discord" else made.mode != "off":
                found.append(chat)
        return found

    def _watched(self, chat: str) -> list[str]:
        return [*watching(chat, self._playbooks), *self._settings.watched]

    async def _read(self) -> list[Finding]:
        gone = inspecting.missing(self._settings.playbook_folders)
        if gone:
            return gone
        try:
            self._playbooks = self._loaded()
        except BadPlaybook as bad:
            return [inspecting.mistakes(bad)]
        return []

    async def _environment(self) -> Sequence[Finding]:
        environment = importlib.import_module("adapters.machine.environment")
        known, open_ended = setting_names()
        found: list[Finding] = environment.examine(environment.read(), known, open_ended=open_ended)
        return found

    async def _ways(self) -> Sequence[Finding]:
        values = named("adapters.machine.environment", "read")()
        examine, settings = named("adapters.machine.ways", "examine"), self._settings
        found: list[Finding] = await examine(values, host=settings.http_host, public_url=settings.public_url)
        return found

    async def _database(self) -> Sequence[Finding]:
        found: list[Finding] = await named("adapters.database.checks", "examine")(
            self._settings.database_url, self._clock
        )
        return found

    async def _keys(self) -> Sequence[Finding]:
        settings, checks = self._settings, importlib.import_module("adapters.keys.checks")
        found: list[Finding] = checks.examine(
            settings.secret_keys, database_url=settings.database_url, public_url=settings.public_url
        )
        try:
            async with self._reading() as database:
                sealed, kept = await database.sealed()
        except (TocsinError, OSError):
            return found  # the database's own findings say why
        return [*found, *checks.sealed(settings.secret_keys, sealed, kept=kept, database_url=settings.database_url)]

    async def _doubts(self) -> Sequence[Finding]:
        if not self._playbooks:
            return []
        overrides: list[Any] = []
        now = self._clock.now()
        try:
            async with self._reading() as database:
                for one in self._playbooks:
                    overrides += await named("bot.rota", "overrides")(database.reader, one, since=now, until=now)
        except (TocsinError, OSError):
            pass  # nobody stands in for anybody, as far as can be told
        found = inspecting.inspect(self._playbooks, self._on(), overrides=overrides, now=now)
        folders = self._settings.playbook_folders
        return [*found, *await asyncio.to_thread(inspecting.doubts, folders, self._checked)]

    async def _slack(self) -> Sequence[Finding]:
        found: list[Finding] = await named("adapters.slack.checks", "examine")(
            named("adapters.slack.settings", "SlackSettings")(),
            announcing("slack", self._playbooks),
            watched=self._watched("slack"),
            people=self._people,
            clock=self._clock,
            public_url=self._settings.public_url,
        )
        return found

    async def _discord(self) -> Sequence[Finding]:
        settings = named("adapters.discord.settings", "DiscordSettings")()
        if not settings.on:
            return [named("adapters.discord.checks", "off")(settings)]
        adapter = named("adapters.discord.adapter", "DiscordAdapter")(settings, self._clock)
        try:
            return list(
                await adapter.examine(
                    announcing("discord", self._playbooks),
                    watched=self._watched("discord"),
                    people=self._people,
                    groups=[group for one in self._playbooks for group in one.groups],
                )
            )
        finally:
            await adapter.stop()

    async def _chats(self) -> Sequence[Finding]:
        if on := self._on():
            return [fine("Chat", " and ".join(chat.capitalize() for chat in on))]
        mend = "Connect Slack or Discord, as README.md says in ten minutes; `tocsin demo` needs neither."
        return [
            wrong("bot.nothing-connected", "Chat", "Neither Slack nor Discord is connected, so nobody is heard.", mend)
        ]

    async def _alerts(self) -> Sequence[Finding]:
        names = [source.name for source in sources()]
        secrets_set = named("adapters.web.settings", "secrets")(names)
        examine = named("adapters.web.checks", "examine")
        try:
            async with self._reading() as database:
                return list(await examine(secrets_set, database.inbox, sources=names, now=self._clock.now()))
        except (TocsinError, OSError):
            return list(await examine(secrets_set, None, sources=names, now=self._clock.now()))

    async def _pager(self) -> Sequence[Finding]:
        pager = named("adapters.pager.settings", "PagerSettings").read()
        found: list[Finding] = named("adapters.pager.checks", "examine")(pager, self._playbooks)
        return found

    async def _mail(self) -> Sequence[Finding]:
        mails = [one.mail for one in self._playbooks]
        wanted = any(one.within is not None or one.subject for one in mails)
        recipients = [to for one in mails for to in one.to]
        found: list[Finding] = await named("adapters.mail.checks", "examine")(recipients, wanted=wanted)
        return found

    async def _trackers(self) -> Sequence[Finding]:
        examine = named("adapters.tracker.adapter", "examine")
        found: list[Finding] = await examine(trackers(self._clock), filing(self._playbooks))
        return found

    async def _forge(self) -> Sequence[Finding]:
        gated = any(gate.links for one in self._playbooks for gate in (*one.resolve, *one.close))
        forge = named("adapters.tracker.settings", "TrackerSettings")()
        found: list[Finding] = await named("adapters.tracker.forge", "examine")(forge, wanted=gated)
        return found

    async def _repository(self) -> Sequence[Finding]:
        settings = named("adapters.git.settings", "RecordSettings")()
        wanted = any(one.record.file or one.record.log for one in self._playbooks)
        found: list[Finding] = await named("adapters.git.checks", "examine")(settings, wanted=wanted)
        return found

    async def _status_pages(self) -> Sequence[Finding]:
        names = [name for one in self._playbooks for name in one.status_page.components.values()]
        found: list[Finding] = await named("adapters.statuspage.adapter", "examine")(status_pages(), names)
        return found

    async def _public_page(self) -> Sequence[Finding]:
        examine = named("adapters.publicpage.checks", "examine")
        found: list[Finding] = examine(self._playbooks, port=self._settings.http_port)
        return found

    async def _runbooks(self) -> Sequence[Finding]:
        books = [book for one in self._playbooks for book in one.runbooks]
        found: list[Finding] = await named("adapters.web.probe", "links")(books)
        return found

    async def _health(self) -> Sequence[Finding]:
        found: list[Finding] = await named("adapters.health.checks", "examine")(self._playbooks)
        return found

    async def _running(self) -> Sequence[Finding]:
        running = named("adapters.web.probe", "running")
        return [await running(self._settings.http_host, self._settings.http_port)]
