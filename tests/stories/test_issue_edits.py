"""What people do with an issue there: dropped, renamed, reopened; what is old by now, and what was over before."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.health.adapter import HealthAdapter
from bot.issue import IssueState
from bot.learned import Spotted
from bot.progress import ActionKind
from bot.timeline import Kind
from tests.stories.test_issues import InGitHub, acted
from tests.support.story import declared, tell
from tests.support.town import ANA, BO, Side, Town, sqlite


@pytest.fixture
async def it(tmp_path: Path, platform: str) -> AsyncIterator[InGitHub]:
    """A town that files in GitHub."""
    async with InGitHub(sqlite(tmp_path), platform) as made:
        yield made


@pytest.fixture
def town(it: InGitHub) -> Town:
    """Its town."""
    return it.town


async def test_closing_there_as_not_planned_drops_it_here_and_says_why(it: InGitHub, side: Side) -> None:
    await acted(it, side)
    it.town.clock.forward(timedelta(minutes=1))
    it.github.does("bo-dev", 1, "closed", state="closed", state_reason="not_planned")
    await it.looks()
    (item,) = (await it.town.incident()).progress.actions
    assert item.dropped_at is not None and item.done_at is None
    assert item.dropped_because == "it was closed as not planned in GitHub (#1)"
    last = (await it.town.timeline())[-1].entry
    assert last.text.startswith("Action item 1 dropped") and last.by == "Bo Lindqvist"


async def test_another_title_there_keeps_what_the_item_is_good_for(it: InGitHub, side: Side) -> None:
    await acted(it, side, "action prevent: add a pool alert")
    assert it.github.only()["title"] == "prevent: add a pool alert"
    it.town.clock.forward(timedelta(minutes=1))
    it.github.retitle("bo-dev", "prevent: cap the retries")
    await it.looks()
    (item,) = (await it.town.incident()).progress.actions
    assert (item.text, item.kind) == ("cap the retries", ActionKind.PREVENT)
    assert not any(one.method == "PATCH" for one in it.github.asked), "what came from there is not sent back"


async def test_an_issue_of_a_closed_incident_that_is_opened_again_there_is_noted_as_that(
    it: InGitHub, side: Side
) -> None:
    await declared(it.town, side, "sev1 checkout is down")
    for words in ("resolve the pool is larger", "close"):
        await tell(it.town, side, ANA, words)
    assert it.github.only()["state"] == "closed"
    it.town.clock.forward(timedelta(minutes=1))
    it.github.reopen("octocat")
    await it.looks()
    assert "#1 in GitHub was reopened there; the incident stays closed" in (await it.entries())[-1]
    assert not (await it.town.incident()).open


async def test_what_a_slower_replica_saw_before_changes_nothing(it: InGitHub, side: Side) -> None:
    await acted(it, side)
    it.town.clock.forward(timedelta(minutes=1))
    it.github.close("bo-dev")
    await it.looks()
    (item,) = (await it.town.incident()).progress.actions
    assert item.done_at is not None and item.issue is not None and item.issue.seen is not None
    before = item.issue.seen.model_copy(
        update={"at": item.issue.seen.at - timedelta(seconds=30), "state": IssueState.OPEN, "title": "an old title"}
    )
    await it.town.bot.desk.learn(Spotted(ref="acme/shop#1", seen=before))
    await it.town.settle()
    (item,) = (await it.town.incident()).progress.actions
    assert item.done_at is not None and item.text == "add a pool alert"


async def test_what_was_over_before_the_tracker_was_switched_on_is_not_filed(it: InGitHub, side: Side) -> None:
    await it.town.bot.stop()
    it.town.tools, it.town.trackers = [HealthAdapter()], ()
    await it.town.start_bot()
    await declared(it.town, side, "sev1 checkout is down")
    for words in ("action me add a pool alert", "action me add a graph", "done 1"):
        await tell(it.town, side, ANA, words)
    await it.town.bot.stop()
    it.use()
    await it.town.start_bot()
    await tell(it.town, side, BO, "note it is quiet")
    assert [one["title"] for one in it.github.issues["acme/shop"]] == ["checkout is down", "add a graph"]


async def test_an_incident_that_was_cancelled_before_the_tracker_was_switched_on_is_not_filed(
    it: InGitHub, side: Side
) -> None:
    await it.town.bot.stop()
    it.town.tools, it.town.trackers = [HealthAdapter()], ()
    await it.town.start_bot()
    await declared(it.town, side, "sev1 checkout is down")
    await tell(it.town, side, ANA, "cancel it was a test")
    await it.town.bot.stop()
    it.use()
    await it.town.start_bot()
    await tell(it.town, side, BO, "note it was the test of the day")
    assert it.github.issues["acme/shop"] == []
    await tell(it.town, side, ANA, "reopen because it was none")
    assert it.github.only()["title"] == "checkout is down"


async def test_a_step_for_the_incidents_issue_waits_for_that_one(tmp_path: Path, platform: str) -> None:
    steps = [{"text": "The issue is filed", "filed": "issue"}]
    checklists = [{"name": "minor", "title": "A minor one", "opens": "declared", "steps": steps}]
    async with InGitHub(sqlite(tmp_path), platform, checklists=checklists) as it:
        side = it.town.sides[platform]

        async def ticked() -> int:
            links = await it.town.timeline()
            return sum(link.entry.kind is Kind.CHECKLIST and "☑" in link.entry.text for link in links)

        await acted(it, side)
        assert len(it.github.issues["acme/shop"]) == 1 and await ticked() == 0
        await tell(it.town, side, ANA, "severity sev1 because everybody waits")
        assert len(it.github.issues["acme/shop"]) == 2 and await ticked() == 1
