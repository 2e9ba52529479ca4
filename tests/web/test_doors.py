"""The doors for alerts, knocked at over a real socket: what is taken, what is refused, and that nothing is lost."""

import asyncio
import gzip
import json
import logging
import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from starlette.types import Message

from adapters.web import requests
from adapters.web.accepting import FULL
from adapters.web.answers import TurnedAway
from tests.web.house import FIRING, SECRET, House

MIB = 1024 * 1024


async def test_an_alert_is_stored_before_its_sender_is_answered(home: House) -> None:
    answer = await home.knock()
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1})
    assert answer.headers["content-type"] == "application/json"
    assert await home.depth() == 1
    assert home.woken == [True]
    assert await home.counted("alertmanager", "accepted") == 1
    assert "tocsin_alert_inbox_depth 1.0" in (await home.http.get("/metrics")).text


async def test_a_test_that_tells_of_no_alert_is_welcome_and_leaves_nothing(home: House) -> None:
    answer = await home.knock("/alerts/pagerduty", b"{}")
    assert (answer.status_code, answer.json()) == (202, {"accepted": 0})
    assert await home.depth() == 0 and home.inbox.commits == []


async def test_a_slash_at_the_end_of_the_address_does_no_harm(home: House) -> None:
    assert (await home.knock("/alerts/alertmanager/")).status_code == 202


@pytest.mark.parametrize("path", ["/alerts/nagios", "/alerts/", "/alerts", "/alerts/events", "/alerts/Ä%00/x"])
async def test_an_unknown_sender_is_told_which_are_known(home: House, path: str) -> None:
    answer = await home.knock(path, secret=None)
    assert answer.status_code == 404
    assert "/alerts/alertmanager" in answer.json()["error"]
    assert "/alerts/events" not in answer.json()["error"].partition("Known")[2]
    assert await home.counted("unknown", "refused") == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "OPTIONS"])
async def test_only_post_is_answered(home: House, method: str) -> None:
    answer = await home.http.request(method, "/alerts/alertmanager")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    if method != "HEAD":
        assert "POST" in answer.json()["error"]


