"""Working time agrees with cases worked out by hand on a paper calendar, and never lands outside working hours."""

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.holidays import public
from bot.calendar import WEEKDAYS, WorkingTime, at, due
from bot.playbook.clocks import Calendar, Sprint
from bot.terms import Term, Unit, parse_term

PACIFIC, MADRID = "America/Los_Angeles", "Europe/Madrid"


def office(
    zone: str = PACIFIC, *, country: str = "", subdivision: str = "", free: Container[date] = (), **calendar: object
) -> WorkingTime:
    """Monday to Friday, nine to five, unless said otherwise."""
    known = public(country, subdivision) if country else free
    assert known is not None
    return WorkingTime(Calendar.model_validate(calendar), ZoneInfo(zone), known)


def ends(term: str, start: str, here: WorkingTime) -> str:
    """When a term ends, start and end on the wall clock of the office."""
    found = due(parse_term(term), datetime.fromisoformat(start).replace(tzinfo=here.zone), here=here)
    assert found.tzinfo is UTC
    return f"{found.astimezone(here.zone):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("term", "start", "end"),
    [
        # a plain weekend
        ("4 business hours", "2026-11-20 15:00", "Mon 2026-11-23 11:00"),
        ("2 business hours", "2026-11-20 15:00", "Fri 2026-11-20 17:00"),
        ("4 business hours", "2026-11-20 17:00", "Mon 2026-11-23 13:00"),
        ("4 business hours", "2026-11-21 12:00", "Mon 2026-11-23 13:00"),
        ("4 business hours", "2026-11-23 03:00", "Mon 2026-11-23 13:00"),
        ("20 business hours", "2026-11-20 16:30", "Wed 2026-11-25 12:30"),
        ("1 business day", "2026-11-20 18:30", "Tue 2026-11-24 09:00"),
        ("1 business day", "2026-11-20 16:59", "Mon 2026-11-23 16:59"),
        ("2 business days", "2026-11-22 12:00", "Wed 2026-11-25 09:00"),
        ("next business day", "2026-11-20 00:05", "Mon 2026-11-23 17:00"),
        ("next business day", "2026-11-22 23:50", "Mon 2026-11-23 17:00"),
        ("next business day", "2026-11-19 10:00", "Fri 2026-11-20 17:00"),
        ("48h", "2026-11-20 15:00", "Sun 2026-11-22 15:00"),
        # over the year's end, without holidays: 31 December 2026 is a Thursday
        ("5 business days", "2026-12-30 10:15", "Wed 2027-01-06 10:15"),
        ("10 business hours", "2026-12-31 16:00", "Mon 2027-01-04 10:00"),
    ],
)
def test_in_an_office_without_holidays(term: str, start: str, end: str) -> None:
    assert ends(term, start, office()) == end


@pytest.mark.parametrize(
    ("term", "start", "end"),
    [
        # Thanksgiving is 26 November, and in California the Friday after it is free too
        ("4 business hours", "2026-11-25 15:00", "Mon 2026-11-30 11:00"),
        ("5 business days", "2026-11-20 15:00", "Tue 2026-12-01 15:00"),
        ("next business day", "2026-11-25 10:00", "Mon 2026-11-30 17:00"),
        # Christmas is a Friday, New Year's Day too
        ("5 business days", "2026-12-23 11:00", "Thu 2026-12-31 11:00"),
        ("6 business days", "2026-12-23 11:00", "Mon 2027-01-04 11:00"),
        ("12 business hours", "2026-12-31 14:00", "Tue 2027-01-05 10:00"),
        ("next business day", "2026-12-31 20:00", "Mon 2027-01-04 17:00"),
    ],
)
def test_holidays_of_a_country_and_its_region_are_free(term: str, start: str, end: str) -> None:
    assert ends(term, start, office(country="US", subdivision="CA")) == end


def test_the_day_after_thanksgiving_is_worked_elsewhere_in_the_country() -> None:
    assert ends("next business day", "2026-11-25 10:00", office(country="US")) == "Fri 2026-11-27 17:00"


def test_days_that_the_team_closes_itself_are_free_too() -> None:
    closed = office(closed=["2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01"])
    assert ends("1 business day", "2026-12-24 16:00", closed) == "Fri 2026-12-25 16:00"
    assert ends("2 business days", "2026-12-24 16:00", closed) == "Mon 2027-01-04 16:00"


