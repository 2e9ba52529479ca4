"""When people are called in: grounds, improvement, the path, and whom a name means."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import calling, escalations
from bot.incident import Incident, Room
from bot.messages.words import group_of
from bot.people import Group, Person
from bot.playbook.escalation import Escalation as Rule
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.progress import Called, Raised
from bot.timers.escalation import Escalate
from tests.support.process import LEADERSHIP, OWNERS, process

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ANA = Person(key="ana", name="Ana Reyes")
PLAYBOOK = process()
MINUTE = timedelta(minutes=1)
FIVE = timedelta(minutes=5)


def incident(playbook: Playbook = PLAYBOOK, **facts: Any) -> Incident:
    """One that was just declared, and looked at."""
    known: dict[str, Any] = {
        "title": "checkout is down", "severity": "sev1", "status": "investigating", "stage": Stage.INVESTIGATING,
        "playbook": playbook.name, "version": "1", "declared_at": NOW, "declared_by": ANA, "began_at": NOW,
    }  # fmt: skip
    made = Incident(**(known | facts))
    escalations.note_improvement(made, playbook, now=NOW)
    return made


def called(rule: str, *, path: tuple[str, ...] = ()) -> Called:
    """A call by a rule."""
    return Called(id=1, rule=rule, at=NOW, why="it is SEV1", path=path)


# Improvement


@pytest.mark.parametrize(
    ("stage", "severity", "improves"),
    [
        (Stage.IDENTIFIED, "sev1", True),
        (Stage.MONITORING, "sev1", True),
        (Stage.INVESTIGATING, "sev2", True),
        (Stage.IDENTIFIED, "sev1", True),
        (Stage.INVESTIGATING, "sev1", False),
    ],
)
def test_a_later_stage_or_a_milder_severity_is_an_improvement(stage: Stage, severity: str, improves: bool) -> None:
    one = incident()
    one.stage, one.severity = stage, severity
    escalations.note_improvement(one, PLAYBOOK, now=NOW + 10 * MINUTE)
    assert one.progress.improved_at == (NOW + 10 * MINUTE if improves else NOW)


def test_a_step_back_and_a_worse_severity_are_none_and_reopening_starts_over() -> None:
    one = incident(stage=Stage.MONITORING, severity="sev2")
    one.stage, one.severity = Stage.IDENTIFIED, "sev1"
    escalations.note_improvement(one, PLAYBOOK, now=NOW + MINUTE)
    assert one.progress.improved_at == NOW
    one.stage = Stage.RESOLVED
    escalations.note_improvement(one, PLAYBOOK, now=NOW + 2 * MINUTE)
    one.stage = Stage.INVESTIGATING
    escalations.note_improvement(one, PLAYBOOK, now=NOW + 3 * MINUTE)
    assert one.progress.improved_at == NOW + 3 * MINUTE


@given(
    st.lists(
        st.tuples(st.sampled_from([Stage.INVESTIGATING, Stage.IDENTIFIED, Stage.MONITORING]),
                  st.sampled_from(["sev1", "sev2"]), st.integers(1, 60)),
        max_size=12,
    )
)  # fmt: skip
def test_the_clock_rings_so_long_after_the_last_improvement_and_looking_twice_changes_nothing(
    steps: list[tuple[Stage, str, int]],
) -> None:
    one, now = incident(), NOW
    for stage, severity, minutes in steps:
        now += minutes * MINUTE
        one.stage, one.severity = stage, severity
        escalations.note_improvement(one, PLAYBOOK, now=now)
        before = one.model_dump()
        escalations.note_improvement(one, PLAYBOOK, now=now + MINUTE)
        assert one.model_dump() == before
        improved = one.progress.improved_at
        assert improved is not None and NOW <= improved <= now
        assert Escalate().due(one, PLAYBOOK) == improved + 30 * MINUTE


# Grounds


def test_a_ground_is_new_once_for_as_long_as_it_holds() -> None:
    one = incident()
    assert escalations.weigh(one, PLAYBOOK) == []
    one.progress.flags["data-loss"] = Raised(at=NOW, by="Ana", because="rows are gone")
    (ground,) = escalations.weigh(one, PLAYBOOK)
    assert (ground.rule.name, ground.mark, ground.why) == (
        "owners", "owners/flag/data-loss", "Data loss (rows are gone)"
    )  # fmt: skip
    assert escalations.weigh(one, PLAYBOOK) == []
    del one.progress.flags["data-loss"]
    assert escalations.weigh(one, PLAYBOOK) == []
    one.progress.flags["data-loss"] = Raised(at=NOW, by="Ana")
    assert len(escalations.weigh(one, PLAYBOOK)) == 1


def test_a_flag_calls_only_at_the_rules_severities_and_does_so_once_it_is_as_severe() -> None:
    one = incident(severity="sev3")
    one.progress.flags["data-loss"] = Raised(at=NOW, by="Ana")
    assert escalations.weigh(one, PLAYBOOK) == []
    one.severity = "sev1"
    assert [ground.rule.name for ground in escalations.weigh(one, PLAYBOOK)] == ["owners"]


def test_time_calls_at_the_rules_severities_only_and_never_after_the_end() -> None:
    assert Escalate().due(incident(), PLAYBOOK) == NOW + 30 * MINUTE
    assert Escalate().due(incident(severity="sev3"), PLAYBOOK) is None
    assert Escalate().due(incident(stage=Stage.RESOLVED), PLAYBOOK) is None


# The path


def test_the_path_leads_on_and_never_back() -> None:
    rules = (
        Rule(name="one", title="One", to=("cleo",), wait=FIVE, then="two"),
        Rule(name="two", title="Two", to=("bo",), wait=FIVE, then="three"),
        Rule(name="three", title="Three", to=("esha",), wait=FIVE, then="one"),
    )  # no playbook with such a circle is loaded; one that was kept before is not run in circles either
    playbook = process().model_copy(update={"escalations": rules})
    seen: list[str] = []
    path: tuple[str, ...] = ()
    rule = "one"
    while (then := escalations.following(called(rule, path=path), incident(playbook), playbook)) is not None:
        path, rule = (*path, rule), then.name
        seen.append(rule)
    assert seen == ["two", "three"]


def test_the_path_passes_over_a_rule_that_does_not_apply_at_this_severity() -> None:
    chief = {"name": "chief", "title": "The chief", "to": ["finn"]}
    playbook = process(
        escalations=[OWNERS, LEADERSHIP | {"severities": ["sev3"], "wait": "5m", "then": "chief"}, chief]
    )
    then = escalations.following(called("owners"), incident(playbook), playbook)
    assert then is not None and then.name == "chief"


# Whom a name means


def test_names_of_roles_groups_people_and_rotations_mean_people() -> None:
    one = incident()
    one.roles["comms"] = ANA
    meant = calling.who(["comms", "owners", "bo", "on-call", "scribe", "owners"], one, PLAYBOOK, overrides=(), now=NOW)
    assert [person.key for person in meant.people] == ["ana", "cleo", "dmitri", "bo", "finn"]
    assert [group.key for group in meant.groups] == ["owners"]
    assert meant.nobody == ("Scribe",)


def test_the_rotation_means_whose_turn_it_is_at_that_hour() -> None:
    keys = [
        [person.key for person in calling.who(["on-call"], None, PLAYBOOK, overrides=(), now=at).people]
        for at in (NOW, NOW + timedelta(days=7), NOW - timedelta(days=7))
    ]
    assert keys == [["finn"], ["bo"], []]


def test_a_group_is_rung_by_its_handle_and_its_members_only_where_it_has_none() -> None:
    owners = Group(key="owners", name="Owners", handles={"slack": "S0OWNERS1"}, members=("cleo", "dmitri"))
    playbook = process(groups=[owners.model_dump()])
    on_slack = incident(playbook, rooms={"slack": Room()})
    assert len(group_of(owners, on_slack, playbook)) == 1
    on_both = group_of(owners, incident(playbook, rooms={"slack": Room(), "discord": Room()}), playbook)
    handles = [part.person.handles for part in on_both if not isinstance(part, str) and part.kind == "mention"]
    assert [list(known) for known in handles] == [["discord"], ["discord"]]
