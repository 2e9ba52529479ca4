"""What is Linear's own: an id of ours that is filed once, and labels and states that belong to a team."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.sandbox.clock import SandboxClock
from adapters.tracker.linear import Linear
from adapters.tracker.linear_words import Team, filed
from bot.issue import Draft, IssueState
from tests.support.linear import KEY, FakeLinear

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARK = "0b7a1c9e-3f52-4d1a-9a61-5d3c2b1a0f9e"


def team(*states: tuple[str, float], labels: tuple[tuple[str, str | None], ...] = ()) -> Team:
    """The team ``eng``; states by type and position, labels by name and team."""
    nodes = [{"id": f"{type}-{position}", "type": type, "position": position} for type, position in states]
    known = [{"id": f"of-{of}", "name": name, "team": {"id": of} if of else None} for name, of in labels]
    return Team({"id": "eng", "states": {"nodes": nodes}}, known, None)


async def test_filed_once_more_it_is_the_issue_that_is_there() -> None:
    async with FakeLinear(now=SandboxClock(NOON).now) as there:
        linear = Linear(url=f"{there.url}graphql", key=KEY, home="ENG", patience=1.0)
        first = await linear.create("", MARK, Draft(title="add a pool alert"))
        assert await linear.create("", MARK, Draft(title="add a pool alert")) == first and len(there.issues) == 1
        await linear.close()


def test_a_label_of_another_team_is_not_taken_for_the_teams() -> None:
    assert team(labels=(("Incident", "ops"),)).label("incident") is None
    assert team(labels=(("Incident", "ops"), ("Incident", "eng"))).label("incident") == "of-eng"
    assert team(labels=(("Incident", None),)).label("incident") == "of-None", "the workspace's is everybody's"


def test_what_is_opened_again_waits_at_the_beginning_and_what_is_done_ends_in_the_first_state_for_it() -> None:
    states = team(("completed", 7.0), ("completed", 5.0), ("started", 3.0), ("backlog", 1.0), ("unstarted", 2.0))
    assert states.state(IssueState.OPEN) == "unstarted-2.0" and states.state(IssueState.DONE) == "completed-5.0"
    assert states.state(IssueState.DROPPED) == "completed-5.0", "no state of its own for it"


@pytest.mark.parametrize(
    ("kind", "state"),
    [("triage", IssueState.OPEN), ("started", IssueState.OPEN), ("completed", IssueState.DONE),
     ("canceled", IssueState.DROPPED), ("duplicate", IssueState.DROPPED)],
)  # fmt: skip
def test_every_kind_of_state_is_understood(kind: str, state: IssueState) -> None:
    issue: dict[str, Any] = {"id": MARK, "identifier": "ENG-1", "url": "https://linear.example/ENG-1", "title": "x",
                             "updatedAt": "2026-11-20T12:00:00.000Z", "state": {"type": kind},
                             "team": {"key": "ENG"}}  # fmt: skip
    assert filed(issue).seen.state is state
