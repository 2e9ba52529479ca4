"""Durations as people write them, and as the bot says them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.durations import parse_duration, say_duration, spell

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


@pytest.mark.parametrize(
    ("text", "span"),
    [("10s", 10 * SECOND), ("15m", 15 * MINUTE), ("4h", 4 * HOUR), ("2d", 2 * DAY), ("1w", 7 * DAY),
     ("1h30m", 90 * MINUTE), ("1h 30m", 90 * MINUTE), ("1.5h", 90 * MINUTE), (" 20 minutes ", 20 * MINUTE),
     ("1 hour 5 mins", 65 * MINUTE), ("20 Min", 20 * MINUTE), ("90 secs", 90 * SECOND), ("366d", 366 * DAY)],
)  # fmt: skip
def test_people_write_durations_in_many_ways(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "text",
    ["", "soon", "10", "m", "10 parsecs", "-5m", "10m ago", "0m", "367d", "9999999m", "1h, 30m", "½h", "10m10", "1e3s"],
)
def test_what_is_no_duration_is_said_with_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a duration; write it like 15m|out of range"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("span", "says"),
    [(timedelta(0), "0s"), (-MINUTE, "0s"), (40 * SECOND, "40s"), (59.6 * SECOND, "1m"), (15 * MINUTE, "15m"),
     (90 * MINUTE, "1h 30m"), (2 * DAY + 3 * HOUR + 4 * MINUTE, "2d 3h"), (2 * DAY + 4 * MINUTE, "2d 4m"),
     (7 * DAY, "7d"), (3 * HOUR, "3h")],
)  # fmt: skip
def test_the_bot_says_at_most_two_units(span: timedelta, says: str) -> None:
    assert say_duration(span) == says


@given(st.integers(1, 366 * 24 * 60 - 1))
def test_what_the_bot_says_people_may_write(minutes: int) -> None:
    said = say_duration(timedelta(minutes=minutes))
    assert abs(parse_duration(said) - timedelta(minutes=minutes)) < timedelta(hours=1)
    assert say_duration(parse_duration(said)) == said


@given(st.text(max_size=60))
def test_any_text_is_a_duration_within_a_year_or_a_plain_refusal(text: str) -> None:
    try:
        span = parse_duration(text)
    except ValueError as refusal:
        assert text in str(refusal)
    else:
        assert timedelta(0) < span <= timedelta(days=366)


@pytest.mark.parametrize(
    ("said", "spelled"),
    [
        ("15m", "15 minutes"), ("1h", "1 hour"), ("1h 30m", "1 hour 30 minutes"), ("2d 1h", "2 days 1 hour"),
        ("40s", "40 seconds"), ("", ""), ("soon", "soon"), ("5 business days", "5 business days"),
        ("1h 2m 3s", "1h 2m 3s"), ("15 minutes", "15 minutes"),
    ],
)  # fmt: skip
def test_a_length_of_time_is_written_out_and_everything_else_left_alone(said: str, spelled: str) -> None:
    assert spell(said) == spelled
