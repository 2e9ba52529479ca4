"""A house with doors: the real web server on a real socket, a real database, and senders that knock."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from adapters.alertmanager.source import Alertmanager
from adapters.database import Database
from adapters.pagerduty.events import Events
from adapters.sandbox.clock import SandboxClock
from adapters.web.alerts import Doors
from adapters.web.metrics import Metrics
from adapters.web.secrets import Secrets
from adapters.web.server import WebServer
from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.book import Inbox, Strange
from bot.alerts.post import Post
from bot.alerts.source import Delivery, Fetch, NotUnderstood, Source
from bot.errors import Refused, TryLater
from tests.support.sources import ADAPTERS
from tests.support.town import FRIDAY, SystemReadiness

SECRET = "correct-horse+battery/staple=ü"
FIRING = (ADAPTERS / "alertmanager" / "samples" / "firing.json").read_bytes()


def told(source: str, name: str, state: AlertState = AlertState.FIRING) -> Alert:
    """An alert of a made-up sender's."""
    return Alert(source=source, key=dedupe(source, name), state=state, title=name)


class Signer:
    """A sender that signs what it sends: ``X-Signature`` is the hex HMAC-SHA256 of the body."""

    name = "pagerduty"
    title = "Signer"

    def read(self, delivery: Delivery) -> list[Alert]:
        """``{"name": …}`` is an alert, ``{}`` is none."""
        try:
            said: dict[str, Any] = json.loads(delivery.body)
        except ValueError:
            raise NotUnderstood("JSON with “name” was expected") from None
        return [told(self.name, str(said["name"]))] if said else []

    def recognise(self, post: Post) -> list[Alert] | None:
        """It posts nothing."""
        return None

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Whether the signature fits."""
        return hmac.compare_digest(delivery.header("x-signature").encode(), self.sign(delivery.body, secret).encode())

    @staticmethod
    def sign(body: bytes, secret: str) -> str:
        """The signature."""
        return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Greeter(Signer):
    """A sender whose signature needs a page of its own, and that asks first whether it may send."""

    name = "cloudwatch"

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        """Nothing that could be checked without the page."""
        return None

    async def certified(self, delivery: Delivery, secret: str, fetch: Fetch) -> bool:
        """Whether the page holds what the header says, and the secret names the sender."""
        page = await fetch("https://sender.example/certificate")
        return delivery.header("x-certificate").encode() == page and secret == delivery.header("x-topic")

    async def greet(self, delivery: Delivery, fetch: Fetch) -> bool:
        """``{"visit": address}`` asks."""
        said = json.loads(delivery.body)
        if "visit" not in said:
            return False
        await fetch(said["visit"])
        return True


@dataclass
class Pages:
    """Pages that senders keep, as :class:`bot.alerts.source.Fetch`."""

    kept: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    gone: bool = False

    async def __call__(self, url: str) -> bytes:
        """What stands there."""
        self.asked.append(url)
        if self.gone:
            raise TryLater("ConnectError", unreachable=True)
        if url not in self.kept:
            raise Refused("answered 404")
        return self.kept[url]


class Watched:
    """The database's inbox, which notes each transaction, and can be away."""

    def __init__(self, inbox: Inbox) -> None:
        self.inner = inbox
        self.away = False
        self.commits: list[int] = []
        self.asked = 0
        self.storing = asyncio.Event()
        """Set, each transaction is stored at once; cleared, it takes until it is set."""
        self.storing.set()
        self.holds: int | None = None
        """How many it says are waiting; ``None`` for as many as there are."""

    def _reach(self) -> None:
        if self.away:
            raise TryLater("connection refused", unreachable=True)

    async def accept(self, alerts: Sequence[Alert], *, at: datetime) -> int:
        """One transaction."""
        self._reach()
        self.commits.append(len(alerts))
        await self.storing.wait()
        return await self.inner.accept(alerts, at=at)

    async def depth(self, *, most: int) -> int:
        """How many are waiting."""
        self._reach()
        self.asked += 1
        return self.holds if self.holds is not None else await self.inner.depth(most=most)

    async def set_aside(self, strange: Sequence[Strange], *, keep: int) -> None:
        """Keep what nobody understands."""
        self._reach()
        await self.inner.set_aside(strange, keep=keep)

    async def strange(self, *, limit: int = 20) -> list[Strange]:
        """What nobody understood."""
        return await self.inner.strange(limit=limit)


@dataclass
class House:
    """One bot's doors, from outside and from inside."""

    http: httpx.AsyncClient
    port: int
    inbox: Watched
    clock: SandboxClock
    quiet: asyncio.Event
    pages: Pages
    woken: list[bool]

    async def knock(
        self, path: str = "/alerts/alertmanager", body: Any = FIRING, *, secret: str | None = SECRET, **more: Any
    ) -> httpx.Response:
        """Post a body; the secret goes along as a Bearer token unless it is ``None``."""
        headers = {**({"Authorization": f"Bearer {secret}".strip().encode()} if secret is not None else {}), **more}
        return await self.http.post(path, content=body, headers=headers)

    async def depth(self) -> int:
        """Alerts in the inbox."""
        return await self.inbox.inner.depth(most=100_000)

    async def counted(self, source: str, result: str) -> float:
        """What the metrics say of a sender."""
        page = (await self.http.get("/metrics")).text
        wanted = f'tocsin_alerts_total{{result="{result}",source="{source}"}} '
        return next((float(line.removeprefix(wanted)) for line in page.splitlines() if line.startswith(wanted)), 0.0)


@asynccontextmanager
async def house(
    url: str, *, general: str = SECRET, own: dict[str, str] | None = None, sources: Sequence[Source] = ()
) -> AsyncIterator[House]:
    """Build one; without ``sources`` for Alertmanager, PagerDuty's events, and made-up senders that sign and greet."""
    store = Database(url)
    await store.start()
    inbox, clock, quiet, pages = Watched(store.inbox), SandboxClock(FRIDAY), asyncio.Event(), Pages()
    woken: list[bool] = []
    quiet.set()
    metrics = Metrics()
    sources = sources or [Alertmanager(), Signer(), Greeter(), Events()]
    doors = Doors(
        sources, inbox, secrets=Secrets(general, own=own), clock=clock, meter=metrics,
        wake=lambda: woken.append(True), quiet=quiet, fetch=pages,
    )  # fmt: skip
    web = WebServer(
        host="127.0.0.1", port=0, readiness=SystemReadiness(), metrics=metrics, reader=store.reader,
        ledger=store.ledger("w", clock), inbox=inbox, routes=doors.routes(),
    )  # fmt: skip
    await web.start()
    async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{web.port}", timeout=20) as http:
        yield House(http, web.port, inbox, clock, quiet, pages, woken)
    await web.stop()
    await store.stop()
