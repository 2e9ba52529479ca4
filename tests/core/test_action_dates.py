"""Dates in words: each phrase is read in the zone of whoever typed it; what is doubtful is asked back, never guessed.

Every expectation is worked out by hand. Working days end at 17:00 in the playbook's zone.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import WorkingTime
from bot.dates import read_due
from bot.due import Doubtful, split_due
from bot.errors import Mistake
from bot.playbook.clocks import Calendar, Sprint

FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
"""15:00 in Madrid, 09:00 in New York, 19:30 in Kolkata, 06:00 in Los Angeles, 03:00 on Saturday in Auckland."""
MADRID, NEW_YORK, KOLKATA = "Europe/Madrid", "America/New_York", "Asia/Kolkata"
LOS_ANGELES, AUCKLAND, LAGOS = "America/Los_Angeles", "Pacific/Auckland", "Africa/Lagos"


def working(zone: str = "UTC") -> WorkingTime:
    """Working time from 09:00 to 17:00, with Christmas free and a sprint of two weeks that began on 16 November."""
    calendar = Calendar(closed=(date(2026, 12, 25),), sprint=Sprint(starts=date(2026, 11, 16), days=14))
    return WorkingTime(calendar, ZoneInfo(zone), ())


def read(words: str, zone: str = MADRID, *, now: datetime = FRIDAY, here: str = "UTC") -> datetime:
    """Read a phrase that was typed at ``now`` by somebody in ``zone``."""
    return read_due(words, now=now, zone=ZoneInfo(zone), here=working(here))


def utc(text: str) -> datetime:
    """``2026-11-27 17:00`` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


