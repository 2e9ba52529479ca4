"""Each sender of alerts: its recorded samples, made wrong, through the real doors to the intake."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any

from starlette.applications import Starlette

from adapters.web.alerts import Doors
from adapters.web.metrics import Metrics
from adapters.web.secrets import Secrets
from bot.alerts.alert import Alert
from bot.alerts.book import Inbox, Strange
from bot.errors import Refused
from tests.fuzz import asgi, judge, mutate
from tests.fuzz.found import Wrong
from tests.fuzz.grammar import unharmed
from tests.fuzz.world import World, Worlds
from tests.support.doors import THEIRS
from tests.support.senders import SECRET
from tests.support.sources import Sample, Table

FAULT = "a fault of ours"
"""How the intake marks an alert that it stumbled over."""
TYPES = (
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "",
    "application/json; charset=utf-16",
    "x/\xff",
)


class Gathered:
    """The database's inbox; what one block of inputs brings is stored together, as under load."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.waiting: list[Alert] = []

    async def accept(self, alerts: Sequence[Alert], *, at: datetime) -> int:
        """Keep them until the block is over; each has to be fit to be stored."""
        for alert in alerts:
            alert.model_dump_json().encode()
        self.waiting += alerts
        return len(alerts)

    async def depth(self, *, most: int) -> int:
        """There is always room."""
        return 0

    async def set_aside(self, strange: Sequence[Strange], *, keep: int) -> None:
        """Each says why."""
        for one in strange:
            judge.whole(one.why, given=one.body)

    async def strange(self, *, limit: int = 20) -> list[Strange]:
        """What was set aside by the intake."""
        return await self._inbox.strange(limit=limit)


class Sender:
    """One sender."""

    block = 250

    def __init__(self, table: Table) -> None:
        self._table, self._worlds = table, Worlds()
        self._held = [(sample, _parsed(table, sample)) for sample in table.webhooks]
        self._world: World
        self._application: Starlette
        self._gathered: Gathered

    def make(self, chance: Random) -> dict[str, Any]:
        """One request."""
        sample, held = chance.choice(self._held)
        if held is None or chance.random() < 0.04:
            plain = mutate.scrambled(chance, self._table.body(sample))
        else:
            plain = mutate.body(chance, _keyed(self._table, mutate.structure(chance, held)))
        body, packing = mutate.packed(chance, plain)
        headers = {name: value for name, value in sample.headers.items() if chance.random() < 0.97}
        if chance.random() < 0.05 and headers:
            headers[chance.choice(list(headers))] = chance.choice(("", "x" * 5_000, "é", "NaN", "\x00"))
        headers["content-type"] = TYPES[0] if chance.random() < 0.9 else chance.choice(TYPES)
        query = dict(sample.query)
        if chance.random() < 0.05 and query:
            query[chance.choice(list(query))] = chance.choice(mutate.WORDS)
        knows = chance.random() < 0.96
        return {"body": body, "plain": plain, "packing": packing, "headers": headers, "query": query, "knows": knows}

    async def open(self) -> None:
        """A fresh world with doors."""
        world = self._world = await self._worlds.fresh()
        self._gathered, quiet = Gathered(world.database.inbox), asyncio.Event()
        quiet.set()
        secrets = Secrets(SECRET, own={one.name: THEIRS for one in world.sources})
        doors = Doors(
            world.sources, self._gathered, secrets=secrets, clock=world.clock, meter=Metrics(), wake=lambda: None,
            quiet=quiet, fetch=_nothing,
        )  # fmt: skip
        self._application = Starlette(routes=doors.routes())

    async def feed(self, given: dict[str, Any]) -> str:
        """Knock, and judge the answer."""
        headers = dict(given.get("headers", {}))
        if given.get("packing"):
            headers["content-encoding"] = given["packing"]
        body, name = given.get("body", b""), self._table.source.name
        if given.get("knows"):
            headers["authorization"] = f"Bearer {SECRET}"
        elif self._table.sign is not None:
            headers |= self._table.sign(body, THEIRS)
        path = "/v2/enqueue" if name == "events" else f"/alerts/{name}"
        answered = await asgi.send(
            self._application, "POST", path, headers=headers, query=given.get("query"), body=body
        )
        text = given.get("plain", body).decode("utf-8", "replace")
        self._world.fed(text)
        return asgi.judged(answered, given=text)

    async def settle(self) -> None:
        """Let the intake take what came in; nothing of it may be a fault of ours."""
        world = self._world
        await world.database.inbox.accept(self._gathered.waiting, at=world.clock.now())
        while await world.intake.take():
            pass
        await world.intake.looking.look()
        for one in await world.database.inbox.strange(limit=5):
            if FAULT in one.why:
                raise Wrong(one.why, one.body)
        await world.delivered()
        await unharmed(world)

    async def close(self) -> None:
        """Leave the world."""
        await self._world.close()

    def end(self) -> None:
        """Leave nothing behind."""
        self._worlds.remove()


def _parsed(table: Table, sample: Sample) -> Any:
    try:
        return json.loads(table.body(sample))
    except ValueError:
        return None


def _keyed(table: Table, held: Any) -> Any:
    """With the secret of this house, where senders give it in the body."""
    return {**held, "routing_key": SECRET} if table.source.name == "events" and isinstance(held, dict) else held


async def _nothing(url: str) -> bytes:
    """No page is kept anywhere."""
    raise Refused("answered 404")
