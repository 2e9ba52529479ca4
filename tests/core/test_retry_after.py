"""How long an answer asks us to wait: whatever stands in its headers is a time that can be waited, or none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retry_after import LONGEST, SHORTEST, retry_after, until

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("60", MINUTE), (" 1.5 ", timedelta(seconds=1.5)), ("0", SHORTEST), ("999999999", LONGEST),
        ("Fri, 20 Nov 2026 14:01:00 GMT", MINUTE), ("Fri, 20 Nov 2020 14:01:00 GMT", SHORTEST),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST), ("Fri, 20 Nov 2026 14:01:00", None), ("soon", None), ("", None),
        ("²", None), ("-5", None), ("1e999", None), ("nan", None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_it_is_seconds_a_date_or_nothing(value: str, wait: timedelta | None) -> None:
    assert retry_after(value, now=NOW) == wait


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        (str(int(NOW.timestamp()) + 60), MINUTE), ("0", SHORTEST), ("999999999999999", LONGEST),
        ("²", None), ("soon", None), ("", None),
    ],
)  # fmt: skip
def test_a_moment_is_seconds_since_1970_or_nothing(value: str, wait: timedelta | None) -> None:
    assert until(value, now=NOW) == wait


def test_a_moment_may_be_in_milliseconds() -> None:
    assert until(str(int(NOW.timestamp() + 60) * 1000), now=NOW, milliseconds=True) == MINUTE


@given(
    st.text() | st.from_regex(r"\s*[0-9.]{1,30}\s*") | st.datetimes().map(lambda at: f"{at:%a, %d %b %Y %H:%M:%S} GMT")
)
def test_whatever_it_is_it_can_be_waited(value: str) -> None:
    for wait in (retry_after(value, now=NOW), until(value, now=NOW), until(value, now=NOW, milliseconds=True)):
        assert wait is None or SHORTEST <= wait <= LONGEST
