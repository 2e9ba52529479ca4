"""The two processes that keep incidents in a tracker: werkly everything in Linear, dragonfly its smallest in GitHub."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.tracker.github import GitHub
from adapters.tracker.jira import Jira
from adapters.tracker.linear import Linear
from bot.issue import IssueState
from bot.playbook.shape import Playbook
from tests.support import github, jira, linear
from tests.support.shipped import shipped
from tests.support.story import ROOM, acquainted, card, declared, posts, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, Side, Town, sqlite
from tests.support.tracked import Tracked, with_accounts
from tests.support.wires import Fault, Wrong

WERKLY = {"alice": ANA, "bob": BO, "carol": CLEO, "david": DMITRI, "cto": ESHA}
DRAGONFLY = {"engineer": DMITRI, "tech-lead": CLEO, "ceo": ESHA}
ANA_THERE, BO_THERE = "ana@werkly.example", "bo@werkly.example"


@pytest.fixture
async def werkly(tmp_path: Path) -> AsyncIterator[tuple[Tracked, linear.FakeLinear, Side]]:
    """Werkly's people on Slack, and their Linear."""
    playbook = with_accounts(shipped("werkly", WERKLY), "linear", {"alice": ANA_THERE, "bob": BO_THERE})
    town = Town(sqlite(tmp_path), platforms=("slack",), playbook=playbook)
    fake = linear.FakeLinear(now=town.clock.now, people=(ANA_THERE, BO_THERE))

    def make(token: str) -> Linear:
        return Linear(url=f"{fake.url}graphql", key=token, home="ENG", patience=1.0)

    async with Tracked(town, fake, make, token=linear.KEY, place="") as it:
        yield it, fake, town.sides["slack"]


@pytest.fixture
async def dragonfly(tmp_path: Path) -> AsyncIterator[tuple[Tracked, github.FakeGitHub, Side]]:
    """Dragonfly's people on Discord, and their GitHub."""
    playbook = shipped("dragonfly", DRAGONFLY, groups={"stakeholders": (BO,)})
    town = Town(sqlite(tmp_path), platforms=("discord",), playbook=playbook)
    fake = github.FakeGitHub(now=town.clock.now, issues={"dragonfly/ops": []})

    def make(token: str) -> GitHub:
        return GitHub(url=fake.url, token=token, home="dragonfly/ops", patience=1.0)

    async with Tracked(town, fake, make, token=github.TOKEN, place="") as it:
        yield it, fake, town.sides["discord"]


async def test_werkly_keeps_every_incident_with_severity_component_date_and_post_mortem(
    werkly: tuple[Tracked, linear.FakeLinear, Side],
) -> None:
    it, there, side = werkly
    await declared(it.town, side, "sev4 a wrong colour")
    assert there.shown().title == "a wrong colour" and "**Severity:** Sev4" in there.shown().text
    await declared(it.town, side, "sev1 Chat API down")
    room = "incident-2026-11-20-2"
    component = it.town.playbook.components[0]
    await tell(it.town, side, ANA, f"component {component}", room=room)
    shown = there.shown(2)
    assert shown.title == "Chat API down" and shown.state is IssueState.OPEN and shown.assignee == ANA_THERE
    for line in ("**Severity:** Sev1", f"**Component:** {component}", "**Date:** 2026-11-20",
                 "https://slack.com/app_redirect?channel="):  # fmt: skip
        assert line in shown.text, line
    assert "Post-mortem" not in shown.text and "ENG-2" in card(side, room).text

    await tell(it.town, side, ANA, "link https://wiki.example/pm-2 postmortem", room=room)
    assert "**Post-mortem:** [as published](<https://wiki.example/pm-2>)" in there.shown(2).text


async def test_werklys_action_items_follow_their_issues_and_lead_them(
    werkly: tuple[Tracked, linear.FakeLinear, Side],
) -> None:
    it, there, side = werkly
    await declared(it.town, side, "sev3 glitch in one browser")
    await tell(it.town, side, ANA, f"action {side.at(BO)} add a pool alert by 27 november")
    shown = there.shown(2)
    assert (shown.title, shown.assignee, shown.due) == ("add a pool alert", BO_THERE, date(2026, 11, 27))
    (listed,) = [one for one in posts(side) if "Action items" in one.text.splitlines()[0]]
    assert "ENG-2" in listed.text

    it.town.clock.forward(it.town.playbook.snooze)
    there.date(BO_THERE, date(2026, 12, 4), number=2)
    there.assign(BO_THERE, ANA_THERE, number=2)
    await it.looks()
    (item,) = (await it.town.incident()).progress.actions
    assert item.due_at is not None and item.due_at == datetime(2026, 12, 5, 1, tzinfo=UTC), "17:00 in Los Angeles"
    assert item.owner is not None and item.owner.key == "alice"
    it.town.clock.forward(it.town.playbook.snooze)
    there.close(BO_THERE, number=2)
    await it.looks()
    (item,) = (await it.town.incident()).progress.actions
    assert item.done_by == BO.name and "done in Linear (ENG-2)" in (await it.entries())[-1]
    await tell(it.town, side, ANA, "action 1 again")
    assert there.shown(2).state is IssueState.OPEN


