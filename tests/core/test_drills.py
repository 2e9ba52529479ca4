"""The schedule of drills: its days, which is next, and when it is asked for."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import drills
from bot.calendar import WorkingTime
from bot.playbook.clocks import Calendar, Drills

MADRID = ZoneInfo("Europe/Madrid")
HERE = WorkingTime(Calendar(), MADRID)


def plan(**fields: object) -> Drills:
    """A schedule."""
    return Drills.model_validate(fields)


def days(count: int, **fields: object) -> list[str]:
    """The first planned days."""
    return [str(day) for day in islice(drills.planned(plan(**fields), HERE), count)]


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        ({"after": "2026-12-10", "day": "fri"}, "2026-12-11"),
        ({"after": "2026-12-11", "day": "fri"}, "2026-12-18"),  # after the day, never on it
        ({"after": "2026-12-10", "day": "first fri"}, "2027-01-01"),
        ({"after": "2026-12-03", "day": "first fri"}, "2026-12-04"),
        ({"after": "2026-12-31", "day": "first fri"}, "2027-01-01"),
        ({"after": "2026-10-29", "day": "last fri"}, "2026-10-30"),  # the fifth Friday of that month
        ({"after": "2026-10-30", "day": "last fri"}, "2026-11-27"),
        ({"after": "2026-10-22", "day": "fourth fri"}, "2026-10-23"),  # a fifth follows
        ({"after": "2027-01-31", "day": "last sun"}, "2027-02-28"),
        ({"after": "2026-12-11"}, "2026-12-14"),  # a Saturday and a Sunday lie between
        ({"first": "2026-12-05", "day": "first fri"}, "2026-12-05"),  # a date that is given stays as it is
        ({"first": "2026-12-05", "after": "2026-01-01"}, "2026-12-05"),
    ],
)
def test_the_first_day(fields: dict[str, object], first: str) -> None:
    assert days(2, **fields) == [first]


@pytest.mark.parametrize("fields", [{}, {"every": "month"}, {"day": "first fri", "every": "year", "scenario": "fire"}])
def test_without_a_date_nothing_is_planned(fields: dict[str, object]) -> None:
    assert days(1, **fields) == [] and drills.asked_at(plan(**fields), HERE, after=NOW) is None


@pytest.mark.parametrize(
    ("fields", "planned"),
    [
        (
            {"first": "2026-10-02", "every": "month", "day": "first fri"},
            ["2026-10-02", "2026-11-06", "2026-12-04", "2027-01-01"],
        ),
        ({"first": "2026-10-30", "every": "month", "day": "last fri"}, ["2026-10-30", "2026-11-27", "2026-12-25"]),
        ({"after": "2026-12-01", "every": "quarter", "day": "first fri"}, ["2026-12-04", "2027-03-05", "2027-06-04"]),
        ({"first": "2026-08-31", "every": "half-year"}, ["2026-08-31", "2027-03-01", "2027-08-31"]),  # 28 Feb: Sunday
        ({"first": "2024-02-29", "every": "year"}, ["2024-02-29", "2025-02-28", "2026-03-02"]),  # 28 Feb 2026: Saturday
        ({"first": "2026-10-30", "every": "month", "day": "fri"}, ["2026-10-30", "2026-12-04", "2027-01-01"]),
    ],
)
def test_the_days_that_follow(fields: dict[str, object], planned: list[str]) -> None:
    assert days(len(planned), **fields) == planned


def test_a_holiday_is_no_working_day() -> None:
    here = WorkingTime(Calendar.model_validate({"closed": ["2026-12-14"]}), MADRID, [date(2026, 12, 15)])
    assert next(drills.planned(plan(after="2026-12-11"), here)) == date(2026, 12, 16)


QUARTERLY = plan(first="2026-12-04", every="quarter", day="first fri")


@pytest.mark.parametrize(
    ("held", "following"),
    [
        (None, "2026-12-04"),
        ("2026-06-01", "2026-12-04"),  # long before the first: that one still is to come
        ("2026-11-27", "2027-03-05"),  # a week early counts
        ("2026-11-26", "2026-12-04"),
        ("2026-12-10", "2027-03-05"),  # late counts for the one that was owed
        ("2027-02-25", "2027-03-05"),
        ("2027-02-26", "2027-06-04"),
    ],
)
def test_a_drill_counts_for_its_day_up_to_a_week_early_and_however_late(held: str | None, following: str) -> None:
    found = drills.next_day(QUARTERLY, HERE, held=date.fromisoformat(held) if held else None)
    assert str(found) == following


def test_once_a_single_drill_is_held_no_further_one_is_planned() -> None:
    once = plan(first="2026-12-04")
    assert drills.next_day(once, HERE, held=date(2026, 12, 9)) is None


NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def test_it_is_asked_for_when_its_day_opens_and_weekly_until_the_next_one() -> None:
    at, moments = NOW, []
    for _ in range(15):
        found = drills.asked_at(QUARTERLY, HERE, after=at)
        assert found is not None
        moments.append(found)
        at = found
    local = [moment.astimezone(MADRID) for moment in moments]
    assert {f"{one:%a %H:%M}" for one in local} == {"Fri 09:00"}
    assert [f"{one:%m-%d}" for one in local[:3]] == ["12-04", "12-11", "12-18"]
    assert [f"{one:%m-%d}" for one in local[12:15]] == ["02-26", "03-05", "03-12"]


def test_summer_time_does_not_move_the_hour() -> None:
    monthly = plan(first="2026-03-06", every="month", day="first fri")
    before = drills.asked_at(monthly, HERE, after=datetime(2026, 3, 26, tzinfo=UTC))
    after = drills.asked_at(monthly, HERE, after=datetime(2026, 3, 28, tzinfo=UTC))
    assert before == datetime(2026, 3, 27, 8, 0, tzinfo=UTC) and after == datetime(2026, 4, 3, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("day", ["fifth fri", "friday", "first", "first  fri", "first fri "])
def test_a_day_that_cannot_be_read_is_refused(day: str) -> None:
    with pytest.raises(ValidationError):
        plan(day=day)


RULES = st.sampled_from(["", "fri", "sat", "first fri", "third wed", "fourth mon", "last sun"])
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(DAYS, RULES, st.sampled_from(["month", "quarter", "half-year", "year"]), st.integers(0, 3000))
def test_planned_days_rise_and_whatever_is_asked_lies_ahead_within_a_week_of_the_last(
    start: date, rule: str, every: str, hours: int
) -> None:
    schedule = plan(after=str(start), day=rule, every=every)
    planned = list(islice(drills.planned(schedule, HERE), 20))
    assert planned == sorted(set(planned)) and planned[0] > start
    after = HERE.opens(planned[0]) + timedelta(hours=hours)
    asked = drills.asked_at(schedule, HERE, after=after)
    assert asked is not None and after < asked <= after + timedelta(days=7, hours=1)
    assert asked.astimezone(MADRID).hour == 9


@given(st.datetimes(datetime(2026, 11, 1), datetime(2028, 6, 1), timezones=st.just(UTC)))
def test_when_it_was_asked_for_last_is_never_more_than_a_week_ago_once_the_first_was_due(now: datetime) -> None:
    schedule = plan(after="2026-12-10", every="quarter", day="first fri")
    last = drills.asked_last(schedule, HERE, now=now)
    if last is None:
        assert now < HERE.opens(date(2027, 1, 1))
        return
    following = drills.asked_at(schedule, HERE, after=last)
    assert last <= now and following is not None and now < following
    assert drills.asked_at(schedule, HERE, after=last - timedelta(seconds=1)) == last
