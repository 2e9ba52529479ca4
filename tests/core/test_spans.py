"""Times from one moment to another, as people say them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.calendar import WorkingTime
from bot.errors import Mistake
from bot.playbook.clocks import Calendar
from bot.spans import read_span

ADELAIDE = ZoneInfo("Australia/Adelaide")
HERE = WorkingTime(Calendar(), ADELAIDE)
FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=ADELAIDE)


def span(words: str, now: datetime = FRIDAY) -> tuple[str, str]:
    """As the wall clock shows it."""
    begins, ends = read_span(words, now=now.astimezone(UTC), zone=ADELAIDE, here=HERE)
    return f"{begins.astimezone(ADELAIDE):%d %H:%M}", f"{ends.astimezone(ADELAIDE):%d %H:%M}"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2h", ("20 14:00", "20 16:00")),
        ("for the next 90 minutes", ("20 14:00", "20 15:30")),
        ("an hour", ("20 14:00", "20 15:00")),
        ("half an hour", ("20 14:00", "20 14:30")),
        ("until 18:00", ("20 14:00", "20 18:00")),
        ("until 6pm", ("20 14:00", "20 18:00")),
        ("until 09:00", ("20 14:00", "21 09:00")),
        ("until tomorrow morning", ("20 14:00", "21 09:00")),
        ("till midnight", ("20 14:00", "21 00:00")),
        ("until sunday", ("20 14:00", "23 00:00")),
        ("tonight", ("20 18:00", "21 09:00")),
        ("today", ("20 14:00", "21 00:00")),
        ("tomorrow", ("21 00:00", "22 00:00")),
        ("on monday", ("23 00:00", "24 00:00")),
        ("the weekend", ("21 00:00", "23 00:00")),
        ("next week", ("23 00:00", "30 00:00")),
        ("this week", ("20 14:00", "23 00:00")),
        ("22:00 - 06:00", ("20 22:00", "21 06:00")),
        ("from 16:00 to 18:00", ("20 16:00", "20 18:00")),
        ("from saturday until monday", ("21 00:00", "24 00:00")),
        ("from now until 15:00", ("20 14:00", "20 15:00")),
        ("from sunday until saturday", ("22 00:00", "29 00:00")),
        ("from tomorrow 20:00 until tomorrow 22:00", ("21 20:00", "21 22:00")),
        ("from tomorrow 20:00 until 22:00", ("21 20:00", "21 22:00")),
        ("from sunday 18:00 until saturday 9:00", ("22 18:00", "28 09:00")),
    ],
)
def test_a_time_is_read_where_it_is_typed(words: str, found: tuple[str, str]) -> None:
    assert span(words) == found


def test_in_the_small_hours_tonight_is_the_night_that_still_lasts() -> None:
    assert span("tonight", FRIDAY.replace(day=21, hour=3)) == ("21 03:00", "21 09:00")


def test_before_work_tonight_is_the_night_that_comes() -> None:
    assert span("tonight", FRIDAY.replace(hour=7)) == ("20 18:00", "21 09:00")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "soon",
        "until",
        "100 days",
        "until next monday",
        "from friday",
        "3",
        "on 2026-01-01",
        "until 2026-01-01",
        "from friday until tomorrow",
    ],
)
def test_what_is_not_certain_is_asked_back(words: str) -> None:
    with pytest.raises(Mistake):
        span(words)


def test_the_end_is_never_before_the_beginning() -> None:
    for words in ("from saturday 10:00 until friday", "from 15:00 until 14:59", "yesterday"):
        try:
            begins, ends = read_span(words, now=FRIDAY.astimezone(UTC), zone=ADELAIDE, here=HERE)
        except Mistake:
            continue
        assert begins < ends and ends - begins < timedelta(days=8)
