"""Told by webhook: how one subscribes and ends it, what comes in which order, what is tried again."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.database import Database
from adapters.health.addresses import Addresses
from adapters.health.asking import client
from adapters.health.pinned import INSIDE
from adapters.keys import Keyring
from adapters.publicpage.adapter import PublicPage
from adapters.publicpage.courier import Courier
from adapters.publicpage.posting import Posting, fault
from adapters.publicpage.press import Press
from adapters.publicpage.settings import PageSettings
from adapters.publicpage.subscribing import BURST, EVERY
from adapters.sandbox.clock import SandboxClock
from adapters.web.metrics import Metrics
from adapters.web.server import WebServer
from bot.progress import PublicStage
from bot.public import PublicIncident
from bot.subscriptions import FIRST_WAIT, LEASE, LONGEST_WAIT, PATIENCE, Reached, Subscription
from tests.database.build import NOW
from tests.database.conftest import database, opening, url
from tests.support.postgres import postgres_server
from tests.support.published import ADDRESS, ALL, ARABIC, LATE, OUTAGE, Shelf
from tests.support.subscriber import Subscriber
from tests.support.town import SystemReadiness

__all__ = ["database", "opening", "postgres_server", "url"]

SECOND = timedelta(seconds=1)
KEYS = Keyring(["the-secret-key-of-this-page"])


class House:
    """The whole page over a real database of subscriptions and a shelf of incidents, served on this machine."""

    def __init__(self, folder: Path, database: Database, *, hosts: str = "127.0.0.1", most: int = 3) -> None:
        self.shelf, self.clock, self.subscriptions = Shelf(*ALL), SandboxClock(NOW), database.subscriptions
        self.reader = self.shelf
        self._addresses = Addresses()
        self._http = client(self._addresses)
        settings = PageSettings(
            status_page="on", status_page_dir=folder / "status", status_page_subscribers=most,
            status_page_hosts=hosts, public_url="https://tocsin.example",
        )  # fmt: skip
        self.posting = Posting(self._http, extension=INSIDE, inside=settings.inside)
        self.page = PublicPage(self, self.posting, self.clock, keys=KEYS, settings=settings, components=())  # type: ignore[arg-type]  # all that it asks
        self.press: Press = self.page._press
        self.press.read(ADDRESS)
        self.press.open()
        self.courier: Courier = self.page._courier
        self.web = WebServer(
            host="127.0.0.1", port=0, readiness=SystemReadiness(), metrics=Metrics(), reader=database.reader,
            ledger=database.ledger("w"), early=self.page.routes(),
        )  # fmt: skip

    async def __aenter__(self) -> "House":
        await self.press.look()
        await self.web.start()
        self.asks = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.web.port}", trust_env=False)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.asks.aclose()
        await self.web.stop()
        await self._http.aclose()
        self._addresses.close()

    async def subscribe(self, url: object) -> httpx.Response:
        """As a program does."""
        return await self.asks.post("/status/subscriptions", json={"url": url})

    async def tell(self, number: int, incident: PublicIncident, text: str, stage: PublicStage) -> PublicIncident:
        """Customers are told another text of an incident; the press sees it."""
        last = incident.updates[-1]
        new = last.model_copy(update={"id": last.id + 1, "at": self.clock.now(), "text": text, "stage": stage})
        more = incident.model_copy(update={"updates": (*incident.updates, new)})
        self.shelf.put(number, more)
        await self.press.look()
        return more

    async def later(self, by: timedelta) -> None:
        """The next look after some time."""
        self.clock.forward(by)
        await self.press.look()
        await self.courier.round()

    async def kept(self) -> list[Subscription]:
        """The subscriptions."""
        return await self.subscriptions.all()


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """With an empty list of subscriptions, on each database in turn."""
    async with House(tmp_path, database) as made:
        yield made


@pytest.fixture
async def subscriber() -> AsyncIterator[Subscriber]:
    """One that is well."""
    async with Subscriber() as made:
        yield made


async def test_who_proves_the_address_is_told_every_text_from_then_on_in_order_signed(
    house: House, subscriber: Subscriber
) -> None:
    answer = await house.subscribe(subscriber.url)
    told = answer.json()
    assert answer.status_code == 201 and "127.0.0.1" in told["says"] and answer.headers["cache-control"] == "no-store"
    assert subscriber.got[0].said["type"] == "verification" and subscriber.got[0].signed(told["secret"])
    await house.courier.round()
    assert subscriber.texts == [], "what was told before is not sent"

    more = await house.tell(1, OUTAGE, "It gets better.", PublicStage.MONITORING)
    await house.tell(1, more, "It is over.", PublicStage.RESOLVED)
    await house.courier.round()
    assert subscriber.texts == ["It gets better.", "It is over."]
    first, second = subscriber.got[1:]
    assert first.signed(told["secret"]) and second.signed(told["secret"]) and not second.signed("another")
    assert first.said["incident"]["status"] == "monitoring" and second.said["incident"]["status"] == "resolved"
    assert first.said["page"]["status_description"] == "All systems operational"
    assert first.said["meta"]["unsubscribe"] == told["unsubscribe"]
    assert told["unsubscribe"].startswith(f"{ADDRESS}subscriptions/")
    assert first.headers["x-tocsin-delivery"] != second.headers["x-tocsin-delivery"]
    await house.later(timedelta(days=1))
    assert len(subscriber.texts) == 2


async def test_a_text_of_a_new_incident_and_of_an_old_one_each_come_once_with_two_replicas(
    house: House, subscriber: Subscriber
) -> None:
    await house.subscribe(subscriber.url)
    await house.tell(9, LATE.model_copy(update={"mark": "00000000-0000-4000-8000-000000000009"}), "new", LATE.stage)
    other = Courier(house.subscriptions, house.posting, house.clock, keys=KEYS, edition=house.press.known)
    await asyncio.gather(house.courier.round(), other.round())
    assert sorted(subscriber.texts) == sorted([*(one.text for one in LATE.updates), "new"])
    assert subscriber.texts == [*(one.text for one in LATE.updates), "new"]


async def test_an_address_that_fails_is_tried_again_later_and_later_and_catches_up_in_order(
    house: House, subscriber: Subscriber
) -> None:
    await house.subscribe(subscriber.url)
    subscriber.status = 500
    more = await house.tell(1, OUTAGE, "one", PublicStage.MONITORING)
    await house.courier.round()
    await house.tell(1, more, "two", PublicStage.RESOLVED)
    await house.later(FIRST_WAIT - SECOND)
    assert subscriber.texts == ["one"]
    await house.later(SECOND)
    assert subscriber.texts == ["one", "one"]
    (kept,) = await house.kept()
    assert (kept.failures, kept.try_at, kept.failing_since) == (2, house.clock.now() + 2 * FIRST_WAIT, NOW)
    subscriber.status = 204
    await house.later(2 * FIRST_WAIT)
    assert subscriber.texts == ["one", "one", "one", "two"]
    (kept,) = await house.kept()
    assert (kept.failures, kept.failing_since, kept.try_at, kept.claimed_until) == (0, None, None, None)


async def test_one_that_fails_for_a_week_is_ended(house: House, subscriber: Subscriber) -> None:
    await house.subscribe(subscriber.url)
    subscriber.status = 503
    await house.tell(1, OUTAGE, "one", PublicStage.MONITORING)
    await house.courier.round()
    await house.later(PATIENCE - SECOND)
    assert len(await house.kept()) == 1
    await house.later(LONGEST_WAIT)
    assert await house.kept() == []


async def test_one_that_answers_gone_is_ended_at_once(house: House, subscriber: Subscriber) -> None:
    await house.subscribe(subscriber.url)
    subscriber.status = 410
    await house.tell(1, OUTAGE, "one", PublicStage.MONITORING)
    await house.courier.round()
    assert await house.kept() == []


async def test_one_that_fails_holds_up_no_other(house: House, subscriber: Subscriber) -> None:
    async with Subscriber() as broken:
        await house.subscribe(broken.url)
        await house.subscribe(subscriber.url)
        broken.status = 500
        await house.tell(1, OUTAGE, "one", PublicStage.MONITORING)
        await house.courier.round()
        assert (broken.texts, subscriber.texts) == (["one"], ["one"])


async def test_what_a_dead_replica_had_in_hand_is_sent_when_its_lease_is_over(
    house: House, subscriber: Subscriber
) -> None:
    await house.subscribe(subscriber.url)
    (kept,) = await house.kept()
    assert await house.subscriptions.claim(kept.id, now=NOW) is not None
    assert await house.subscriptions.claim(kept.id, now=NOW) is None
    await house.tell(1, OUTAGE, "one", PublicStage.MONITORING)
    await house.courier.round()
    await house.later(LEASE - SECOND)
    assert subscriber.texts == []
    await house.later(SECOND)
    assert subscriber.texts == ["one"]


async def test_nothing_is_sent_while_the_database_is_away(house: House, subscriber: Subscriber) -> None:
    await house.subscribe(subscriber.url)
    house.shelf.away = True
    await house.later(SECOND)
    answer = await house.subscribe(subscriber.url)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    (kept,) = await house.kept()
    assert (await house.asks.get(f"/status/subscriptions/{kept.id}")).status_code == 503


@pytest.mark.parametrize("how", ["no proof", "500", "nobody", "elsewhere", "https://xn--a/", "x:y"])
async def test_an_address_that_does_not_prove_itself_is_not_kept(
    house: House, subscriber: Subscriber, how: str
) -> None:
    url = subscriber.url
    match how:
        case "no proof":
            subscriber.proves = False
        case "500":
            subscriber.status = 500
        case "nobody":
            url = "http://127.0.0.1:9/"
        case "elsewhere":
            subscriber.status, subscriber.location = 302, subscriber.url
        case nowhere:
            subscriber.status, subscriber.location = 302, nowhere
    answer = await house.subscribe(url)
    assert answer.status_code == 422 and "verification" in answer.json()["error"]
    assert await house.kept() == []


async def test_nobody_who_is_not_public_is_called(tmp_path: Path, database: Database, subscriber: Subscriber) -> None:
    async with House(tmp_path, database, hosts="") as house:
        for url in (f"https://127.0.0.1:{subscriber.port}/", f"https://localhost:{subscriber.port}/",
                    f"https://[::1]:{subscriber.port}/", f"https://[::ffff:127.0.0.1]:{subscriber.port}/",
                    "https://169.254.169.254/latest/meta-data"):  # fmt: skip
            answer = await house.subscribe(url)
            assert answer.status_code == 422 and "verification" in answer.json()["error"], url
        assert (await house.subscribe(subscriber.url)).json() == {"error": "The address has to begin with https://."}
        assert subscriber.got == []


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://example.com/hook", ""),
        ("http://inside.example/hook", ""),
        ("http://example.com/", "https://"),
        ("ftp://inside.example/", "https://"),
        ("example.com", "https://"),
        ("https://", "host"),
        ("https://user:secret@example.com/", "password"),
        ("https://example.com/#part", "#"),
        ("https://exa mple.com/", "address"),
        ("https://example.com:port/", "address"),
        ("https://[::1/", "address"),
        ("https://xn--a/", "address"),
        (f"https://example.com/{'x' * 500}", "too long"),
        ("https://example.com/\r\nHost: evil", "address"),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(url: str, says: str) -> None:
    found = fault(url, inside={"inside.example"})
    assert (found == "") if not says else (says in found), found


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"url": 3}', b'{"url": " "}', b"\xff"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
async def test_nonsense_is_refused_in_words(house: House, body: bytes, kind: str) -> None:
    answer = await house.asks.post("/status/subscriptions", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 422 and "Give an address" in answer.text


async def test_too_much_is_not_read(house: House) -> None:
    assert (await house.subscribe("https://example.com/" + "x" * 5000)).status_code == 413


async def test_only_so_many_at_once_and_only_so_many_in_all(house: House, subscriber: Subscriber) -> None:
    answers = [(await house.subscribe(f"{subscriber.url}&{place}")).status_code for place in range(BURST + 1)]
    assert answers == [201, 201, 201, 403, 403, 403, 429]
    house.clock.forward(timedelta(seconds=EVERY))
    again = await house.subscribe(f"{subscriber.url}&0")
    assert again.status_code == 201, "one that is known already takes no more room"
    assert len(await house.kept()) == 3


async def test_a_second_time_the_same_address_gets_another_secret_and_is_sent_each_text_once(
    house: House, subscriber: Subscriber
) -> None:
    first, second = [(await house.subscribe(subscriber.url)).json() for _ in range(2)]
    assert first["secret"] != second["secret"]
    await house.tell(1, OUTAGE, "one", PublicStage.MONITORING)
    await house.courier.round()
    assert subscriber.texts == ["one"] and subscriber.got[-1].signed(second["secret"])


async def test_by_form_the_secret_is_shown_once_and_the_link_asks_before_it_ends(
    house: House, subscriber: Subscriber
) -> None:
    page = (await house.asks.get("/status/")).text
    assert 'action="subscriptions"' in page
    answer = await house.asks.post("/status/subscriptions", data={"url": subscriber.url})
    assert answer.status_code == 201 and answer.headers["content-type"].startswith("text/html")
    (kept,) = await house.kept()
    secret = kept.reached(KEYS).secret
    assert secret in answer.text and "script" not in answer.headers["content-security-policy"]
    found = re.search(r"/status/subscriptions/[\w-]{32}", answer.text)
    assert found is not None and found[0].endswith(kept.id)

    looked = await house.asks.get(found[0])
    assert looked.status_code == 200 and "Send nothing more to 127.0.0.1?" in looked.text
    assert subscriber.url not in looked.text and secret not in looked.text
    assert (await house.asks.head(found[0])).status_code == 200
    assert len(await house.kept()) == 1, "a program that looks at links ends nothing"
    assert "Nothing more is sent." in (await house.asks.post(found[0])).text
    assert await house.kept() == [] and (await house.asks.get(found[0])).status_code == 404


async def test_neither_the_address_nor_the_secret_is_kept_in_the_open(house: House, subscriber: Subscriber) -> None:
    secret = (await house.subscribe(subscriber.url)).json()["secret"]
    (kept,) = await house.kept()
    assert secret not in repr(kept) and "127.0.0.1" not in repr(kept)
    assert kept.reached(KEYS) == Reached(url=subscriber.url, secret=secret)


async def test_one_that_another_key_sealed_is_ended(house: House, subscriber: Subscriber) -> None:
    await house.subscribe(subscriber.url)
    await house.tell(1, OUTAGE, "one", PublicStage.MONITORING)
    other = Keyring(["another-key-altogether"])
    await Courier(house.subscriptions, house.posting, house.clock, keys=other, edition=house.press.known).round()
    assert (subscriber.texts, await house.kept()) == ([], [])


async def test_a_program_ends_it_with_delete(house: House, subscriber: Subscriber) -> None:
    told = (await house.subscribe(subscriber.url)).json()
    path = httpx.URL(told["unsubscribe"]).path
    assert (await house.asks.delete(path)).json() == {"says": "Nothing more is sent."}
    assert (await house.asks.delete(path)).status_code == 404
    await house.tell(1, OUTAGE, "one", PublicStage.MONITORING)
    await house.courier.round()
    assert subscriber.texts == []


@pytest.mark.parametrize("id", ["x", "../../x", "x" * 32, "%00" * 11])
async def test_an_id_that_is_none_ends_nothing(house: House, subscriber: Subscriber, id: str) -> None:
    await house.subscribe(subscriber.url)
    assert (await house.asks.delete(f"/status/subscriptions/{id}")).status_code in (404, 405)
    assert len(await house.kept()) == 1


async def test_where_nobody_may_subscribe_there_is_no_form_and_no_door(tmp_path: Path, database: Database) -> None:
    async with House(tmp_path, database, most=0) as house:
        assert "<form" not in (await house.asks.get("/status/")).text
        assert (await house.subscribe("https://example.com/")).status_code == 405


def test_the_waits_grow_to_an_hour() -> None:
    one = Subscription("id", "digest", "sealed")
    waits: list[Any] = []
    for _ in range(9):
        failed = one.failed(NOW)
        assert failed is not None and failed.try_at is not None
        one, waits = failed, [*waits, failed.try_at - NOW]
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT] and waits[-1] == LONGEST_WAIT
    assert replace(one, failing_since=NOW - PATIENCE).failed(NOW) is None


def test_what_is_owed_is_what_was_told_and_not_sent_in_the_order_of_telling() -> None:
    one = Subscription("id", "u", "s", sent={OUTAGE.mark: 1})
    owed = one.owed([OUTAGE, ARABIC])
    assert [update.text for _, update in owed] == [
        update.text for update in (*ARABIC.updates, *OUTAGE.updates[1:])
    ]  # fmt: skip
    assert [len(incident.updates) for incident, _ in owed] == [1, 2, 2, 3]
