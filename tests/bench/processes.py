"""The bot as its own process: started, waited for, watched."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import httpx
import psutil
from ruamel.yaml import YAML

from adapters.sandbox.server import Sandbox
from bot.settings import SHIPPED
from tests.bench.figures import queued
from tests.support.processes import environment, free_port
from tests.support.senders import SECRET

MANIFEST = Path(__file__).parents[2] / "adapters" / "slack" / "manifest.yaml"
READY_WITHIN = 60.0
"""Seconds after which a bot that is not ready counts as broken."""
GLANCE = 0.02
"""Seconds between two questions whether it is ready: no start is told more exactly than this."""
MEGABYTE = 1 << 20


@dataclass(slots=True)
class Watch:
    """What a process uses, while it is watched."""

    process: psutil.Process
    began: float = field(default_factory=time.monotonic)
    cpu_before: float = 0.0
    queued_before: float = 0.0
    peak: float = 0.0
    """Megabytes of resident memory at most."""
    rss: float = 0.0
    """Megabytes of resident memory at the end."""

    def __post_init__(self) -> None:
        self.cpu_before = self._cpu()
        self.queued_before = queued(self.process.pid)

    def _cpu(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def cpu(self) -> float:
        """Seconds of processor time used since the watch began."""
        return self._cpu() - self.cpu_before

    def starved(self) -> float:
        """Share of the time, in per cent, in which it could have run and others had the cores; 0 where nobody knows."""
        return 100 * (queued(self.process.pid) - self.queued_before) / (time.monotonic() - self.began)

    def share(self) -> float:
        """Share of one core used since the watch began, in per cent."""
        return 100 * self.cpu() / (time.monotonic() - self.began)

    async def look(self) -> None:
        """Follow the memory until cancelled."""
        with suppress(psutil.NoSuchProcess):
            while True:
                self.rss = self.process.memory_info().rss / MEGABYTE
                self.peak = max(self.peak, self.rss)
                await asyncio.sleep(0.1)


@dataclass(slots=True)
class Running:
    """A bot that is ready."""

    pid: int
    started_in: float
    """Seconds from exec until ``/readyz`` answered 200."""
    log: Path
    port: int
    """Where its web server listens."""
    starved: float
    """Per cent of its start in which others had the cores."""

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[Watch]:
        """Watch it as long as the block lasts."""
        watch = Watch(psutil.Process(self.pid))
        looking = asyncio.create_task(watch.look())
        try:
            yield watch
        finally:
            looking.cancel()


def new_sandbox() -> Sandbox:
    """A sandbox whose Slack tells the app of what its manifest asks to be told of, and of no more."""
    sandbox = Sandbox()
    manifest = YAML(typ="safe").load(MANIFEST.read_text())
    sandbox.slack.subscriptions = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    return sandbox


@asynccontextmanager
async def running(
    sandbox: Sandbox,
    database: str,
    *,
    folder: Path,
    platforms: tuple[str, ...],
    playbook: Path = SHIPPED / "default",
    more: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Running]:
    """``tocsin run`` against the sandbox, from when it is ready until the block ends."""
    port, log = free_port(), folder / "bot.log"
    settings = environment(sandbox, database, playbook=playbook) | {
        "HTTP_PORT": str(port),
        "LOG_LEVEL": "warning",
        "WEBHOOK_SECRET": SECRET,
        **more,
    }
    for platform in {"slack", "discord"} - set(platforms):
        settings = {name: value for name, value in settings.items() if not name.startswith(f"{platform.upper()}_")}
    began = time.monotonic()
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=settings, stdout=output, stderr=output
        )
    try:
        await _ready(port, process, log)
        took = time.monotonic() - began
        yield Running(process.pid, took, log, port, 100 * queued(process.pid) / took)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 10)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _ready(port: int, process: asyncio.subprocess.Process, log: Path) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client, asyncio.timeout(READY_WITHIN):
        while True:
            if process.returncode is not None:
                raise RuntimeError(f"the bot ended by itself; {log} says why")
            with suppress(httpx.TransportError):
                if (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == httpx.codes.OK:
                    return
            await asyncio.sleep(GLANCE)
