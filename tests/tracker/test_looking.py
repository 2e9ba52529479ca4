"""Looking what changed: nothing is missed that crosses a change of ours, and no place hides another."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.sandbox.clock import SandboxClock
from adapters.tracker.adapter import TrackerAdapter
from adapters.tracker.github import GitHub
from bot.errors import Refused, TryLater
from bot.intents import ChangeIssue, OpenIssue
from bot.issue import Draft, IssueState
from bot.learned import Spotted
from bot.ports import Job
from tests.support.github import TOKEN, FakeGitHub
from tests.support.learner import Learner
from tests.support.wires import Asked, Fault, Wrong

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DRAFT = Draft(title="add a pool alert")


class Desk:
    """GitHub with two repositories, and what looks at it."""

    def __init__(self, there: FakeGitHub, clock: SandboxClock, *places: str) -> None:
        github = GitHub(url=there.url, token=TOKEN, home="acme/shop", patience=1.0)
        known = [("github", place) for place in places]
        self.there, self.clock, self.ear = there, clock, Learner()
        self.adapter = TrackerAdapter([github], clock, places=known, every=timedelta(hours=1))
        self.adapter.platform.ear = self.ear

    async def file(self, number: int, *, place: str = "acme/shop", tracker: str = "github") -> str | None:
        """File an issue; returns its ref."""
        mark = f"0b7a1c9e-3f52-4d1a-9a61-{number:012}"
        opens = OpenIssue(tracker=tracker, place=place, name=f"action/{number}", mark=mark, draft=DRAFT)
        return await self.adapter.platform.perform(Job(f"1/issue/action/{number}", opens, 1, NOON, {}))

    async def change(self, ref: str, after: Draft) -> None:
        """Change the first."""
        key, mark = "issue/action/1", f"0b7a1c9e-3f52-4d1a-9a61-{1:012}"
        change = ChangeIssue(tracker="github", issue=key, name="action/1", turn=1, mark=mark, before=DRAFT, draft=after)
        await self.adapter.platform.perform(Job(f"1/{key}/1", change, 1, NOON, {key: ref}))

    async def spots(self) -> list[tuple[str, IssueState]]:
        """Look a minute later, and tell what is new."""
        self.clock.forward(timedelta(minutes=1))
        before = len(self.ear.learned)
        await self.adapter.look()
        new = [one for one in self.ear.learned[before:] if isinstance(one, Spotted)]
        return [(one.ref, one.seen.state) for one in new]


@pytest.fixture
def clock() -> SandboxClock:
    """GitHub's and ours."""
    return SandboxClock(NOON)


@pytest.fixture
async def there(clock: SandboxClock) -> AsyncIterator[FakeGitHub]:
    """GitHub, on this machine."""
    async with FakeGitHub(now=clock.now, issues={"acme/shop": [], "acme/ops": []}) as made:
        yield made


async def test_what_is_read_while_we_change_it_is_read_again(there: FakeGitHub, clock: SandboxClock) -> None:
    desk = Desk(there, clock, "")
    first, second = await desk.file(1), await desk.file(2)
    await desk.spots()
    there.faults.append(Fault(Wrong.SILENT, only=lambda asked: asked.method == "PATCH"))
    changing = asyncio.create_task(desk.change(str(first), DRAFT.model_copy(update={"state": IssueState.DONE})))
    async with asyncio.timeout(5):
        while there.faults[0].times:
            await asyncio.sleep(0)
    clock.forward(timedelta(minutes=1))
    there.close("bo", number=2)
    assert not changing.done()
    assert await desk.spots() == [(second, IssueState.DONE)], "the first is neither before nor after"
    with pytest.raises(TryLater):
        await changing
    assert await desk.spots() == [(first, IssueState.DONE)]
    assert await desk.spots() == []


async def test_a_place_that_no_playbook_names_any_more_is_looked_at_where_something_was_filed(
    there: FakeGitHub, clock: SandboxClock
) -> None:
    desk = Desk(there, clock)
    assert await desk.spots() == [] and there.asked == []
    ref = await desk.file(1, place="acme/ops")
    there.does("bo", 1, "closed", repository="acme/ops", state="closed", state_reason="completed")
    assert await desk.spots() == [(ref, IssueState.DONE)]


async def test_an_answer_that_nobody_understands_hides_no_other_place(there: FakeGitHub, clock: SandboxClock) -> None:
    def odd(asked: Asked) -> bool:
        return asked.method == "GET" and asked.path.startswith("/repos/acme/ops/")

    desk = Desk(there, clock, "acme/ops", "")
    ref = await desk.file(1)
    nonsense = Fault(Wrong.BEFORE, 200, said={"nonsense": "x"}, only=odd)
    there.faults.append(nonsense)
    assert await desk.spots() == [(ref, IssueState.OPEN)] and nonsense.times == 0
    assert not desk.adapter.platform.connected
    await desk.spots()
    assert desk.adapter.platform.connected


async def test_one_place_that_refuses_hides_no_other(there: FakeGitHub, clock: SandboxClock) -> None:
    desk = Desk(there, clock, "acme/gone", "")
    ref = await desk.file(1)
    assert await desk.spots() == [(ref, IssueState.OPEN)] and not desk.adapter.platform.connected


async def test_a_tracker_that_is_switched_off_or_a_place_without_issues_is_a_plain_no(
    there: FakeGitHub, clock: SandboxClock
) -> None:
    desk = Desk(there, clock, "")
    with pytest.raises(Refused, match="linear is switched off: its token is not set"):
        await desk.file(1, tracker="linear")
    there.faults.append(Fault(Wrong.BEFORE, 410, said={"message": "Issues are disabled for this repo"}))
    with pytest.raises(Refused, match=r"^410 there is no such place any more, or it has no issues$"):
        await desk.file(1)
