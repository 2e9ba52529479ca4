"""One run: bots as real processes, lines to all that they reach, people and senders who use them, and a way to kill."""

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, Self, TypeVar

from ruamel.yaml import YAML

from adapters.database import Database
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from bot.errors import TryLater
from bot.playbook.load import FILE
from bot.reader import Summary
from tests.chaos.clocks import SETTING, Offset
from tests.chaos.forked import ForkedBot
from tests.chaos.link import Link
from tests.chaos.outages import Outages
from tests.chaos.people import People
from tests.chaos.senders import Senders
from tests.support.ledger import owed
from tests.support.machine import MachineClock
from tests.support.paged import sms
from tests.support.pagers import Pagers
from tests.support.postgres import PostgresServer
from tests.support.processes import PLAYBOOK, BotProcess, environment, free_port
from tests.support.senders import SECRET
from tests.support.statuspages import KEY, PAGE, FakeStatuspage

T = TypeVar("T")
COMPLETE_WITHIN = 300.0
"""Seconds without any progress after which what is still owed counts as lost."""
COMES_UP = 240.0
"""Seconds within which a bot that was started has to be connected, where nothing is away."""
GLANCE = 0.05
CROWDED = 5
"""From so many open incidents on nothing more is declared."""
ON = PEOPLE[1]
"""Who is on call."""
PAGING: dict[str, Any] = {
    "people": [{"key": ON.key, "name": ON.name, "handles": {"slack": ON.slack_id, "discord": ON.discord_id}}],
    "rotations": [{"name": "oncall", "title": "On-call", "people": [ON.key], "starts": "2025-01-06"}],
    "paging": {
        "routes": [{"name": "push", "title": "push", "wait": "2s"}, {"name": "sms", "title": "SMS", "wait": "2s"}]
    },
    "status_page": {"approve": False},
}
"""What the process has besides: somebody is paged by two routes, and customers are told at once."""


def process(folder: Path) -> Path:
    """The process in a hurry, with pages and a status page."""
    yaml = YAML()
    made = yaml.load((PLAYBOOK / FILE).read_text()) | PAGING
    made["severities"][0]["page"] = ["oncall"]
    (folder / "process").mkdir(exist_ok=True)
    yaml.dump(made, folder / "process" / FILE)
    return folder / "process"


