"""The health checks as one thing: built, started with an ear, stopped. Its platform does what is owed to its lane."""

import asyncio

import httpx

from adapters.health.addresses import Addresses, LookUp, ask_the_system
from adapters.health.asking import ask, client
from bot.errors import Refused, TryLater
from bot.intents import HEALTH, Probe
from bot.learned import Probed, Reading
from bot.ports import Ear, Found, Job


class HealthPlatform:
    """Asks health checks; see :class:`bot.ports.Platform`."""

    name = HEALTH
    ready = connected = True
    """There is nothing to connect to."""

    def __init__(self, look_up: LookUp) -> None:
        self.ear: Ear | None = None
        self._addresses = Addresses(look_up)
        self._client: httpx.AsyncClient | None = None

    async def perform(self, job: Job) -> str | None:
        """Ask every check of a probe side by side, and bring back what they answered."""
        probe = job.intent
        if not isinstance(probe, Probe) or job.incident is None:
            raise Refused(f"health checks know no “{probe.kind}”")
        if self.ear is None:
            raise TryLater("not started yet")
        readings = await self._ask(probe)
        await self.ear.learn(Probed(key=f"{HEALTH}:{job.key}", incident=job.incident, probe=probe, readings=readings))
        return None

    async def _ask(self, probe: Probe) -> dict[str, Reading]:
        http = self._client = self._client or client(self._addresses)
        inside = frozenset(host.casefold() for host in probe.allowed_hosts)
        readings = await asyncio.gather(*(ask(http, check, inside=inside) for check in probe.checks))
        return {check.name: reading for check, reading in zip(probe.checks, readings, strict=True)}

    async def find(self, job: Job) -> Found | None:
        """Asking again does no harm, and what an earlier attempt brought back is learned once."""
        return None

    async def close(self) -> None:
        """Drop what is open."""
        if self._client is not None:
            await self._client.aclose()
        self._addresses.close()


class HealthAdapter:
    """A tool of the bot; see :class:`bot.running.Outside`."""

    def __init__(self, look_up: LookUp = ask_the_system) -> None:
        self.platform = HealthPlatform(look_up)

    async def start(self, ear: Ear) -> None:
        """From now on answers can be brought back."""
        self.platform.ear = ear

    async def stop(self) -> None:
        """Ask nothing more."""
        await self.platform.close()