UNDERSTOOD = [
    # days without a time: the end of the playbook's working day on the person's date
    ("today", MADRID, "2026-11-20 17:00"),
    ("today", KOLKATA, "2026-11-20 17:00"),
    ("today", AUCKLAND, "2026-11-21 17:00"),
    ("tomorrow", MADRID, "2026-11-21 17:00"),
    ("tomorrow", AUCKLAND, "2026-11-22 17:00"),
    ("Tomorrow.", LOS_ANGELES, "2026-11-21 17:00"),
    ("day after tomorrow", MADRID, "2026-11-22 17:00"),
    ("the day after tomorrow", NEW_YORK, "2026-11-22 17:00"),
    # a weekday is the next one, on that weekday a week later
    ("monday", MADRID, "2026-11-23 17:00"),
    ("friday", MADRID, "2026-11-27 17:00"),
    ("friday", AUCKLAND, "2026-11-27 17:00"),
    ("saturday", MADRID, "2026-11-21 17:00"),
    ("saturday", AUCKLAND, "2026-11-28 17:00"),
    ("Thu", MADRID, "2026-11-26 17:00"),
    ("tues", NEW_YORK, "2026-11-24 17:00"),
    ("weds", NEW_YORK, "2026-11-25 17:00"),
    ("on thursday", LAGOS, "2026-11-26 17:00"),
    ("by wednesday", LAGOS, "2026-11-25 17:00"),
    ("this sunday", MADRID, "2026-11-22 17:00"),
    ("coming tuesday", MADRID, "2026-11-24 17:00"),
    # with a time: the person's own wall clock
    ("friday 15:00", MADRID, "2026-11-27 14:00"),
    ("friday 15:00", NEW_YORK, "2026-11-27 20:00"),
    ("friday 15:00", KOLKATA, "2026-11-27 09:30"),
    ("friday, 15:00", LOS_ANGELES, "2026-11-27 23:00"),
    ("friday at 3pm", MADRID, "2026-11-27 14:00"),
    ("friday 3 pm", MADRID, "2026-11-27 14:00"),
    ("3pm on friday", LAGOS, "2026-11-27 14:00"),
    ("15:00 friday", LAGOS, "2026-11-27 14:00"),
    ("noon on monday", MADRID, "2026-11-23 11:00"),
    ("monday noon", NEW_YORK, "2026-11-23 17:00"),
    ("monday at 12am", MADRID, "2026-11-22 23:00"),
    ("monday at 12pm", MADRID, "2026-11-23 11:00"),
    ("tomorrow 09:00", MADRID, "2026-11-21 08:00"),
    ("tomorrow 9:30", MADRID, "2026-11-21 08:30"),
    ("tomorrow at 8 a.m.", MADRID, "2026-11-21 07:00"),
    ("17:30", MADRID, "2026-11-20 16:30"),
    ("at 5pm", MADRID, "2026-11-20 16:00"),
    ("today 20:00", MADRID, "2026-11-20 19:00"),
    ("noon", LOS_ANGELES, "2026-11-20 20:00"),
    ("eod", MADRID, "2026-11-20 17:00"),
    ("EOD friday", MADRID, "2026-11-27 17:00"),
    ("friday eod", NEW_YORK, "2026-11-27 17:00"),
    ("end of day", NEW_YORK, "2026-11-20 17:00"),
    ("close of business monday", MADRID, "2026-11-23 17:00"),
    ("friday 15:00 UTC", KOLKATA, "2026-11-27 15:00"),
    ("friday 15:00 america/new_york", MADRID, "2026-11-27 20:00"),
    # dates
    ("2026-12-04", MADRID, "2026-12-04 17:00"),
    ("2026/12/04", MADRID, "2026-12-04 17:00"),
    ("2026-12-04 15:00", MADRID, "2026-12-04 14:00"),
    ("2026-12-04T15:00", MADRID, "2026-12-04 14:00"),
    ("4 december", MADRID, "2026-12-04 17:00"),
    ("4th of December", MADRID, "2026-12-04 17:00"),
    ("December 4", NEW_YORK, "2026-12-04 17:00"),
    ("dec 4th", NEW_YORK, "2026-12-04 17:00"),
    ("dec 4 at 10am", NEW_YORK, "2026-12-04 15:00"),
    ("4 december 2027", MADRID, "2027-12-04 17:00"),
    ("December 4, 2027", MADRID, "2027-12-04 17:00"),
    ("friday 4 december", MADRID, "2026-12-04 17:00"),
    ("2 january", MADRID, "2027-01-02 17:00"),
    ("1 march", MADRID, "2027-03-01 17:00"),
    ("31.12.", MADRID, "2026-12-31 17:00"),
    ("4.12.2026", MADRID, "2026-12-04 17:00"),
    ("12/25", NEW_YORK, "2026-12-25 17:00"),
    ("25/12", MADRID, "2026-12-25 17:00"),
    ("25/12/2026", MADRID, "2026-12-25 17:00"),
    ("12/12", MADRID, "2026-12-12 17:00"),
    ("the 27th", MADRID, "2026-11-27 17:00"),
    ("the 3rd", MADRID, "2026-12-03 17:00"),
    ("20th", MADRID, "2026-12-20 17:00"),
    # lengths of time
    ("in 3 days", MADRID, "2026-11-23 17:00"),
    ("in 3 days", AUCKLAND, "2026-11-24 17:00"),
    ("in three days", MADRID, "2026-11-23 17:00"),
    ("in a week", MADRID, "2026-11-27 17:00"),
    ("within 2 weeks", MADRID, "2026-12-04 17:00"),
    ("in 2 weeks at 10:00", MADRID, "2026-12-04 09:00"),
    ("in a month", MADRID, "2026-12-20 17:00"),
    ("in 2 months", MADRID, "2027-01-20 17:00"),
    ("in 4 hours", KOLKATA, "2026-11-20 18:00"),
    ("in an hour", MADRID, "2026-11-20 15:00"),
    ("in 90 minutes", MADRID, "2026-11-20 15:30"),
    ("in 2 business days", MADRID, "2026-11-24 14:00"),
    ("3 working days", MADRID, "2026-11-25 14:00"),
    ("4 business hours", MADRID, "2026-11-23 10:00"),
    ("next business day", MADRID, "2026-11-23 17:00"),
    ("this sprint", MADRID, "2026-11-27 17:00"),
    ("next sprint", MADRID, "2026-12-11 17:00"),
    ("end of next sprint", MADRID, "2026-12-11 17:00"),
    # the last working day of something
    ("end of week", MADRID, "2026-11-20 17:00"),
    ("the end of the week", MADRID, "2026-11-20 17:00"),
    ("eow", NEW_YORK, "2026-11-20 17:00"),
    ("end of next week", MADRID, "2026-11-27 17:00"),
    ("end of the month", MADRID, "2026-11-30 17:00"),
    ("eom", MADRID, "2026-11-30 17:00"),
    ("end of next month", MADRID, "2026-12-31 17:00"),
]


