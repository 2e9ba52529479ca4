"""``tocsin oncall import``: a schedule kept elsewhere becomes rotations that a person reads and commits."""

import asyncio
import contextlib
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from adapters.calendar import importing, reading
from adapters.terminal.app import build
from bot.composition import Tocsin
from bot.errors import Mistake
from bot.importing.found import Schedule
from bot.importing.writing import write
from bot.people import Person
from bot.playbook.escalation import Rotation
from bot.rotations import on_call
from bot.settings import Settings
from tests.support.schedules import TOKEN, FakePagerDuty, grafana, local, pagerduty, ruled, turns
from tests.support.story import acquainted
from tests.support.wires import Fault, Wrong

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LA = "America/Los_Angeles"
TEAM = ("Ana Reyes", "Bo Lindqvist", "Zoë Quinn")


def read(feed: str, *zones: str, only: bool = False) -> Schedule:
    """What a feed's events follow."""
    return importing.calendar(feed.encode(), zones=zones or (LA,), only=only, now=NOW)


def yaml(schedule: Schedule, **changes: Any) -> dict[str, Any]:
    """What is printed of it, as it is read from a playbook."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(write(schedule, acquainted(**changes), source="a feed"))
    return found


def run(*words: str) -> Result:
    """``tocsin oncall import`` with these words."""
    return CliRunner().invoke(build(Tocsin(Settings(playbook="default"))), ["oncall", "import", *words])


# Feeds


def test_weekly_turns_are_found_across_a_change_to_winter_time_in_the_zone_of_a_person() -> None:
    weeks = turns(TEAM, first=local(2026, 10, 4, 18, zone=LA), days=7, count=14)
    found = yaml(read(pagerduty(weeks), "Europe/Berlin", LA))
    (rotation,) = found["rotations"]
    assert (rotation["turn"], rotation["day"], rotation["at"], rotation["timezone"]) == ("weekly", "sun", "18:00", LA)
    assert rotation["starts"] == date(2026, 10, 4) and "hours" not in rotation
    assert rotation["people"] == ["ana", "bo", "zoe"], "those whom the playbook knows under their own keys"
    assert found["people"] == [{"key": "zoe", "name": "Zoë Quinn"}]


def test_daily_turns_are_daily_and_the_feed_may_begin_and_end_within_one() -> None:
    days = turns(TEAM, first=local(2026, 11, 2, 9, zone=LA), days=1, count=40)
    days[0] = (days[0][0], days[0][1] + timedelta(hours=3, minutes=17), days[0][2])
    days[-1] = (days[-1][0], days[-1][1], days[-1][2] - timedelta(hours=5, minutes=2))
    made = read(pagerduty(days))
    (rotation,) = yaml(made)["rotations"]
    assert (rotation["turn"], rotation["at"]) == ("daily", "09:00") and len(rotation["people"]) == 3
    assert not made.remarks


def test_working_hours_become_hours_on_their_days() -> None:
    days = [
        (TEAM[place // 7 % 2], begins, begins + timedelta(hours=8))
        for place in range(56)
        if (begins := local(2026, 11, 2, 9, zone=LA) + timedelta(days=place)).weekday() < 5
    ]
    (rotation,) = yaml(read(pagerduty(days)))["rotations"]
    assert rotation["hours"] == [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "until": "17:00"}]
    assert (rotation["turn"], rotation["people"]) == ("weekly", ["ana", "bo"])


def test_day_and_night_by_different_people_are_two_layers() -> None:
    halves = []
    for place in range(80):
        begins = local(2026, 10, 26, 8, zone=LA) + timedelta(hours=12 * place)
        team = (TEAM[0], TEAM[1]) if place % 2 == 0 else (TEAM[2], "Dee")
        halves.append((team[place // 14 % 2], begins, begins + timedelta(hours=12)))
    (rotation,) = yaml(read(pagerduty(halves)))["rotations"]
    assert [layer["at"] for layer in rotation["layers"]] == ["20:00", "08:00"]
    assert [layer["people"] for layer in rotation["layers"]] == [["zoe", "dee"], ["ana", "bo"]]
    assert [layer["hours"][0]["until"] for layer in rotation["layers"]] == ["08:00", "20:00"]


def test_whoever_stands_in_is_named_and_does_not_spoil_the_order() -> None:
    weeks = turns(TEAM, first=local(2026, 10, 4, 18, zone=LA), days=7, count=20)
    who, begins, ends = weeks[4]
    noon = begins + timedelta(days=2, hours=3)
    until = noon + timedelta(hours=4)
    weeks[4:5] = [(who, begins, noon), ("Dee", noon, until), (who, until, ends)]
    weeks[12] = ("Dee", *weeks[12][1:])
    made = read(pagerduty(weeks))
    (rotation,) = yaml(made)["rotations"]
    assert rotation["people"] == ["ana", "bo", "zoe"]
    assert any("Dee from 2026-11-03 21:00 to 2026-11-04 01:00" in one for one in made.remarks)
    assert any("Dee has the turn of Bo Lindqvist" in one for one in made.remarks), made.remarks
    assert len(made.remarks) == 2


def test_levels_of_grafana_are_layers_and_the_higher_number_stands_over_the_lower() -> None:
    first = local(2026, 11, 2, 9, zone=LA)
    events = [("L1", who, begins, ends) for who, begins, ends in turns(TEAM, first=first, days=7, count=8)]
    events += [("L2", who, begins, ends) for who, begins, ends in turns(TEAM[1:], first=first, days=7, count=8)]
    (rotation,) = yaml(read(grafana(events)))["rotations"]
    assert [layer["name"] for layer in rotation["layers"]] == ["l1", "l2"]
    assert [layer["people"] for layer in rotation["layers"]] == [["ana", "bo", "zoe"], ["bo", "zoe"]]


@pytest.mark.parametrize("which", ["weekly", "daily", "halves", "office"])
def test_what_is_printed_puts_on_call_whom_the_feed_does(which: str) -> None:
    first = local(2026, 10, 5, 9, zone=LA)
    events = {
        "weekly": turns(TEAM, first=first, days=7, count=12),
        "daily": turns(TEAM, first=first, days=1, count=60),
        "halves": [
            (
                TEAM[place // 14 % 2 + place % 2],
                first + timedelta(hours=12 * place),
                first + timedelta(hours=12 * place + 12),
            )
            for place in range(120)
        ],
        "office": [
            (TEAM[place // 7 % 2], first + timedelta(days=place), first + timedelta(days=place, hours=8))
            for place in range(60)
            if (first + timedelta(days=place)).weekday() < 5
        ],
    }[which]
    found = yaml(read(pagerduty(events)))
    rotation = Rotation.model_validate(found["rotations"][0])
    keys = {"Ana Reyes": "ana", "Bo Lindqvist": "bo", "Zoë Quinn": "zoe"}
    for who, begins, ends in events[2:-2]:
        for moment in (begins, begins + (ends - begins) / 2, ends - timedelta(seconds=1)):
            assert on_call(rotation, zone="UTC", overrides=(), now=moment.astimezone(UTC)) == keys[who], moment
    if which == "office":
        assert on_call(rotation, zone="UTC", overrides=(), now=local(2026, 10, 10, 12, zone=LA)) is None


def test_an_order_that_was_seen_once_is_said_to_be_a_guess() -> None:
    made = read(pagerduty(turns(TEAM, first=local(2026, 11, 9, 9, zone=LA), days=7, count=3)))
    assert made.remarks == (
        "The order was seen once only, so whoever comes after its last turn is a guess: the first again.",
    )


def test_a_rule_of_its_own_zone_is_read() -> None:
    made = read(ruled("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"))
    (rotation,) = yaml(made)["rotations"]
    assert (rotation["timezone"], rotation["people"]) == ("Europe/Berlin", ["ana"])
    assert rotation["hours"][0]["days"] == ["mon", "tue", "wed", "thu", "fri"]


def test_in_no_zone_in_which_it_fits_the_wrong_hour_is_said() -> None:
    weeks = turns(TEAM, first=local(2026, 10, 4, 18, zone=LA), days=7, count=14)
    with pytest.raises(Mistake, match=r"In UTC the turns change at 01:00 and 02:00.*--zone"):
        read(pagerduty(weeks), "UTC")
    assert read(pagerduty(weeks), LA, only=True).zone == LA


def test_turns_without_a_rhythm_are_refused_in_a_sentence() -> None:
    begins, events = local(2026, 11, 2, 9, zone=LA), []
    for place in range(40):
        ends = begins + timedelta(hours=5 + place * 7 % 31, minutes=place * 13 % 60)
        events.append((TEAM[place * place % 3], begins, ends))
        begins = ends
    with pytest.raises(Mistake, match="no regular time"):
        read(pagerduty(events))


def test_two_at_once_are_told_by_name() -> None:
    weeks = turns(TEAM, first=local(2026, 11, 2, 9, zone=LA), days=7, count=4)
    with pytest.raises(Mistake, match=r"Ana Reyes and Dee are both on call on 2026-11-05 at 17:00 UTC"):
        read(pagerduty([*weeks, ("Dee", local(2026, 11, 5, 9, zone=LA), local(2026, 11, 5, 12, zone=LA))]))


# What is hostile or broken


@pytest.mark.parametrize(
    ("feed", "says"),
    [
        ("hello", "no BEGIN:VCALENDAR"),
        ("", "no BEGIN:VCALENDAR"),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "no event in it|broken|no calendar"),
        ("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no event"),
        (ruled("FREQ=SECONDLY"), "several times a day"),
        (ruled("FREQ=DAILY;BYHOUR=1,2,3"), "several times a day"),
        (ruled("FREQ=DAILY", start="00010101T000000Z"), "begins before 1980"),
        (ruled("FREQ=NEVER"), "not as iCalendar|several times|broken|no event"),
        (pagerduty([("Ana", NOW, NOW + timedelta(days=1))] * 10_001), "more than 10000 events"),
        (ruled("FREQ=DAILY", start="20261116T090000").replace("DTSTART", f"DTSTART;TZID={'9' * 300}"), "broken"),
        (ruled("FREQ=DAILY").replace("DTSTART", "X-START"), "begins before|not as iCalendar|broken"),
    ],
)
def test_what_is_no_schedule_gets_a_sentence_and_exit_2(tmp_path: Path, feed: str, says: str) -> None:
    file = tmp_path / "x.ics"
    file.write_bytes(feed.encode())
    said = run(str(file))
    assert said.exit_code == 2 and said.stderr.count("\n") == 1 and not said.stdout, said.output
    assert any(one in said.stderr for one in says.split("|")), said.stderr


def test_rules_that_never_come_are_let_go_of_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 1)
    never = ruled("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", start="19810101T000000Z")
    events = never[never.index("BEGIN:VEVENT") : never.index("END:VCALENDAR")]
    many = never.replace(events, "".join(events.replace("UID:a", f"UID:a{place}") for place in range(60)))
    began = datetime.now(UTC)
    with pytest.raises(Mistake):
        read(many)
    assert datetime.now(UTC) - began < timedelta(seconds=10)


@pytest.mark.parametrize(
    "source", ["file:///etc/passwd", "ftp://example.com/x.ics", "gopher://x", "/nowhere.ics", "a\0b"]
)
def test_only_files_and_http_are_read(source: str) -> None:
    said = run(source)
    assert said.exit_code == 2 and ("not asked" in said.stderr or "cannot be read" in said.stderr)


def test_a_feed_that_was_damaged_anywhere_is_read_or_told_in_a_sentence() -> None:
    chance = random.Random(5545)  # the same damage each time
    feeds = (
        ruled("FREQ=WEEKLY;BYDAY=MO;UNTIL=20270101T000000Z", more="EXDATE;TZID=Europe/Berlin:20261109T090000"),
        pagerduty(turns(TEAM, first=local(2026, 11, 2, 9, zone=LA), days=7, count=5)),
    )
    read_at_all = 0
    for _ in range(300):
        body = bytearray(chance.choice(feeds).encode())
        for _ in range(chance.randint(1, 6)):
            body[chance.randrange(len(body))] = chance.choice(b'\x00\xff\r\n:;=0T"')
        with contextlib.suppress(Mistake):
            importing.calendar(bytes(body), zones=(LA,), only=False, now=NOW)
            read_at_all += 1
    assert 0 < read_at_all < 300


def test_names_cannot_break_out_of_the_yaml_nor_out_of_a_comment() -> None:
    evil = 'x"\\n- key: root: [}} # {{ 7 }} \u202e\u200b'
    weeks = turns((evil, "@everyone", "no"), first=local(2026, 11, 2, 9, zone=LA), days=7, count=7)
    weeks[4] = ("rotations:\\n  - x", *weeks[4][1:])
    text = write(read(pagerduty(weeks, name="P: #1\\n- bad")), acquainted(), source="a\nfeed: x")
    found = YAML(typ="safe", pure=True).load(text)
    assert set(found) == {"people", "rotations"} and len(found["rotations"]) == 1
    assert {"\u202e", "\u200b", "\x1b"}.isdisjoint(text)
    assert all(person["key"].replace("-", "").isalnum() for person in found["people"])


def test_a_person_is_known_by_their_address_before_their_name() -> None:
    weeks = turns(("Annie R.", "Bo Lindqvist"), first=local(2026, 11, 2, 9, zone=LA), days=7, count=6)
    found = yaml(read(pagerduty(weeks)), contacts={"ana": {"email": "annie@example.com"}})
    assert found["rotations"][0]["people"] == ["ana", "bo"] and "people" not in found


def test_two_of_one_first_name_get_keys_of_their_own() -> None:
    weeks = turns(("Kim Able", "Kim Baker"), first=local(2026, 11, 2, 9, zone=LA), days=7, count=6)
    weeks = [(who.replace(" ", "."), begins, ends) for who, begins, ends in weeks]
    found = yaml(read(pagerduty(weeks)), people=[Person(key="kim", name="Kim Other").model_dump()])
    assert len({person["key"] for person in found["people"]}) == 2 and "kim" not in found["rotations"][0]["people"]


# Over HTTP


async def asked(fake: FakePagerDuty, *words: str, monkeypatch: pytest.MonkeyPatch, token: str = TOKEN) -> Result:
    """What the command says while the fake answers."""
    monkeypatch.setenv("PAGERDUTY_API_TOKEN", token)
    monkeypatch.setenv("PAGERDUTY_API_URL", fake.url)
    return await asyncio.to_thread(run, *words)


async def test_a_schedule_of_pagerduty_is_layers_with_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakePagerDuty() as fake:
        said = await asked(fake, "pagerduty", "PI7DH85", monkeypatch=monkeypatch)
    assert said.exit_code == 0, said.output
    (request,) = fake.asked
    assert request.headers["accept"] == "application/vnd.pagerduty+json;version=2"
    assert {"since", "until", "time_zone"} <= set(request.query)
    (rotation,) = YAML(typ="safe", pure=True).load(said.stdout)["rotations"]
    assert (rotation["name"], rotation["timezone"]) == ("daily-engineering-rotation", "America/New_York")
    lower, upper = rotation["layers"]
    assert (lower["name"], lower["turn"], lower["at"]) == ("layer-1", "daily", "20:00")
    assert lower["hours"] == [
        {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "08:00", "until": "17:00"}
    ]
    assert upper["hours"] == [{"days": ["sat", "sun"], "from": "00:00", "until": "00:00"}], "two whole days"
    assert "# An override: Kyler Kuhn from 2026-12-03 08:00 to 2026-12-03 10:00" in said.stdout
    assert TOKEN not in said.output


async def test_the_layer_that_the_final_schedule_follows_goes_before_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with FakePagerDuty() as fake:
        fake.schedule["schedule_layers"].reverse()
        said = await asked(fake, "pagerduty", "PI7DH85", monkeypatch=monkeypatch)
    (rotation,) = YAML(typ="safe", pure=True).load(said.stdout)["rotations"]
    assert [layer["name"] for layer in rotation["layers"]] == ["layer-1", "layer-2"]


async def test_turns_of_half_a_day_are_two_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakePagerDuty() as fake:
        layer = fake.schedule["schedule_layers"][1]
        users = [*layer["users"], {"user": {"id": "PC", "type": "user_reference", "summary": "Cleo"}}]
        layer |= {"rotation_turn_length_seconds": 12 * 3600, "restrictions": [], "users": users}
        fake.schedule["schedule_layers"] = [layer]
        said = await asked(fake, "pagerduty", "PI7DH85", monkeypatch=monkeypatch)
    morning, evening = YAML(typ="safe", pure=True).load(said.stdout)["rotations"][0]["layers"]
    assert (morning["at"], evening["at"]) == ("08:00", "20:00")
    assert sorted(morning["people"]) == sorted(evening["people"]) == ["ana", "cleo", "kyler"]
    assert morning["hours"][0]["until"] == "20:00" and evening["hours"][0]["until"] == "08:00"
    after = {"ana": "kyler", "kyler": "cleo", "cleo": "ana"}
    first = evening["people"][(morning["starts"] - evening["starts"]).days - 1]
    assert morning["people"][0] == after[first], "whoever has the morning comes after whoever had the night"


async def test_a_layer_that_cannot_be_expressed_is_named_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakePagerDuty() as fake:
        fake.schedule["schedule_layers"][0]["rotation_turn_length_seconds"] = 5 * 3600
        said = await asked(fake, "pagerduty", "PI7DH85", monkeypatch=monkeypatch)
        assert said.exit_code == 0 and "“Layer 2” is left out: its turns take 5 hours" in said.stdout
        fake.schedule["schedule_layers"][1]["rotation_turn_length_seconds"] = 5 * 3600
        said = await asked(fake, "pagerduty", "PI7DH85", monkeypatch=monkeypatch)
        assert said.exit_code == 2 and "Nothing of it can be a rotation" in said.stderr


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"time_zone": "Mars/Olympus"}, "time zone that nobody knows"),
        ({"time_zone": "/".join(["a"] * 300)}, "time zone that nobody knows"),
        ({"schedule_layers": 7}, "schedule.schedule_layers"),
        ({"schedule_layers": []}, "schedule.schedule_layers"),
        ({"name": None, "summary": None, "schedule_layers": [{"users": "x"}]}, "not as its API describes it"),
    ],
)
async def test_an_answer_of_the_wrong_types_is_a_sentence(
    change: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakePagerDuty() as fake:
        fake.schedule |= change
        said = await asked(fake, "pagerduty", "PI7DH85", monkeypatch=monkeypatch)
    assert said.exit_code == 2 and says in said.stderr


@pytest.mark.parametrize(
    ("words", "token", "says"),
    [
        (("pagerduty", "PNOPE"), TOKEN, "knows no schedule “PNOPE”"),
        (("pagerduty", "PI7DH85"), "wrong", "does not take the token"),
        (("pagerduty",), TOKEN, "Say which schedule"),
        (("pagerduty", "../users"), TOKEN, "is no id of a schedule"),
        (("pagerduty", "PI7DH85"), "", "PAGERDUTY_API_TOKEN is not set"),
    ],
)
async def test_what_was_wrong_is_said(
    words: tuple[str, ...], token: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakePagerDuty() as fake:
        said = await asked(fake, *words, monkeypatch=monkeypatch, token=token)
    assert said.exit_code == 2 and says in said.stderr and "Traceback" not in said.output


@pytest.mark.parametrize(("status", "says"), [(429, "asks to wait"), (500, "answered 500"), (503, "answered 503")])
async def test_a_failing_pagerduty_is_said(status: int, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakePagerDuty() as fake:
        fake.faults.append(Fault(Wrong.BEFORE, status, only=lambda _: True))
        said = await asked(fake, "pagerduty", "PI7DH85", monkeypatch=monkeypatch)
    assert said.exit_code == 2 and says in said.stderr
