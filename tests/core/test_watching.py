"""When a clock or an outbox counts as stuck, and when that is over; time is handed in."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.card import plain
from bot.ledger import Standstill
from bot.messages import watching as words
from bot.standstill import Cause, Trouble
from bot.watching import BACKLOG, STALE
from bot.watching.clock import OVERDUE, SILENT, ClockWatch
from bot.watching.outbox import OutboxWatch

OWED = datetime(2026, 11, 27, 14, 2, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)


def clock() -> ClockWatch:
    """A clock that began at 0."""
    return ClockWatch(stale=STALE, began=0)


def test_a_clock_that_rings_and_has_nothing_to_do_is_well() -> None:
    watch = clock()
    for now in range(0, 200, 5):
        assert watch.look(now=now, rang=now - 1.0, due=None) == ""
    assert watch.well and watch.overdue is None


@pytest.mark.parametrize("rang", [None, 0.0])
def test_a_clock_that_does_not_ring_is_stuck_after_a_while_and_until_it_rings(rang: float | None) -> None:
    watch = clock()
    assert watch.look(now=STALE - 1, rang=rang, due=None) == ""
    assert watch.look(now=STALE, rang=rang, due=None) == SILENT
    assert watch.stuck_for(STALE) == STALE and watch.overdue is None
    assert watch.look(now=STALE + 5, rang=STALE + 4, due=None) == ""


def test_a_clock_that_rings_and_does_not_do_what_is_due_is_stuck() -> None:
    watch = clock()
    for now in (0, 5, 10):
        assert watch.look(now=now, rang=now, due=DUE) == "", "it is about to do it"
    assert watch.look(now=15, rang=15, due=DUE) == OVERDUE
    assert watch.overdue == DUE and not watch.well
    assert watch.look(now=20, rang=20, due=None) == "" and watch.well


def test_while_what_is_due_moves_on_work_is_being_done() -> None:
    watch = clock()
    for now in range(0, 120, 5):
        assert watch.look(now=now, rang=now, due=DUE + timedelta(seconds=now // 10)) == ""


def test_a_database_that_does_not_answer_says_nothing_of_what_is_due() -> None:
    watch = clock()
    watch.look(now=0, rang=0, due=DUE)
    assert watch.look(now=5, rang=5, due=None, known=False) == ""
    assert not watch.well, "nobody knows whether something is due"


class Outbox:
    """An outbox that began at 0, and is looked at."""

    def __init__(self) -> None:
        self.watch = OutboxWatch("slack", backlog=BACKLOG, began=0)

    def look(
        self, now: float, *, age: float | None, id: int = 7, done_at: float = float("-inf"), away: bool = False,
        limited: float = 0.0, why: str = "",
    ) -> Trouble | None:  # fmt: skip
        """What waits longest has waited so many seconds; nothing waits where there is no age."""
        found = Standstill("slack", 12, id, OWED, timedelta(seconds=age), why) if age is not None else None
        return self.watch.look(found, now=now, done_at=done_at, away=away, limited=limited)


def test_what_waits_and_is_not_done_for_a_while_is_trouble_since_it_was_owed() -> None:
    outbox = Outbox()
    assert outbox.look(300, age=None) is None
    assert outbox.look(305, age=3) is None
    assert outbox.look(360, age=58) is None
    trouble = outbox.look(365, age=63, away=True, why="timeout")
    assert trouble is not None
    assert (trouble.cause, trouble.depth, trouble.oldest, trouble.why) == (Cause.FAILING, 12, OWED, "timeout")
    assert trouble.since == OWED


def test_it_is_since_the_last_thing_was_taken_where_others_waited_already() -> None:
    outbox = Outbox()
    outbox.look(0, age=0)
    outbox.look(30, age=30, done_at=28)
    trouble = outbox.look(90, age=90, done_at=28, why="timeout")
    assert trouble is not None and trouble.since == OWED + timedelta(seconds=28)


def test_a_start_with_old_things_owed_is_given_time_to_do_them() -> None:
    outbox = Outbox()
    for now in (0, 5, 55):
        assert outbox.look(now, age=3600 + now) is None
    assert outbox.look(60, age=3660) is not None


def test_a_platform_that_takes_things_is_well_though_much_waits() -> None:
    outbox = Outbox()
    for now in range(0, 300, 5):
        assert outbox.look(now, age=100 + now, done_at=now - 2) is None


def test_another_replica_that_gets_things_done_shows_by_what_waits_longest() -> None:
    outbox = Outbox()
    for now in range(0, 300, 5):
        assert outbox.look(now, age=100, id=now) is None


def test_it_is_over_once_nothing_waits_for_long() -> None:
    outbox = Outbox()
    outbox.look(0, age=10)
    first = outbox.look(70, age=80)
    assert first is not None
    again = outbox.look(75, age=70, id=8, done_at=74)
    assert again is not None and again.since == first.since, "one thing was taken, others wait for long"
    assert outbox.look(80, age=5, id=30, done_at=79) is None
    assert outbox.watch.well


@pytest.mark.parametrize(
    ("given", "cause", "says"),
    [
        ({"away": True}, Cause.AWAY, "does not answer"),
        ({"away": True, "why": "timeout"}, Cause.FAILING, "the last attempt ended with “timeout”"),
        ({"away": True, "limited": 90.0, "why": "ratelimited"}, Cause.LIMITED, "asks to wait until 14:04:40"),
        ({}, Cause.IDLE, "the fault is here: restart this process"),
    ],
)
def test_each_cause_has_its_words(given: dict[str, float], cause: Cause, says: str) -> None:
    outbox = Outbox()
    outbox.look(0, age=0)
    trouble = outbox.look(70, age=70, **given)  # type: ignore[arg-type]  # names of one call
    assert trouble is not None and trouble.cause is cause
    line = words.line(trouble)
    assert says in line and "12 things wait, the oldest since 14:02:00 UTC" in line and "since 14:02:00" in line
    card = plain(words.stuck(trouble, here="discord").text)
    assert "12 things wait" in card and "Please go on here on Discord" in card
    assert ("tocsin doctor" in card) is (cause in (Cause.AWAY, Cause.FAILING))
