"""When an action item is asked for: a working day before it is due, and on three working days after."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import actions
from bot.calendar import WorkingTime
from bot.incident import Incident
from bot.people import Group, Person
from bot.playbook.clocks import Calendar
from bot.playbook.process import Stage
from bot.progress import ActionItem

ANA = Person(key="ana", name="Ana")
FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
HERE = WorkingTime(Calendar(closed=(date(2026, 12, 8),)), ZoneInfo("Europe/Madrid"), ())
"""09:00 to 17:00 in Madrid (08:00 to 16:00 UTC in winter); 8 December is free."""


def incident() -> Incident:
    """An incident without items."""
    return Incident(
        title="checkout is down",
        severity="sev1",
        status="investigating",
        stage=Stage.INVESTIGATING,
        playbook="small",
        version="1",
        declared_at=FRIDAY,
        declared_by=ANA,
        began_at=FRIDAY,
    )


def added(here: Incident, *, due: datetime | None, now: datetime = FRIDAY) -> ActionItem:
    """An item of Ana's."""
    return actions.add(here, text="add an alert", owner=ANA, due_at=due, by=ANA, now=now, here=HERE)


def asked(here: Incident, *, until: datetime) -> list[tuple[datetime, int]]:
    """Each moment at which the item was looked at, and how many reminders had gone out after it."""
    moments = []
    while (at := here.progress.actions[0].ask_at) is not None and at <= until:
        after = actions.remind(here, here.progress.actions[0], now=at, here=HERE)
        moments.append((at, after.told))
    return moments


def at(day: int, hour: int) -> datetime:
    """A moment in December 2026."""
    return datetime(2026, 12, day, hour, 0, tzinfo=UTC)


def test_it_is_asked_for_as_the_working_day_before_opens_and_on_three_after_it() -> None:
    here = incident()
    added(here, due=at(9, 16))
    assert asked(here, until=at(31, 0)) == [
        (at(7, 8), 1),  # Monday: the 8th is free
        (at(9, 16), 1),  # it becomes overdue, and nobody is told
        (at(10, 8), 2),
        (at(11, 8), 3),
        (at(14, 8), 4),  # not on the weekend
    ]
    assert here.progress.actions[0].ask_at is None and here.progress.actions[0].late


def test_one_that_is_due_within_the_day_is_not_asked_for_before() -> None:
    here = incident()
    added(here, due=at(9, 16), now=at(7, 9))
    assert here.progress.actions[0].ask_at == at(9, 16)


@pytest.mark.parametrize(
    ("woke", "told", "next_at"),
    [
        (at(9, 10), 1, at(9, 16)),  # too late for the day before, and still before it is due
        (at(9, 20), 0, at(10, 8)),
        (at(11, 10), 1, at(14, 8)),  # two days were slept through: one reminder
        (at(12, 10), 0, at(14, 8)),  # woken on a Saturday: not before Monday
        (at(11, 3), 0, at(11, 8)),  # nor at night
    ],
)
def test_what_was_slept_through_makes_one_reminder_in_working_time(
    woke: datetime, told: int, next_at: datetime
) -> None:
    here = incident()
    item = added(here, due=at(9, 16))
    after = actions.remind(here, item, now=woke, here=HERE)
    assert (after.told, after.ask_at) == (told, next_at)


def test_done_and_dropped_ones_are_not_asked_for_and_taken_up_again_they_are() -> None:
    here = incident()
    item = added(here, due=at(9, 16))
    done = actions.finish(here, item, by="Ana", now=FRIDAY)
    assert done.ask_at is None and not done.open
    again = actions.take_up(here, done, now=FRIDAY, here=HERE)
    assert again.ask_at == at(7, 8) and again.open
    dropped = actions.drop(here, again, because="the pool is gone", now=FRIDAY)
    assert dropped.ask_at is None and not dropped.open and here.progress.actions == (dropped,)


def test_a_group_is_no_person_and_a_person_of_it_settles_that() -> None:
    here = incident()
    team = Group(key="team", name="Team")
    item = actions.add(here, text="add an alert", owner=team, by=ANA, now=FRIDAY, here=HERE)
    assert actions.lacks(item) == (actions.OWNER, actions.DATE) and item.owned_by == team and item.turn == 1
    item = actions.own(here, item, ANA, now=FRIDAY, here=HERE)
    assert actions.lacks(item) == (actions.DATE,) and item.owned_by == ANA
    item = actions.own(here, item, team, now=FRIDAY, here=HERE)
    assert item.owner is None and item.turn == 2
    assert actions.lacks(actions.date(here, item, at(9, 16), now=FRIDAY, here=HERE)) == (actions.OWNER,)


def test_whoever_links_an_account_keeps_their_items() -> None:
    here = incident()
    alone = Person(key="slack:U1", name="ana", handles={"slack": "U1"})
    actions.add(here, text="add an alert", owner=alone, by=ANA, now=FRIDAY, here=HERE)
    here.rename({"slack:U1"}, ANA)
    assert here.progress.actions[0].owner == ANA


@given(
    due=st.datetimes(datetime(2026, 11, 20, 15), datetime(2027, 12, 31), timezones=st.just(UTC)),
    late=st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), max_size=30),
)
def test_it_always_moves_on_and_tells_four_times_at_the_most(due: datetime, late: list[timedelta]) -> None:
    here = incident()
    item = added(here, due=due)
    now, delays = FRIDAY, iter(late)
    while item.ask_at is not None:
        now = max(now, item.ask_at) + next(delays, timedelta(0))
        item = actions.remind(here, item, now=now, here=HERE)
        assert item.ask_at is None or item.ask_at > now, "else the rule would act for ever"
    assert item.told <= 1 + actions.REMINDERS and item.asked == actions.REMINDERS and item.late
