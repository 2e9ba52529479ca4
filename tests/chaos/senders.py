"""Senders of alerts under fire: what they sent, what was accepted, and what has to come of it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import httpx
from sqlalchemy.exc import DBAPIError

from adapters.database import Database
from bot.errors import TryLater
from tests.support.senders import EVENTS, event, firing, key, plain, send, title

TIMES = 5
"""How often an alert comes, about."""
AGAIN = 0.2
"""Seconds until what nobody accepted is sent again."""
CLEARS = "Brief"
"""What alerts are called that clear at once: nobody resolves their incident before that is known."""
CROWD = 20
"""So many senders insist at once at the most."""


@dataclass
class Sent:
    """Alerts by dedupe key, and the titles of the incidents that they make."""

    accepted: Counter[str] = field(default_factory=Counter)
    """Fired, and answered with 2xx."""
    tried: Counter[str] = field(default_factory=Counter)
    """Fired, be it that nobody knows whether it was accepted."""
    offered: set[str] = field(default_factory=set)
    """Accepted, and to be asked about once on each platform."""
    cleared: set[str] = field(default_factory=set)
    """Declared an incident, and then cleared while that was open: each once, and both accepted."""


class Senders:
    """Send alerts, each to any of the bots. ``tried`` and ``acknowledged`` are titles, shared with whoever declares by
    other ways."""

    def __init__(
        self,
        database: Database,
        *,
        ports: list[int],
        chance: Random,
        tried: set[str],
        acknowledged: set[str],
        patience: float,
        calm: Callable[[], bool],
    ) -> None:
        """``patience``: seconds for which a sender insists. ``calm`` says whether more may be sent."""
        self._patience, self._calm, self._busy = patience, calm, 0
        self._database, self._ports, self._random = database, ports, chance
        self._tried, self._acknowledged = tried, acknowledged
        self.sent = Sent()

    async def run(self, over: Callable[[], bool]) -> None:
        """Send until it is over, and until everything that insists was accepted."""
        count = 0
        async with httpx.AsyncClient(trust_env=False, timeout=20) as client, asyncio.TaskGroup() as group:
            self._client = client
            while not over():
                await asyncio.sleep(self._random.uniform(0.05, 0.6))
                if self._calm() and self._busy < CROWD:
                    count += 1
                    group.create_task(self._one(count))

    async def _one(self, count: int) -> None:
        self._busy += 1
        try:
            await self._sends(count)
        finally:
            self._busy -= 1

    async def _sends(self, count: int) -> None:
        about = f"{self._random.randint(max(1, count // TIMES - 2), count // TIMES + 1):04}"
        match count % 10:
            case 0:
                await self._passes(f"{CLEARS}{count:04}")
            case 5:
                await self._asks(f"Ask{count:04}")
            case 3 | 7:
                await self._once(EVENTS, f"Event{about}", event(f"Event{about}"))
            case even if even % 2 == 0:
                await self._once("alertmanager", f"Alert{about}", firing(f"Alert{about}"))
            case _:
                await self._fires(f"Alert{about}", delivery=str(count))
                self._acknowledged.add(f"Alert{about}")

    async def _once(self, source: str, name: str, body: bytes) -> None:
        """It is told once, and its sender does not know what became of it where nobody answers."""
        self._tried.add(title(name))
        self.sent.tried[key(name, source=source)] += 1
        if await send(self._client, self._random.choice(self._ports), body, source=source) == httpx.codes.ACCEPTED:
            self.sent.accepted[key(name, source=source)] += 1
            self._acknowledged.add(title(name))

    async def _fires(self, name: str, *, delivery: str) -> None:
        """A sender that numbers its deliveries."""
        self._tried.add(name)
        self.sent.tried[key(name, source="generic")] += 1
        await self._insists(plain(name, delivery=delivery))
        self.sent.accepted[key(name, source="generic")] += 1

    async def _asks(self, name: str) -> None:
        """What is milder, and offered."""
        mine = key(name, source="generic")
        self.sent.tried[mine] += 1
        await self._insists(plain(name, delivery=name, severity="warning"))
        self.sent.accepted[mine] += 1
        self.sent.offered.add(mine)

    async def _passes(self, name: str) -> None:
        """It fires, and clears at once; nobody resolves its incident before the bot knows that."""
        mine = key(name, source="generic")
        await self._fires(name, delivery=name)
        await self._insists(plain(name, delivery=name, over=True))
        self.sent.cleared.add(mine)
        async with asyncio.timeout(self._patience):
            while not await self._flipped(mine):
                await asyncio.sleep(AGAIN)
        self._acknowledged.add(name)

    async def _flipped(self, mine: str) -> bool:
        with suppress(TryLater, DBAPIError):  # the schema may be of yesterday
            return any(one.key == mine and one.flips for one in await self._database.reader.alerts.find(mine))
        return False

    async def _insists(self, body: bytes) -> None:
        """Send it, to one bot after another, until it is accepted."""
        async with asyncio.timeout(self._patience):
            while True:
                port = self._random.choice(self._ports)
                if await send(self._client, port, body, source="generic") == httpx.codes.ACCEPTED:
                    return
                await asyncio.sleep(AGAIN)