class Fire:
    """``async with``: all is up, and people and senders are at work until it is left."""

    def __init__(
        self,
        url: str,
        *,
        replicas: int,
        seed: int,
        folder: Path,
        away: float,
        server: PostgresServer | None = None,
        disk: Path | None = None,
    ) -> None:
        """``away``: seconds of the long outages. ``disk``: the small file system that the database lies on, if any."""
        self.disk = disk
        self.url, self.replicas, self.folder, self.away, self.server = url, replicas, folder, away, server
        self.random = random.Random(seed)
        self.sandbox, self.database, self.outages = Sandbox(), Database(url), Outages()
        self.pagers, self.statuspage = Pagers(folder), FakeStatuspage(now=MachineClock().now)
        self.bots: list[BotProcess] = []
        self.clocks: list[Offset] = []
        self.fell: list[str] = []
        """Bots that ended by themselves."""
        self.fallen: Callable[[BotProcess], str] = lambda bot: f"{bot.name} ended by itself; see its log"
        """What is wrong about that; empty: nothing."""
        self.migrated = self.publishing = True
        """Whether the database has today's schema from the beginning; whether customers are told of anything."""
        self.kills = 0
        self.true_time = True
        """Whether the bots' clocks were right all the time."""
        self.resting: set[BotProcess] = set()
        self.open: list[Summary] = []
        """Those that stand open, oldest first, as of half a second ago."""
        self._over = False
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self.sandbox.start()
        self._stack.push_async_callback(self.sandbox.stop)
        self.sandbox.slack.latency = self.sandbox.discord.latency = 0.03
        port = int(self.sandbox.url.rpartition(":")[2])
        self.slack, self.discord = [await self._stack.enter_async_context(Link(port)) for _ in range(2)]
        self.sandbox.slack.base_url = f"http://127.0.0.1:{self.slack.port}/slack"
        self.sandbox.discord.base_url = f"http://127.0.0.1:{self.discord.port}/discord"
        for each in (self.pagers, self.statuspage):
            await self._stack.enter_async_context(each)
        self._stack.push_async_callback(self.database.stop)
        self.line = None
        if self.server is not None:
            self.line = await self._stack.enter_async_context(Link(self.server.port))
        playbook, ports = process(self.folder), [free_port() for _ in range(self.replicas)]
        self.bots = [self._bot(n, port, playbook) for n, port in enumerate(ports, start=1)]
        tried, acknowledged = set[str](), set[str]()
        self.people = People(self, tried=tried, acknowledged=acknowledged)
        self.senders = Senders(
            self.database, ports=ports, chance=self.random, tried=tried, acknowledged=acknowledged,
            patience=COMPLETE_WITHIN + 3 * self.away, calm=self.calm,
        )  # fmt: skip
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._over = True
        for bot in self.bots:
            self.resting.add(bot)
            await asyncio.to_thread(bot.stop)
        await self._stack.aclose()

    def _bot(self, n: int, port: int, playbook: Path) -> BotProcess:
        url = self.url
        if self.line is not None and self.server is not None:
            url = url.replace(f":{self.server.port}/", f":{self.line.port}/")
        clock = Offset(self.folder / f"clock{n}")
        self.clocks.append(clock)
        env = environment(self.sandbox, url, playbook=playbook) | {
            "HTTP_PORT": str(port), "WEBHOOK_SECRET": SECRET, SETTING: str(clock.file),
            "SLACK_API_URL": f"{self.sandbox.slack.base_url}/api/",
            "DISCORD_API_URL": f"{self.sandbox.discord.base_url}/api/v10",
            "PAGER_URLS_PUSH": self.pagers.ntfy("oncall"), "PAGER_URLS_SMS": self.pagers.gotify(sms(ON.key)),
            "STATUSPAGE_API_KEY": KEY, "STATUSPAGE_PAGE_ID": PAGE, "STATUSPAGE_API_URL": self.statuspage.url,
            "SECRET_KEY": "c" * 32, "NO_PROXY": "127.0.0.1,localhost",
        }  # fmt: skip
        return ForkedBot(f"bot{n}", env, logs=self.folder, module="tests.chaos.bot")

    # What disorders do

    def kill(self, bot: BotProcess) -> None:
        """SIGKILL; it stays down until it is started."""
        self.resting.add(bot)
        self.kills += bot.alive
        bot.kill()

    def start(self, bot: BotProcess) -> None:
        """From now on it is to live."""
        bot.start()
        self.resting.discard(bot)

    async def leave(self, bot: BotProcess) -> None:
        """SIGTERM, and wait until it has gone."""
        self.resting.add(bot)
        await asyncio.to_thread(bot.stop)

    def up(self, platform: str) -> bool:
        """Whether a bot is connected there; for what is no chat platform, whether one lives and has come up."""
        if platform in ("slack", "discord"):
            return bool(getattr(self.sandbox, platform).connected)
        return self.up("slack") or self.up("discord") or (self.outages.on and any(bot.alive for bot in self.bots))

    async def connected(self) -> None:
        """Wait until the bots are connected; no longer where something was taken away."""
        deadline = time.monotonic() + COMES_UP
        while not (self.up("slack") and self.up("discord")) and not self.outages.on:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no bot came up; see its log in {self.folder}")
            await asyncio.sleep(GLANCE)

    async def patiently(self, asks: Callable[[], Awaitable[T]]) -> T:
        """Ask our own connection to the database until it answers."""
        deadline = time.monotonic() + COMPLETE_WITHIN + 3 * self.away
        while True:
            try:
                return await asks()
            except TryLater:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.5)

    # Who is there all the time

    def calm(self) -> bool:
        """Whether more may be declared: otherwise counting would take longer than breaking."""
        return len(self.open) < CROWDED

    async def burn(self, disorder: Callable[[], Awaitable[None]]) -> float:
        """Let people and senders work while the disorder lasts; returns seconds from its end until all was complete."""
        if self.migrated:
            await self.database.migrate()
        for bot in self.bots:
            if bot not in self.resting:
                bot.start()
        await self.connected()
        watching = [asyncio.create_task(each()) for each in (self._watch, self._count)]
        outside = [asyncio.create_task(each) for each in (self.people.run(), self.senders.run(lambda: self._over))]
        try:
            await disorder()
            self._over = True
            began = time.monotonic()
            await asyncio.gather(*outside)
            await self._quiet(began)
            return time.monotonic() - began
        finally:
            for task in (*watching, *outside):
                task.cancel()
            await asyncio.gather(*watching, *outside, return_exceptions=True)

    @property
    def over(self) -> bool:
        """Whether the disorder has ended."""
        return self._over

    async def _watch(self) -> None:
        places = ("slack", "discord", "pager", "statuspage", "reminder")
        while True:
            self.outages.look(self.up, places)
            for bot in self.bots:
                if not bot.alive and bot not in self.resting:
                    self.fell += [said] if (said := self.fallen(bot)) else []
                    bot.start()
            await asyncio.sleep(GLANCE)

    async def _count(self) -> None:
        while True:
            with suppress(TryLater):
                self.open = sorted(await self.database.reader.open(None, limit=50), key=lambda one: one.number)
            await asyncio.sleep(0.5)

    async def _quiet(self, began: float) -> None:
        """Resolve what is open, and wait until nothing is owed; no longer than ever less is left to be done."""
        least, until = (sys.maxsize, 0), began + COMPLETE_WITHIN
        while time.monotonic() < until:
            with suppress(TryLater):
                still = await self.database.reader.open(None, limit=100)
                left = len(still), await owed(self.database) + await self.database.inbox.depth(most=1000)
                if not any(left):
                    return
                if left < least:
                    least, until = left, time.monotonic() + COMPLETE_WITHIN
                if still:
                    await self.people.say(f"#{still[0].number} resolve")
                    continue
            await asyncio.sleep(0.2)

    def tell(self, words: str) -> None:
        """One line for whoever watches."""
        print(f"    {words}", file=sys.stderr, flush=True)
