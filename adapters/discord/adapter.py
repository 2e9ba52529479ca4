"""The Discord side as one thing: built, started with an ear, stopped."""

import asyncio
import contextlib
from collections.abc import Sequence

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.checks import Checks
from adapters.discord.errors import WIRE_FAILURES
from adapters.discord.heard import Moments
from adapters.discord.limits import CALL
from adapters.discord.link import Link
from adapters.discord.listener import Listener
from adapters.discord.platform import DiscordPlatform
from adapters.discord.settings import DISCORDS_OWN, DiscordSettings
from adapters.discord.wire import Wire
from bot.doctor import Finding
from bot.people import Group, Person
from bot.ports import Clock, Ear

log = structlog.get_logger(__name__)

WAITS = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each new attempt to connect; the last one repeats."""
LOST = 15.0
"""Seconds without a connection after which a new one is made. discord.py alone would wait up to 17 minutes."""
LOOK = 0.5
"""Seconds between two looks at the connection."""


class DiscordAdapter:
    """Listens to one guild and does what is owed there.

    :meth:`start` returns at once and keeps the connection up from then on, also where Discord is down. The platform
    works from the start and while the gateway is away, as it has a session of its own.
    """

    def __init__(self, settings: DiscordSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self.address = f"https://discord.com/channels/{settings.guild}/{{}}"
        """Of a channel, by its id."""
        self.link = Link()
        self._wire = Wire(settings.secret)
        self._moments = Moments()
        self._keeper: asyncio.Task[None] | None = None
        self.platform = DiscordPlatform(settings, clock, wire=self._wire, link=self.link)
        self._own = settings.api_url == DISCORDS_OWN
        if not self._own:
            # discord.py holds the API's address in a class attribute, so it is the process's: one Discord at a time.
            Route.BASE = settings.api_url

    async def start(self, ear: Ear) -> None:
        """Connect, and stay connected."""
        self._keeper = asyncio.create_task(self._keep(ear), name="discord")

    async def stop(self) -> None:
        """Close the connection and the session. What is owed and not done stays with the delivery."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        self.link.down()
        await self.platform.close()

    async def examine(
        self,
        announces: Sequence[str] = ("",),
        *,
        watched: Sequence[str] = (),
        people: Sequence[Person] = (),
        groups: Sequence[Group] = (),
    ) -> list[Finding]:
        """What the doctor finds; works whether started or not, and changes nothing.

        ``announces`` names the channels in which the playbooks announce; an empty name is the setting's. ``watched``
        are the channels in which alerts are read, ``people`` and ``groups`` those whom playbooks name.
        """
        without = tuple(self.link.without)
        checks = Checks(
            self._settings,
            wire=self._wire,
            without=without,
            announces=announces,
            watched=watched,
            people=people,
            groups=groups,
        )
        return await checks.run()

    async def _keep(self, ear: Ear) -> None:
        failed = 0
        while True:
            self.link.down()
            try:
                if await self._connect(ear):
                    failed = 0
            except discord.PrivilegedIntentsRequired:
                self.link.without.append("message_content")
                log.error("discord: the Message Content intent is not switched on, see tocsin doctor; going on without")
                continue
            except Exception as error:  # an outermost edge: discord.py raises whatever it stumbled over
                log.warning("discord: not connected", why=_why(error), exc_info=not isinstance(error, WIRE_FAILURES))
            await asyncio.sleep(WAITS[min(failed, len(WAITS) - 1)])
            failed += 1

    async def _connect(self, ear: Ear) -> bool:
        """One connection, until it is lost for good; whether there was any."""
        await self._read_gateway()
        client = Listener(
            self._settings,
            self._clock,
            ear=ear,
            platform=self.platform,
            wire=self._wire,
            link=self.link,
            moments=self._moments,
        )
        running = asyncio.create_task(client.start(self._settings.secret), name="discord gateway")
        try:
            return await self._watch(running)
        finally:
            running.cancel()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CALL):
                    await client.close()
            await asyncio.gather(running, return_exceptions=True)

    async def _watch(self, running: asyncio.Task[None]) -> bool:
        loop = asyncio.get_running_loop()
        last, ever = loop.time(), False
        while loop.time() - last < LOST:
            done, _ = await asyncio.wait({running}, timeout=LOOK)
            if done:
                running.result()
                return ever
            if self.link.connected:
                last, ever = loop.time(), True
        log.warning("discord: no connection for a while, beginning anew", seconds=LOST)
        return ever

    async def _read_gateway(self) -> None:
        """Where the API is not Discord's own, its gateway is not either; a class attribute of discord.py as well."""
        if not self._own:
            told = await self._wire.ask("GET", "/gateway")
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(told["url"])


def _why(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
