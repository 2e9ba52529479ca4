"""What on-call is paid: bases by the time covered, incidents once, weekends as entered; exact and rounded as stated."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from adapters.terminal import pay as told
from adapters.terminal.app import build
from bot.composition import Tocsin
from bot.errors import Mistake
from bot.pay import Earned, Paged, duties, month_of, report
from bot.people import Person
from bot.playbook.escalation import Rotation
from bot.rota import paged
from bot.rotations import Override
from bot.settings import Settings
from tests.support.story import default

LA = "America/Los_Angeles"
NOVEMBER = date(2026, 11, 1)


def rotation(**changes: Any) -> Rotation:
    """Werkly's: weeks from Sunday evening, 500 a week, 200 an incident, weekends at half as much again."""
    told: dict[str, Any] = {
        "name": "primary",
        "title": "On-call",
        "people": ["alice", "bob"],
        "starts": "2026-10-25",
        "day": "sun",
        "at": "18:00",
        "timezone": LA,
        "pay": {"currency": "USD", "week": 500, "incident": 200, "weekend": 1.5},
    }
    return Rotation.model_validate(told | changes)


def earned(
    *rotations: Rotation,
    month: date = NOVEMBER,
    overrides: tuple[Override, ...] = (),
    pages: tuple[Paged, ...] = (),
    rate: str = "",
    **hours: str,
) -> dict[tuple[str, str], Earned]:
    """The report, by rotation and person."""
    paid = duties(rotations or [rotation()], zone="UTC", overrides=overrides, month=month)
    entered = {who: Decimal(each) for who, each in hours.items()}
    rows = report(paid, pages, rate=Decimal(rate) if rate else None, hours=entered)
    return {(one.rotation, one.person): one for one in rows}


def override(person: str, begins: datetime, ends: datetime) -> Override:
    """Somebody covers."""
    return Override(rotation="primary", person=person, begins=begins, ends=ends, id=1)


def la(*moment: int) -> datetime:
    """A moment by the wall clock of Los Angeles (PST)."""
    return datetime(*moment, tzinfo=UTC) + timedelta(hours=8)  # type: ignore[misc,arg-type]


def test_a_week_over_the_change_of_the_clocks_is_one_week_and_parts_are_parts() -> None:
    found = earned()
    # 1 November: Alice until 18:00 (0.75 of a day); then weeks of Bob, Alice, Bob, Alice (from the 22nd, and from the
    # 29th at 18:00 Bob until midnight of the 30th).
    assert found["primary", "alice"].weeks == (Decimal(2) + Decimal("0.75") / 7).quantize(Decimal("0.0001"))
    assert found["primary", "bob"].weeks == (Decimal(2) + Decimal("1.25") / 7).quantize(Decimal("0.0001"))
    assert found["primary", "alice"].base == Decimal("1053.57")
    assert found["primary", "bob"].base == Decimal("1089.29")


def test_whoever_really_covered_is_paid() -> None:
    cover = override("bob", la(2026, 11, 10, 0), la(2026, 11, 11, 12))
    plain, found = earned(), earned(overrides=(cover,))
    share = Decimal("1.5") / 7 * 500
    assert found["primary", "bob"].base - plain["primary", "bob"].base == share.quantize(Decimal("0.01"))
    assert plain["primary", "alice"].base - found["primary", "alice"].base == share.quantize(Decimal("0.01"))
    assert ("primary", "dora") in earned(overrides=(override("dora", la(2026, 11, 10, 0), la(2026, 11, 10, 1)),))


def test_a_rotation_of_part_of_the_time_pays_its_whole_week() -> None:
    nights = rotation(hours=[{"from": "18:00", "until": "08:00"}])
    assert earned(nights)["primary", "alice"].weeks > Decimal(2)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.sampled_from([LA, "Asia/Kolkata", "Australia/Lord_Howe"]))
def test_the_weeks_of_a_month_add_up_to_its_days(day: date, zone: str) -> None:
    first = day.replace(day=1)
    found = earned(rotation(timezone=zone, starts="2023-12-03"), month=first)
    days = ((first.replace(day=28) + timedelta(days=4)).replace(day=1) - first).days
    assert abs(sum(one.weeks for one in found.values()) - Decimal(days) / 7) <= Decimal("0.0002")


def test_an_incident_is_paid_once_however_many_pages_and_in_the_month_of_the_first() -> None:
    first, night = la(2026, 11, 3, 3), la(2026, 10, 31, 21)
    pages = [Paged(7, "bob", first + timedelta(minutes=place)) for place in range(5)]
    pages += [Paged(8, "bob", first), Paged(6, "alice", night), Paged(6, "alice", night + timedelta(hours=4))]
    found = earned(pages=tuple(pages))
    assert (found["primary", "bob"].incidents, found["primary", "bob"].paged) == ((7, 8), Decimal("400.00"))
    assert found["primary", "alice"].incidents == (), "the first page of #6 was in October"
    assert earned(pages=tuple(pages), month=date(2026, 10, 1))["primary", "alice"].incidents == (6,)


