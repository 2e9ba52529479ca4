"""Whose turn it is: over weeks, years, and days of 23 and 25 hours."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.escalation import Rotation
from bot.rotations import lines, next_handover, turn
from bot.rotations import on_call as final

PACIFIC = "America/Los_Angeles"
PEOPLE = ("ana", "bo", "cleo", "dmitri")


def rotation(**parts: Any) -> Rotation:
    """Four people, a week each, from Sunday 18:00 Pacific."""
    weekly = {"name": "on-call", "title": "On call", "people": PEOPLE, "starts": date(2026, 11, 1), "day": "sun",
              "at": time(18), "timezone": PACIFIC}  # fmt: skip
    return Rotation.model_validate(weekly | parts)


def on_call(one: Rotation, *, zone: str, now: datetime) -> str | None:
    """Whose turn it is, without overrides."""
    return final(one, zone=zone, overrides=(), now=now)


def pacific(*moment: int, fold: int = 0) -> datetime:
    """A moment of the wall clock on the Pacific coast."""
    return datetime(*moment, tzinfo=ZoneInfo(PACIFIC), fold=fold).astimezone(UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("at", "whose"),
    [
        (pacific(2026, 11, 1, 17, 59), None),
        (pacific(2026, 11, 1, 18), "ana"),
        (pacific(2026, 11, 8, 17, 59), "ana"),
        (pacific(2026, 11, 8, 18), "bo"),
        (pacific(2026, 11, 11, 3), "bo"),
        (pacific(2026, 11, 29, 17, 59), "dmitri"),
        (pacific(2026, 11, 29, 18), "ana"),
    ],
)
def test_a_weekly_turn_ends_at_the_hand_over_and_after_the_last_comes_the_first(
    at: datetime, whose: str | None
) -> None:
    assert on_call(rotation(), zone="UTC", now=at) == whose


def test_turns_go_on_over_the_end_of_a_year() -> None:
    before, after = pacific(2027, 1, 3, 17, 59), pacific(2027, 1, 3, 18)
    assert on_call(rotation(), zone="UTC", now=pacific(2026, 12, 31, 23, 59)) == "ana"
    assert on_call(rotation(), zone="UTC", now=pacific(2027, 1, 1, 0, 0)) == "ana"
    assert (on_call(rotation(), zone="UTC", now=before), on_call(rotation(), zone="UTC", now=after)) == ("ana", "bo")


def test_a_turn_over_a_change_to_summer_time_still_ends_at_the_wall_clocks_hour() -> None:
    spring = rotation(starts=date(2027, 3, 7))
    begins, ends = pacific(2027, 3, 7, 18), pacific(2027, 3, 14, 18)
    assert ends - begins == timedelta(days=7) - timedelta(hours=1)
    assert on_call(spring, zone="UTC", now=ends - timedelta(seconds=1)) == "ana"
    assert on_call(spring, zone="UTC", now=ends) == "bo"

    autumn = rotation(starts=date(2026, 10, 25))
    ends = pacific(2026, 11, 1, 18)
    assert ends - pacific(2026, 10, 25, 18) == timedelta(days=7, hours=1)
    assert on_call(autumn, zone="UTC", now=ends - timedelta(seconds=1)) == "ana"
    assert on_call(autumn, zone="UTC", now=ends) == "bo"


def test_a_hand_over_at_an_hour_that_comes_twice_happens_the_first_time_and_not_again() -> None:
    daily = rotation(turn="daily", starts=date(2026, 10, 31), at=time(1, 30))
    moments = [pacific(2026, 11, 1, 1, 29), pacific(2026, 11, 1, 1, 30), pacific(2026, 11, 1, 1, 0, fold=1),
               pacific(2026, 11, 1, 1, 45, fold=1)]  # fmt: skip
    assert [on_call(daily, zone="UTC", now=at) for at in moments] == ["ana", "bo", "bo", "bo"]


def test_a_hand_over_at_an_hour_that_is_skipped_comes_at_the_moment_of_the_skip() -> None:
    daily = rotation(turn="daily", starts=date(2027, 3, 13), at=time(2, 30))
    moments = [pacific(2027, 3, 14, 1, 59), pacific(2027, 3, 14, 3, 0), pacific(2027, 3, 15, 2, 30)]
    assert [on_call(daily, zone="UTC", now=at) for at in moments] == ["ana", "bo", "cleo"]


def test_a_daily_turn_in_the_playbooks_zone_where_it_has_none_of_its_own() -> None:
    daily = rotation(turn="daily", starts=date(2026, 12, 30), at=time(9), timezone=None)
    there = ZoneInfo("Asia/Kolkata")
    assert on_call(daily, zone="Asia/Kolkata", now=datetime(2026, 12, 31, 8, 59, tzinfo=there)) == "ana"
    assert on_call(daily, zone="Asia/Kolkata", now=datetime(2026, 12, 31, 9, 0, tzinfo=there)) == "bo"
    assert on_call(daily, zone="Asia/Kolkata", now=datetime(2027, 1, 1, 9, 0, tzinfo=there)) == "cleo"


def test_a_rotation_that_starts_between_hand_overs_hands_over_on_its_next_day() -> None:
    midweek = rotation(starts=date(2026, 11, 18), day="mon")
    assert lines(midweek, "UTC")[0].first == date(2026, 11, 16)
    assert on_call(midweek, zone="UTC", now=pacific(2026, 11, 17, 12)) is None
    assert on_call(midweek, zone="UTC", now=pacific(2026, 11, 20, 12)) == "ana"
    assert on_call(midweek, zone="UTC", now=pacific(2026, 11, 23, 18)) == "bo"


@given(
    st.datetimes(datetime(2026, 11, 3), datetime(2036, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["daily", "weekly"]),
    st.times(),
    st.sampled_from([PACIFIC, "Europe/Madrid", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_the_turn_moves_on_by_one_and_never_back(at: datetime, turn: str, hour: time, zone: str) -> None:
    one = rotation(turn=turn, at=hour, timezone=zone)
    places = [PEOPLE.index(str(on_call(one, zone="UTC", now=at + timedelta(minutes=20 * step)))) for step in range(80)]
    steps = [(after - before) % len(PEOPLE) for before, after in pairwise(places)]
    assert set(steps) <= {0, 1} and sum(steps) <= 2


@given(
    st.datetimes(datetime(2026, 10, 20), datetime(2036, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["daily", "weekly"]),
    st.times(),
    st.sampled_from([PACIFIC, "Europe/Madrid", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_the_turn_changes_at_the_next_hand_over_and_not_before(
    at: datetime, length: str, hour: time, zone: str
) -> None:
    one = rotation(turn=length, at=hour, timezone=zone)
    moment = next_handover(one, zone="UTC", after=at)
    assert moment is not None
    before, after = moment - timedelta(microseconds=1), moment
    assert at < moment
    assert on_call(one, zone="UTC", now=at) == on_call(one, zone="UTC", now=before)
    assert on_call(one, zone="UTC", now=before) != on_call(one, zone="UTC", now=after)
    began = turn(one, zone="UTC", now=after)
    assert began is not None and began.begins == moment and began.ends == next_handover(one, zone="UTC", after=moment)


def test_a_rotation_that_starts_between_hand_overs_begins_on_the_day_it_starts() -> None:
    midweek = rotation(starts=date(2026, 11, 18), day="mon")
    assert next_handover(midweek, zone="UTC", after=pacific(2026, 11, 16, 12)) == pacific(2026, 11, 18, 18)
    first = turn(midweek, zone="UTC", now=pacific(2026, 11, 20, 12))
    assert first is not None and first.day == date(2026, 11, 18) and first.ends == pacific(2026, 11, 23, 18)
