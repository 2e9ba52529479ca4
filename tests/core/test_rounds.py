"""Rounds of news: when each is due, over summer time, weekends and jumps of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import rounds
from bot.calendar import WorkingTime
from bot.people import Person
from bot.playbook.clocks import Calendar
from bot.playbook.process import Audience, Cadence
from bot.playbook.shape import Playbook
from bot.progress import Round, RoundEnd
from tests.support.story import default

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANA = Person(key="ana", name="Ana")
CUSTOMERS = Cadence(name="customers", title="Customers", audience=Audience.CUSTOMERS, every=30 * MINUTE)
STANDUP = Cadence(name="standup", title="Daily standup", audience=Audience.TEAM, at=time(9, 30))


MADRID = ZoneInfo("Europe/Madrid")


def madrid(*free: date, **calendar: object) -> WorkingTime:
    """Working time in Madrid."""
    return WorkingTime(Calendar.model_validate(calendar), MADRID, free)


HERE = madrid()


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("2026-11-20T08:29", "2026-11-20T08:30"),  # Friday morning, in winter 09:30 is 08:30 UTC
        ("2026-11-20T08:30", "2026-11-23T08:30"),  # never the same moment again; Saturday and Sunday are left out
        ("2026-11-21T12:00", "2026-11-23T08:30"),
        ("2026-03-27T12:00", "2026-03-30T07:30"),  # over the night to summer time
        ("2026-10-23T12:00", "2026-10-26T08:30"),  # and back
        ("2026-12-31T23:30", "2027-01-01T08:30"),  # the new year has begun in Madrid; it is a Friday
    ],
)
def test_a_time_of_day_is_the_playbooks_wall_clock_on_working_days(after: str, due: str) -> None:
    found = rounds.next_time(STANDUP, HERE, after=datetime.fromisoformat(after).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_every_day_means_weekends_too_and_free_days_are_no_working_days() -> None:
    friday = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    daily = STANDUP.model_copy(update={"days": "all"})
    assert rounds.next_time(daily, HERE, after=friday) == datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    closed = madrid(date(2026, 11, 24), closed=("2026-11-23",), days=("mon", "tue", "wed"))
    assert rounds.next_time(STANDUP, closed, after=friday) == datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_comes_with_the_skip_and_one_that_comes_twice_comes_once() -> None:
    night = STANDUP.model_copy(update={"at": time(2, 30), "days": "all"})
    spring = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    skipped = rounds.next_time(night, HERE, after=spring)
    assert skipped == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 03:00 in Madrid, which follows 01:59 that night
    autumn = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    first = rounds.next_time(night, HERE, after=autumn)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert rounds.next_time(night, HERE, after=first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_an_interval_is_real_time_whatever_the_clocks_on_the_wall_do() -> None:
    before = datetime(2026, 3, 29, 0, 45, tzinfo=UTC)
    assert rounds.next_time(CUSTOMERS, HERE, after=before) == before + 30 * MINUTE


def started(cadence: Cadence = CUSTOMERS, *, now: datetime = NOW) -> Round:
    """A cadence that just began."""
    return rounds.start(Round(), cadence, HERE, now=now)


def test_the_first_round_comes_after_an_interval_or_at_once() -> None:
    assert started().due_at == NOW + 30 * MINUTE
    assert started(CUSTOMERS.model_copy(update={"at_once": True})).due_at == NOW


def test_what_nobody_answers_is_missed_when_the_next_is_due() -> None:
    first = rounds.ask(started(), CUSTOMERS, HERE, now=NOW + 30 * MINUTE, wait=10 * MINUTE)
    second = rounds.ask(first, CUSTOMERS, HERE, now=NOW + 60 * MINUTE, wait=10 * MINUTE)
    third = rounds.ask(second, CUSTOMERS, HERE, now=NOW + 90 * MINUTE, wait=10 * MINUTE)
    assert [one.end for one in third.posts] == [RoundEnd.MISSED, None]
    asked = third.asked
    assert asked is not None and (asked.count, asked.missed, asked.due_at) == (3, 2, NOW + 90 * MINUTE)
    assert asked.missed_from == NOW + 30 * MINUTE and third.due_at == NOW + 120 * MINUTE
    told = rounds.answer(third, CUSTOMERS, HERE, end=RoundEnd.TOLD, by=ANA, now=NOW + 95 * MINUTE)
    assert told.asked is None and told.due_at == NOW + 125 * MINUTE and told.told_by == "Ana"
    fourth = rounds.ask(told, CUSTOMERS, HERE, now=NOW + 125 * MINUTE, wait=10 * MINUTE)
    assert fourth.posts[-1].missed == 0


def test_a_jump_over_several_rounds_asks_once_for_all_of_them() -> None:
    asked = rounds.ask(started(), CUSTOMERS, HERE, now=NOW + 165 * MINUTE, wait=10 * MINUTE)
    assert len(asked.posts) == 1 and asked.posts[0].missed == 4
    assert asked.posts[0].missed_from == NOW + 30 * MINUTE and asked.posts[0].due_at == NOW + 150 * MINUTE
    assert asked.due_at == NOW + 195 * MINUTE


def test_a_jump_over_a_week_misses_the_standups_of_its_working_days() -> None:
    asked = rounds.ask(started(STANDUP), STANDUP, HERE, now=NOW + timedelta(days=7), wait=10 * MINUTE)
    assert asked.posts[0].missed == 4 and asked.posts[0].due_at == datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
    assert asked.due_at == datetime(2026, 11, 30, 8, 30, tzinfo=UTC)


def test_what_is_told_early_on_its_day_counts_for_that_daily_round_only() -> None:
    monday = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    early = rounds.answer(started(STANDUP), STANDUP, HERE, end=RoundEnd.TOLD, by=ANA, now=monday)
    assert early.due_at == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    saturday = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
    before = rounds.answer(started(STANDUP), STANDUP, HERE, end=RoundEnd.TOLD, by=ANA, now=saturday)
    assert before.due_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def test_an_unanswered_standup_is_answered_the_next_morning_before_the_next_one() -> None:
    friday = rounds.start(Round(), STANDUP, HERE, now=datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    asked = rounds.ask(friday, STANDUP, HERE, now=datetime(2026, 11, 20, 8, 30, tzinfo=UTC), wait=10 * MINUTE)
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    told = rounds.answer(asked, STANDUP, HERE, end=RoundEnd.TOLD, by=ANA, now=monday)
    assert told.due_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def test_a_single_round_and_the_last_one_are_asked_for_twice_and_then_left() -> None:
    once = Cadence(name="heads-up", title="Stakeholders", audience=Audience.STAKEHOLDERS, at_once=True)
    for cadence, kept in ((once, started(once)), (CUSTOMERS, rounds.conclude(started(), now=NOW))):
        now = NOW
        for _ in range(2):
            assert kept.due_at is not None and not rounds.given_up(kept, cadence)
            now = kept.due_at
            kept = rounds.ask(kept, cadence, HERE, now=now, wait=10 * MINUTE)
        assert rounds.given_up(kept, cadence)
        kept = rounds.leave(kept, now=now)
        assert kept.due_at is None and kept.asked is not None
        told = rounds.answer(kept, cadence, HERE, end=RoundEnd.TOLD, by=ANA, now=now + MINUTE)
        assert told.due_at is None and told.asked is None


def test_another_rhythm_is_counted_from_the_last_round_and_never_lies_in_the_past() -> None:
    slow = CUSTOMERS.model_copy(update={"every": 60 * MINUTE})
    for now, due in ((NOW + 10 * MINUTE, NOW + 60 * MINUTE), (NOW + 70 * MINUTE, NOW + 70 * MINUTE)):
        assert rounds.replan(started(), slow, HERE, now=now).due_at == due
    assert rounds.replan(started(slow), CUSTOMERS, HERE, now=NOW + 50 * MINUTE).due_at == NOW + 50 * MINUTE
    assert rounds.replan(started(), STANDUP, HERE, now=NOW).due_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "says"),
    [
        ({"every": "30m"}, "every 30m"),
        ({"at": "09:30"}, "at 09:30 on working days"),
        ({"at": "09:30", "days": "all", "at_once": True}, "at once, then at 09:30 every day"),
        ({"at_once": True}, "at once"),
    ],
)
def test_a_rhythm_in_words(rhythm: dict[str, object], says: str) -> None:
    made = Cadence.model_validate({"name": "news", "title": "News", "audience": "team"} | rhythm)
    assert made.rhythm == says


@pytest.mark.parametrize("rhythm", [{}, {"every": "30m", "at": "09:30"}])
def test_a_cadence_has_one_rhythm(rhythm: dict[str, object]) -> None:
    written = default().model_dump(mode="json", by_alias=True)
    written["severities"][0]["cadences"] = [{"name": "news", "title": "News", "audience": "team"} | rhythm]
    with pytest.raises(ValidationError, match="one of them"):
        Playbook.model_validate(written)


@given(st.lists(st.tuples(st.sampled_from(["wait", "told", "skip"]), st.integers(1, 5000)), max_size=25),
       st.sampled_from([CUSTOMERS, STANDUP]))  # fmt: skip
def test_whatever_happens_every_round_is_told_left_out_or_counted_as_missed(
    acts: list[tuple[str, int]], cadence: Cadence
) -> None:
    kept, now = started(cadence), NOW
    answered, missed = 0, 0
    for act, minutes in acts:
        now += minutes * MINUTE
        if act == "wait" and kept.due_at is not None and kept.due_at <= now:
            before = kept.asked.missed if kept.asked is not None else 0
            kept = rounds.ask(kept, cadence, HERE, now=now, wait=10 * MINUTE)
            assert kept.asked is not None and kept.asked.due_at <= now
            missed += kept.asked.missed - before
        elif act != "wait" and kept.asked is not None:
            answered += 1
            end = RoundEnd.TOLD if act == "told" else RoundEnd.SKIPPED
            kept = rounds.answer(kept, cadence, HERE, end=end, by=ANA, now=now)
            assert kept.asked is None
        assert len(kept.posts) <= 2
        if act == "wait" or kept.asked is None:
            assert kept.due_at is not None
    standing = kept.asked is not None
    assert kept.count <= answered + missed + standing, "what was asked for was answered, missed, or stands"
