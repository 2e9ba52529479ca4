"""``GET /api/freeze``, asked over a real socket: what it says to whom, and what it costs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from adapters.database import Database
from adapters.web.asking import frozen
from adapters.web.freeze import FreezeDoor
from adapters.web.metrics import Metrics
from adapters.web.server import WebServer
from bot.errors import Refused, TryLater
from bot.people import Person
from bot.progress import Allowed, Progress
from bot.reader import Frozen
from tests.database.build import NOW, declare, outage
from tests.support.town import SystemReadiness, sqlite

TOKEN = "a-long-token/with+odd=ü"
PULL = "https://github.com/acme/shop/pull/7"
PASSES = Allowed(url=PULL, by="Ana", because="it brings the pool back", at=NOW)
HIDDEN = Allowed(url="https://github.com/acme/keys/pull/1", by="Ana", because="the leaked key", at=NOW)


class Broken:
    """A database that does not answer."""

    async def frozen(self, viewer: Person | None) -> list[Frozen]:
        raise TryLater("database", unreachable=True)


class Slow:
    """A database that answers when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.begun, self.let = asyncio.Event(), asyncio.Event()
        self.found: list[Frozen] = []

    async def frozen(self, viewer: Person | None) -> list[Frozen]:
        self.asked += 1
        self.begun.set()
        found = list(self.found)
        await self.let.wait()
        return found


class Counting(FreezeDoor):
    """The door, and whether so many stand before it."""

    def __init__(self, slow: Slow, many: int) -> None:
        super().__init__(slow)  # type: ignore[arg-type]  # all that the door asks of it
        self.left, self.there = many, asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.left -= 1
        if not self.left:
            self.there.set()
        await super().__call__(scope, receive, send)


