"""Rights: every verb has one, every rule is one, and rules decide only where somebody whom they name is there."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import VERBS
from bot.commands.verb import Verb
from bot.messages.permissions import SAYS
from bot.playbook.permissions import EVERYONE, Permissions, Right
from bot.playbook.shape import Playbook
from tests.support.story import default

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
OPEN = {
    "ack", "snooze", "told", "accept", "decline", "roles", "checklist", "tick", "untick", "skip", "phase",
    "runbook", "flag", "unflag", "here", "have", "change", "note", "timeline", "catchup", "impact", "affected",
    "began", "component", "set", "link", "attach", "action", "action-date", "actions", "done", "clock",
    "deadlines", "check", "watch", "postmortem", "draft", "join", "alerts", "alert-answer", "list", "find",
    "stats", "help", "oncall", "when do i start", "cover", "swap", "handoff", "calendar", "drills", "account",
    "routes", "playbook",
}  # fmt: skip
"""Verbs that are everybody's whatever a playbook says: to look, to answer, to write on the record, to do one's part."""


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.words[0])
def test_every_verb_says_which_right_it_takes(verb: type[Verb]) -> None:
    assert isinstance(verb.right, Right)
    assert (verb.right is Right.OPEN) == (verb.words[0] in OPEN), "decide whose it is, and say so here"


def test_every_right_can_be_ruled_is_told_in_words_and_is_some_verbs() -> None:
    ruled = set(Right) - {Right.OPEN}
    assert {*Permissions.model_fields} == {*ruled, "private"}
    assert set(SAYS) == ruled
    assert {verb.right for verb in VERBS} == set(Right) - {Right.LOWER}, "a lower severity is a change of severity"


def test_a_playbook_without_rules_holds_nobody_back() -> None:
    assert all(default().permissions.names(right) == () for right in Right)


@given(st.sampled_from([*Right]), st.lists(st.sampled_from(["ana", "commander", EVERYONE]), max_size=3))
def test_a_right_is_everyones_unless_its_rule_names_some(right: Right, names: list[str]) -> None:
    rules = Permissions() if right is Right.OPEN else Permissions.model_validate({right: names})
    assert rules.names(Right.OPEN) == ()
    found = rules.names(right)
    assert (found == ()) == (right is Right.OPEN or not names or EVERYONE in names)
    for other in set(Right) - {right, Right.LOWER, Right.CANCEL}:
        assert rules.names(other) == (), "one rule is about one right"


def test_a_milder_right_falls_under_the_rule_of_the_other_until_it_has_its_own() -> None:
    rules = Permissions(severity=("ana",), resolve=("bo",))
    assert rules.names(Right.LOWER) == ("ana",) and rules.names(Right.CANCEL) == ("bo",)
    rules = Permissions(severity=("ana",), lower=(EVERYONE,), cancel=("cleo",))
    assert rules.names(Right.LOWER) == () and rules.names(Right.CANCEL) == ("cleo",)


def test_a_playbook_kept_before_there_were_rules_still_loads() -> None:
    old = default().model_dump(mode="json")
    del old["permissions"]
    assert Playbook.model_validate(old).permissions == Permissions()
