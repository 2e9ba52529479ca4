"""A town whose people are paged with a link, and the doors at which they and their pagers answer."""

import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from adapters.health.adapter import HealthAdapter
from adapters.opsgenie.replies import OpsgenieReplies
from adapters.pager.adapter import PagerAdapter
from adapters.pager.settings import PagerSettings
from adapters.pagerduty.replies import PagerDutyReplies
from adapters.web.pages import PageDoors
from adapters.web.secrets import Secrets
from adapters.web.server import WebServer
from bot.reaching import Reaching
from bot.replies import Links
from tests.support.paged import addresses, paged
from tests.support.pagers import Pagers
from tests.support.town import SystemReadiness, Town, sqlite

PUBLIC = "https://tocsin.example.com/"
SECRET, THEIRS = "what-everybody-may-give-0001", "what-pagerduty-signs-with-02"
LINK = re.compile(r"https://tocsin\.example\.com(/pages/\S+)")


def town_with_links(folder: Path, platform: str, pagers: Pagers, **changes: object) -> Town:
    """A town under the process of pages, in which each page holds a link."""
    town = Town(sqlite(folder), platforms=(platform,), playbook=paged(**changes))
    book = Reaching(town.store.reader, town.keys, town.clock)
    pager = PagerAdapter(
        PagerSettings(addresses(pagers)), reader=town.store.reader, within=2.0, book=book, public=_everywhere,
        answers=Links(town.keys, town.clock, url=PUBLIC),
    )  # fmt: skip
    town.tools = [HealthAdapter(), pager]
    return town


async def _everywhere(host: str) -> bool:
    """Every name is a public one."""
    return True


@dataclass(frozen=True)
class Doorstep:
    """Where answers come in."""

    http: httpx.AsyncClient

    async def looks(self, path: str) -> httpx.Response:
        """Follow a link, as mail scanners do, too."""
        return await self.http.get(path)

    async def answers(self, path: str, answer: str = "have") -> httpx.Response:
        """Press a button there, and see the page that follows."""
        return await self.http.post(path, data={"answer": answer}, follow_redirects=True)

    async def tells(self, pager: str, body: bytes, *, secret: str = SECRET, signed: str = "") -> httpx.Response:
        """A pager tells, with the secret in its address or its own signature."""
        headers = {"content-type": "application/json"}
        if signed:
            digest = hmac.new(signed.encode(), body, hashlib.sha256).hexdigest()
            headers["x-pagerduty-signature"] = f"v1=0000,v1={digest}"
        query = {"secret": secret} if secret and not signed else {}
        return await self.http.post(f"/pages/{pager}", content=body, params=query, headers=headers)


@asynccontextmanager
async def doorstep(town: Town, *, links: Links | None = None) -> AsyncIterator[Doorstep]:
    """Open the doors of a town."""
    doors = PageDoors(
        town.store.reader, town.bot.desk, links or Links(town.keys, town.clock, url=PUBLIC), town.clock,
        pagers=[PagerDutyReplies(), OpsgenieReplies()],
        secrets=Secrets(SECRET, own={"pages_pagerduty": THEIRS}),
    )  # fmt: skip
    async with serving(town, doors) as door:
        yield door


@asynccontextmanager
async def serving(town: Town, doors: PageDoors) -> AsyncIterator[Doorstep]:
    """A web server with these doors."""
    web = WebServer(
        host="127.0.0.1", port=0, readiness=SystemReadiness(), metrics=town.metrics, reader=town.store.reader,
        ledger=town.store.ledger("doors", town.clock), routes=doors.routes(),
    )  # fmt: skip
    await web.start()
    try:
        async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{web.port}", timeout=20) as http:
            yield Doorstep(http)
    finally:
        await web.stop()


def link(pagers: Pagers, place: int = -1) -> str:
    """The path of the link in a page that arrived."""
    found = LINK.search(pagers.arrived[place].text)
    assert found is not None, pagers.arrived[place].text
    return found[1]
