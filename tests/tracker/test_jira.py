"""What is Jira's own: its workflows, its late search, and a 404 that may mean two things."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.sandbox.clock import SandboxClock
from adapters.tracker.jira import Jira
from adapters.tracker.tracker import Gone
from bot.doctor import Health
from bot.errors import Refused, TryLater
from bot.issue import Draft, IssueState
from bot.understanding import understood
from tests.support.jira import EMAIL, TOKEN, FakeJira
from tests.support.wires import Fault, Wrong

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARK = "0b7a1c9e-3f52-4d1a-9a61-5d3c2b1a0f9e"
DRAFT = Draft(title="add a pool alert")
DONE = DRAFT.model_copy(update={"state": IssueState.DONE})


@pytest.fixture
def clock() -> SandboxClock:
    """It stands at noon."""
    return SandboxClock(NOON)


@pytest.fixture
async def there(clock: SandboxClock) -> AsyncIterator[FakeJira]:
    """Jira, on this machine."""
    async with FakeJira(now=clock.now) as made:
        yield made


@pytest.fixture
async def jira(there: FakeJira, clock: SandboxClock) -> AsyncIterator[Jira]:
    """The client."""
    made = Jira(clock, url=there.url.rstrip("/"), email=EMAIL, token=TOKEN, home="OPS", patience=1.0)
    yield made
    await made.close()


async def test_an_issue_that_was_filed_and_could_not_be_read_is_looked_for_and_not_filed_again(
    there: FakeJira, jira: Jira
) -> None:
    there.faults.append(Fault(Wrong.BEFORE, 403, only=lambda asked: asked.method == "GET"))
    with pytest.raises(TryLater) as later:
        await jira.create("", MARK, DRAFT)
    assert later.value.maybe_done and await jira.find("", MARK, since=NOON) is not None


async def test_an_issue_without_an_id_is_not_kept_under_one(there: FakeJira, jira: Jira) -> None:
    there.spoil = lambda told: replace(told, body={**told.body, "id": None}) if "fields" in told.body else told
    with pytest.raises(TryLater, match="understand"):
        await understood(jira.create("", MARK, DRAFT))


async def test_an_issue_that_the_account_may_see_no_more_is_not_taken_for_deleted(there: FakeJira, jira: Jira) -> None:
    filed = await jira.create("", MARK, DRAFT)
    hidden = Fault(Wrong.BEFORE, 404, times=2, only=lambda asked: asked.method == "GET")
    there.faults.append(hidden)
    with pytest.raises(Refused, match=r"^404"):
        await jira.change(filed.ref, MARK, DRAFT, DONE)
    hidden.times = 1
    with pytest.raises(Gone):
        await jira.change(filed.ref, MARK, DRAFT, DONE)


async def test_a_workflow_without_such_a_step_is_said_and_not_passed_over(there: FakeJira, jira: Jira) -> None:
    filed = await jira.create("", MARK, DRAFT)
    there.faults.append(
        Fault(Wrong.BEFORE, 200, said={"transitions": []}, only=lambda asked: asked.path.endswith("/transitions"))
    )
    with pytest.raises(Refused, match="workflow allows no step"):
        await jira.change(filed.ref, MARK, DRAFT, DONE)


async def test_what_people_ended_already_is_not_moved_again(there: FakeJira, jira: Jira) -> None:
    filed = await jira.create("", MARK, DRAFT)
    there.drop("somebody")
    await jira.change(filed.ref, MARK, DRAFT, DONE)
    assert there.shown().state is IssueState.DROPPED, "they decided how it ended"


async def test_what_the_search_shows_late_is_looked_for_from_further_back(
    there: FakeJira, jira: Jira, clock: SandboxClock
) -> None:
    await jira.create("", MARK, DRAFT)
    clock.forward(timedelta(minutes=4))
    assert [one.label for one in await jira.look("", since=clock.now())] == ["OPS-1"]
    clock.forward(timedelta(minutes=10))
    assert await jira.look("", since=clock.now()) == []


async def test_a_place_that_is_no_projects_key_asks_nothing(there: FakeJira, jira: Jira) -> None:
    for place in ('OPS" OR project = "HR', "OPS-12", "../user"):
        with pytest.raises(Refused, match="no project is named"):
            await jira.look(place, since=NOON)
    assert there.asked == []


async def test_the_doctor_names_the_permissions_that_are_lacking(there: FakeJira, jira: Jira) -> None:
    rights = {"CREATE_ISSUES": True, "EDIT_ISSUES": False, "TRANSITION_ISSUES": False}
    said = {"permissions": {name: {"havePermission": has} for name, has in rights.items()}}
    there.faults.append(Fault(Wrong.BEFORE, 200, said=said, only=lambda asked: "mypermissions" in asked.path))
    (finding,) = await jira.examine("")
    assert finding.health is Health.WRONG and "lacks EDIT_ISSUES, TRANSITION_ISSUES there" in finding.says
