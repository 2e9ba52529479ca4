"""What is GitHub's own: renamed repositories, pull requests, colleagues, events, and what a token may not do."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.sandbox.clock import SandboxClock
from adapters.tracker.github import GitHub
from bot.doctor import Health
from bot.issue import Draft, IssueState
from tests.support.github import TOKEN, FakeGitHub

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARK = "0b7a1c9e-3f52-4d1a-9a61-5d3c2b1a0f9e"
DRAFT = Draft(title="add a pool alert", assignee="bo", due=date(2026, 11, 27))


@pytest.fixture
def clock() -> SandboxClock:
    """It stands at noon."""
    return SandboxClock(NOON)


@pytest.fixture
async def there(clock: SandboxClock) -> AsyncIterator[FakeGitHub]:
    """GitHub, on this machine."""
    async with FakeGitHub(now=clock.now, people=("bo", "ana")) as made:
        yield made


@pytest.fixture
async def github(there: FakeGitHub) -> AsyncIterator[GitHub]:
    """The client."""
    made = GitHub(url=there.url, token=TOKEN, home="acme/shop", patience=1.0)
    yield made
    await made.close()


async def test_a_repository_that_was_renamed_is_followed_there(there: FakeGitHub, github: GitHub) -> None:
    filed = await github.create("", MARK, DRAFT)
    there.issues["acme/store"] = there.issues.pop("acme/shop")
    there.moved["acme/shop"] = "acme/store"
    assert await github.find("", MARK, since=NOON) is not None
    await github.change(filed.ref, MARK, DRAFT, DRAFT.model_copy(update={"state": IssueState.DONE}))
    assert there.only("acme/store")["state"] == "closed"
    (seen,) = await github.look("", since=NOON)
    assert seen.seen.state is IssueState.DONE


async def test_pull_requests_are_no_issues(there: FakeGitHub, github: GitHub) -> None:
    await github.create("", MARK, DRAFT)
    there.issues["acme/shop"].append({**there.only(), "number": 2, "events": [], "pull_request": {"url": "x"}})
    assert [one.label for one in await github.look("", since=NOON)] == ["#1"]


async def test_another_owner_takes_the_owners_place_and_leaves_colleagues(there: FakeGitHub, github: GitHub) -> None:
    filed = await github.create("", MARK, DRAFT)
    there.does("bo", 1, "assigned", assignees=[{"login": "Bo"}, {"login": "ana"}])
    await github.change(filed.ref, MARK, DRAFT, DRAFT.model_copy(update={"assignee": ""}))
    assert there.only()["assignees"] == [{"login": "ana"}]


async def test_who_said_or_labelled_something_is_not_taken_for_who_changed_it(
    there: FakeGitHub, github: GitHub
) -> None:
    await github.create("", MARK, DRAFT)
    there.close("bo")
    for event in ("labeled", "commented", "subscribed"):
        there.does("octocat", 1, event)
    (seen,) = await github.look("", since=NOON)
    assert seen.seen.by == "bo"


async def test_nobody_is_named_where_the_last_events_are_not_in_the_answer(there: FakeGitHub, github: GitHub) -> None:
    await github.create("", MARK, DRAFT)
    there.close("bo")
    there.only()["events"] += [{"event": "labeled", "actor": {"login": "bo"}}] * 99
    (seen,) = await github.look("", since=NOON)
    assert seen.seen.by == "" and seen.seen.state is IssueState.DONE


async def test_however_many_changed_at_one_moment_all_are_read(
    there: FakeGitHub, github: GitHub, clock: SandboxClock
) -> None:
    await github.create("", MARK, DRAFT)
    mine = there.only()
    there.issues["acme/shop"] = [{**mine, "number": number, "body": "", "events": []} for number in range(1, 251)]
    clock.forward(timedelta(minutes=1))
    assert len(await github.look("", since=NOON)) == 250


@pytest.mark.parametrize(
    ("about", "name", "says", "mend"),
    [
        ({"has_issues": False}, "tracker.issues-off", "has no issues", "Settings, Features"),
        (
            {"permissions": {"push": False, "triage": False, "pull": True}},
            "tracker.rights",
            "may not set labels",
            "Triage",
        ),
    ],
)
async def test_the_doctor_says_where_a_repository_takes_no_issues_or_no_labels(
    there: FakeGitHub, github: GitHub, about: dict[str, object], name: str, says: str, mend: str
) -> None:
    there.about = about
    (finding,) = await github.examine("")
    assert finding.name == name and says in finding.says and mend in finding.mend
    there.about = {"has_issues": True, "permissions": {"push": False, "triage": True}}
    (finding,) = await github.examine("")
    assert finding.health is Health.FINE
