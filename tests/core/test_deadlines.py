"""The steps of a deadline: when it is asked for, missed, met and planned anew, whatever happens in whatever order."""

from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.holidays import public
from bot import deadlines
from bot.calendar import WorkingTime
from bot.duties.deadlines import KeepDeadlines
from bot.incident import Incident, Reminding, Update
from bot.messages.deadlines import asked
from bot.people import Group, Person
from bot.playbook.clocks import DeadlineRule
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.progress import Raised
from bot.reader import Reader
from bot.scene import Scene
from bot.store import Work
from bot.timers.deadline import AskForDeadlines
from tests.support.story import default

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
"""A Friday."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ANA, BO = Person(key="ana", name="Ana"), Person(key="bo", name="Bo")


def playbook(**changes: object) -> Playbook:
    """The default one, changed."""
    return Playbook.model_validate(default().model_dump() | changes)


def strict(**of_severity: dict[str, object]) -> Playbook:
    """The default one, with clocks of their own for these severities."""
    return playbook(severities=[s.model_dump() | of_severity.get(s.name, {}) for s in default().severities])


def incident(severity: str = "sev1") -> Incident:
    """One that was just declared."""
    return Incident(
        title="checkout is down", severity=severity, status="investigating", stage=Stage.INVESTIGATING,
        playbook="default", version="1", declared_at=NOW, declared_by=ANA, began_at=NOW,
    )  # fmt: skip


def scene(one: Incident, book: Playbook, *, now: datetime) -> Scene:
    """A scene in which nothing but the incident is touched."""
    return Scene(now=now, actor=ANA, playbook=book, work=cast(Work, None), reader=cast(Reader, None), platforms=(),
                 holidays=public, here=one)  # fmt: skip


def settle(one: Incident, book: Playbook, *, now: datetime) -> list[str]:
    """Let the duty see to it; returns what followed. A second time nothing does."""
    first = scene(one, book, now=now)
    KeepDeadlines().settle(first)
    again = scene(one, book, now=now)
    KeepDeadlines().settle(again)
    assert again.follows == [] and again.entries == []
    assert all(entry.by == "Tocsin" and not entry.actor for entry in first.entries)
    return first.follows


def rule(within: str = "72h", **more: object) -> DeadlineRule:
    """A rule."""
    return DeadlineRule.model_validate({"name": "notice", "title": "Notice", "within": within} | more)


def here(zone: str = "UTC") -> WorkingTime:
    """Nine to five, Monday to Friday."""
    return WorkingTime(default().calendar, ZoneInfo(zone))


def asks(term: str, *, until: timedelta, **more: object) -> list[str]:
    """When a deadline is asked for, counted from its start, until that long after."""
    one, known, at = incident(), rule(term, **more), []
    kept = deadlines.start(one, known, moment=NOW, now=NOW, here=here())
    while kept.ask_at is not None and kept.ask_at <= NOW + until:
        at.append(kept.ask_at)
        kept = deadlines.ask(one, known, now=kept.ask_at, here=here())
    return [f"{moment:%a %H:%M}" for moment in at]


@pytest.mark.parametrize(
    ("term", "until", "expected"),
    [
        ("15m", HOUR, ["Fri 14:10", "Fri 14:15", "Fri 14:30", "Fri 14:45", "Fri 15:00"]),
        ("1h", 1.5 * HOUR, ["Fri 14:55", "Fri 15:00", "Fri 15:15", "Fri 15:30"]),
        ("4h", 6 * HOUR, ["Fri 17:00", "Fri 18:00", "Fri 19:00", "Fri 20:00"]),
        ("24h", 26 * HOUR, ["Sat 13:00", "Sat 14:00", "Sat 15:00", "Sat 16:00"]),
        ("72h", 80 * HOUR, ["Sun 14:00", "Mon 10:00", "Mon 14:00", "Mon 18:00", "Mon 22:00"]),
        # in working time only
        ("4 business hours", 96 * HOUR, ["Mon 09:00", "Mon 10:00", "Mon 14:00", "Tue 09:00", "Tue 10:00", "Tue 14:00"]),
        ("next business day", 90 * HOUR, ["Mon 09:00", "Mon 13:00", "Mon 17:00"]),
        ("1 business day", 72 * HOUR, ["Mon 09:00", "Mon 10:00", "Mon 14:00"]),
        # too short to be asked for before
        ("5m", 10 * MINUTE, ["Fri 14:05"]),
    ],
)
def test_a_deadline_asks_by_its_length_before_and_after(term: str, until: timedelta, expected: list[str]) -> None:
    assert asks(term, until=until) == expected


def test_the_playbook_may_say_otherwise() -> None:
    said = asks("72h", until=74 * HOUR, before=["48h", "30m"], after="1h")
    assert said == ["Sat 14:00", "Mon 13:30", "Mon 14:00", "Mon 15:00", "Mon 16:00"]
    assert asks("72h", until=73 * HOUR, before=[]) == ["Mon 14:00"]


def test_what_the_reminders_ask_anyway_asks_once_before_and_tells_once_that_it_was_missed() -> None:
    assert asks("72h", until=200 * HOUR, met_by="response") == ["Mon 10:00", "Mon 14:00"]
    assert asks("15m", until=200 * HOUR, met_by="update") == ["Fri 14:10", "Fri 14:15"]


def test_a_missed_first_update_makes_no_post_of_its_own_for_the_reminder_says_it() -> None:
    one, known = incident(), rule("15m", met_by="update")
    deadlines.start(one, known, moment=NOW, now=NOW, here=here())
    assert deadlines.ask(one, known, now=NOW + 10 * MINUTE, here=here()).posts == 1
    missed = deadlines.ask(one, known, now=NOW + 15 * MINUTE, here=here())
    assert missed.posts == 1 and missed.missed_at == NOW + 15 * MINUTE and missed.ask_at is None


def test_a_first_update_is_asked_for_by_the_reminder_alone_unless_that_was_put_off() -> None:
    for asks_at, posts in ((NOW + 15 * MINUTE, 0), (NOW + HOUR, 1)):
        one, known = incident(), rule("15m", met_by="update")
        one.reminding = Reminding(due_at=NOW + 15 * MINUTE, ask_at=asks_at, first=True)
        deadlines.start(one, known, moment=NOW, now=NOW, here=here())
        early = deadlines.ask(one, known, now=NOW + 10 * MINUTE, here=here())
        assert early.posts == posts and early.ask_at == NOW + 15 * MINUTE
        assert deadlines.near(early, known, now=NOW + 10 * MINUTE), "the card shows it all the same"
        assert deadlines.ask(one, known, now=NOW + 15 * MINUTE, here=here()).missed_at is not None


@settings(deadline=None)  # how long it takes is not what is asked here
@given(
    st.sampled_from(["1m", "15m", "4h", "72h", "4 business hours", "2 business days", "next business day"]),
    st.integers(0, 6000),
    st.lists(st.integers(0, 20_000), min_size=1, max_size=8),
    st.sampled_from(["done", "response", "update", "resolved"]),
)
def test_whatever_the_clock_does_it_is_missed_once_in_one_new_post_and_then_asked_for_later(
    term: str, late: int, jumps: list[int], met_by: str
) -> None:
    one, known, now = incident(), rule(term, met_by=met_by), NOW + late * MINUTE
    kept = deadlines.start(one, known, moment=NOW, now=now, here=here())
    missed = 0
    for jump in jumps:
        now += jump * MINUTE
        before = kept
        while kept.ask_at is not None and kept.ask_at <= now:
            kept = deadlines.ask(one, known, now=now, here=here())
        assert kept.ask_at is None or kept.ask_at > now
        missed += before.missed_at is None and kept.missed_at is not None
        assert (kept.missed_at is not None) == (now >= kept.due_at)
    assert missed <= 1 and kept.posts <= 2


# What follows from the incident

CLOCKS = strict(
    sev1={"response": "15m", "first_update": "20m", "cadence": "30m", "resolution": "4h",
          "postmortem": {"need": "required", "within": "48h"}},
    sev3={"response": "24h"},
)  # fmt: skip


def test_they_start_with_the_declaration_and_are_met_by_what_happens() -> None:
    one = incident()
    assert settle(one, CLOCKS, now=NOW) == [
        "First response due 14:15 UTC.", "First status update due 14:20 UTC.", "Resolution target due 18:00 UTC.",
    ]  # fmt: skip
    one.acknowledged_at = NOW + 3 * MINUTE
    assert settle(one, CLOCKS, now=NOW + 3 * MINUTE) == ["First response: done in time, after 3m."]
    one.updated_first_at = NOW + 25 * MINUTE
    assert settle(one, CLOCKS, now=NOW + 25 * MINUTE) == ["First status update: done 5m late, after 25m."]
    one.stage, one.resolved_at = Stage.RESOLVED, NOW + HOUR
    assert settle(one, CLOCKS, now=NOW + HOUR) == [
        "Post-mortem due Sun 2026-11-22 15:00 UTC.", "Resolution target: done in time, after 1h.",
    ]  # fmt: skip


def test_a_rise_in_severity_counts_from_the_declaration_and_starts_nothing_that_is_met_already() -> None:
    one = incident("sev3")
    settle(one, CLOCKS, now=NOW)
    one.last_update = Update(text="looking", at=NOW + 30 * MINUTE, by=ANA)
    one.updated_first_at = one.acknowledged_at = NOW + 30 * MINUTE
    assert settle(one, CLOCKS, now=NOW + 30 * MINUTE) == ["First response: done in time, after 30m."]
    one.severity = "sev1"
    assert settle(one, CLOCKS, now=NOW + HOUR) == ["Resolution target due 18:00 UTC."]
    assert list(one.progress.deadlines) == ["response", "resolution"]


def test_a_rise_in_severity_can_make_a_deadline_overdue_at_once() -> None:
    one = incident("sev3")
    settle(one, CLOCKS, now=NOW)
    one.severity = "sev1"
    followed = settle(one, CLOCKS, now=NOW + HOUR)
    assert followed[0] == "First response overdue since 14:15 UTC (was Sat 2026-11-21 14:00 UTC)."
    assert AskForDeadlines().due(one, CLOCKS) == NOW + 15 * MINUTE


def test_one_that_is_missed_is_not_missed_again_by_a_change_that_leaves_it_overdue() -> None:
    book = strict(sev1={"response": "15m"}, sev2={"response": "30m"}, sev3={"response": "24h"})
    one, late = incident(), NOW + HOUR
    settle(one, book, now=NOW)
    deadlines.ask(one, book.deadlines_of("sev1")[0], now=late, here=here())
    one.severity = "sev2"
    assert settle(one, book, now=late) == ["First response overdue since 14:30 UTC (was 14:15 UTC)."]
    assert one.progress.deadlines["response"].missed_at == late and AskForDeadlines().due(one, book) is None
    one.severity = "sev3"
    settle(one, book, now=late)
    assert one.progress.deadlines["response"].missed_at is None
    assert AskForDeadlines().due(one, book) == NOW + 23 * HOUR


def test_an_update_from_before_a_deadline_began_does_not_meet_it() -> None:
    book = playbook(
        flags=[{"name": "public", "title": "Public"}],
        deadlines=[{"name": "tell", "title": "Word to customers", "within": "30m", "starts": "flag", "flag": "public",
                    "met_by": "update"}],
    )  # fmt: skip
    one = incident()
    one.last_update, one.updated_first_at = Update(text="looking", at=NOW, by=ANA), NOW
    one.progress.flags["public"] = Raised(at=NOW + HOUR, by="Ana")
    assert settle(one, book, now=NOW + HOUR) == ["Word to customers due 15:30 UTC."]
    one.last_update = Update(text="told them", at=NOW + HOUR + 5 * MINUTE, by=ANA)
    followed = settle(one, book, now=NOW + HOUR + 5 * MINUTE)
    assert followed == ["Word to customers: done in time, after 5m."]


def test_a_first_update_is_not_asked_for_after_the_resolution() -> None:
    one = incident()
    settle(one, CLOCKS, now=NOW)
    one.stage, one.resolved_at, one.acknowledged_at = Stage.RESOLVED, NOW + 5 * MINUTE, NOW + 5 * MINUTE
    assert "First status update no longer applies." in settle(one, CLOCKS, now=NOW + 5 * MINUTE)


def test_a_flag_starts_its_deadline_and_taking_it_back_ends_it() -> None:
    book = playbook(
        flags=[{"name": "data-loss", "title": "Data loss"}],
        deadlines=[
            {"name": "notice", "title": "Customer notice", "within": "24h", "starts": "flag", "flag": "data-loss"}
        ],
    )
    one = incident()
    assert settle(one, book, now=NOW) == []
    one.progress.flags["data-loss"] = Raised(at=NOW + HOUR, by="Ana")
    assert settle(one, book, now=NOW + HOUR) == ["Customer notice due Sat 2026-11-21 15:00 UTC."]
    del one.progress.flags["data-loss"]
    assert settle(one, book, now=NOW + 2 * HOUR) == ["Customer notice no longer applies."]
    one.progress.flags["data-loss"] = Raised(at=NOW + 3 * HOUR, by="Ana")
    assert settle(one, book, now=NOW + 3 * HOUR) == ["Customer notice due Sat 2026-11-21 17:00 UTC."]
    assert one.progress.deadlines["notice"].turn == 2


def test_what_somebody_called_off_stays_off() -> None:
    one = incident()
    settle(one, CLOCKS, now=NOW)
    deadlines.drop(one, "resolution", now=NOW, because="the supplier's business")
    assert settle(one, CLOCKS, now=NOW + MINUTE) == []


def test_the_rule_acts_on_all_that_are_due_at_once_and_is_then_due_in_the_future() -> None:
    one, late, timer = incident(), NOW + 10 * HOUR, AskForDeadlines()
    settle(one, CLOCKS, now=NOW)
    assert timer.due(one, CLOCKS) == NOW + 10 * MINUTE
    act = scene(one, CLOCKS, now=late)
    timer.run(act)
    assert [entry.text.split(" overdue")[0] for entry in act.entries] == [
        "Missed: First response", "Missed: First status update", "Missed: Resolution target",
    ]  # fmt: skip
    due = timer.due(one, CLOCKS)
    assert due is not None and due > late


@pytest.mark.parametrize(
    ("wanted", "held", "found"),
    [
        (["security", "bo", "comms"], {"comms": ANA}, "security"),
        (["bo", "security"], {}, "bo"),
        (["comms", "security"], {"comms": BO}, "bo"),
        (["tech"], {"commander": BO}, "bo"),
        ([], {}, "ana"),
    ],
)
def test_whoever_is_named_first_and_is_there_is_asked(wanted: list[str], held: dict[str, Person], found: str) -> None:
    groups = (Group(key="security", name="Security"),)
    book = playbook(people=[BO.model_dump()], groups=[group.model_dump() for group in groups])
    one = incident()
    one.roles = held
    assert asked(rule(asks=wanted), one, book).key == found
