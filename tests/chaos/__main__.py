"""Kill bots at random instants while people and alerts declare incidents, people resolve them, and time reminds; count.

``python -m tests.chaos --kills 200 --database sqlite`` prints a table and exits 1 unless nothing is lost or doubled.
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from adapters.database import Database
from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from bot.store import Sought
from tests.chaos.model import Verdict, judge, judge_alerts
from tests.chaos.senders import Senders
from tests.support.ledger import owed
from tests.support.postgres import PostgresServer, binaries
from tests.support.processes import BotProcess, environment, free_port
from tests.support.senders import SECRET

OPEN_AT_ONCE = 5
"""Incidents kept open at a time; each is reminded of every second or so."""
COMPLETE_WITHIN = 60.0
"""Seconds after the last restart by which everything owed has to be done."""


class Fire:
    """One run: bots, people who use them, and somebody who kills."""

    def __init__(
        self, sandbox: Sandbox, database: Database, url: str, *, replicas: int, kills: int, seed: int, logs: Path
    ) -> None:
        self.sandbox, self.database, self.kills = sandbox, database, kills
        self.random = random.Random(seed)
        self.ports = [free_port() for _ in range(replicas)]
        env = environment(sandbox, url) | {"WEBHOOK_SECRET": SECRET}
        self.bots = [
            BotProcess(f"bot{n}", env | {"HTTP_PORT": str(port)}, logs=logs)
            for n, port in enumerate(self.ports, start=1)
        ]
        self.tried: set[str] = set()
        self.acknowledged: set[str] = set()
        self.resolved: set[str] = set()
        self.senders = Senders(
            database, ports=self.ports, chance=self.random, tried=self.tried, acknowledged=self.acknowledged
        )  # fmt: skip
        self._tasks: set[asyncio.Task[None]] = set()
        self._done = False

    async def burn(self) -> float:
        """Kill until the number is reached; returns the seconds from the last start until all was complete."""
        for bot in self.bots:
            bot.start()
        await self._connected()
        outside = [asyncio.create_task(work) for work in (self._people(), self._send())]
        for n in range(self.kills):
            await asyncio.sleep(self.random.uniform(0.05, 1.2))
            bot = self.random.choice(self.bots)
            bot.kill()
            if self.random.random() < 0.3 and len(self.bots) > 1:
                await asyncio.sleep(self.random.uniform(0, 2))
            bot.start()
            if len(self.bots) == 1 or self.random.random() < 0.3:
                await self._connected()
            if (n + 1) % 20 == 0:
                print(f"  {n + 1} kills, {len(self.tried)} declarations tried", file=sys.stderr, flush=True)
        self._done = True
        await asyncio.gather(*outside)
        await asyncio.gather(*self._tasks)
        return await self._quiet()

    async def _connected(self) -> None:
        deadline = time.monotonic() + 30
        while not (self.sandbox.slack.connected and self.sandbox.discord.connected):
            if time.monotonic() > deadline:
                raise TimeoutError("no bot came up; see its log")
            await asyncio.sleep(0.02)

    async def _people(self) -> None:
        count = 0
        while not self._done:
            await asyncio.sleep(self.random.uniform(0.05, 0.5))
            if self.sandbox.slack.connected and self.sandbox.discord.connected:
                count += 1
                self._spawn(self._one_act(count))

    async def _send(self) -> None:
        await self.senders.run(lambda: self._done)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _one_act(self, count: int) -> None:
        still = sorted(self.acknowledged - self.resolved)
        if len(still) >= OPEN_AT_ONCE:
            await self._resolve(still[0])
            return
        title = f"{count} {''.join(self.random.choices('abcdefghijklmnopqrstuvwxyz', k=16))}"
        self.tried.add(title)
        if await self._command(f"sev1 {title}"):
            self.acknowledged.add(title)

    async def _resolve(self, title: str) -> None:
        self.resolved.add(title)
        number = await self._number(title)
        if number:
            await self._command(f"#{number} resolve turned off and on")

    async def _number(self, title: str) -> int | None:
        found = await self.database.reader.find(Sought(title), None, limit=1)
        return found[0].number if found else None

    async def _command(self, words: str) -> bool:
        """Say something on either platform; whether it was acknowledged."""
        person = self.random.choice(PEOPLE)
        if self.random.random() < 0.5:
            general = self.sandbox.slack.channel_named("general").id
            delivery = await self.sandbox.slack.command(person.slack_id, general, words)
            return delivery.acked and not delivery.timed_out
        what, _, details = words.partition(" ")
        general = str(self.sandbox.discord.channel_named("general")["id"])
        options = {"what": what, "details": details}
        interaction = await self.sandbox.discord.command(person.discord_id, general, "incident", options)
        return interaction.answered and not interaction.timed_out

    async def _quiet(self) -> float:
        """Resolve what is still open; returns when the last bot was up again."""
        await self._connected()
        began = time.monotonic()
        while time.monotonic() < began + COMPLETE_WITHIN:
            still = await self.database.reader.open(None, limit=100)
            if not still and not await self.database.inbox.depth(most=1):
                break
            if not still:
                await asyncio.sleep(0.1)
                continue
            await self._command(f"#{still[0].number} resolve")
        return began


async def run(kind: str, *, kills: int, seed: int, keep: Path) -> tuple[Verdict, dict[str, object]]:
    """One database's run."""
    with ExitStack() as stack:
        url, replicas = f"sqlite:///{keep / 'chaos.db'}", 1
        if kind == "postgres":
            folder = binaries()
            if folder is None:
                raise typer.BadParameter("no PostgreSQL binaries found (PG_BIN, PATH, /usr/lib/postgresql)")
            server = PostgresServer(folder)
            server.start()
            stack.callback(server.stop)
            url, replicas = await server.fresh(), 2
        sandbox = Sandbox()
        await sandbox.start()
        sandbox.slack.latency = sandbox.discord.latency = 0.03
        database = Database(url)
        await database.migrate()
        fire = Fire(sandbox, database, url, replicas=replicas, kills=kills, seed=seed, logs=keep)
        started = time.monotonic()
        try:
            began = await fire.burn()
            while await _busy(database) and time.monotonic() < began + COMPLETE_WITHIN:
                await asyncio.sleep(0.2)
            complete = time.monotonic() - began
        finally:
            for bot in fire.bots:
                await asyncio.to_thread(bot.stop)
        verdict = await judge(sandbox, database, acknowledged=fire.acknowledged, tried=fire.tried)
        await judge_alerts(verdict, database, fire.senders.sent, platforms=("slack", "discord"))
        figures: dict[str, object] = {
            "database": kind, "replicas": replicas, "kills": sum(bot.kills for bot in fire.bots), "seed": seed,
            "declared": len(fire.acknowledged), "alerts": sum(fire.senders.sent.accepted.values()),
            "effects": sum(verdict.expected.values()),
            "lost": len(verdict.lost), "doubled": len(verdict.doubled), "wrong": len(verdict.wrong),
            "complete after (s)": round(complete, 1), "calls": sandbox.calls.total,
            "minutes": round((time.monotonic() - started) / 60, 1),
        }  # fmt: skip
        await database.stop()
        await sandbox.stop()
        return verdict, figures


