"""Webhooks in a running bot: what is understood is acted on, and what nobody understands stays out of chat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from adapters.sandbox.people import PEOPLE
from adapters.web.alerts import Doors
from adapters.web.secrets import Secrets
from adapters.web.server import WebServer
from tests.stories.test_alerts import HERE, WATCHING
from tests.support.sources import ADAPTERS
from tests.support.story import posts, town_with
from tests.support.town import SystemReadiness, Town
from tests.web.house import SECRET, Pages

FIRING = (ADAPTERS / "alertmanager" / "samples" / "firing.json").read_bytes()


@asynccontextmanager
async def doors(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """The town's doors for alerts, on a real socket."""
    opened = Doors(
        town.sources, town.store.inbox, secrets=Secrets(SECRET), clock=town.clock, meter=town.metrics,
        wake=town.bot.intake.wake, quiet=asyncio.Event(), fetch=Pages(),
    )  # fmt: skip
    web = WebServer(
        host="127.0.0.1", port=0, readiness=SystemReadiness(), metrics=town.metrics, reader=town.store.reader,
        ledger=town.store.ledger("doors", town.clock), inbox=town.store.inbox, routes=opened.routes(),
    )  # fmt: skip
    await web.start()
    head, address = {b"Authorization": f"Bearer {SECRET}".encode()}, f"http://127.0.0.1:{web.port}"
    async with httpx.AsyncClient(trust_env=False, base_url=address, headers=head, timeout=20) as http:
        yield http
    await web.stop()


def said(town: Town) -> list[str]:
    """Everything that stands in any channel, or was told anybody privately."""
    sides = town.sides.values()
    public = [each.text for side in sides for room in side.rooms() for each in posts(side, room)]
    return public + [text for side in sides for person in PEOPLE for text in side.private(person)]


async def test_what_nobody_understands_is_kept_for_the_operators_and_never_shown_in_chat(tmp_path: Path) -> None:
    async with town_with(tmp_path, ("slack", "discord"), **WATCHING) as town, doors(town) as http:
        before = said(town)
        for sender in ("alertmanager", "grafana", "generic", "sentry"):
            for body in (b'{"to whom": "it may concern"}', b"[FIRING:1] Disk full (critical)", FIRING[:200]):
                assert (await http.post(f"/alerts/{sender}", content=body)).status_code == 422, sender
        await town.forward(minutes=5)
        assert said(town) == before and await town.store.reader.numbers() == []
        assert len(await town.store.inbox.strange(limit=100)) == 12
        assert (await http.post("/alerts/alertmanager", content=FIRING)).status_code == 202
        await town.settle()
        assert await town.store.reader.numbers() == [1] and len(said(town)) > len(before)
        assert all(posts(side, HERE) == [] for side in town.sides.values())