def test_of_two_rotations_the_one_that_they_were_on_call_for_pays() -> None:
    second = rotation(name="second", people=["bob", "alice"])
    found = earned(rotation(), second, pages=(Paged(7, "alice", la(2026, 11, 3, 3)),))
    assert found["primary", "alice"].incidents == () and found["second", "alice"].incidents == (7,)
    found = earned(rotation(), second, pages=(Paged(7, "dora", la(2026, 11, 3, 3)),))
    assert all(not one.incidents for one in found.values()), "somebody of neither is paid by neither"


def test_weekend_work_is_hours_by_rate_by_factor() -> None:
    found = earned(rate="80", alice="3.5")["primary", "alice"]
    assert (found.weekend, found.total) == (Decimal("420.00"), found.base + Decimal("420.00"))


@pytest.mark.parametrize(
    ("rate", "hours", "says"),
    [("80", {"alice": "200"}, "cannot be right"), ("", {"alice": "1"}, "--rate 80")],
)
def test_hours_that_nobody_can_have_worked_are_refused(rate: str, hours: dict[str, str], says: str) -> None:
    with pytest.raises(Mistake, match=says):
        earned(rate=rate, **hours)  # type: ignore[arg-type]


def test_weekends_are_those_of_the_rotations_zone() -> None:
    # The only override of the month: Saturday 00:00 to 01:00 in Los Angeles is 08:00 UTC.
    one = rotation(people=["alice"])
    found = earned(one, overrides=(override("bob", la(2026, 11, 14, 0), la(2026, 11, 14, 1)),))
    assert found["primary", "bob"].weekend_covered == Decimal("1.00")
    found = earned(one, overrides=(override("bob", la(2026, 11, 13, 16), la(2026, 11, 13, 17)),))
    assert found["primary", "bob"].weekend_covered == Decimal("0"), "Saturday in UTC is still Friday there"


@pytest.mark.parametrize("words", ["2026", "11-2026", "2026-13", "November", "", "2026-11-01"])
def test_what_is_no_month_is_told(words: str) -> None:
    with pytest.raises(Mistake, match="like 2026-11"):
        month_of(words)


class Incidents:
    """A reader that has these incidents."""

    def __init__(self, *incidents: Any) -> None:
        self.held = {one.number: one for one in incidents}

    async def numbers(self) -> list[int]:
        return sorted(self.held)

    async def incident(self, number: int) -> Any:
        return self.held[number]


async def test_drills_and_other_playbooks_never_count() -> None:
    at, who = datetime(2026, 11, 3, tzinfo=UTC), Person(key="ana", name="Ana")
    state = SimpleNamespace(reached=True)
    step = SimpleNamespace(person=who, owed_at=at, state=state)
    left = SimpleNamespace(person=who, owed_at=None, state=SimpleNamespace(reached=False))
    pages = (SimpleNamespace(at=at, steps=(step, left)),)

    def one(number: int, **more: Any) -> Any:
        kept = {"drill": False, "playbook": "default", "declared_at": at, "progress": SimpleNamespace(pages=pages)}
        return SimpleNamespace(number=number, **(kept | more))

    found = Incidents(one(1), one(2, drill=True), one(3, playbook="other"), one(4, progress=SimpleNamespace(pages=())))
    span = {"since": at - timedelta(days=1), "until": at + timedelta(days=1)}
    assert await paged(found, default(), **span) == [Paged(1, "ana", at)]  # type: ignore[arg-type]


# The command


def run(folder: Path, *words: str) -> Result:
    """``tocsin oncall pay`` on an empty database."""
    settings = Settings(playbook="werkly", database_url=f"sqlite:///{folder / 'tocsin.db'}")
    return CliRunner().invoke(build(Tocsin(settings)), ["oncall", "pay", *words])


def test_the_command_tells_a_table_json_and_csv(tmp_path: Path) -> None:
    said = run(tmp_path, "--month", "2026-12")
    assert said.exit_code == 0 and "werkly/primary" in said.stdout and "In all: " in said.stdout
    rows = json.loads(run(tmp_path, "--month", "2026-12", "--json", "--rate", "80", "--hours", "alice=2").stdout)
    alice = next(row for row in rows if row["person"] == "alice")
    assert alice["weekend"] == "240.00" and set(alice) == set(told.COLUMNS)
    printed = run(tmp_path, "--month", "2026-12", "--csv", "--rotation", "primary")
    lines = list(csv.DictReader(StringIO(printed.stdout)))
    assert [line["person"] for line in lines] == [row["person"] for row in rows]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--month", "soon"), "is no month"),
        (("--month", "2026-12", "--rotation", "nobody"), "is no rotation. There are primary."),
        (("--month", "2026-12", "--rate", "80", "--hours", "zoe=2"), "nobody of this key"),
        (("--month", "2026-12", "--hours", "alice"), "says no hours"),
        (("--month", "2026-12", "--rate", "NaN"), "out of range"),
        (("--month", "2026-12", "--json", "--csv"), "Choose"),
    ],
)
def test_wrong_usage_exits_2_with_a_sentence(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    said = run(tmp_path, *words)
    assert said.exit_code == 2 and says in said.stderr and not said.stdout


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=x"])
def test_no_cell_is_a_formula(name: str) -> None:
    row = dict.fromkeys(told.COLUMNS, "1") | {"incidents": [7, 9], "name": name}
    cells = next(csv.DictReader(StringIO(told._csv([row]), newline="")))
    assert cells["name"] == f"'{name}" and cells["incidents"] == "#7 #9"
