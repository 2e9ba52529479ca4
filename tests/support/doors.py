"""The doors for alerts in front of a town: the real web server on a real socket, for its bot and its database."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from adapters.web.alerts import Doors
from adapters.web.secrets import Secrets
from adapters.web.server import WebServer
from bot.errors import Refused
from tests.support.senders import HEADERS, SECRET
from tests.support.sources import Sample, Table
from tests.support.town import SystemReadiness, Town

THEIRS = "what-they-sign-with"  # of each sender that signs, for as long as a test runs


@dataclass(frozen=True)
class Doorstep:
    """Where senders knock."""

    http: httpx.AsyncClient

    async def send(self, table: Table, sample: Sample) -> httpx.Response:
        """Send a sample as its sender does, with the secret of this house."""
        body = keyed(table, sample)
        numbered = {"request-id": sample.file} if "request-id" in sample.headers else {}
        return await self.knock(table, body, {**HEADERS, **sample.headers, **numbered}, query=sample.query)

    async def knock(
        self, table: Table, body: bytes, headers: Mapping[str, str], *, query: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Post a body at a sender's address."""
        path = "/v2/enqueue" if table.source.name == "events" else f"/alerts/{table.source.name}"
        return await self.http.post(path, content=body, params=urlencode(query or {}), headers=headers)


def keyed(table: Table, sample: Sample) -> bytes:
    """A sample's body; where senders give the secret in it, with the secret of this house."""
    body = table.body(sample)
    own = table.source.name == "events"
    return json.dumps({**json.loads(body), "routing_key": SECRET}).encode() if own else body


@asynccontextmanager
async def doorstep(town: Town) -> AsyncIterator[Doorstep]:
    """Open the doors of a town."""
    quiet = asyncio.Event()
    quiet.set()
    doors = Doors(
        town.sources, town.store.inbox, secrets=Secrets(SECRET, own={each.name: THEIRS for each in town.sources}),
        clock=town.clock, meter=town.metrics, wake=town.bot.intake.wake, quiet=quiet, fetch=_nothing,
    )  # fmt: skip
    web = WebServer(
        host="127.0.0.1", port=0, readiness=SystemReadiness(), metrics=town.metrics, reader=town.store.reader,
        ledger=town.store.ledger("doors", town.clock), inbox=town.store.inbox, routes=doors.routes(),
    )  # fmt: skip
    await web.start()
    async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{web.port}", timeout=20) as http:
        yield Doorstep(http)
    await web.stop()


async def _nothing(url: str) -> bytes:
    """No page is kept anywhere."""
    raise Refused("answered 404")