async def test_a_date_that_is_taken_away_there_stays_here_and_that_is_noted(
    werkly: tuple[Tracked, linear.FakeLinear, Side],
) -> None:
    it, there, side = werkly
    await declared(it.town, side, "sev3 glitch in one browser")
    await tell(it.town, side, ANA, f"action {side.at(BO)} add a pool alert by 27 november")
    (before,) = (await it.town.incident()).progress.actions
    it.town.clock.forward(it.town.playbook.snooze)
    there.undate(BO_THERE, number=2)
    await it.looks()
    (item,) = (await it.town.incident()).progress.actions
    assert item.due_at == before.due_at is not None
    assert "left without a date in Linear (ENG-2); its date here stays" in (await it.entries())[-1]
    assert there.shown(2).due is None, "nobody there is overruled"


async def test_changes_of_one_date_that_cross_on_the_way_end_alike_on_both_sides(
    werkly: tuple[Tracked, linear.FakeLinear, Side],
) -> None:
    it, there, side = werkly
    await declared(it.town, side, "sev3 glitch in one browser")
    await tell(it.town, side, ANA, f"action {side.at(BO)} add a pool alert by 27 november")
    away = Fault(Wrong.BEFORE, 500, times=1000, only=lambda asked: "issueUpdate(" in asked.body["query"])
    there.faults.append(away)
    await side.says(ANA, "action 1 by 30 november", room=ROOM)
    it.town.clock.forward(it.town.playbook.snooze)
    there.date(BO_THERE, date(2026, 12, 4), number=2)
    await it.tracker.look()
    away.times = 0
    await it.town.settle()
    await it.later(minutes=1)
    (item,) = (await it.town.incident()).progress.actions
    assert item.due_at == datetime(2026, 12, 5, 1, tzinfo=UTC) and there.shown(2).due == date(2026, 12, 4)
    assert sum("dated anew in Linear" in entry for entry in await it.entries()) == 1


async def test_dragonfly_files_its_smallest_on_github_with_its_label_and_nothing_else(
    dragonfly: tuple[Tracked, github.FakeGitHub, Side],
) -> None:
    it, there, side = dragonfly
    await declared(it.town, side, "SEV-2 intake queue stuck")
    assert there.issues["dragonfly/ops"] == []
    await declared(it.town, side, "SEV-3 a typo")
    filed = there.only("dragonfly/ops")
    assert filed["title"] == "a typo" and filed["labels"] == [{"name": "sev-3"}]
    assert "https://discord.com/channels/" in filed["body"]
    room = "incident-2026-11-20-a-typo"
    (checklist,) = [post for post in posts(side, room) if "An issue with the label sev-3 is filed" in post.text]
    assert "☑ 2. An issue with the label sev-3 is filed" in checklist.text
    await tell(it.town, side, ANA, "action me mend the word by friday", room="incident-2026-11-20-a-typo")
    assert len(there.issues["dragonfly/ops"]) == 1, "its action items stay here"


async def test_the_same_holds_in_jira(tmp_path: Path, platform: str) -> None:
    files = {"kind": "jira", "place": "OPS", "actions": True, "action_labels": ["follow up"]}
    playbook = Playbook.model_validate(
        with_accounts(acquainted(tracker=files), "jira", {"ana": "5b10ana", "bo": "5b10bo"}).model_dump()
    )
    town = Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook)
    fake = jira.FakeJira(now=town.clock.now, people=("5b10ana", "5b10bo"), lacks=("duedate",))

    def make(token: str) -> Jira:
        return Jira(town.clock, url=fake.url.rstrip("/"), email=jira.EMAIL, token=token, patience=1.0)

    async with Tracked(town, fake, make, token=jira.TOKEN, place="OPS") as it:
        side = town.sides[platform]
        await declared(town, side, "sev3 checkout is slow")
        await tell(town, side, ANA, f"action {side.at(BO)} add a pool alert by friday")
        shown = fake.shown()
        assert (shown.title, shown.assignee, shown.labels) == ("add a pool alert", "5b10bo", ("follow-up",))
        assert "Due: 2026-11-27" in shown.text, "a screen without due dates"
        assert not [entry for entry in await it.entries() if "without a date" in entry], "nobody took it away"
        await tell(town, side, BO, "done 1")
        assert fake.shown().state is IssueState.DONE
        await it.later(minutes=10)
        town.clock.forward(town.playbook.snooze)
        fake.reopen("5b10ana")
        await it.looks()
        (item,) = (await town.incident()).progress.actions
        assert item.open and (await it.entries())[-1].startswith("Action item 1 taken up again in Jira (OPS-1)")
        assert item.due_at is not None and f"{item.due_at:%Y-%m-%d}" == "2026-11-27"