class SomebodyElse(FreezeDoor):
    """No Tocsin, but something that answers at the same address: a proxy, a page to sign in."""

    def __init__(self, status: int, body: str) -> None:
        self._response = Response(body, status, {"location": "/login"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._response(scope, receive, send)


Serving = Callable[[str], AbstractAsyncContextManager[str]]


@asynccontextmanager
async def serve(store: Database, door: FreezeDoor) -> AsyncIterator[str]:
    """The address of a web server with this door."""
    web = WebServer(
        host="127.0.0.1", port=0, readiness=SystemReadiness(), metrics=Metrics(), reader=store.reader,
        ledger=store.ledger("w"), routes=door.routes(),
    )  # fmt: skip
    await web.start()
    try:
        yield f"http://127.0.0.1:{web.port}"
    finally:
        await web.stop()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    """A database in which nothing freezes production yet."""
    made = Database(sqlite(tmp_path))
    await made.start()
    await declare(made)
    yield made
    await made.stop()


@pytest.fixture
def serving(store: Database) -> Serving:
    """A server around that database; called with the token that is set."""
    return lambda token: serve(store, FreezeDoor(store.reader, token))


async def ask(url: str, *, bearer: str = "", method: str = "GET", **query: str) -> httpx.Response:
    """Ask it."""
    headers = {b"authorization": b"Bearer " + bearer.encode()} if bearer else {}
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.request(method, f"{url}/api/freeze", params=query, headers=headers)


async def frozen_twice(store: Database) -> None:
    """One freezes production, later a private one and a drill."""
    by_hand = Progress(frozen_at=NOW, frozen_by="Ana", frozen_because="the queue", allowed=(PASSES,))
    await declare(store, outage("Checkout for Acme", progress=by_hand))
    later = Progress(frozen_at=NOW + timedelta(minutes=5), allowed=(HIDDEN,))
    await declare(store, outage("A key has leaked", private=True, progress=later))
    await declare(store, outage("Drill", drill=True, progress=Progress(frozen_at=NOW - timedelta(days=1))))


async def test_free_and_locked_are_told_with_since_why_and_which_incident(store: Database, serving: Serving) -> None:
    async with serving("") as url:
        free = await ask(url)
        assert free.status_code == 200
        assert (free.json()["locked"], free.json()["since"], free.json()["incidents"]) == (False, None, [])
        await frozen_twice(store)
        told = (await ask(url)).json()
    assert (told["locked"], told["incident"], datetime.fromisoformat(told["since"])) == (True, 2, NOW)
    assert [one["name"] for one in told["incidents"]] == ["#2", "a private incident"]
    assert told["why"] == "somebody froze it for #2; a private incident"
    assert told["says"].startswith(f"Production is frozen since {NOW.astimezone(UTC):%Y-%m-%d %H:%M} UTC: somebody")


async def test_without_a_token_no_word_of_people_is_told_and_with_one_only_to_whoever_knows_it(
    store: Database, serving: Serving
) -> None:
    await frozen_twice(store)
    async with serving("") as url:
        bare = (await ask(url)).text
        for word in ("Acme", "Ana", "queue", "github", "leaked", "#3", '"incident":3'):
            assert word not in bare
    async with serving(TOKEN) as url:
        refused = await ask(url)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="Tocsin"')
        assert (await ask(url, bearer="another")).status_code == 403
        full = await ask(url, bearer=TOKEN)
    assert full.json()["why"] == "Ana froze it for #2: the queue; a private incident"
    assert full.json()["incidents"][0]["title"] == "Checkout for Acme"
    assert [one["url"] for one in full.json()["allowed"]] == [PULL]
    for word in ("leaked", "acme/keys", "#3", '"incident":3'):
        assert word not in full.text


@pytest.mark.parametrize(
    ("change", "passes"), [(PULL, True), (f"{PULL}/#top", True), (HIDDEN.url, True), (f"{PULL}1", False)]
)
async def test_a_change_is_told_whether_it_may_pass(
    store: Database, serving: Serving, change: str, *, passes: bool
) -> None:
    async with serving("") as url:
        assert (await ask(url, change=change)).json()["change"] == {"url": change, "allowed": True}
        await frozen_twice(store)
        told = (await ask(url, change=change)).json()
        assert (told["locked"], told["change"]["allowed"]) == (True, passes)
        assert ("This change may pass." in told["says"]) is passes


async def test_what_it_cannot_answer_it_says_and_never_that_production_is_free(
    store: Database, serving: Serving
) -> None:
    async with serving("") as url:
        assert (await ask(url, change="pull/7")).status_code == 422
        assert (await ask(url, method="POST")).status_code == 405
        assert (await ask(url)).headers["cache-control"] == "max-age=5"
        assert (await ask(url, method="HEAD")).status_code == 200
    async with serving(TOKEN) as url:
        assert (await ask(url, bearer=TOKEN)).headers["cache-control"] == "private, max-age=5"
    async with serve(store, FreezeDoor(Broken())) as url:  # type: ignore[arg-type]  # all that the door asks of it
        away = await ask(url)
        assert (away.status_code, away.headers["cache-control"]) == (503, "no-store")
        assert "locked" not in away.json() and "nobody knows" in away.json()["error"]
        with pytest.raises(TryLater, match="answered 503"):
            await frozen(url)


async def test_many_who_ask_at_once_are_one_question_at_a_time_and_none_gets_an_answer_of_before(
    store: Database,
) -> None:
    slow = Slow()
    door = Counting(slow, many=21)
    async with asyncio.timeout(20), serve(store, door) as url, asyncio.TaskGroup() as tasks:
        first = tasks.create_task(ask(url))
        await slow.begun.wait()
        slow.found = [Frozen(NOW, None)]
        others = [tasks.create_task(ask(url)) for _ in range(20)]
        await door.there.wait()
        slow.let.set()
    assert first.result().json()["locked"] is False
    assert [each.result().json()["locked"] for each in others] == [True] * 20
    assert slow.asked == 2


async def test_who_gives_up_takes_the_answer_from_nobody_who_shares_the_question() -> None:
    slow, said = Slow(), list[Message]()
    door = FreezeDoor(slow)  # type: ignore[arg-type]  # all that the door asks of it

    async def never() -> Message:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    async def hear(message: Message) -> None:
        said.append(message)

    scope = {"type": "http", "method": "GET", "path": "/api/freeze", "headers": [], "query_string": b""}
    async with asyncio.timeout(20):
        gone, stays = (asyncio.ensure_future(door(scope, never, hear)) for _ in range(2))
        await slow.begun.wait()
        gone.cancel()
        await asyncio.wait([gone])
        slow.let.set()
        await stays
    assert slow.asked == 1 and gone.cancelled()
    assert [message["status"] for message in said if "status" in message] == [200]


async def test_an_address_is_taken_without_the_blanks_around_it_and_with_nothing_else_beside_it(
    store: Database, serving: Serving
) -> None:
    await frozen_twice(store)
    async with serving("") as url:
        assert (await ask(url, change=f" {PULL} ")).json()["change"] == {"url": PULL, "allowed": True}
        for wrong in (f"{PULL} and more", f"<{PULL}>", f"{PULL}|this", f"{PULL}\n"):
            answer = await ask(url, change=f"{wrong}x")
            assert answer.status_code == 422 and "locked" not in answer.json(), wrong


async def test_whoever_stands_between_may_hand_an_answer_to_nobody_with_another_token_and_a_no_says_when_to_ask_again(
    serving: Serving, store: Database
) -> None:
    async with serving(TOKEN) as url:
        assert (await ask(url, bearer=TOKEN)).headers["vary"] == "Authorization"
    async with serve(store, FreezeDoor(Broken())) as url:  # type: ignore[arg-type]  # all that the door asks of it
        assert int((await ask(url)).headers["retry-after"]) > 0


async def test_a_bot_is_asked_from_afar_and_whatever_else_answers_is_no_answer(
    store: Database, serving: Serving
) -> None:
    await frozen_twice(store)
    async with serving(TOKEN) as url:
        told = await frozen(f"{url}/", token=TOKEN, change=PULL)
        assert told.locked and told.passes and told.since == NOW
        with pytest.raises(Refused, match="FREEZE_TOKEN"):
            await frozen(url, token="another")
        with pytest.raises(Refused, match="answered 404"):
            await frozen(f"{url}/elsewhere")
    with pytest.raises(TryLater, match="nothing answers"):
        await frozen("http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (200, "<html>Sign in</html>", "no Tocsin"),
        (200, '{"locked": false}', "no Tocsin"),
        (302, '{"locked": false, "says": "Production is not frozen."}', "answered 302"),
    ],
)
async def test_a_page_that_somebody_else_answers_with_is_never_taken_for_a_free_production(
    store: Database, status: int, body: str, why: str
) -> None:
    async with serve(store, SomebodyElse(status, body)) as url:
        with pytest.raises(Refused, match=why):
            await frozen(url)