async def chunks(size: int) -> AsyncIterator[bytes]:
    """A body that does not say how large it will be."""
    for _ in range(size // 65536 + 1):
        yield b" " * 65536


async def test_a_huge_body_is_refused_whether_or_not_it_says_how_large_it_is(home: House) -> None:
    with pytest.raises(TurnedAway) as turned:
        await requests.read(asyncio.Queue[Message]().get, {"content-length": "9" * 5_000})
    assert turned.value.answer.status == 413
    for body in (b" " * (MIB + 1), chunks(2 * MIB)):
        answer = await home.knock(body=body)
        assert (answer.status_code, "1024 KiB" in answer.json()["error"]) == (413, True)
    assert (await home.knock()).status_code == 202, "the connection goes on"
    assert await home.depth() == 1


async def test_a_large_body_is_read_up_to_the_limit(home: House) -> None:
    assert (await home.knock(body=FIRING + b" " * (MIB - len(FIRING)))).status_code == 202
    assert (await home.knock(body=chunks(MIB // 2))).status_code == 422


async def test_what_nobody_understands_is_kept_for_the_operators_without_secrets(
    home: House, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps({"token": "xoxb-123456789-abcdef", "secret": SECRET, "more": "é\0" * 20000}, ensure_ascii=False)
    with caplog.at_level(logging.WARNING):
        answer = await home.knock(body=body.encode())
    assert answer.status_code == 422
    assert "Alertmanager" in answer.json()["error"], "it says what was expected"
    [kept] = await home.inbox.strange()
    assert (kept.source, kept.at, kept.why) == ("alertmanager", home.clock.now(), answer.json()["error"])
    assert kept.body.startswith('{"token": "[secret]", "secret": "[secret]"')
    assert 15_000 < len(kept.body.encode()) <= 16 * 1024
    assert await home.counted("alertmanager", "not understood") == 1
    assert await home.depth() == 0


GARBAGE = {
    "nothing": b"",
    "null": b"null",
    "list": b"[]",
    "object": b"{}",
    "cut off": FIRING[: len(FIRING) // 2],
    "utf-16": FIRING.decode().encode("utf-16"),
    "bytes": b"\xff\xfe\x00",
    "deep": b"[" * 99999,
}


@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE)
async def test_garbage_is_refused_with_what_was_expected_and_the_house_stands(home: House, body: bytes) -> None:
    answer = await home.knock(body=body)
    assert (answer.status_code, "expected" in answer.json()["error"]) == (422, True)
    assert (await home.knock()).json() == {"accepted": 1}
    assert await home.depth() == 1


async def test_of_what_nobody_understands_only_the_latest_hundred_are_kept(home: House) -> None:
    await asyncio.gather(*(home.knock(body=f"{number}".encode()) for number in range(130)))
    assert len(await home.inbox.strange(limit=500)) == 100


async def test_a_packed_body_is_unpacked(home: House) -> None:
    for encoding in ("gzip", "GZIP", "identity"):
        body = FIRING if encoding == "identity" else gzip.compress(FIRING)
        assert (await home.knock(body=body, **{"Content-Encoding": encoding})).status_code == 202


async def test_a_bomb_is_not_unpacked(home: House) -> None:
    bomb = gzip.compress(b" " * 200 * MIB)
    assert len(bomb) < MIB
    assert (await home.knock(body=bomb, **{"Content-Encoding": "gzip"})).status_code == 413


def test_a_bomb_takes_no_more_memory_than_a_body_may() -> None:
    bomb = gzip.compress(b" " * 64 * MIB)
    tracemalloc.start()
    with pytest.raises(TurnedAway):
        requests.unpacked(bomb, {"content-encoding": "gzip"})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MIB


@pytest.mark.parametrize(
    ("encoding", "body"), [("gzip", FIRING), ("gzip", gzip.compress(FIRING)[:-20]), ("br", FIRING)]
)
async def test_what_cannot_be_unpacked_is_not_understood(home: House, encoding: str, body: bytes) -> None:
    answer = await home.knock(body=body, **{"Content-Encoding": encoding})
    assert (answer.status_code, encoding in answer.json()["error"]) == (422, True)


async def test_a_packed_body_that_nobody_understands_is_kept_as_it_can_be_read(home: House) -> None:
    body = json.dumps({"token": "xoxb-123456789-abcdef", "more": "é" * 20000}, ensure_ascii=False).encode()
    answer = await home.knock(body=gzip.compress(body), **{"Content-Encoding": "gzip"})
    assert answer.status_code == 422
    [kept] = await home.inbox.strange()
    assert kept.body.startswith('{"token": "[secret]", "more": "éé')
    assert 15_000 < len(kept.body.encode()) <= 16 * 1024


async def test_a_sender_that_hangs_up_in_the_middle_leaves_nothing(home: House) -> None:
    head = f"POST /alerts/alertmanager?secret=x HTTP/1.1\r\nHost: h\r\nContent-Length: {len(FIRING)}\r\n\r\n"
    token = b"Authorization: Bearer " + SECRET.encode()
    for _ in range(5):
        _, writer = await asyncio.open_connection("127.0.0.1", home.port)
        writer.write(head.replace("?secret=x", "").encode()[:-2] + token + b"\r\n\r\n" + FIRING[:100])
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    assert (await home.knock(body=b"{}")).status_code == 422
    assert [kept.body for kept in await home.inbox.strange()] == ["{}"], "half a request is no request"
    assert (await home.knock()).json() == {"accepted": 1}
    assert await home.depth() == 1


async def test_a_body_that_never_ends_is_not_waited_for() -> None:
    async def receive() -> Message:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    with pytest.raises(TurnedAway) as turned:
        await requests.read(receive, {}, patience=0.01)
    assert turned.value.answer.status == 408


async def test_a_hundred_at_once_are_stored_in_a_few_transactions(home: House) -> None:
    found = await asyncio.gather(*(home.knock() for _ in range(100)))
    assert {answer.status_code for answer in found} == {202}
    assert await home.depth() == sum(home.inbox.commits) == 100
    assert len(home.inbox.commits) <= 25


async def test_a_full_inbox_refuses_with_a_time_to_come_again_and_is_asked_once_a_second(home: House) -> None:
    home.inbox.holds = FULL - 2
    assert [(await home.knock()).status_code for _ in range(4)] == [202, 202, 429, 429]
    assert home.inbox.asked == 1, "what was accepted since is added, without asking"
    answer = await home.knock()
    assert int(answer.headers["retry-after"]) > 0 and "20,000" in answer.json()["error"]
    assert await home.counted("alertmanager", "full") == 3
    home.inbox.holds = 0
    home.clock.forward(timedelta(milliseconds=100))
    assert (await home.knock()).status_code == 202, "nobody is refused for long once it is empty"
    assert await home.depth() == 3


async def test_an_inbox_with_room_left_is_counted_once_a_second_and_no_sooner(home: House) -> None:
    home.inbox.holds = 0
    for milliseconds, asked in ((0, 1), (900, 1), (100, 2), (100, 2)):
        home.clock.forward(timedelta(milliseconds=milliseconds))
        assert (await home.knock()).status_code == 202
        assert home.inbox.asked == asked


async def test_what_is_being_stored_while_the_inbox_is_counted_makes_it_no_fuller(home: House) -> None:
    home.inbox.holds = FULL - 1
    home.inbox.storing.clear()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        first = group.create_task(home.knock())
        while not home.inbox.commits:
            await asyncio.sleep(0)
        home.inbox.holds = 0
        home.clock.forward(timedelta(seconds=1))
        second = group.create_task(home.knock())
        while home.inbox.asked < 2:
            await asyncio.sleep(0)
        home.inbox.storing.set()
    assert [first.result().status_code, second.result().status_code] == [202, 202]
    assert (await home.knock()).status_code == 202, "two are waiting"
    assert home.inbox.asked == 2


async def test_while_the_database_is_away_nothing_is_taken_and_nothing_is_kept_twice(home: House) -> None:
    assert (await home.knock()).status_code == 202
    home.inbox.away = True
    found = await asyncio.gather(*(home.knock() for _ in range(30)))
    assert {answer.status_code for answer in found} == {503}
    assert all(int(answer.headers["retry-after"]) > 0 and "database" in answer.json()["error"] for answer in found)
    assert (await home.knock(body=b"{}")).status_code == 422, "what is wrong is said all the same"
    home.clock.forward(timedelta(seconds=2))
    assert (await home.knock()).status_code == 503
    home.inbox.away = False
    found = await asyncio.gather(*(home.knock() for _ in range(30)))
    assert {answer.status_code for answer in found} == {202}
    assert await home.depth() == 31
    assert await home.counted("alertmanager", "unsaved") == 31


async def test_alerts_let_people_go_first_but_do_not_wait_for_ever(home: House) -> None:
    home.quiet.clear()
    began = asyncio.get_running_loop().time()
    assert (await home.knock()).status_code == 202
    assert 0.09 < asyncio.get_running_loop().time() - began < 5
    waiting = asyncio.create_task(home.knock())
    home.quiet.set()
    assert (await waiting).status_code == 202