@pytest.mark.parametrize(
    ("zone", "term", "start", "end"),
    [
        # Los Angeles: back an hour on 1 November 2026, ahead an hour on 8 March 2026, both Sundays
        (PACIFIC, "1 business day", "2026-10-30 15:00", "Mon 2026-11-02 15:00"),
        (PACIFIC, "3 business hours", "2026-10-30 16:00", "Mon 2026-11-02 11:00"),
        (PACIFIC, "72h", "2026-10-30 15:00", "Mon 2026-11-02 14:00"),
        (PACIFIC, "1 business day", "2026-03-06 15:00", "Mon 2026-03-09 15:00"),
        (PACIFIC, "3 business hours", "2026-03-06 16:00", "Mon 2026-03-09 11:00"),
        (PACIFIC, "72h", "2026-03-06 15:00", "Mon 2026-03-09 16:00"),
        # Madrid: back on 25 October 2026, ahead on 29 March 2026
        (MADRID, "5 business days", "2026-10-23 09:00", "Fri 2026-10-30 09:00"),
        (MADRID, "24h", "2026-10-24 18:00", "Sun 2026-10-25 17:00"),
        (MADRID, "next business day", "2026-03-27 12:00", "Mon 2026-03-30 17:00"),
        (MADRID, "24h", "2026-03-28 18:00", "Sun 2026-03-29 19:00"),
    ],
)
def test_days_keep_the_wall_clock_and_hours_are_real(zone: str, term: str, start: str, end: str) -> None:
    assert ends(term, start, office(zone)) == end


def test_a_shift_through_the_night_on_which_the_clock_turns_counts_real_hours() -> None:
    always = office(PACIFIC, opens="00:00", closes="23:59", days=list(WEEKDAYS))
    assert ends("6 business hours", "2026-11-01 00:00", always) == "Sun 2026-11-01 05:00"
    assert ends("6 business hours", "2026-03-08 00:00", always) == "Sun 2026-03-08 07:00"
    assert ends("1 business day", "2026-03-07 02:30", always) == "Sun 2026-03-08 03:00"


def test_an_hour_that_the_clock_shows_twice_does_not_turn_two_deadlines_round() -> None:
    always = office(PACIFIC, opens="00:00", closes="23:59", days=list(WEEKDAYS))
    turn = datetime(2026, 11, 1, 9, tzinfo=UTC)
    before, after = (
        due(parse_term("1 business day"), turn + timedelta(minutes=m), here=always).astimezone(always.zone)
        for m in (-10, 20)
    )
    assert f"{before:%a %H:%M}" == "Mon 01:50" and f"{after:%a %H:%M}" == "Mon 02:00"


@pytest.mark.parametrize(
    ("term", "start", "end"),
    [
        # sprints of two weeks from Monday 2 November 2026: 16 to 29 November, 30 November to 13 December, …
        ("this sprint", "2026-11-20 10:00", "Fri 2026-11-27 17:00"),
        ("next sprint", "2026-11-20 10:00", "Fri 2026-12-11 17:00"),
        ("current or next sprint", "2026-11-29 23:00", "Fri 2026-12-11 17:00"),
        ("next sprint", "2026-11-30 00:00", "Fri 2026-12-25 17:00"),
        ("this sprint", "2026-11-28 10:00", "Fri 2026-12-11 17:00"),
        ("2 sprints", "2026-10-20 10:00", "Fri 2026-11-27 17:00"),
    ],
)
def test_a_sprint_ends_with_its_last_working_day(term: str, start: str, end: str) -> None:
    assert ends(term, start, office(sprint={"starts": "2026-11-02"})) == end


def test_without_sprints_in_the_calendar_a_term_in_sprints_has_no_end() -> None:
    with pytest.raises(ValueError, match="sprint"):
        ends("next sprint", "2026-11-20 10:00", office())


def test_a_country_that_nobody_knows_has_no_holidays_to_give() -> None:
    assert public("XX", "") is None and public("US", "Atlantis") is None


# The property


ZONES = (
    "UTC", PACIFIC, MADRID, "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Beirut", "America/Santiago",
    "Africa/Casablanca", "Pacific/Apia", "America/St_Johns",
)  # fmt: skip
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda m: time(m // 60, m % 60))
DAYS = st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=30).map(tuple)