async def _busy(database: Database) -> bool:
    """Whether an alert waits, or anything is owed."""
    return bool(await database.inbox.depth(most=1) or await owed(database))


def main(
    kills: Annotated[int, typer.Option(min=1, max=5000)] = 200,
    database: Annotated[str, typer.Option(help="sqlite, postgres or both")] = "both",
    seed: Annotated[int, typer.Option(help="The same seed gives the same disorder")] = 0,
    keep: Annotated[Path | None, typer.Option(help="Folder for logs and the database")] = None,
) -> None:
    """Kill, count, tell."""
    clean = True
    for kind in ("sqlite", "postgres") if database == "both" else (database,):
        folder = Path(tempfile.mkdtemp(prefix=f"tocsin-chaos-{kind}-")) if keep is None else keep / kind
        folder.mkdir(parents=True, exist_ok=True)
        verdict, figures = asyncio.run(
            run(kind, kills=kills, seed=seed or random.SystemRandom().randrange(10**6), keep=folder)
        )
        print(json.dumps(figures))
        for what, count in sorted(verdict.expected.items()):
            print(f"  {what:<20} {count:>6}")
        for label, found in (("lost", verdict.lost), ("doubled", verdict.doubled), ("wrong", verdict.wrong)):
            for one in found[:20]:
                print(f"  {label}: {one}")
        print(f"  logs: {folder}")
        clean = clean and verdict.clean
    raise typer.Exit(0 if clean else 1)


if __name__ == "__main__":
    typer.run(main)