@pytest.mark.parametrize(("words", "zone", "due"), UNDERSTOOD)
def test_a_date_in_words_is_read_in_the_zone_of_whoever_typed_it(words: str, zone: str, due: str) -> None:
    assert read(words, zone) == utc(due)


CHANGES = [
    ("in a month", MADRID, "2027-01-31 10:00", "2027-02-28 17:00"),
    # Madrid: 2027-03-28 02:00 becomes 03:00, 2026-10-25 03:00 becomes 02:00
    ("sunday 01:59", MADRID, "2027-03-26 12:00", "2027-03-28 00:59"),
    ("sunday 03:00", MADRID, "2027-03-26 12:00", "2027-03-28 01:00"),
    ("monday 09:00", MADRID, "2027-03-26 12:00", "2027-03-29 07:00"),
    ("in 3 days at 09:00", MADRID, "2027-03-26 12:00", "2027-03-29 07:00"),
    ("in 48 hours", MADRID, "2027-03-27 12:00", "2027-03-29 12:00"),
    ("sunday 03:00", MADRID, "2026-10-23 12:00", "2026-10-25 02:00"),
    ("sunday 00:30 utc", MADRID, "2026-10-23 12:00", "2026-10-25 00:30"),
    ("monday 09:00", MADRID, "2026-10-23 12:00", "2026-10-26 08:00"),
    # New York: 2027-03-14 02:00 becomes 03:00, 2026-11-01 02:00 becomes 01:00
    ("sunday 03:30", NEW_YORK, "2027-03-12 12:00", "2027-03-14 07:30"),
    ("monday noon", NEW_YORK, "2027-03-12 12:00", "2027-03-15 16:00"),
    ("sunday 02:00", NEW_YORK, "2026-10-30 12:00", "2026-11-01 07:00"),
    ("monday noon", NEW_YORK, "2026-10-30 12:00", "2026-11-02 17:00"),
    # Auckland: summer begins on 2026-09-27, ends on 2027-04-04; Kolkata knows no change
    ("monday 09:00", AUCKLAND, "2026-09-25 00:00", "2026-09-27 20:00"),
    ("monday 09:00", AUCKLAND, "2027-04-02 00:00", "2027-04-04 21:00"),
    ("sunday 02:30", KOLKATA, "2027-03-26 12:00", "2027-03-27 21:00"),
]


@pytest.mark.parametrize(("words", "zone", "now", "due"), CHANGES)
def test_days_on_which_the_clock_changes_keep_the_wall_clocks_time(words: str, zone: str, now: str, due: str) -> None:
    assert read(words, zone, now=utc(now)) == utc(due)


@pytest.mark.parametrize(
    ("words", "now", "due"),
    [
        ("monday", "2027-03-26 12:00", "2027-03-29 15:00"),
        ("sunday", "2027-03-26 12:00", "2027-03-28 15:00"),
        ("monday", "2026-10-23 12:00", "2026-10-26 16:00"),
        ("friday", "2026-11-20 14:00", "2026-11-27 16:00"),
    ],
)
def test_without_a_time_the_working_day_ends_where_the_playbook_is(words: str, now: str, due: str) -> None:
    assert read(words, KOLKATA, now=utc(now), here=MADRID) == utc(due)


