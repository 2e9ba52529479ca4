"""The clock of the updates, whatever happens in whatever order."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot import reminders
from bot.incident import HowAnswered, Incident
from bot.people import Person
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.timers.remind import Remind
from tests.support.story import default

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ANA = Person(key="ana", name="Ana")
PLAYBOOK = default()
MINUTE = timedelta(minutes=1)


def incident(severity: str = "sev1", playbook: Playbook = PLAYBOOK) -> Incident:
    """One that was just declared."""
    made = Incident(
        title="checkout is down", severity=severity, status="investigating", stage=Stage.INVESTIGATING,
        playbook=playbook.name, version="1", declared_at=NOW, declared_by=ANA, began_at=NOW,
    )  # fmt: skip
    reminders.promise(made, playbook, now=NOW)
    return made


def test_the_first_promise_is_the_cadence() -> None:
    assert [incident(s).reminding.due_at for s in ("sev1", "sev2", "sev3", "sev4")] == [
        NOW + 15 * MINUTE, NOW + 30 * MINUTE, NOW + 60 * MINUTE, None,
    ]  # fmt: skip


def test_a_late_first_reminder_does_not_make_the_ladder_climb_in_one_breath() -> None:
    one = incident()
    late = NOW + timedelta(hours=3)
    reminders.ask(one, PLAYBOOK, now=late)
    assert one.reminding.ask_at == late + 5 * MINUTE and one.reminding.rung == 1


def test_a_late_second_rung_is_followed_by_the_third_when_that_is_due_or_at_once() -> None:
    one = incident()
    reminders.ask(one, PLAYBOOK, now=NOW + 15 * MINUTE)
    late = NOW + 40 * MINUTE
    reminders.ask(one, PLAYBOOK, now=late)
    assert one.reminding.rung == 2 and one.reminding.ask_at == late


def test_a_silence_without_cadence_ends_at_the_top() -> None:
    one = incident("sev4")
    reminders.promise(one, PLAYBOOK, now=NOW, within=5 * MINUTE)
    for _ in PLAYBOOK.ladder:
        assert one.reminding.ask_at is not None
        reminders.ask(one, PLAYBOOK, now=one.reminding.ask_at)
    assert one.reminding.rung == len(PLAYBOOK.ladder) and one.reminding.ask_at is None


def test_an_answer_that_comes_after_another_leaves_the_first() -> None:
    one = incident()
    reminders.ask(one, PLAYBOOK, now=NOW + 15 * MINUTE)
    reminders.answer(one, how=HowAnswered.SNOOZED, by=ANA, now=NOW + 16 * MINUTE)
    reminders.answer(one, how=HowAnswered.UPDATE, by=ANA, now=NOW + 17 * MINUTE)
    assert one.reminding.answer is not None and one.reminding.answer.how is HowAnswered.SNOOZED


def test_putting_off_moves_the_promise_but_never_brings_it_forward() -> None:
    one = incident()
    reminders.put_off(one, now=NOW, by=5 * MINUTE)
    assert one.reminding.ask_at == one.reminding.due_at == NOW + 15 * MINUTE
    reminders.put_off(one, now=NOW, by=40 * MINUTE)
    assert one.reminding.ask_at == one.reminding.due_at == NOW + 40 * MINUTE


def test_the_reason_of_a_pause_given_later_does_not_lengthen_it() -> None:
    one = incident()
    reminders.pause(one, now=NOW, span=120 * MINUTE, because="")
    reminders.pause(one, now=NOW + 30 * MINUTE, span=120 * MINUTE, because="lunch")
    assert one.reminding.ask_at == NOW + 120 * MINUTE and one.reminding.paused_because == "lunch"


def test_a_severity_that_owes_nothing_stops_the_clock_whatever_stands() -> None:
    for paused in (False, True):
        one = incident()
        reminders.ask(one, PLAYBOOK, now=NOW + 15 * MINUTE)
        if paused:
            reminders.pause(one, now=NOW + 15 * MINUTE, span=120 * MINUTE, because="lunch")
        one.severity = "sev4"
        reminders.replan(one, PLAYBOOK, now=NOW + 16 * MINUTE, rose=False)
        assert one.reminding.ask_at is None and one.reminding.due_at is None


def strict(first_update: str | None = "15m", cadence: str | None = "30m", **more: object) -> Playbook:
    """A playbook whose sev1 owes a first update, and its sev2 another ladder."""
    data = PLAYBOOK.model_dump()
    one, two, *rest = data["severities"]
    one |= {"first_update": first_update, "cadence": cadence} | more
    two |= {"ladder": ({"rings": ("deputy",)}, {"after": "1m", "rings": ("channel",)})}
    return Playbook.model_validate(data | {"severities": (one, two, *rest)})


def test_the_first_update_is_owed_before_the_cadence_begins() -> None:
    playbook = strict()
    one = incident(playbook=playbook)
    assert one.reminding.due_at == NOW + 15 * MINUTE and one.reminding.first
    one.updated_first_at = NOW + 4 * MINUTE
    reminders.promise(one, playbook, now=NOW + 4 * MINUTE)
    assert one.reminding.due_at == NOW + 34 * MINUTE and not one.reminding.first


def test_nothing_but_an_update_moves_the_promise_of_the_first_one() -> None:
    playbook = strict()
    one = incident(playbook=playbook)
    due = NOW + 15 * MINUTE
    reminders.put_off(one, now=NOW + MINUTE, by=60 * MINUTE)
    assert one.reminding.due_at == one.reminding.ask_at == due
    reminders.ask(one, playbook, now=due)
    reminders.answer(one, how=HowAnswered.ACKNOWLEDGED, by=ANA, now=due + MINUTE)
    reminders.put_off(one, now=due + MINUTE, by=5 * MINUTE)
    assert one.reminding.due_at == due and one.reminding.ask_at == due + 6 * MINUTE
    given = one.reminding.answer
    assert given is not None and given.still_owed and given.next_at == due + 6 * MINUTE
    reminders.pause(one, now=due + 2 * MINUTE, span=120 * MINUTE, because="lunch")
    assert one.reminding.due_at == due and one.reminding.ask_at == due + 122 * MINUTE
    reminders.resume(one, playbook, now=due + 30 * MINUTE)
    assert one.reminding.due_at == due and one.reminding.ask_at == due + 30 * MINUTE


def test_a_first_update_without_a_cadence_is_asked_for_until_it_is_given_and_then_no_more() -> None:
    playbook = strict(cadence=None)
    one = incident(playbook=playbook)
    asked = []
    for _ in range(5):
        assert one.reminding.ask_at is not None
        asked.append(one.reminding.ask_at - NOW)
        reminders.ask(one, playbook, now=one.reminding.ask_at)
    assert [at / MINUTE for at in asked] == [15, 20, 25, 30, 45]
    one.updated_first_at = NOW + 56 * MINUTE
    reminders.answer(one, how=HowAnswered.UPDATE, by=ANA, now=NOW + 56 * MINUTE)
    reminders.promise(one, playbook, now=NOW + 56 * MINUTE)
    assert one.reminding.due_at is None and one.reminding.ask_at is None


def test_a_rise_to_a_severity_with_a_first_update_owes_it_from_then_unless_one_was_given() -> None:
    playbook = strict()
    for updated in (False, True):
        one = incident("sev4", playbook)
        one.updated_first_at = NOW if updated else None
        one.severity = "sev1"
        reminders.replan(one, playbook, now=NOW + 60 * MINUTE, rose=True)
        assert one.reminding.due_at == NOW + (90 if updated else 75) * MINUTE


def test_each_severity_climbs_its_own_ladder_and_a_change_in_between_keeps_the_rung_valid() -> None:
    playbook = strict()
    one = incident(playbook=playbook)
    assert reminders.ask(one, playbook, now=NOW + 15 * MINUTE) == playbook.ladder[0]
    for minute in (20, 25):
        reminders.ask(one, playbook, now=NOW + minute * MINUTE)
    assert one.reminding.rung == 3
    one.severity = "sev2"
    reminders.replan(one, playbook, now=NOW + 26 * MINUTE, rose=False)
    assert one.reminding.ask_at == NOW + 45 * MINUTE, "at the top of the shorter ladder: its cadence of 30m"
    assert reminders.ask(one, playbook, now=NOW + 45 * MINUTE).rings == ("channel",)
    assert one.reminding.rung == 2
    one.severity = "sev1"
    reminders.replan(one, playbook, now=NOW + 56 * MINUTE, rose=True)
    assert one.reminding.ask_at == NOW + 56 * MINUTE, "the third rung's time has passed long since"
    assert reminders.ask(one, playbook, now=NOW + 56 * MINUTE).rings == ("channel",)
    assert one.reminding.rung == 3


def test_a_rise_never_puts_the_next_rung_off() -> None:
    playbook = strict()
    one = incident("sev2", playbook)
    reminders.ask(one, playbook, now=NOW + 30 * MINUTE)
    assert one.reminding.ask_at == NOW + 31 * MINUTE
    one.severity = "sev1"
    reminders.replan(one, playbook, now=NOW + 30 * MINUTE, rose=True)
    assert one.reminding.ask_at == NOW + 31 * MINUTE


SPANS = st.integers(1, 300).map(lambda minutes: timedelta(minutes=minutes))
ACTS = st.one_of(
    st.tuples(st.just("wait"), SPANS),
    st.tuples(st.just("update"), SPANS),
    st.tuples(st.just("snooze"), SPANS),
    st.tuples(st.just("pause"), SPANS),
    st.tuples(st.sampled_from(["sev1", "sev2", "sev3", "sev4"]), SPANS),
)


STRICT = strict()


@given(st.lists(ACTS, max_size=30), st.sampled_from(["sev1", "sev2", "sev3", "sev4"]))
def test_whatever_happens_the_promise_of_the_first_update_is_never_put_off_and_every_rung_is_one(
    acts: list[tuple[str, timedelta]], severity: str
) -> None:
    one, now, rule = incident(severity, STRICT), NOW, Remind()
    for act, length in acts:
        before = one.reminding
        if act == "wait":
            until = now + length
            while (due := rule.due(one, STRICT)) is not None and due <= until:
                now = max(now, due)
                assert reminders.ask(one, STRICT, now=now) in STRICT.rungs(one.severity)
            now = until
        elif act == "update":
            one.updated_first_at = one.updated_first_at or now
            reminders.answer(one, how=HowAnswered.UPDATE, by=ANA, now=now)
            reminders.promise(one, STRICT, now=now)
        elif act == "snooze" and before.due_at is not None:
            reminders.answer(one, how=HowAnswered.SNOOZED, by=ANA, now=now)
            reminders.put_off(one, now=now, by=length)
        elif act == "pause" and before.due_at is not None:
            reminders.answer(one, how=HowAnswered.PAUSED, by=ANA, now=now)
            reminders.pause(one, now=now, span=length, because="lunch")
        elif act.startswith("sev"):
            was, one.severity = one.severity, act
            reminders.replan(one, STRICT, now=now, rose=STRICT.rank(act) < STRICT.rank(was))
        clock = one.reminding
        assert clock.ask_at is None or clock.ask_at >= now
        assert clock.first == (reminders.first_within(one, STRICT) is not None)
        if before.first and clock.first and not act.startswith("sev"):
            assert clock.due_at == before.due_at
            assert clock.ask_at is not None


@given(st.lists(ACTS, max_size=30), st.sampled_from(["sev1", "sev2", "sev3", "sev4"]))
def test_whatever_happens_the_clock_lies_ahead_and_a_silence_climbs_each_rung_once(
    acts: list[tuple[str, timedelta]], severity: str
) -> None:
    one, now, rule = incident(severity), NOW, Remind()
    silences: dict[int, list[int]] = {}
    for act, span in acts:
        if act == "wait":
            until = now + span
            while (due := rule.due(one, PLAYBOOK)) is not None and due <= until:
                now = max(now, due)
                reminders.ask(one, PLAYBOOK, now=now)
                silences.setdefault(one.reminding.silence, []).append(one.reminding.rung)
                ahead = one.reminding.ask_at
                assert ahead is None or ahead > now
            now = until
        elif act == "update":
            reminders.answer(one, how=HowAnswered.UPDATE, by=ANA, now=now)
            reminders.promise(one, PLAYBOOK, now=now, within=span)
        elif act == "snooze" and one.reminding.due_at is not None:
            reminders.answer(one, how=HowAnswered.SNOOZED, by=ANA, now=now)
            reminders.put_off(one, now=now, by=span)
        elif act == "pause" and one.reminding.due_at is not None:
            reminders.answer(one, how=HowAnswered.PAUSED, by=ANA, now=now)
            reminders.pause(one, now=now, span=span, because="lunch")
        elif act.startswith("sev"):
            before, one.severity = one.severity, act
            reminders.replan(one, PLAYBOOK, now=now, rose=PLAYBOOK.rank(act) < PLAYBOOK.rank(before))
        clock = one.reminding
        assert clock.ask_at is None or clock.ask_at >= now
        if not clock.waiting:
            assert clock.ask_at == clock.due_at
    top = len(PLAYBOOK.ladder)
    for rungs in silences.values():
        assert rungs[:top] == list(range(1, top + 1))[: len(rungs)]
        assert set(rungs[top:]) <= {top}


@given(st.integers(1, 2000))
def test_an_ended_incident_is_never_asked_about(minutes: int) -> None:
    one = incident()
    one.stage = Stage.RESOLVED
    reminders.answer(one, how=HowAnswered.STOPPED, by=ANA, now=NOW)
    reminders.stop(one)
    assert Remind().due(one, PLAYBOOK) is None
    reminders.promise(one, PLAYBOOK, now=NOW, within=minutes * MINUTE)
    assert Remind().due(one, PLAYBOOK) is None
