"""Completion: what is offered while somebody types."""

from datetime import UTC, datetime

import pytest

from bot.commands import VERBS
from bot.grammar import Grammar
from bot.incident import Incident
from bot.people import Person
from bot.playbook.permissions import Permissions
from bot.playbook.process import Stage
from bot.suggest import MOST, suggest
from tests.support.story import default

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
PLAYBOOK = default()
GRAMMAR = Grammar(VERBS)


def incident(stage: Stage = Stage.INVESTIGATING) -> Incident:
    """One at that stage."""
    return Incident(
        number=1, title="checkout is down", severity="sev1", status=stage.value, stage=stage, playbook="default",
        version="1", declared_at=NOW, declared_by=Person(key="ana", name="Ana"), began_at=NOW,
    )  # fmt: skip


def offered(typed: str, here: Incident | None = None) -> list[str]:
    """The words of what is offered."""
    return [one.words for one in suggest(GRAMMAR, PLAYBOOK, here, typed)]


def test_outside_an_incident_the_severities_come_first_and_only_what_works_there() -> None:
    words = offered("")
    assert words[:4] == ["sev1", "sev2", "sev3", "sev4"]
    assert "list" in words and "help" in words and "ack" not in words and "resolve" not in words


def test_in_an_incident_its_verbs_come_first_and_in_an_ended_one_only_those_that_still_work() -> None:
    assert offered("", incident())[0] not in ("sev1", "sev2")
    assert "resolve" in offered("re", incident()) and "update" in offered("upd", incident())
    ended = offered("", incident(Stage.CLOSED))
    assert "reopen" in ended and "update" not in ended and "ack" not in ended


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("SEV", "sev1"), ("sev-1", "sev1"), ("p1", "sev1"), ("crit", "sev1"), ("resolved", "resolve"), ("fix", "resolve"),
     ("/incident upd", "update"), ("lead", "take")],
)  # fmt: skip
def test_synonyms_and_spellings_lead_to_the_word_itself(typed: str, wanted: str) -> None:
    assert wanted in offered(typed, incident())


def test_rules_are_set_aside_only_where_there_are_some() -> None:
    ruled = PLAYBOOK.model_copy(update={"permissions": Permissions(close=("ana",))})
    for playbook, wanted in ((PLAYBOOK, []), (ruled, ["anyway"])):
        assert [one.words for one in suggest(GRAMMAR, playbook, incident(), "any")] == wanted


def test_nothing_fits_and_nothing_is_offered_and_never_too_much() -> None:
    assert offered("zzz", incident()) == []
    for here in (None, incident()):
        found = suggest(GRAMMAR, PLAYBOOK, here, "")
        assert 0 < len(found) <= MOST and all(len(one.label) <= 100 for one in found)
