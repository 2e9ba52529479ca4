"""On-call as iCalendar feeds: strict to RFC 5545, the same events for ever, and only for whoever has the address."""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from starlette.applications import Starlette

from adapters.calendar.door import CalendarDoor
from adapters.calendar.writing import write
from adapters.keys import Keyring
from adapters.sandbox.clock import SandboxClock
from bot import feeds
from bot.errors import TryLater
from bot.feeds import Entry
from bot.playbook.shape import Playbook
from bot.rotations import Override, shifts
from tests.support.hostile import HOSTILE
from tests.support.story import acquainted

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
BASE = "https://tocsin.example"
ROTATION: dict[str, Any] = {
    "name": "primary",
    "title": "On call",
    "people": ["ana", "bo", "cleo"],
    "starts": "2026-01-05",
    "at": "09:00",
    "timezone": "Europe/Madrid",
}
NIGHTS: dict[str, Any] = ROTATION | {
    "name": "nights",
    "title": "Nights",
    "people": ["ana", "dmitri"],
    "at": "18:00",
    "hours": [{"from": "18:00", "until": "08:00"}],
}


class Rota:
    """A reader that knows these overrides."""

    def __init__(self, *stand: Override) -> None:
        self.stand = list(stand)
        self.gone = False

    async def overrides(self, playbook: str, *, since: datetime, until: datetime) -> Sequence[Override]:
        if self.gone:
            raise TryLater("database", unreachable=True)
        return self.stand


def override(id: int, person: str, begins: datetime, hours: float) -> Override:
    """Somebody stands in."""
    ends = begins + timedelta(hours=hours)
    return Override(rotation="primary", person=person, begins=begins, ends=ends, id=id, playbook="default")


def playbook(*rotations: dict[str, Any]) -> Playbook:
    """A playbook with rotations."""
    return acquainted(rotations=list(rotations or (ROTATION, NIGHTS)))


def door(
    rota: Rota, *, of: Playbook | None = None, keys: tuple[str, ...] = ("k",), now: datetime = NOW
) -> CalendarDoor:
    """The door to these rotations."""
    clock = SandboxClock(now)
    return CalendarDoor(rota, [of or playbook()], keys=Keyring(keys), clock=clock, base=BASE)  # type: ignore[arg-type]