@st.composite
def offices(draw: st.DrawFn) -> WorkingTime:
    """Any office: any zone, hours, days, holidays and sprints."""
    opens, closes = sorted(draw(st.lists(MINUTES, min_size=2, max_size=2, unique=True)))
    days = tuple(sorted(draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1)), key=WEEKDAYS.index))
    sprint = Sprint(starts=draw(st.dates(date(2026, 1, 1), date(2026, 12, 31))), days=draw(st.integers(1, 30)))
    calendar = Calendar.model_validate(
        {"opens": opens, "closes": closes, "days": days, "closed": draw(DAYS), "sprint": sprint}
    )
    return WorkingTime(calendar, ZoneInfo(draw(st.sampled_from(ZONES))), frozenset(draw(DAYS)))


TERMS = st.one_of(
    st.integers(1, 60).map(lambda n: Term(Unit.BUSINESS_HOURS, length=timedelta(hours=n))),
    st.integers(1, 20).map(lambda n: Term(Unit.BUSINESS_DAYS, count=n)),
    st.just(Term(Unit.NEXT_BUSINESS_DAY, count=1)),
    st.integers(0, 3).map(lambda n: Term(Unit.SPRINTS, count=n)),
)
TURNS = [  # moments at which a clock turns: ahead and back in each of these zones
    (PACIFIC, datetime(2026, 3, 8, 10, tzinfo=UTC)), (PACIFIC, datetime(2026, 11, 1, 9, tzinfo=UTC)),
    (MADRID, datetime(2026, 3, 29, 1, tzinfo=UTC)), (MADRID, datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2026, 3, 28, 22, tzinfo=UTC)), ("Asia/Beirut", datetime(2026, 10, 24, 21, tzinfo=UTC)),
]  # fmt: skip
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 30), timezones=st.just(UTC))


def inside(moment: datetime, here: WorkingTime) -> bool:
    """Whether a moment lies in a working day's hours, both ends included."""
    day = here.day(moment)
    near = (day - timedelta(days=1), day, day + timedelta(days=1))
    return any(here.on(one) and here.opens(one) <= moment <= here.closes(one) for one in near)


@settings(max_examples=400, deadline=None)
@given(offices(), TERMS, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=4)))
def test_a_deadline_lies_in_working_time_after_its_start_and_never_moves_back_when_the_start_moves_on(
    here: WorkingTime, term: Term, start: datetime, later: timedelta
) -> None:
    first, second = due(term, start, here=here), due(term, start + later, here=here)
    assert first <= second
    assert start <= first and inside(first, here)
    assert inside(second, here)


@settings(max_examples=800, deadline=None)
@given(
    st.sampled_from(TURNS), st.tuples(st.integers(0, 240), st.integers(241, 1439)), st.integers(0, 2),
    st.integers(-90, 30), st.integers(0, 60), st.integers(1, 4),
    st.sampled_from((Unit.BUSINESS_DAYS, Unit.BUSINESS_HOURS)),
)  # fmt: skip
def test_nor_while_the_clock_turns_under_those_who_work_through_the_night(
    turn: tuple[str, datetime],
    hours: tuple[int, int],
    days_before: int,
    minute: int,
    later: int,
    count: int,
    unit: Unit,
) -> None:
    zone, moment = turn
    opens, closes = (time(m // 60, m % 60) for m in hours)
    here = WorkingTime(Calendar(opens=opens, closes=closes, days=WEEKDAYS), ZoneInfo(zone))
    start = moment + timedelta(minutes=minute) - timedelta(days=days_before)
    term = Term(unit, length=timedelta(hours=count), count=count)
    first, second = due(term, start, here=here), due(term, start + timedelta(minutes=later), here=here)
    assert start <= first <= second and inside(first, here) and inside(second, here)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TURNS), st.integers(0, 24 * 60 - 1), st.integers(0, 90))
def test_a_later_time_on_the_wall_clock_is_never_an_earlier_moment(
    turn: tuple[str, datetime], minute: int, later: int
) -> None:
    zone, moment = ZoneInfo(turn[0]), turn[1]
    day = moment.astimezone(zone).date()
    clocks = (time(m // 60, m % 60) for m in (minute, min(minute + later, 24 * 60 - 1)))
    first, second = (at(day, clock, zone) for clock in clocks)
    assert first <= second
