"""How an incident stands in public, pure: stage and word, components, what a process opens by itself."""

from typing import Any

import pytest

from bot.messages.publication import whole, words
from bot.playbook.process import Stage
from bot.progress import Alerted, Condition, Progress, PublicStage, worst
from bot.publications import components, condition, on_page, opens, stand
from tests.core.test_templates import incident
from tests.support.story import acquainted

C, S = Condition, PublicStage


@pytest.mark.parametrize(
    ("status", "stage", "states", "found"),
    [
        ("investigating", Stage.INVESTIGATING, {}, (S.INVESTIGATING, "investigating")),
        ("identified", Stage.IDENTIFIED, {"identified": "Found"}, (S.IDENTIFIED, "Found")),
        ("monitoring", Stage.MONITORING, {"monitoring": "Identified"}, (S.IDENTIFIED, "Identified")),
        ("resolved", Stage.RESOLVED, {"resolved": "identified"}, (S.RESOLVED, "identified")),
        ("closed", Stage.CLOSED, {}, (S.RESOLVED, "resolved")),
        ("cancelled", Stage.CANCELLED, {"cancelled": "False alarm"}, (S.RESOLVED, "False alarm")),
    ],
)
def test_the_word_is_the_processes_and_may_name_another_stage_while_it_is_open(
    status: str, stage: Stage, states: dict[str, str], found: tuple[PublicStage, str]
) -> None:
    assert stand(incident(status=status, stage=stage), acquainted(status_page={"states": states})) == found


@pytest.mark.parametrize(
    ("progress", "page", "more", "found"),
    [
        (Progress(), {"opens": "declared"}, {}, True),
        (Progress(), {"opens": "declared", "severities": ("sev3",)}, {}, False),
        (Progress(), {"opens": "declared"}, {"private": True}, False),
        (Progress(), {"opens": "declared"}, {"drill": True}, False),
        (Progress(), {"opens": "by hand"}, {}, False),
        (Progress(), {"opens": "alert"}, {}, False),
        (Progress(alerts=Alerted(declared=True)), {"opens": "alert"}, {}, True),
        (Progress(alerts=Alerted(declared=True)), {"opens": "alert", "severities": ("sev3",)}, {}, False),
        (Progress(alerts=Alerted(publish=True)), {"opens": "by hand", "severities": ("sev3",)}, {}, True),
        (Progress(alerts=Alerted(publish=True)), {"opens": "by hand"}, {"private": True}, False),
    ],
)
def test_what_a_process_opens_by_itself(
    progress: Progress, page: dict[str, Any], more: dict[str, Any], found: bool
) -> None:
    assert opens(incident(progress=progress, severity="sev1", **more), acquainted(status_page=page)) is found


def test_a_component_is_by_the_severitys_rank_unless_the_process_says_how() -> None:
    playbook = acquainted()
    ranks = [condition(playbook, name, S.IDENTIFIED) for name in ("sev1", "sev2", "sev3", "sev4", "unknown")]
    assert ranks == [C.MAJOR, C.PARTIAL, C.DEGRADED, C.DEGRADED, C.DEGRADED]
    assert condition(playbook, "sev1", S.RESOLVED) is C.OPERATIONAL
    own = acquainted(status_page={"conditions": {"sev2": "degraded_performance"}})
    assert (condition(own, "SEV2", S.IDENTIFIED), condition(own, "sev1", S.IDENTIFIED)) == (C.DEGRADED, C.MAJOR)


def test_a_component_has_the_name_that_the_page_knows_or_stays_away() -> None:
    named = acquainted(status_page={"components": {"checkout": "Checkout & payments"}}, components=("checkout", "db"))
    assert [on_page(named, one) for one in ("Checkout", "db", None)] == ["Checkout & payments", "", ""]
    assert on_page(acquainted(), "db") == "db"
    assert components(incident(component=None), named, S.IDENTIFIED) == {}


def test_the_worst_counts() -> None:
    assert worst((C.OPERATIONAL, C.PARTIAL, C.DEGRADED)) is C.PARTIAL and worst(()) is C.OPERATIONAL


def test_a_text_with_a_gap_is_not_whole() -> None:
    one = incident(status="resolved", stage=Stage.RESOLVED, resolved_at=None)
    own = acquainted(templates={"customers": {"resolved": "It lasted {{ fields.cause or '…' }}."}})
    assert words(one, own) == "It lasted …." and not whole(words(one, own))
    assert whole(words(incident(), acquainted()))
    assert "status.example" not in words(incident(), acquainted(status_page={"url": "https://status.example"}))
