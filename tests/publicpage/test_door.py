"""``GET /status/…`` over a real socket: what is answered, what need not be sent again, and what is not there."""

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from adapters.database import Database
from adapters.publicpage.door import PageDoor
from adapters.publicpage.files import KEPT, Copy
from adapters.publicpage.press import Press
from adapters.sandbox.clock import SandboxClock
from adapters.web.metrics import Metrics
from adapters.web.server import WebServer
from tests.database.build import NOW
from tests.support.published import ADDRESS, ALL, COMPONENTS, OUTAGE, SETTINGS, Shelf
from tests.support.town import SystemReadiness, sqlite


@asynccontextmanager
async def serving(folder: Path, *, opened: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a web server that serves this folder; its database is nowhere."""
    store = Database(sqlite(folder / "nowhere"))
    web = WebServer(
        host="127.0.0.1", port=0, readiness=SystemReadiness(), metrics=Metrics(), reader=store.reader,
        ledger=store.ledger("w"), early=PageDoor(folder).routes(),
    )  # fmt: skip
    await web.start(opened=opened)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{web.port}", trust_env=False) as client:
            yield client
    finally:
        await web.stop()
        await store.stop()


async def written(folder: Path) -> None:
    """The page, with all incidents."""
    press = Press(Shelf(*ALL), Copy(folder), SandboxClock(NOW), settings=SETTINGS, components=COMPONENTS)  # type: ignore[arg-type]  # all that it asks
    press.read(ADDRESS)
    press.open()
    await press.look()


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the written page."""
    await written(tmp_path)
    async with serving(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("", "text/html"), ("index.html", "text/html"), ("history/", "text/html"),
        (f"incidents/{OUTAGE.mark}.html", "text/html"), ("status.css", "text/css"), ("icon.svg", "image/svg+xml"),
        ("status.json", "application/json"), ("history.json", "application/json"),
        ("feed.atom", "application/atom+xml"), ("feed.rss", "application/rss+xml"),
    ],
)  # fmt: skip
async def test_each_file_is_answered_as_what_it_is(client: httpx.AsyncClient, name: str, kind: str) -> None:
    answer = await client.get(f"/status/{name}", headers={"Accept-Encoding": "identity"})
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        f"{kind}{'' if kind.startswith('image') else '; charset=utf-8'}",
    )
    assert len(answer.content) == int(answer.headers["content-length"])
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script" not in policy and "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "max-age=10" in answer.headers["cache-control"] and "stale-if-error" in answer.headers["cache-control"]
    assert ("access-control-allow-origin" in answer.headers) == (kind.startswith("application"))


async def test_without_its_slash_one_is_sent_to_where_links_hold_also_behind_a_path(client: httpx.AsyncClient) -> None:
    answer = await client.get("/status")
    assert (answer.status_code, answer.headers["location"]) == (308, "status/")


async def test_what_is_known_is_not_sent_again(client: httpx.AsyncClient, tmp_path: Path) -> None:
    first = await client.get("/status/")
    tag, when = first.headers["etag"], first.headers["last-modified"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = await client.get("/status/", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get("/status/", headers={"If-Modified-Since": when})).status_code == 304
    before = "Fri, 20 Nov 2020 14:00:00 GMT"
    for other in (
        {"If-None-Match": '"other"', "If-Modified-Since": when},
        {"If-Modified-Since": before},
        {"If-Modified-Since": "yesterday"},
    ):
        assert (await client.get("/status/", headers=other)).status_code == 200
    Copy(tmp_path).write({"index.html": b"another"})
    changed = await client.get("/status/", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.text) == (200, "another")
    assert changed.headers["etag"] != tag


async def test_it_is_packed_for_whom_that_suits_under_a_tag_of_its_own(client: httpx.AsyncClient) -> None:
    plain = await client.get("/status/", headers={"Accept-Encoding": "identity"})
    async with client.stream("GET", "/status/", headers={"Accept-Encoding": "br, gzip"}) as packed:
        raw = b"".join([piece async for piece in packed.aiter_raw()])
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content and len(raw) * 4 < len(plain.content)
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


async def test_a_glance_is_answered_without_the_body(client: httpx.AsyncClient) -> None:
    got, glanced = await client.get("/status/"), await client.head("/status/")
    assert (glanced.status_code, glanced.content) == (200, b"")
    assert glanced.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(
    "name",
    ["nothing", KEPT, "..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/etc/passwd", "incidents/", "index.html%00.css",
     "incidents%2f..%2fstatus.json", "incidents/00000000-0000-4000-8000-000000000000.html", ".new-abc"],
)  # fmt: skip
async def test_everything_else_is_not_there(client: httpx.AsyncClient, name: str) -> None:
    request = client.build_request("GET", "/status/")
    answer = await client.send(httpx.Request("GET", request.url.copy_with(raw_path=f"/status/{name}".encode())))
    assert answer.status_code == 404 and "There is no such page." in answer.text
    assert "no-store" in answer.headers["cache-control"]


async def test_it_is_only_read(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/status/")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_before_the_first_copy_one_is_told_to_come_again(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        answer = await client.get("/status/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "being written" in answer.text


async def test_a_copy_that_cannot_be_read_any_more_is_missing_and_no_fault(tmp_path: Path) -> None:
    await written(tmp_path)
    async with serving(tmp_path) as client:
        assert (await client.get("/status/status.json")).status_code == 200
        (tmp_path / "status.json").unlink()
        (tmp_path / "status.json").mkdir()
        assert (await client.get("/status/status.json")).status_code == 404


async def test_while_the_bot_waits_for_its_database_the_page_is_there_and_all_else_comes_later(tmp_path: Path) -> None:
    await written(tmp_path)
    async with serving(tmp_path, opened=False) as client:
        assert OUTAGE.title in (await client.get("/status/")).text
        assert (await client.get("/healthz")).status_code == 200
        later = await client.post("/alerts/grafana")
        assert (later.status_code, later.headers["retry-after"]) == (503, "5")
        assert "waits for its database" in later.json()["error"]
