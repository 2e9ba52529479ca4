"""What is kept of the alerts of one dedupe key, however they arrive."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.alert import AlertState, Measure
from bot.alerts.tracked import FLAPPING, FLAPS, KEPT_FLIPS, Became, News, Tracked, begin, hear
from tests.support.alerts import CLEARS, FIRES, alert

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
AGAIN = timedelta(minutes=30)
TAKEN = AlertState.ACKNOWLEDGED


def told(*arrivals: tuple[AlertState, float]) -> tuple[Tracked, list[News]]:
    """What is known after these, each so many minutes after the one before, and what each of them was."""
    known, now, news = begin(alert(), now=NOW), NOW, []
    for state, minutes in arrivals:
        now += timedelta(minutes=minutes)
        news.append(hear(known, alert(state=state), now=now, again=AGAIN))
    return known, news


@pytest.mark.parametrize(
    ("arrivals", "news"),
    [
        ([(FIRES, 0), (FIRES, 1), (TAKEN, 1), (TAKEN, 1)], [News.FIRST, News.REPEAT, News.ACKNOWLEDGED, News.REPEAT]),
        ([(FIRES, 0), (CLEARS, 5), (CLEARS, 1)], [News.FIRST, News.CLEARED, News.NOTHING]),
        ([(FIRES, 0), (CLEARS, 5), (FIRES, 30)], [News.FIRST, News.CLEARED, News.AGAIN]),
        ([(FIRES, 0), (CLEARS, 5), (FIRES, 30.1)], [News.FIRST, News.CLEARED, News.FIRST]),
        ([(CLEARS, 0), (FIRES, 1)], [News.NOTHING, News.FIRST]),
        ([(TAKEN, 0), (FIRES, 1), (CLEARS, 1)], [News.FIRST, News.REPEAT, News.CLEARED]),
    ],
)
def test_an_arriving_alert_is_news_for_what_is_known(
    arrivals: list[tuple[AlertState, float]], news: list[News]
) -> None:
    assert told(*arrivals)[1] == news


@given(st.lists(st.tuples(st.sampled_from(AlertState), st.floats(0, 60)), min_size=1, max_size=60))
def test_whatever_arrives_in_whichever_order_adds_up(arrivals: list[tuple[AlertState, float]]) -> None:
    known, news = told(*arrivals)
    firing = [state for state, _ in arrivals if not state.over]
    assert known.tally.posted == len(firing)
    assert known.state.over is arrivals[-1][0].over, "it is as the last one says"
    assert 0 <= known.count <= known.tally.posted and (known.count > 0 or not firing)
    assert len(known.flips) <= KEPT_FLIPS and list(known.flips) == sorted(known.flips)
    assert (known.cleared_at is not None) is (known.state.over and bool(firing)), "a clear is noted, never assumed"
    assert known.since <= known.last_at and known.first_at == NOW
    begun, ended = (
        sum(one in (News.FIRST, News.AGAIN) for one in news),
        sum(one is News.CLEARED for one in news),
    )
    assert begun - ended == known.fires, "whatever clears has fired before, and the other way round"
    later, when = known.last_at + FLAPPING + timedelta(seconds=1), known.flapping(known.last_at)
    assert known.flapping(later) == 0 and (when == 0 or FLAPS <= when <= KEPT_FLIPS)


def test_it_flaps_once_it_changed_three_times_in_half_an_hour() -> None:
    known, _ = told((FIRES, 0), (CLEARS, 5), (FIRES, 5))
    assert known.flapping(known.last_at) == 0
    known, _ = told((FIRES, 0), (CLEARS, 5), (FIRES, 5), (CLEARS, 5))
    assert known.flapping(known.last_at) == 3
    known, _ = told((FIRES, 0), (CLEARS, 5), (FIRES, 25), (CLEARS, 25))
    assert known.flapping(known.last_at) == 0


def test_it_has_fired_since_the_senders_own_time_and_never_since_one_to_come() -> None:
    known = begin(alert(), now=NOW)
    hear(known, alert(started_at=NOW - timedelta(minutes=9)), now=NOW, again=AGAIN)
    assert known.since == NOW - timedelta(minutes=9)
    hear(known, alert(state=CLEARS), now=NOW, again=AGAIN)
    hear(known, alert(started_at=NOW + timedelta(days=1)), now=NOW, again=AGAIN)
    assert known.since == NOW


def test_what_only_the_fuller_one_said_is_kept() -> None:
    full = alert(
        text="12 %", component="checkout", link="https://a.example/1", runbook="https://a.example/r", labels={"a": "b"},
        measures={Measure.ERRORS: 12.0},
    )  # fmt: skip
    known = begin(full, now=NOW)
    hear(known, full, now=NOW, again=AGAIN)
    assert hear(known, alert("Down (again)", severity=""), now=NOW, again=AGAIN) is News.REPEAT
    kept = known.alert
    assert (kept.title, kept.severity, kept.component) == ("Down (again)", "critical", "checkout")
    assert (kept.text, kept.link, kept.runbook, kept.labels) == ("12 %", full.link, full.runbook, {"a": "b"})
    assert kept.measures == {}, "a figure is as old as the alert that stated it"


def test_another_word_for_how_bad_it_is_is_news() -> None:
    known = begin(alert(), now=NOW)
    hear(known, alert(severity="warning"), now=NOW, again=AGAIN)
    assert hear(known, alert(severity="critical"), now=NOW, again=AGAIN) is News.WORSE
    assert hear(known, alert(severity="critical"), now=NOW, again=AGAIN) is News.REPEAT


@pytest.mark.parametrize(
    ("told", "news", "state"),
    [
        ([(CLEARS, 5), (FIRES, 0)], [News.NOTHING, News.NOTHING], CLEARS),
        ([(FIRES, 0), (CLEARS, 5), (FIRES, 0)], [News.FIRST, News.CLEARED, News.NOTHING], CLEARS),
        ([(FIRES, 0), (FIRES, 9), (CLEARS, 5)], [News.FIRST, News.REPEAT, News.NOTHING], FIRES),
        ([(FIRES, 0), (TAKEN, 9), (FIRES, 5)], [News.FIRST, News.ACKNOWLEDGED, News.NOTHING], TAKEN),
        ([(FIRES, 0), (CLEARS, 5), (FIRES, 5)], [News.FIRST, News.CLEARED, News.AGAIN], FIRES),
        ([(FIRES, 999), (CLEARS, 5), (FIRES, 6)], [News.FIRST, News.CLEARED, News.AGAIN], FIRES),
        ([(FIRES, 5), (CLEARS, None)], [News.FIRST, News.CLEARED], CLEARS),
    ],
)
def test_what_was_overtaken_on_its_way_changes_nothing(
    told: list[tuple[AlertState, float | None]], news: list[News], state: AlertState
) -> None:
    known = begin(alert(), now=NOW)
    now, heard = NOW + timedelta(minutes=10), []
    for stands, minutes in told:
        at = None if minutes is None else NOW + timedelta(minutes=minutes)
        heard.append(hear(known, alert(state=stands, told_at=at), now=now, again=AGAIN))
    assert (heard, known.state) == (news, state)
    assert known.tally.posted == sum(not stands.over for stands, _ in told), "it is counted all the same"


def test_it_is_ignored_until_then_and_no_longer() -> None:
    known, _ = told((FIRES, 0))
    known.muted_until = NOW + timedelta(hours=2)
    assert known.muted(NOW) and not known.muted(known.muted_until)


def test_quiet_hours_that_held_it_are_over_at_their_end() -> None:
    known, _ = told((FIRES, 0))
    known.became, known.look_at = Became.HELD, NOW + timedelta(hours=2)
    assert not known.waited(NOW) and known.waited(known.look_at)
    known.became = Became.OFFERED
    assert not known.waited(known.look_at)


def test_of_each_of_the_last_days_it_is_known_how_often_it_came_since() -> None:
    day = 24 * 60.0
    known, _ = told(*((FIRES, 0.0 if not place else day / 2) for place in range(24)))
    last = NOW + timedelta(minutes=23 * day / 2)
    assert known.tally.posted == 24 and last.date() == NOW.date() + timedelta(days=12)
    assert known.lately(last.date()).posted == 1 and known.lately(last.date() - timedelta(days=6)).posted == 13
    assert known.lately(last.date() + timedelta(days=1)).posted == 0, "it came no more"
    assert len(known.days) <= 9


def test_what_became_of_it_since_a_day_is_counted_too() -> None:
    known, _ = told((FIRES, 0))
    known.tally.ignored += 1
    hear(known, alert(), now=NOW + timedelta(days=1), again=AGAIN)
    known.tally.ignored += 1
    assert known.lately(NOW.date()).ignored == 2
    since = known.lately(NOW.date() + timedelta(days=1))
    assert (since.posted, since.ignored) == (1, 1)