def asking(one: CalendarDoor) -> httpx.AsyncClient:
    """Whoever subscribes."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=one.routes())), base_url=BASE)


@pytest.fixture
async def primary() -> AsyncIterator[tuple[CalendarDoor, httpx.AsyncClient, Rota]]:
    rota = Rota()
    made = door(rota)
    async with asking(made) as http:
        yield made, http, rota


def strict(body: bytes) -> list[dict[str, str]]:
    """The events of a feed, each property by its name; checks what RFC 5545 asks of a text."""
    assert body.endswith(b"END:VCALENDAR\r\n") and b"\n" not in body.replace(b"\r\n", b""), "CRLF ends every line (3.1)"
    assert b"\r" not in body.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in body.split(b"\r\n")), "no line is longer than 75 octets (3.1)"
    text = body.decode()
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text), "no control characters (3.3.11)"
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines.count("VERSION:2.0") == 1
    assert sum(line.startswith("PRODID:") for line in lines) == 1
    events: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and not line.startswith("END:"):
            name, _, value = line.partition(":")
            assert name not in events[-1], "each property once (3.6.1)"
            events[-1][name] = value
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= event.keys()
        assert all(re.fullmatch(r"\d{8}T\d{6}Z", event[name]) for name in ("DTSTAMP", "DTSTART", "DTEND"))
        assert event["DTSTART"] < event["DTEND"]
    uids = [event["UID"] for event in events]
    assert len(uids) == len(set(uids)), "a UID names one event (3.8.4.7)"
    return events


def read(body: bytes) -> list[tuple[datetime, datetime, str]]:
    """As the library reads it back."""
    found = Calendar.from_ical(body).walk("VEVENT")
    return [(getattr(e["DTSTART"], "dt"), getattr(e["DTEND"], "dt"), str(e["SUMMARY"])) for e in found]  # noqa: B009


async def test_a_rotations_feed_is_its_final_schedule_without_a_hole(
    primary: tuple[CalendarDoor, httpx.AsyncClient, Rota],
) -> None:
    one, http, rota = primary
    rota.stand = [override(3, "esha", datetime(2026, 11, 28, 9, tzinfo=UTC), 5)]
    answer = await http.get(one.of_rotation("default", "primary"))
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/calendar; charset=utf-8"
    strict(answer.content)
    found = read(answer.content)
    assert found[0][0] <= NOW - feeds.BACK + timedelta(days=1) and found[-1][1] >= NOW + feeds.AHEAD - timedelta(days=1)
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert (
        datetime(2026, 11, 28, 9, tzinfo=UTC),
        datetime(2026, 11, 28, 14, tzinfo=UTC),
        "Esha Rao is on call: On call",
    ) in found
    handovers = {begins.astimezone(ZoneInfo("Europe/Madrid")).hour for begins, _, who in found if "Esha" not in who}
    assert handovers == {9, 15}, "09:00 in Madrid on both sides of summer time; 15:00 is the end of the override"


async def test_one_who_stands_in_and_whom_the_playbook_does_not_know_counts_here_as_little_as_for_pages(
    primary: tuple[CalendarDoor, httpx.AsyncClient, Rota],
) -> None:
    one, http, rota = primary
    plain = await http.get(one.of_rotation("default", "primary"))
    rota.stand = [override(3, "stranger", datetime(2026, 11, 28, 9, tzinfo=UTC), 5)]
    assert (await http.get(one.of_rotation("default", "primary"))).content == plain.content


async def test_gaps_are_events_that_say_so(primary: tuple[CalendarDoor, httpx.AsyncClient, Rota]) -> None:
    one, http, _ = primary
    answer = await http.get(one.of_rotation("default", "nights"))
    events = strict(answer.content)
    titles = {event["SUMMARY"] for event in events}
    assert titles == {"Nobody is on call: Nights", "Ana Reyes is on call: Nights", "Dmitri Petrov is on call: Nights"}
    assert any(event["DESCRIPTION"].startswith("A gap in default: outside its hours") for event in events)


async def test_a_persons_feed_has_all_their_turns_of_every_rotation_and_no_others(
    primary: tuple[CalendarDoor, httpx.AsyncClient, Rota],
) -> None:
    one, http, rota = primary
    rota.stand = [override(3, "ana", datetime(2026, 12, 2, 9, tzinfo=UTC), 5)]
    answer = await http.get(one.of_person("ana"))
    strict(answer.content)
    assert {title for *_, title in read(answer.content)} == {"On call: On call", "On call: Nights"}
    mine = [
        (shift.begins, shift.ends)
        for rotation in playbook().rotations
        for shift in shifts(rotation, zone="UTC", overrides=rota.stand, since=NOW, until=NOW + timedelta(days=60))
        if shift.person == "ana" and shift.begins > NOW and shift.ends < NOW + timedelta(days=60)
    ]
    assert set(mine) <= {(begins, ends) for begins, ends, _ in read(answer.content)} and len(mine) > 10
    assert not read((await http.get(one.of_person("finn"))).content), "a calendar without turns is empty, and there"


def uids(entries: list[Entry]) -> dict[str, tuple[datetime, datetime]]:
    return {entry.name: (entry.begins, entry.ends) for entry in entries}


def entries(rotation: dict[str, Any], *stand: Override, now: datetime = NOW) -> dict[str, tuple[datetime, datetime]]:
    made = playbook(rotation)
    return uids(feeds.of_rotation(made, made.rotations[0], stand, now=now))


def test_a_hand_over_that_moves_moves_its_event_and_doubles_none() -> None:
    before, after = entries(ROTATION), entries(ROTATION | {"at": "17:30"})
    assert before.keys() == after.keys() and before != after


def test_an_event_keeps_its_name_from_day_to_day_and_under_an_override() -> None:
    before = entries(ROTATION)
    for days in (1, 6, 7, 20):
        later = entries(ROTATION, now=NOW + timedelta(days=days))
        assert all(before[name] == span for name, span in later.items() if name in before)
        assert len(before.keys() & later.keys()) >= len(before) - 4
    covered = entries(ROTATION, override(9, "esha", datetime(2026, 12, 2, 9, tzinfo=UTC), 5))
    assert before.keys() < covered.keys()
    more = covered.keys() - before.keys()
    assert len(more) == 2 and any("override-9" in name for name in more), "the override, and the rest of the turn"


@settings(max_examples=25, deadline=None)
@given(
    st.datetimes(datetime(2024, 2, 1), datetime(2029, 3, 1)),
    st.sampled_from([ROTATION, NIGHTS, NIGHTS | {"timezone": "Asia/Kolkata"}, ROTATION | {"turn": "daily"}]),
)
def test_names_are_unique_at_every_moment(moment: datetime, rotation: dict[str, Any]) -> None:
    made = playbook(rotation | {"starts": "2023-01-02"})
    found = feeds.of_rotation(made, made.rotations[0], (), now=moment.replace(tzinfo=UTC))
    assert len({entry.name for entry in found}) == len(found)
    strict(write(found, title="x", day=moment.replace(tzinfo=UTC)))


@pytest.mark.parametrize("words", [*HOSTILE, "ü" * 300, "a\r\nEND:VEVENT\r\nBEGIN:VALARM", "x;,\\n:\"'" * 20])
def test_whatever_a_title_holds_the_feed_stays_whole(words: str) -> None:
    made = playbook(ROTATION | {"title": words or "x"})
    body = write(feeds.of_rotation(made, made.rotations[0], (), now=NOW), title=words, day=NOW)
    assert len(strict(body)) == len(read(body)) > 20
    assert Calendar.from_ical(body).walk("VALARM") == []


async def test_what_a_client_has_already_is_not_sent_again(
    primary: tuple[CalendarDoor, httpx.AsyncClient, Rota],
) -> None:
    one, http, rota = primary
    url = one.of_rotation("default", "primary")
    first = await http.get(url)
    tag, since = first.headers["etag"], first.headers["last-modified"]
    for headers in ({"If-None-Match": tag}, {"If-None-Match": f'W/{tag}, "x"'}, {"If-Modified-Since": since}):
        answer = await http.get(url, headers=headers)
        assert (answer.status_code, answer.content) == (304, b"") and answer.headers["etag"] == tag
    rota.stand = [override(3, "esha", datetime(2026, 11, 28, 9, tzinfo=UTC), 5)]
    one._clock.forward(timedelta(minutes=5))  # type: ignore[attr-defined]
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": since}, {"If-Modified-Since": "soon"},
                    {"If-Modified-Since": "Wed, 01 Jan 99999999999999999 00:00:00 GMT"}):  # fmt: skip
        answer = await http.get(url, headers=headers)
        assert answer.status_code == 200 and answer.headers["etag"] != tag


async def test_without_its_token_nothing_is_told(primary: tuple[CalendarDoor, httpx.AsyncClient, Rota]) -> None:
    one, http, _ = primary
    person, rotation = one.of_person("ana"), one.of_rotation("default", "primary")
    token = person.rsplit("/", 1)[1].removesuffix(".ics")
    wrong = [
        f"{BASE}/oncall/primary.ics",
        rotation.replace("primary.ics", "nights.ics"),
        rotation[:-2],
        f"{BASE}/oncall/primary.ics?token={token}",
        f"{BASE}/oncall/people/ana.ics",
        f"{BASE}/oncall/people/{token[:-3]}AAA.ics",
        f"{BASE}/oncall/people/{rotation.rpartition('token=')[2]}.ics",
        f"{BASE}/oncall/people/{'A' * 5000}.ics",
        f"{BASE}/oncall/people/é.{token}.ics",
        door(Rota(), keys=("other",)).of_person("ana"),
        one.of_person("nobody"),
    ]
    answers = [await http.get(url) for url in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1, "what is wrong cannot be told from what is not there"
    assert (await http.post(person)).status_code == 405


async def test_a_key_that_was_replaced_is_still_read() -> None:
    old = door(Rota(), keys=("old",)).of_person("ana")
    async with asking(door(Rota(), keys=("new", "old"))) as http:
        assert (await http.get(old)).status_code == 200


async def test_while_the_database_is_away_calendars_are_asked_to_come_again(
    primary: tuple[CalendarDoor, httpx.AsyncClient, Rota],
) -> None:
    one, http, rota = primary
    rota.gone = True
    answer = await http.get(one.of_person("ana"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60") and "error" in answer.json()
