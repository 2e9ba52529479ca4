"""A running bot: all that lives from its start to its end, built from the settings, opened and hung up in order."""

import asyncio
import gc
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog

from bot.building import (
    mailing_lists,
    page_names,
    pagers,
    public_page,
    reached,
    secret_keys,
    sources,
    tools,
    tracker_names,
)
from bot.calendar import Holidays
from bot.errors import TryLater
from bot.loading import named
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.pulse import Pulse
from bot.settings import Settings
from bot.stopping import WITHIN, Stop

log = structlog.get_logger()


class Serving:
    """The bot, its web server and its pages on one database."""

    def __init__(
        self,
        settings: Settings,
        database: Any,
        clock: Clock,
        *,
        chats: Sequence[Any],
        playbooks: Sequence[Playbook],
        holidays: Holidays,
        phones: Mapping[str, str],
        demo: bool,
    ) -> None:
        """``phones`` are where the demo's pages go."""
        self._settings, self._database, self._clock, self._demo = settings, database, clock, demo
        self._keys, self._senders = named("adapters.keys", "Keyring")(), sources()
        self._links = named("bot.replies", "Links")(self._keys, clock, url=settings.public_url)
        self._hosts = named("adapters.health.addresses", "Addresses")()
        addresses = {chat.platform.name: chat.address for chat in chats}
        own = reached(database, self._keys, self._links, self._hosts, clock, phones=phones)
        about = tools(clock, playbooks, demo=demo, reader=database.reader, addresses=addresses, phones=phones, **own)
        self._asking = named("adapters.health.asking", "client")(self._hosts)
        self._pages = public_page(database, clock, playbooks, keys=self._keys, asking=self._asking, demo=demo)
        self._metrics = named("adapters.web.metrics", "Metrics")()
        self._calendars = named("adapters.calendar.door", "CalendarDoor")(
            database.reader, playbooks, keys=self._keys, clock=clock, base=settings.public_url
        )
        self._bot = named("bot.running", "Bot")(
            store=database,
            playbooks=playbooks,
            clock=clock,
            holidays=holidays,
            chats=chats,
            tools=about,
            alarm=named("adapters.alarm", "SchedulerAlarm"),
            meter=self._metrics,
            sources=self._senders,
            watched=settings.watched,
            connected=named("bot.connected", "Connected")(
                trackers=frozenset(tracker_names(about)),
                pages=frozenset(page_names(about, playbooks)),
                addresses=addresses,
                lists=mailing_lists(about),
                feeds=self._calendars,
                keys=self._keys,
            ),
            worker=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
            saved=lambda: [page.wake() for page in self._pages],
        )
        self._web = named("adapters.web.server", "WebServer")(
            host=settings.http_host,
            port=settings.http_port,
            readiness=self._bot,
            metrics=self._metrics,
            reader=database.reader,
            ledger=self._bot.ledger,
            inbox=database.inbox,
            routes=[
                route
                for each in (*chats, *about, *self._doors(), self._calendars)
                for route in getattr(each, "routes", list)()
            ],
            early=[route for page in self._pages for route in page.routes()],
        )

    def _doors(self) -> list[Any]:
        """Where alerts, questions about the freeze, and answers to pages come in."""
        settings = "adapters.web.settings"
        taken, telling = named(settings, "secrets"), pagers()
        alerts = named("adapters.web.alerts", "Doors")(
            self._senders,
            self._database.inbox,
            secrets=taken([source.name for source in self._senders]),
            clock=self._clock,
            meter=self._metrics,
            wake=self._bot.intake.wake,
            quiet=self._bot.desk.quiet,
            fetch=named("adapters.web.fetching", "Fetching")(self._asking),
        )
        freeze = named("adapters.web.freeze", "FreezeDoor")(self._database.reader, named(settings, "freeze_token")())
        answers = named("adapters.web.pages", "PageDoors")(
            self._database.reader,
            self._bot.desk,
            self._links,
            self._clock,
            pagers=telling,
            secrets=taken([f"pages_{each.name}" for each in telling]),
        )
        return [alerts, freeze, answers]

    async def run(self, pulse: Pulse, served: Callable[[str], None]) -> None:
        """Serve until it is told to stop; ``served`` is given the bot's own address once it is ready."""
        stop, host = pulse.stop, self._settings.http_host
        await self._web.start(opened=False)
        self._calendars.at(f"http://{host}:{self._web.port}")
        if self._demo:
            self._links.lead_to(f"http://127.0.0.1:{self._web.port}")
        for page in self._pages:
            page.start(self._web.port)
        try:
            if await stop.unless(self._prepare()):
                for opening in (self._web, *self._pages):
                    opening.open()
                await self._bot.start()
                served(f"http://{host}:{self._web.port}")
                settle_memory()
                pulse.watch()
                await first_of(stop.asked, self._bot.ended)
        finally:
            stop.ask()
            await self._hang_up(stop)
        if self._bot.fault is not None:
            raise self._bot.fault

    async def _prepare(self) -> None:
        await patiently(self._database.start)
        self._keys.load(await secret_keys(self._settings, self._database))

    async def _hang_up(self, stop: Stop) -> None:
        written = {f"page {place}": page.stop() for place, page in enumerate(self._pages)}
        await stop.part(WITHIN, bot=self._bot.stop(stop), web=self._web.stop(), **written)
        self._hosts.close()
        await stop.part(WITHIN, database=self._database.stop(), asking=self._asking.aclose())


def settle_memory() -> None:
    """Leave what the start made out of every later garbage collection, as :mod:`bot.loading` does with what it loaded.

    The libraries' half a million objects live as long as the process; looking through them again stopped the bot for a
    fifth of a second now and then, while somebody waited for an acknowledgement (``make bench`` shows the p99).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # Python's 700 looks for garbage a hundred times a second under load


async def first_of(*events: asyncio.Event) -> None:
    """Wait until one of several events is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


def heeded() -> Pulse:
    """Told to stop by SIGINT or SIGTERM from now on, and watched so that it does."""
    pulse = Pulse(Stop())
    pulse.stop.heed()
    pulse.start()
    return pulse


async def patiently(start: Callable[[], Awaitable[None]]) -> None:
    """A database that is not up yet is waited for."""
    wait = 0.5
    while True:
        try:
            return await start()
        except TryLater as gone:
            log.warning("waiting_for_database", why=gone.why, seconds=wait)
            await asyncio.sleep(wait)
            wait = min(10.0, wait * 2)
