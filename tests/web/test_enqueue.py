"""PagerDuty's Events API v2: its own answers to what it would take, and to what it would not."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from adapters.web.accepting import FULL
from tests.web.conftest import Building
from tests.web.house import SECRET, House

PAYLOAD = {"summary": "disk full", "source": "db1", "severity": "critical"}
EVENT = {"routing_key": SECRET, "event_action": "trigger", "dedup_key": "disk/db1", "payload": PAYLOAD}


async def enqueue(home: House, event: Any, **headers: str) -> httpx.Response:
    """Send one event, without any other secret."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return await home.knock("/v2/enqueue", body, secret=None, **headers)


def refused(answer: httpx.Response) -> list[str]:
    """The errors of a refusal in PagerDuty's shape."""
    said = answer.json()
    assert (answer.status_code, said["status"], said["message"]) == (400, "invalid event", "Event object is invalid")
    assert said["error"]
    errors: list[str] = said["errors"]
    return errors


async def test_an_event_is_taken_and_answered_as_pagerduty_does(home: House) -> None:
    answer = await enqueue(home, EVENT)
    assert answer.status_code == 202
    assert answer.json() == {"status": "success", "message": "Event processed", "dedup_key": "disk/db1"}
    assert await home.depth() == 1 and home.woken == [True]
    assert await home.counted("events", "accepted") == 1


async def test_a_missing_dedup_key_is_made_up_for_a_trigger(home: House) -> None:
    nameless = {name: value for name, value in EVENT.items() if name != "dedup_key"}
    made = [(await enqueue(home, nameless)).json()["dedup_key"] for _ in range(2)]
    assert len(set(made)) == 1 and made[0], "sent twice, it is the same alert"
    assert await home.depth() == 2


async def test_the_key_may_come_as_a_header(home: House) -> None:
    event = {**EVENT, "routing_key": ""}
    answer = await home.knock("/v2/enqueue", json.dumps(event).encode(), secret=None, **{"X-Routing-Key": "guess"})
    assert "routing key" in refused(answer)[0]


@pytest.mark.parametrize("key", [None, "", 7, [SECRET], "guess", SECRET[:-1], SECRET + "x", "ü"])
async def test_a_wrong_routing_key_is_an_invalid_event_that_is_not_kept(home: House, key: object) -> None:
    assert refused(await enqueue(home, {**EVENT, "routing_key": key}))
    assert await home.depth() == 0 and await home.inbox.strange() == []
    assert await home.counted("events", "refused") == 1


async def test_the_other_ways_to_give_the_secret_do_not_count(home: House) -> None:
    body = json.dumps({**EVENT, "routing_key": "guess"}).encode()
    assert (await home.knock("/v2/enqueue", body)).status_code == 400


async def test_without_a_secret_set_the_door_is_closed(building: Building) -> None:
    async with building(general="", own={"events": "own"}) as closed:
        for key in ("", "own"):
            assert "WEBHOOK_SECRET" in refused(await enqueue(closed, {**EVENT, "routing_key": key}))[0]


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"7", b"{", b"\xff\xfe", b"[" * 99999, b'"\\ud800"'])
async def test_what_is_no_event_is_refused(home: House, body: bytes) -> None:
    answer = await enqueue(home, body)
    assert (answer.status_code, answer.json()["status"]) == (400, "Unrecognized object")
    assert "JSON" in answer.json()["errors"][0] and answer.json()["error"]
    assert await home.depth() == 0


async def test_each_fault_of_an_event_is_named_and_the_event_kept_without_its_key(home: House) -> None:
    errors = refused(await enqueue(home, {"routing_key": SECRET, "dedup_key": 7}))
    assert errors == ["'event_action' is missing or blank", "'dedup_key' must be a string"]
    [kept] = await home.inbox.strange()
    assert (kept.source, kept.why) == ("events", "; ".join(errors))
    assert json.loads(kept.body) == {"routing_key": "[secret]", "dedup_key": 7}
    assert await home.counted("events", "not understood") == 1


async def test_a_key_too_short_to_be_looked_for_is_not_kept_either(building: Building) -> None:
    async with building(general="key") as built:
        refused(await enqueue(built, {"routing_key": "key", "dedup_key": 7}))
        assert json.loads((await built.inbox.strange())[0].body)["routing_key"] == "[secret]"


async def test_a_full_inbox_is_said_as_pagerduty_says_it(home: House) -> None:
    home.inbox.holds = FULL
    answer = await enqueue(home, EVENT)
    assert (answer.status_code, answer.json()["status"]) == (429, "throttle exceeded")
    assert int(answer.headers["retry-after"]) > 0
    assert await home.counted("events", "full") == 1


async def test_only_post_a_sensible_size_and_a_database_that_answers(home: House) -> None:
    assert (await home.http.get("/v2/enqueue")).status_code == 405
    assert (await enqueue(home, b" " * 2_000_000)).status_code == 413
    home.inbox.away = True
    assert (await enqueue(home, EVENT)).status_code == 503
    home.inbox.away = False
    assert (await enqueue(home, EVENT)).status_code == 202
    assert await home.depth() == 1


async def test_events_and_webhooks_are_stored_together(home: House) -> None:
    both = [enqueue(home, EVENT) for _ in range(40)] + [home.knock() for _ in range(40)]
    assert {answer.status_code for answer in await asyncio.gather(*both)} == {202}
    assert sum(home.inbox.commits) == 80 and len(home.inbox.commits) <= 20