DOUBTFUL = [
    ("next friday", "Friday, 27 November or Friday, 4 December"),
    ("next monday 15:00", "Monday, 23 November or Monday, 30 November"),
    ("this friday", "not ahead in this week"),
    ("this monday", "not ahead in this week"),
    ("12/04", "day and month, or month and day"),
    ("4/12/2026", "day and month, or month and day"),
    ("3:30", "morning or afternoon"),
    ("friday 5:00", "`05:00` or `17:00`"),
    ("next week", "its first day or its last"),
    ("next month", "its first day or its last"),
    ("2026-11-01", "is past"),
    ("09:00", "is past"),
    ("noon", "is past"),
    ("today 14:59", "is past"),
    ("1 november", "Write the year too, like `2027-11-01`"),
    ("thursday 4 december", "2026-12-04 is a Friday"),
    ("31 november", "no such day"),
    ("2027-02-29", "no such day"),
    ("29 february 2027", "no such day"),
    ("32.12.", "no such day"),
    ("9999-12-31", "The year 9999 is too far away. Write it like"),
    ("31 december 9999 23:59", "The year 9999 is too far away"),
    ("0001-01-01", "The year 1 is too far away"),
    ("0000-01-01", "The year 0 is too far away"),
    ("friday UTC", "names a zone and no time"),
    ("soon", "cannot read"),
    ("asap", "cannot read"),
    ("later", "cannot read"),
    ("christmas", "cannot read"),
    ("yesterday", "cannot read"),
    ("midnight", "cannot read"),
    ("tonight", "cannot read"),
    ("friday morning", "cannot read"),
    ("friday or monday", "cannot read"),
    ("friday week", "cannot read"),
    ("march", "cannot read"),
    ("4 dec 26", "cannot read"),
    ("3.12", "cannot read"),
    ("friday 15:00 CST", "cannot read"),
    ("friday 25:00", "cannot read"),
    ("friday 13pm", "cannot read"),
    ("friday 3", "cannot read"),
    ("end of year", "cannot read"),
    ("in a while", "cannot read"),
    ("3", "cannot read"),
    ("", "cannot read"),
]


@pytest.mark.parametrize(("words", "asked"), DOUBTFUL)
def test_what_is_doubtful_is_asked_back(words: str, asked: str) -> None:
    with pytest.raises(Mistake) as told:
        read(words)
    assert asked in str(told.value)


@pytest.mark.parametrize(
    ("words", "zone", "now", "asked"),
    [
        ("sunday 02:30", MADRID, "2027-03-26 12:00", "skip 02:30 on 2027-03-28"),
        ("sunday 02:30", NEW_YORK, "2027-03-12 12:00", "skip 02:30 on 2027-03-14"),
        ("sunday 02:30", MADRID, "2026-10-23 12:00", "`2026-10-25 00:30 UTC` or `2026-10-25 01:30 UTC`"),
        ("sunday 01:30", NEW_YORK, "2026-10-30 12:00", "`2026-11-01 05:30 UTC` or `2026-11-01 06:30 UTC`"),
    ],
)
def test_a_time_that_the_clock_skips_or_shows_twice_is_asked_back(words: str, zone: str, now: str, asked: str) -> None:
    with pytest.raises(Mistake) as told:
        read(words, zone, now=utc(now))
    assert asked in str(told.value)


def test_a_working_day_that_is_over_asks_for_a_time() -> None:
    with pytest.raises(Mistake, match="is past: that was 2026-11-20 18:00"):
        read("today", now=utc("2026-11-20 17:00"))


def test_without_sprints_there_is_no_next_sprint() -> None:
    plain = WorkingTime(Calendar(), ZoneInfo("UTC"), ())
    with pytest.raises(Mistake, match="no sprints"):
        read_due("next sprint", now=FRIDAY, zone=ZoneInfo("UTC"), here=plain)


SENTENCES = [
    ("add a pool alert by friday", "add a pool alert", "2026-11-27 17:00"),
    ("add a pool alert due friday 15:00", "add a pool alert", "2026-11-27 14:00"),
    ("add a pool alert until 4 december.", "add a pool alert", "2026-12-04 17:00"),
    ("add an alert by friday for the pool", "add an alert for the pool", "2026-11-27 17:00"),
    ("by friday, add a pool alert", "add a pool alert", "2026-11-27 17:00"),
    ("stand by for the vendor by monday", "stand by for the vendor", "2026-11-23 17:00"),
    ("add a pool alert due in 3 days", "add a pool alert", "2026-11-23 17:00"),
    ("fail over by hand", "fail over by hand", None),
    ("reduce the latency by 30%", "reduce the latency by 30%", None),
    ("alerts are due", "alerts are due", None),
    ("alert when it fails twice in 10 minutes", "alert when it fails twice in 10 minutes", None),
    ("review what was done on friday", "review what was done on friday", None),
    ("sign off by the security team", "sign off by the security team", None),
]


@pytest.mark.parametrize(("text", "left", "due"), SENTENCES)
def test_the_date_is_parted_from_the_text(text: str, left: str, due: str | None) -> None:
    assert split_due(text, read) == (left, utc(due) if due else None)


@pytest.mark.parametrize(
    "text",
    [
        "add an alert by next friday",
        "add an alert by friday or monday",
        "add an alert by friday morning",
        "add an alert by soon",
        "add an alert by 12/04",
        "raise the limit by 20 days",
        "add an alert by today 14:00",
    ],
)
def test_a_doubtful_date_in_a_sentence_is_asked_back(text: str) -> None:
    with pytest.raises(Mistake):
        split_due(text, read)


@pytest.mark.parametrize(
    ("text", "left", "words", "readings"),
    [
        ("add an alert by next friday for the pool", "add an alert for the pool", "next friday",
         ("2026-11-27", "2026-12-04")),
        ("add an alert by 12/04 15:00", "add an alert", "12/04 15:00", ("2027-04-12 15:00", "2026-12-04 15:00")),
        ("add an alert by this monday", "add an alert", "this monday", ("2026-11-23",)),
        ("add an alert by 31/02", "add an alert", "31/02", ()),
        ("add an alert by soon or later as soon as we can, please", "add an alert can, please",
         "soon or later as soon as we", ()),
    ],
)  # fmt: skip
def test_a_doubtful_date_keeps_all_that_was_typed_and_says_how_it_may_be_meant(
    text: str, left: str, words: str, readings: tuple[str, ...]
) -> None:
    with pytest.raises(Doubtful) as doubt:
        split_due(text, read)
    assert (doubt.value.text, doubt.value.words, doubt.value.readings) == (left, words, readings)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
ZONES = st.sampled_from([MADRID, NEW_YORK, KOLKATA, LOS_ANGELES, AUCKLAND, LAGOS, "Pacific/Chatham", "UTC"])


@given(now=MOMENTS, zone=ZONES, words=st.text(max_size=30) | st.sampled_from([case[0] for case in UNDERSTOOD]))
def test_whatever_is_typed_is_either_ahead_or_asked_back(now: datetime, zone: str, words: str) -> None:
    try:
        assert read(words, zone, now=now) > now
    except Mistake as told:
        assert str(told)


@given(now=MOMENTS, zone=ZONES, ahead=st.integers(1, 300), minute=st.integers(0, 24 * 60 - 1))
def test_a_date_that_is_written_out_is_read_back_as_it_was_written(
    now: datetime, zone: str, ahead: int, minute: int
) -> None:
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=ahead)
    written = f"{day} {minute // 60:02}:{minute % 60:02}"
    try:
        due = read(written, zone, now=now)
    except Mistake as told:
        assert "skip" in str(told) or "twice" in str(told)
    else:
        assert f"{due.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == written
